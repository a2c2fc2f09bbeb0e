//! How large gauges can get, and which quantities measure what a unit does.

use crate::diagnostics::{Finding, Findings};
use crate::model::Unit;
use crate::model::catalogue::{Catalogue, Limit, Metric, MetricType, Source};
use crate::model::unit::Base;
use crate::spec::Place;
use crate::spec::document::{
    Dimension, Document, Limit as LimitDocument, Metric as MetricDocument, Quantity,
};
use crate::suggest;

/// The capacity that a metric states.
pub(super) fn limit(
    metric: &MetricDocument,
    unit: &Unit,
    at: &Place,
    findings: &mut Findings,
) -> Option<Limit> {
    let limit = metric.limit.as_ref()?;
    let at = at.child("limit");
    if metric.kind != MetricType::Gauge {
        findings.push(Finding::error(
            "conflicting-keys",
            at.key(),
            format!("a {} has no capacity", metric.kind.as_str()),
        ));
        return None;
    }
    match limit {
        LimitDocument::Gauge(name) => Some(Limit::Gauge(name.clone())),
        LimitDocument::Quantity(quantity) => {
            if !fits(quantity, unit) {
                findings.push(Finding::error(
                    "unit-mismatch",
                    at,
                    format!(
                        "`{}` is {}, and the gauge is {}",
                        quantity.text,
                        quantity.words(),
                        unit.words()
                    ),
                ));
                return None;
            }
            if quantity.value <= 0.0 {
                findings.push(Finding::error("bad-value", at, "a capacity is above zero"));
                return None;
            }
            Some(Limit::Number(quantity.value, quantity.text.clone()))
        }
    }
}

/// Whether a quantity measures what the unit does.
pub(super) fn fits(quantity: &Quantity, unit: &Unit) -> bool {
    let dimension = match (quantity.dimension, &unit.base) {
        (Dimension::Number, _) => true,
        (Dimension::Percent, base) => matches!(base, Base::Ratio | Base::Percent),
        (Dimension::Time, base) => *base == Base::Seconds,
        (Dimension::Bytes, base) => *base == Base::Bytes,
    };
    // A bare number is taken in the unit of what it is compared with.
    let bare = quantity.dimension == Dimension::Number && quantity.per.is_none();
    dimension && (bare || quantity.per.is_some() == unit.per_second)
}

/// A limit that is a gauge has to exist, in the same job, with the same labels.
pub(super) fn check(catalogue: &Catalogue, document: &Document, findings: &mut Findings) {
    for metric in &catalogue.metrics {
        let Some(Limit::Gauge(name)) = &metric.limit else {
            continue;
        };
        let at = metric.origin.child("limit");
        let same_job = |m: &&Metric| m.job == metric.job && m.name == *name;
        let named = catalogue.named(name).iter();
        let mut named = named.map(|named| &catalogue.metrics[named.metric]);
        let doubtful = |m: &Metric| m.source == Source::Doubtful;
        let Some(limit) = named.find(same_job) else {
            if document.metrics.failed().any(|failed| failed == name) {
                continue;
            }
            let known = catalogue
                .metrics
                .iter()
                .filter(|m| m.job == metric.job && m.kind == MetricType::Gauge);
            findings.push(
                Finding::error("unknown-metric", at, format!("no gauge is called `{name}`"))
                    .suggest(suggest::nearest(name, known.map(|m| m.name.as_str()))),
            );
            continue;
        };
        if doubtful(metric) || doubtful(limit) {
            continue;
        }
        let names = |m: &Metric| {
            let mut names: Vec<String> = m.labels.known().iter().map(|l| l.name.clone()).collect();
            names.sort();
            names
        };
        if limit.kind != MetricType::Gauge {
            findings.push(
                Finding::error("wrong-metric-type", at, format!("`{name}` is not a gauge"))
                    .related(limit.origin.child("type"), "declared here"),
            );
        } else if limit.unit != metric.unit {
            findings.push(
                Finding::error(
                    "unit-mismatch",
                    at,
                    format!(
                        "`{name}` is {}, and `{}` is {}",
                        limit.unit.words(),
                        metric.name,
                        metric.unit.words()
                    ),
                )
                .related(limit.origin.key(), "declared here"),
            );
        } else if names(limit) != names(metric) {
            findings.push(
                Finding::error(
                    "label-mismatch",
                    at,
                    format!(
                        "`{name}` does not have the same labels as `{}`",
                        metric.name
                    ),
                )
                .related(limit.origin.key(), "declared here")
                .help("a capacity is compared series by series"),
            );
        }
    }
}
