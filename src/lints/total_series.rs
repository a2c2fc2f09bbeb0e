//! `total-series`

use super::{Check, Lint, Reporter};
use crate::model::{Model, TOO_MANY_SERIES};
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/instrumentation/#do-not-overuse-labels>
pub(super) const LINT: Lint = Lint {
    name: "total-series",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

const MANY: u64 = 10_000;

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    // A single one that has too many was reported.
    let metrics = model.catalogue.generated();
    let metrics = metrics.filter(|metric| metric.closed_series() <= TOO_MANY_SERIES);
    let series = metrics.fold(0, |sum: u64, metric| {
        sum.saturating_add(metric.closed_series())
    });
    if series > MANY {
        reporter.report(
            Place::root().child("metrics").key(),
            format!("an instance has {series} series from the start"),
            "each costs memory here and in Prometheus, with every instance: leave out labels or values that nobody asks for",
        );
    }
}
