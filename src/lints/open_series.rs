//! `open-series`

use super::{Check, Lint, Reporter};
use crate::model::catalogue::{Metric, MetricType, Values};
use crate::model::{Model, TOO_MANY_SERIES};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/instrumentation/#do-not-overuse-labels>
pub(super) const LINT: Lint = Lint {
    name: "open-series",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

const MANY: u64 = 100_000;

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in model.catalogue.generated() {
        let series = worst_case(metric);
        // Without its open labels, it was reported.
        if series > MANY && metric.closed_series() <= TOO_MANY_SERIES {
            let message = format!("`{}` may get {series} series", metric.name);
            let help = "`max_series` of the metric or `max_values` of its open labels bounds them; beyond, values become `_other`";
            reporter.about(metric, metric.origin.key(), message, help);
        }
    }
}

/// How many series an instance can get, once its open labels have seen all the values they tell apart.
fn worst_case(metric: &Metric) -> u64 {
    let open = metric
        .labels
        .known()
        .iter()
        .map(|label| match &label.values {
            Values::Open { max_values } => *max_values as u64,
            Values::Closed { .. } | Values::HttpStatus { .. } => 1,
        });
    let series = open.fold(metric.closed_series(), u64::saturating_mul);
    let each = match metric.kind {
        MetricType::Histogram => metric.buckets.len() as u64 + 3,
        _ => 1,
    };
    match metric.max_series {
        Some(bound) => series.min((bound as u64).saturating_mul(each)),
        None => series,
    }
}
