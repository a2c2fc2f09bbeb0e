//! `many-series`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::TOO_MANY_SERIES;
use crate::model::catalogue::Source;
use crate::spec::document::LintLevel;

/// From ten times as many on it is an error that no lint can allow.
pub(super) const LINT: Lint = Lint {
    name: "many-series",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

const MANY: u64 = 1_000;

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in &model.catalogue.metrics {
        let series = metric.closed_series();
        let many = series > MANY && series <= TOO_MANY_SERIES;
        if metric.source == Source::Generated && many {
            reporter.about(
                metric,
                metric.origin.key(),
                format!("`{}` has {series} series from the start", metric.name),
                "every combination of closed labels exists at 0; leave out a label, or values",
            );
        }
    }
}
