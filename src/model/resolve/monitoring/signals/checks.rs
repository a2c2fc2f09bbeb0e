//! What is asked of signals in several places.

use std::time::Duration;

use super::LEAST_SCRAPES;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Labels, Values};
use crate::model::names;
use crate::model::signal::{Selection, Shape, Signal};
use crate::model::unit;
use crate::promql::Query;
use crate::spec::Place;
use crate::spec::document::Time;
use crate::suggest;

/// A window shorter than this many scrapes often holds fewer than two samples.
pub(in super::super) fn check_window(
    window: Duration,
    interval: Duration,
    at: &Place,
    findings: &mut Findings,
) {
    let least = interval * LEAST_SCRAPES;
    if window < least {
        findings.push(
            Finding::error(
                "short-window",
                at.clone(),
                format!(
                    "a window of {} is less than four scrapes, {} apart",
                    Time(window),
                    Time(interval)
                ),
            )
            .help(format!("make it at least {}", Time(least))),
        );
    }
}

/// Labels in `by` have to be labels of the metric.
pub(in super::super) fn check_by(
    signal: &Signal,
    by: &[String],
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) {
    if by.is_empty() {
        return;
    }
    let Some(of) = signal.selection() else {
        findings.push(Finding::error(
            "conflicting-keys",
            at.key(),
            format!(
                "`by` has no meaning for `{}`, which is an expression",
                signal.name
            ),
        ));
        return;
    };
    let metric = &catalogue.metrics[of.named.metric];
    let sums = matches!(
        &signal.shape,
        Shape::Value {
            aggregation: None,
            ..
        }
    );
    if sums && !matches!(signal.unit.base, unit::Base::Number | unit::Base::Bytes) {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.key(),
                format!(
                    "`{}` is {}: its series cannot be added up",
                    signal.name,
                    signal.unit.words()
                ),
            )
            .help("define a signal that says how several become one: `agg: max`, `min` or `avg`"),
        );
    }
    let Labels::Known(labels) = &metric.labels else {
        let names = by.iter().enumerate();
        for (i, label) in names.filter(|(_, label)| !names::is_label_name(label)) {
            findings.push(Finding::error(
                "bad-name",
                at.index(i),
                format!("`{label}` cannot be the name of a label"),
            ));
        }
        return;
    };
    for (i, label) in by.iter().enumerate() {
        let at = at.index(i);
        if catalogue.service.identity.contains(label) {
            findings.push(Finding::error(
                "duplicate-value",
                at,
                format!("`{label}` is kept anyway: it is part of the identity"),
            ));
        } else if by[..i].contains(label) {
            findings.push(Finding::error(
                "duplicate-value",
                at,
                format!("`{label}` is listed twice"),
            ));
        } else if label != "instance" && !labels.iter().any(|l| l.name == *label) {
            let known = labels.iter().map(|l| l.name.as_str());
            let near = suggest::nearest(label, known.clone());
            let finding = Finding::error(
                "unknown-label",
                at,
                format!("`{}` has no label `{label}`", metric.name),
            )
            .related(metric.origin.key(), "declared here")
            .suggest(near);
            findings.push(match near {
                Some(_) => finding,
                None => finding.help(format!("there is {}", suggest::list(known))),
            });
        } else if let Shape::Ratio { part, whole } = &signal.shape {
            let restricts = |s: &Selection| s.matchers.iter().any(|m| m.label == *label);
            if restricts(part) && !restricts(whole) {
                findings.push(Finding::error(
                    "not-a-part",
                    at,
                    format!(
                        "only the part of `{}` restricts `{label}`: every share would be 0 or 1",
                        signal.name
                    ),
                ));
            }
        }
    }
}

/// Whether one of these labels is open for this signal.
pub(in super::super) fn has_open_label(
    signal: &Signal,
    labels: &[String],
    catalogue: &Catalogue,
) -> bool {
    let Some(of) = signal.selection() else {
        return false;
    };
    let metric = &catalogue.metrics[of.named.metric];
    metric
        .labels
        .known()
        .iter()
        .any(|label| labels.contains(&label.name) && matches!(label.values, Values::Open { .. }))
}

/// The job of the first metric that an expression reads; the service's own if it reads none.
pub(in super::super) fn job_of(query: &Query, catalogue: &Catalogue) -> usize {
    let mut job = None;
    query.visit_selectors(&mut |selector| {
        let named = selector.metric.as_deref().map(|name| catalogue.named(name));
        if let (None, Some([named, ..])) = (job, named) {
            job = Some(catalogue.metrics[named.metric].job);
        }
    });
    job.unwrap_or(0)
}
