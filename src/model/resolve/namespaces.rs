//! The namespaces of jobs: environments that share a cluster have equal jobs, which only these tell apart.

use crate::diagnostics::{Finding, Findings};
use crate::model::Model;
use crate::model::catalogue::{Catalogue, Label, Scrape, Yaml};
use crate::model::kubernetes::probe_job;
use crate::model::namespace::NAMESPACE;
use crate::spec::document::Document;

/// Says of which namespace the targets of each job are, as far as it is one, and gives them its label.
pub(super) fn resolve(document: &Document, catalogue: &mut Catalogue) {
    let Some(kubernetes) = document.kubernetes.as_ref().and_then(|it| it.sound()) else {
        return;
    };
    let Some(namespace) = &catalogue.service.namespace else {
        return;
    };
    let probe = kubernetes
        .probe
        .is_some()
        .then(|| probe_job(&catalogue.service.name));
    let keeps_it = catalogue.service.keeps(NAMESPACE);
    for index in 0..catalogue.jobs.len() {
        let has_own = own_labels(catalogue, index).next().is_some();
        let job = &mut catalogue.jobs[index];
        let is_ours = match index {
            0 => !keeps_it,
            _ => job.scrape.is_some() || probe.as_ref() == Some(&job.name),
        };
        if !is_ours || has_own || job.scrape.as_ref().is_some_and(relabels) {
            continue;
        }
        let labels = job.scrape.as_mut().map(|scrape| &mut scrape.labels);
        let written = labels
            .as_ref()
            .and_then(|labels| labels.iter().find(|(name, _)| name == NAMESPACE));
        job.namespace = match written {
            Some((_, value)) => Some(value.clone()),
            None => {
                if let Some(labels) = labels {
                    labels.push((NAMESPACE.to_owned(), namespace.clone()));
                }
                Some(namespace.clone())
            }
        };
    }
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

/// Whether rules of relabelling make a label of that name, of which then nothing is known.
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
        Yaml::Map(keys) => keys.iter().any(|(key, value)| {
            key == "target_label" && matches!(value, Yaml::Text(label) if label == NAMESPACE)
        }),
        _ => false,
    })
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
