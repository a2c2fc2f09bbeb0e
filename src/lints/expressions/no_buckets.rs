//! `no-buckets`

use crate::lints::{Check, Lint, Reporter};
use crate::model::catalogue::MetricType;
use crate::model::typing::Typed;
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile>
pub(super) const LINT: Lint = Lint {
    name: "no-buckets",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let quantile =
            matches!(node.query, Query::Call { function, .. } if function == "histogram_quantile");
        let Some(argument) = typed.child(node, 1).filter(|_| quantile) else {
            continue;
        };
        let kind = &argument.kind;
        let (None, Some(metric)) = (kind.buckets, kind.metric) else {
            continue;
        };
        // Where an aggregation dropped `le`, that is reported; and what nobody knows may be buckets.
        let unknown = kind.labels.open || metric.kind == MetricType::Unknown;
        if unknown || kind.labels.lost.contains_key("le") {
            continue;
        }
        let (message, help) = match metric.kind {
            MetricType::Histogram if kind.labels.fact("le").pinned.is_some() => (
                "one bucket makes no quantile".to_owned(),
                "leave out the matcher of `le`".to_owned(),
            ),
            MetricType::Histogram => (
                format!("these are not the buckets of `{}`", metric.name),
                format!("its buckets are `{}_bucket`", metric.name),
            ),
            MetricType::Summary => (
                format!("the summary `{}` has no buckets", metric.name),
                format!("its quantiles are `{}{{quantile=\"…\"}}`", metric.name),
            ),
            kind => (
                format!("the {} `{}` has no buckets", kind.as_str(), metric.name),
                "quantiles are those of a histogram".to_owned(),
            ),
        };
        reporter.about_with(
            typed.written,
            typed.at(argument.range.clone()),
            message,
            &help,
            Some((metric.origin.key(), "declared here")),
        );
    }
}
