//! The labels of a metric: by key, in place, or any.

use std::rc::Rc;

use super::labels::{self, Shared};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Job, Label, Labels, Metric, Values};
use crate::model::names;
use crate::spec::Place;
use crate::spec::document::{
    Dict, Document, Label as LabelDocument, Metric as MetricDocument, MetricLabels,
};
use crate::suggest;

/// What a metric says of its labels. Where one of them could not be decoded, nothing is known of any.
pub(super) fn resolve(
    metric_name: &str,
    metric: &MetricDocument,
    own: bool,
    at: &Place,
    shared: &Shared,
    findings: &mut Findings,
) -> Labels {
    let at = at.child("labels");
    match &metric.labels {
        None => Labels::Known(Vec::new()),
        Some(MetricLabels::Any) => {
            if own {
                findings.push(
                    Finding::error(
                        "bad-value",
                        at,
                        "the labels of a metric of the service are not any",
                    )
                    .help("list them, or say that something else exposes it: `external: true`"),
                );
            }
            Labels::Any
        }
        Some(MetricLabels::Shared(keys)) => {
            by_key(keys, &at, shared, findings).map_or(Labels::Any, Labels::Known)
        }
        Some(MetricLabels::InPlace(definitions)) => {
            let labels = in_place(metric_name, definitions, own, &at, findings);
            match definitions.failed().next() {
                Some(_) => Labels::Any,
                None => Labels::Known(labels),
            }
        }
    }
}

/// A metric has one status: series are kept by it.
pub(super) fn check_status(labels: &Labels, at: &Place, findings: &mut Findings) {
    let is_status = |label: &&Rc<Label>| matches!(label.values, Values::HttpStatus { .. });
    let mut statuses = labels.known().iter().filter(is_status);
    if let (Some(first), Some(second)) = (statuses.next(), statuses.next()) {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.child("labels").key(),
                format!(
                    "`{}` and `{}` are both a status code of HTTP",
                    first.name, second.name
                ),
            )
            .help("a metric has one at most: make the other one closed, of classes such as `2xx`"),
        );
    }
}

fn by_key(
    keys: &[String],
    at: &Place,
    shared: &Shared,
    findings: &mut Findings,
) -> Option<Vec<Rc<Label>>> {
    let mut all_known = true;
    let mut labels: Vec<Rc<Label>> = Vec::with_capacity(keys.len());
    for (i, key) in keys.iter().enumerate() {
        let at = at.index(i);
        match shared.get(key) {
            Some(Some(label)) => {
                if labels.iter().any(|l| l.name == label.name) {
                    findings.push(Finding::error(
                        "duplicate-value",
                        at,
                        format!("the metric has a label `{}` already", label.name),
                    ));
                    continue;
                }
                labels.push(Rc::clone(label));
            }
            Some(None) => all_known = false, // reported where it is defined
            None => {
                all_known = false;
                let known = shared.keys().map(String::as_str);
                let near = suggest::nearest(key, known);
                let mut finding = Finding::error(
                    "unknown-label",
                    at,
                    format!("no label is defined under the key `{key}`"),
                )
                .label("not under `labels:`")
                .suggest(near);
                if near.is_none() {
                    finding = finding.help(format!(
                        "define it under `labels:`, or in place: `labels: {{ {key}: [a, b] }}`"
                    ));
                }
                findings.push(finding);
            }
        }
    }
    all_known.then_some(labels)
}

fn in_place(
    metric_name: &str,
    definitions: &Dict<LabelDocument>,
    own: bool,
    at: &Place,
    findings: &mut Findings,
) -> Vec<Rc<Label>> {
    definitions
        .iter()
        .map(|(key, label)| {
            let at = at.child(key);
            if label.0.name.is_some() {
                findings.push(Finding::error(
                    "conflicting-keys",
                    at.child("name").key(),
                    "a label defined in place is called by its key",
                ));
            }
            let names = labels::Names {
                name: key,
                name_at: at.key(),
                type_name: names::upper_camel(names::stem(metric_name)) + &names::upper_camel(key),
                own,
            };
            Rc::new(labels::resolve(&label.0, names, None, at, findings))
        })
        .collect()
}

/// A label of the targets wins over a metric's own of that name, which Prometheus renames to `exported_…`.
pub(super) fn check_targets(
    document: &Document,
    metrics: &[Metric],
    jobs: &[Job],
    findings: &mut Findings,
) {
    let identity = document.service.sound().and_then(|s| s.identity.as_ref());
    let mut reported: Vec<&Place> = Vec::new();
    for metric in metrics {
        for label in metric.labels.known() {
            let name = &label.name;
            if names::RESERVED_LABELS.contains(&name.as_str()) || reported.contains(&&label.origin)
            {
                continue; // reported
            }
            let job = &jobs[metric.job];
            let scraped = job
                .scrape
                .as_ref()
                .is_some_and(|scrape| scrape.labels.iter().any(|(target, _)| target == name));
            let root = Place::root();
            let other = if scraped {
                job.origin.child("labels").child(name).key()
            } else if metric.job == 0 && identity.is_some_and(|known| known.contains(name)) {
                root.child("service").child("identity")
            } else {
                continue;
            };
            reported.push(&label.origin);
            findings.push(
                Finding::error(
                    "reserved-label",
                    label.origin.key(),
                    format!("the targets have a label `{name}` already"),
                )
                .related(other, "of the targets")
                .help("Prometheus would rename the metric's own, and nothing would find it"),
            );
        }
    }
}
