//! `unit-abbreviation`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// The abbreviations of [promlint](https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint).
pub(super) const LINT: Lint = Lint {
    name: "unit-abbreviation",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

const ABBREVIATIONS: &[&str] = &[
    "s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d",
];

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in model.catalogue.generated() {
        let mut words = metric.name.split('_').skip(1);
        if let Some(word) = words.find(|word| ABBREVIATIONS.contains(word)) {
            let message = format!("`{}` abbreviates its unit: `{word}`", metric.name);
            let help = "spell out the base unit: `_seconds`, `_bytes`; monospec knows it then, too";
            reporter.about(metric, metric.origin.key(), message, help);
        }
    }
}
