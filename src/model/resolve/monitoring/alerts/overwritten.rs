//! Labels of the series that an alert says otherwise: its own take their place.

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::{Expression, Purpose};
use crate::model::typing::{Typed, target_labels};
use crate::promql::{Places, Query};
use crate::spec::Place;

/// Reports the labels in `set` that series of the result have with other values; whether there are any.
///
/// Series that only those tell apart would become the same alert twice, which Prometheus
/// [refuses to evaluate](https://github.com/prometheus/prometheus/blob/main/rules/alerting.go). A target's are no such ones as long
/// as its `instance` is kept.
pub(super) fn check(
    query: &Query,
    set: &[(&str, &str)],
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) -> bool {
    let written = Expression {
        text: String::new(),
        query: query.clone(),
        places: Places::default(),
        purpose: Purpose::Alert,
        raw: true, // jobs were added
        allow: Vec::new(),
        origin: at.clone(),
    };
    let typed = Typed::of(&written, catalogue);
    let labels = &typed.result().labels;
    let mut any = false;
    for (label, value) in set {
        let fact = labels.fact(label);
        let of_metric = is_declared(label, &typed);
        let differs = match fact.pinned {
            Some(pinned) => {
                of_metric && pinned != *value && !is_of_target(label, pinned, catalogue)
            }
            // One of its targets, found in several places, is told from another by its instance.
            None => {
                let is_told = labels.may_have("instance") && *label != "instance";
                (fact.always || fact.many) && (of_metric || !is_told)
            }
        };
        if differs {
            any = true;
            findings.push(
                Finding::error(
                    "reserved-label",
                    at.clone(),
                    format!("the alert's own label `{label}` would take the place of the result's"),
                )
                .help(format!(
                    "ask for `{label}={value:?}` alone, or aggregate so that the result does not have the label"
                )),
            );
        }
    }
    any
}

/// Whether a metric that is read has the label. Other alerts (`ALERTS`) have names and severities of their own, and are named by them.
fn is_declared(label: &str, typed: &Typed<'_>) -> bool {
    let mut read = typed.nodes.iter().filter_map(|node| node.series);
    read.any(|series| {
        let mut labels = series.metric.labels.known().iter();
        labels.any(|known| known.name == label)
    })
}

/// Whether targets have the label with this value.
fn is_of_target(label: &str, value: &str, catalogue: &Catalogue) -> bool {
    let mut jobs = catalogue.jobs.iter();
    jobs.any(|job| target_labels(job, catalogue).fact(label).pinned == Some(value))
}
