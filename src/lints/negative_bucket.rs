//! `negative-bucket`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Source;
use crate::spec::document::LintLevel;

/// <https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#histogram>
pub(super) const LINT: Lint = Lint {
    name: "negative-bucket",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let metrics = model.catalogue.metrics.iter();
    for metric in metrics.filter(|metric| metric.source == Source::Generated) {
        // Bounds ascend.
        if let Some(bound) = metric.buckets.first().filter(|bound| **bound < 0.0) {
            reporter.about(metric,
                metric.origin.child("buckets").index(0),
                format!("the histogram `{}` has the bound {bound}", metric.name),
                "OpenMetrics, which Prometheus asks for, has no `_sum` and no `_count` of it: count with the bucket `+Inf`",
            );
        }
    }
}
