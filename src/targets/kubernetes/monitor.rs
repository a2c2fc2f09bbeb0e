//! A ServiceMonitor or PodMonitor: how the operator's Prometheus finds the service.

use std::collections::BTreeSet;

use serde::Serialize;

use super::scraping::{self, Access, Fields};
use super::{Context, Files, Object};
use crate::model::catalogue::{Catalogue, Discovery, Job, Kubernetes, Scheme, Scrape, Yaml};
use crate::model::kubernetes::Monitor;
use crate::model::namespace::NAMESPACE;
use crate::model::operator::TARGET_LABELS;
use crate::spec::document::Time;
use crate::targets::yaml::Pairs;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace_selector: Option<NamespaceSelector<'a>>,
    selector: Selector<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    endpoints: Option<[Endpoint<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pod_metrics_endpoints: Option<[Endpoint<'a>; 1]>,
    #[serde(flatten)]
    fields: Option<Fields>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct NamespaceSelector<'a> {
    match_names: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Selector<'a> {
    match_labels: Pairs<'a, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint<'a> {
    port: &'a str,
    path: &'a str,
    scheme: &'static str,
    interval: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scrape_timeout: Option<String>,
    #[serde(flatten)]
    access: Option<Access<'a>>,
    #[serde(flatten)]
    fields: Option<Fields>,
    relabelings: Vec<Yaml>,
}

pub(super) fn render(context: Context<'_>, files: &mut Files) {
    let catalogue = &context.model.catalogue;
    let job = catalogue.own_job();
    let scrape = job.scrape.as_ref();
    let endpoint = Endpoint {
        port: &context.kubernetes.port,
        path: catalogue.metrics_path(),
        scheme: scrape.map_or(Scheme::Http, |scrape| scrape.scheme).as_str(),
        interval: Time(job.interval).to_string(),
        scrape_timeout: scrape.map(|scrape| Time(scrape.timeout).to_string()),
        access: scrape.map(|scrape| scraping::access(context, job, scrape)),
        fields: scrape.map(|scrape| scraping::fields(scrape, |key| key.endpoint)),
        relabelings: relabelings(job, catalogue),
    };
    let (kind, file) = match context.kubernetes.monitor {
        Monitor::Service => ("ServiceMonitor", "servicemonitor.yaml"),
        Monitor::Pod => ("PodMonitor", "podmonitor.yaml"),
    };
    let (endpoints, pod_metrics_endpoints) = match context.kubernetes.monitor {
        Monitor::Service => (Some([endpoint]), None),
        Monitor::Pod => (None, Some([endpoint])),
    };
    let object = Object {
        api_version: "monitoring.coreos.com/v1",
        kind,
        metadata: context.metadata(context.name()),
        spec: Spec {
            namespace_selector: elsewhere(context, scrape),
            selector: Selector {
                match_labels: Pairs(&context.kubernetes.selector),
            },
            endpoints,
            pod_metrics_endpoints,
            fields: scrape.map(|scrape| scraping::fields(scrape, |key| key.monitor)),
        },
    };
    files.add(file, context, &object);
}

/// Where the service is, unless that is where the monitor is: there the operator looks by itself.
fn elsewhere<'a>(
    context: Context<'_>,
    scrape: Option<&'a Scrape>,
) -> Option<NamespaceSelector<'a>> {
    let Discovery::Kubernetes(Kubernetes { namespaces, .. }) = &scrape?.discovery else {
        return None;
    };
    let own = context.kubernetes.namespace.as_slice();
    (!namespaces.is_empty() && namespaces != own).then_some(NamespaceSelector {
        match_names: namespaces,
    })
}

fn relabelings(job: &Job, catalogue: &Catalogue) -> Vec<Yaml> {
    let mut rules = Vec::new();
    let taken = taken(job, catalogue);
    if !taken.is_empty() {
        let names: Vec<&str> = taken.into_iter().collect();
        rules.push(scraping::rule(&[
            ("action", "labeldrop"),
            ("regex", &names.join("|")),
        ]));
    }
    // By itself it would be the name of the Service.
    rules.push(scraping::set_label("job", &job.name));
    let scrape = job.scrape.iter();
    for scrape in scrape {
        // The namespace it sets itself.
        let is_set = |(name, value): &&(String, String)| {
            name == NAMESPACE && catalogue.service.namespace.as_ref() == Some(value)
        };
        let labels = scrape.labels.iter().filter(|label| !is_set(label));
        rules.extend(labels.map(|(name, value)| scraping::set_label(name, value)));
        rules.extend(scraping::relabellings(scrape));
    }
    rules
}

/// Labels of targets that metrics have, too: these would become `exported_…`, and no query would find them.
fn taken<'m>(job: &Job, catalogue: &'m Catalogue) -> BTreeSet<&'m str> {
    if job.scrape.as_ref().is_some_and(Scrape::honours_labels) {
        return BTreeSet::new(); // the metric's own stays
    }
    let own = catalogue.metrics.iter().filter(|metric| metric.job == 0);
    let labels = own.flat_map(|metric| metric.labels.known());
    let labels = labels.map(|label| label.name.as_str());
    let identity = &catalogue.service.identity;
    labels
        .filter(|label| TARGET_LABELS.contains(label))
        .filter(|label| !identity.iter().any(|kept| kept == label))
        .collect()
}
