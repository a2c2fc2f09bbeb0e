//! Objects of Kubernetes, one a file: what the [Prometheus operator](https://prometheus-operator.dev/docs/api-reference/api/) reads,
//! the dashboards for Grafana's sidecar, and a kustomization that lists them.
//!
//! Probes of a Deployment are no object of their own: they are a component of kustomize, beside the rest, which a team applies to its
//! Deployment.

mod alertmanager_config;
mod dashboards;
mod deployment;
mod monitor;
mod probe;
mod scrape_config;
mod scraping;
mod templates;

use serde::Serialize;

use super::yaml::{self, Pairs};
use super::{Target, alerts};
use crate::artifacts::Artifacts;
use crate::diagnostics::{Finding, Findings};
use crate::model::Model;
use crate::model::kubernetes::{Kubernetes, slug};

/// Writes the folder `outputs.kubernetes`.
pub const TARGET: Target = Target {
    name: "kubernetes",
    render,
};

/// An object that has a specification.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Object<'a, S> {
    api_version: &'static str,
    kind: &'static str,
    metadata: Metadata<'a>,
    spec: S,
}

/// Which object it is.
#[derive(Serialize)]
struct Metadata<'a> {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Pairs::is_empty")]
    labels: Pairs<'a, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Kustomization {
    api_version: &'static str,
    kind: &'static str,
    resources: Vec<String>,
}

#[derive(Serialize)]
struct Rules<'a> {
    groups: Vec<alerts::Group<'a>>,
}

/// What all objects of a model are made from.
#[derive(Clone, Copy)]
struct Context<'a> {
    model: &'a Model,
    kubernetes: &'a Kubernetes,
}

/// The files of the objects by their names.
#[derive(Default)]
struct Files(Vec<(String, String)>);

/// [What a Secret or a ConfigMap holds](https://kubernetes.io/docs/concepts/configuration/configmap/#motivation) at most, in bytes.
const MAX_CONFIG_MAP: usize = 1 << 20;

/// The operator hands rules to Prometheus in ConfigMaps, one object or more in each, and
/// [fills half of one](https://github.com/prometheus-operator/prometheus-operator/blob/main/pkg/operator/rules.go).
const MAX_RULES: usize = MAX_CONFIG_MAP / 2;

fn render(model: &Model, artifacts: &mut Artifacts) {
    let (Some(folder), Some(kubernetes)) = (&model.outputs.kubernetes, &model.kubernetes) else {
        return;
    };
    let context = Context { model, kubernetes };
    let mut files = Files::default();
    rules(context, &mut files);
    monitor::render(context, &mut files);
    scrape_config::render(context, &mut files);
    scraping::render_usernames(context, &mut files);
    probe::render(context, &mut files);
    alertmanager_config::render(context, &mut files);
    dashboards::render(context, &mut files);
    let mut resources: Vec<String> = files.0.iter().map(|(name, _)| name.clone()).collect();
    resources.sort();
    let kustomization = Kustomization {
        api_version: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        resources,
    };
    let kustomization = yaml::file(&model.mark, &kustomization);
    files
        .0
        .push(("kustomization.yaml".to_owned(), kustomization));
    deployment::render(context, &mut files);
    for (name, text) in files.0 {
        artifacts.insert(format!("{folder}/{name}"), text);
    }
}

/// The rules of alerts.yml.
fn rules(context: Context<'_>, files: &mut Files) {
    let groups = alerts::groups(context.model, |_| true);
    if !groups.is_empty() {
        let metadata = context.metadata(context.name());
        files.add(
            "prometheusrule.yaml",
            context,
            &Object {
                api_version: "monitoring.coreos.com/v1",
                kind: "PrometheusRule",
                metadata,
                spec: Rules { groups },
            },
        );
    }
}

/// Reports objects that Kubernetes, or the operator, would refuse for their size.
pub(super) fn check(model: &Model, findings: &mut Findings) {
    let (Some(_), Some(kubernetes)) = (&model.outputs.kubernetes, &model.kubernetes) else {
        return;
    };
    for (dashboard, bytes) in dashboards::sizes(model) {
        if bytes > MAX_CONFIG_MAP {
            findings.push(
                Finding::error(
                    "object-too-large",
                    dashboard.origin.key(),
                    format!(
                        "the dashboard has {bytes} bytes, and a ConfigMap holds {MAX_CONFIG_MAP}"
                    ),
                )
                .help("make several dashboards of it"),
            );
        }
    }
    let mut files = Files::default();
    rules(Context { model, kubernetes }, &mut files);
    if let Some((_, text)) = files.0.first()
        && text.len() > MAX_RULES
    {
        findings.push(
            Finding::error(
                "object-too-large",
                crate::spec::Place::root().child("kubernetes").key(),
                format!(
                    "the rules have {} bytes, and the operator takes {MAX_RULES} of one PrometheusRule",
                    text.len()
                ),
            )
            .help("make several services of it, each with a spec of its own"),
        );
    }
}

impl<'a> Context<'a> {
    /// The name of objects of which there is one.
    fn name(self) -> String {
        slug(&self.model.catalogue.service.name)
    }

    /// The name of one of several objects of a kind.
    fn name_of(self, part: &str) -> String {
        format!("{}-{}", self.name(), slug(part))
    }

    fn metadata(self, name: String) -> Metadata<'a> {
        Metadata {
            name,
            namespace: self.kubernetes.namespace.as_deref(),
            labels: Pairs(&self.kubernetes.labels),
        }
    }
}

impl Files {
    fn add<T: Serialize>(&mut self, name: impl Into<String>, context: Context<'_>, object: &T) {
        let text = yaml::file(&context.model.mark, object);
        self.0.push((name.into(), text));
    }
}
