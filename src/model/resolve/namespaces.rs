//! The namespaces of jobs: environments that share a cluster have equal jobs, which only these tell apart.
//!
//! What is found through the API of Kubernetes has the label from there, as with the operator: it may be in another namespace than the
//! service, or in several.

use crate::diagnostics::{Finding, Findings};
use crate::model::Model;
use crate::model::catalogue::{
    Catalogue, Discovery, KubernetesRole, Label, Labels, Relabelling, Scrape, Yaml,
};
use crate::model::kubernetes::probe_job;
use crate::model::namespace::NAMESPACE;
use crate::promql::Pattern;
use crate::spec::Place;
use crate::spec::document::Document;

/// In which label discovery [tells the namespace](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config)
/// of everything but nodes, which have none.
const META: &str = "__meta_kubernetes_namespace";

/// Says of which namespace the targets of each job are, as far as it is one, and gives them its label.
pub(super) fn resolve(document: &Document, catalogue: &mut Catalogue) {
    let namespace = catalogue.service.namespace.clone();
    let keeps_it = catalogue.service.keeps(NAMESPACE);
    if namespace.is_none() && !keeps_it {
        return;
    }
    let kubernetes = document.kubernetes.as_ref().and_then(|it| it.sound());
    let probe = kubernetes
        .filter(|kubernetes| kubernetes.probe.is_some())
        .map(|_| probe_job(&catalogue.service.name));
    for index in 0..catalogue.jobs.len() {
        let has_own =
            own_labels(catalogue, index).next().is_some() || honours_any(catalogue, index);
        let job = &mut catalogue.jobs[index];
        if has_own || job.scrape.as_ref().is_some_and(relabels) {
            continue;
        }
        // Of a service that is in several, selectors name none.
        let own = namespace.as_ref().filter(|_| index != 0 || !keeps_it);
        let found_in = match &mut job.scrape {
            Some(scrape) => label(scrape, index == 0, own),
            None if index == 0 || probe.as_ref() == Some(&job.name) => own.cloned(),
            None => None,
        };
        job.namespace = found_in.filter(|_| own.is_some());
    }
}

/// Has the targets of a job labelled; comes back with the namespace if they all have the same.
fn label(scrape: &mut Scrape, is_own: bool, namespace: Option<&String>) -> Option<String> {
    let written = scrape.labels.iter().find(|(name, _)| name == NAMESPACE);
    if let Some((_, value)) = written {
        return Some(value.clone());
    }
    if let Discovery::Kubernetes(kubernetes) = &scrape.discovery
        && kubernetes.role != KubernetesRole::Node
    {
        scrape.relabelling.push(Relabelling::Copy(META, NAMESPACE));
        return match kubernetes.namespaces.as_slice() {
            [one] => Some(one.clone()),
            // Whoever else has a job of that name is found, too.
            [] if is_own => namespace.cloned(),
            _ => None,
        };
    }
    let namespace = namespace?.clone();
    scrape
        .labels
        .push((NAMESPACE.to_owned(), namespace.clone()));
    Some(namespace)
}

/// Labels of a job's metrics that take the place of the target's.
fn own_labels(catalogue: &Catalogue, job: usize) -> impl Iterator<Item = &Label> {
    let metrics = catalogue
        .metrics
        .iter()
        .filter(move |metric| metric.job == job);
    let labels = metrics.flat_map(|metric| metric.labels.known());
    labels
        .map(AsRef::as_ref)
        .filter(|label| label.name == NAMESPACE)
}

/// Whether a job's metrics may have such labels, and keep them beside that of the target.
fn honours_any(catalogue: &Catalogue, job: usize) -> bool {
    let scrape = catalogue.jobs[job].scrape.as_ref();
    let mut metrics = catalogue.metrics.iter();
    scrape.is_some_and(Scrape::honours_labels)
        && metrics.any(|metric| metric.job == job && matches!(metric.labels, Labels::Any))
}

/// Whether rules of relabelling make a label of that name, or take it away: then nothing is known of it.
fn relabels(scrape: &Scrape) -> bool {
    let keys = ["relabel_configs", "metric_relabel_configs"];
    let extra = scrape
        .extra
        .iter()
        .filter(|(key, _)| keys.contains(&key.as_str()));
    let mut rules = extra.flat_map(|(_, rules)| match rules {
        Yaml::List(rules) => rules.as_slice(),
        _ => &[],
    });
    rules.any(|rule| match rule {
        Yaml::Map(keys) => changes_it(keys),
        _ => false,
    })
}

/// Whether a [rule](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#relabel_config) has a say in the label.
fn changes_it(rule: &[(String, Yaml)]) -> bool {
    let text = |name: &str| {
        rule.iter().find_map(|(key, value)| match value {
            Yaml::Text(text) if key == name => Some(text.as_str()),
            _ => None,
        })
    };
    let matches = |label| {
        let pattern = Pattern::new(text("regex").unwrap_or(".*"));
        pattern.is_none_or(|pattern| pattern.matches(label))
    };
    match text("action").map(str::to_ascii_lowercase).as_deref() {
        Some("labeldrop") => matches(NAMESPACE),
        Some("labelkeep") => !matches(NAMESPACE),
        // A group of the regular expression is a label then, such as of `__meta_kubernetes_(.+)`.
        Some("labelmap") => match text("replacement") {
            Some(label) if !label.contains('$') => label == NAMESPACE,
            _ => matches(META) || matches(NAMESPACE),
        },
        _ => text("target_label").is_some_and(|label| label == NAMESPACE || label.contains('$')),
    }
}

/// Reports what keeps environments of one cluster from being told apart.
pub(crate) fn check(models: &[Model], findings: &mut Findings) {
    let mut namespaces = models
        .iter()
        .filter_map(|model| model.catalogue.service.namespace.as_deref());
    let Some(first) = namespaces.next() else {
        return;
    };
    let Some(other) = namespaces.find(|namespace| *namespace != first) else {
        return;
    };
    // Metrics and identity are the same in all of them.
    let Some(Model { catalogue, .. }) = models.first() else {
        return;
    };
    if catalogue.service.keeps(NAMESPACE) {
        return;
    }
    let discovery = models.iter().filter_map(|model| {
        let scrape = model.catalogue.own_job().scrape.as_ref()?;
        Some(&scrape.discovery)
    });
    let mut several = discovery.filter(
        |discovery| matches!(discovery, Discovery::Kubernetes(it) if it.namespaces.len() > 1),
    );
    if several.next().is_some() {
        let scrape = Place::root().child("scrape").child("kubernetes");
        findings.push(
            Finding::error(
                "conflicting-keys",
                scrape.child("namespaces").key(),
                "of several namespaces, no selector can be that of one environment",
            )
            .help(format!(
                "rules in `{first}` would read the series of `{other}`, too: with `identity: [job, {NAMESPACE}]` in `service:` they keep them apart"
            )),
        );
    }
    if let Some(label) = own_labels(catalogue, 0).next() {
        findings.push(
            Finding::error(
                "reserved-label",
                label.origin.key(),
                format!("only the target's label `{NAMESPACE}` tells the environments apart"),
            )
            .label("this one would take its place")
            .help(format!(
                "rules in `{first}` would read the series of `{other}`, too: call the metric's label something else"
            )),
        );
    }
}
