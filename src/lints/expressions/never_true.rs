//! `never-true`

use super::comparison::comparisons;
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::spec::document::LintLevel;

/// What values there can be follows from the types of metrics: a share is at most 1, a quantile at most the last bound of its
/// [histogram](https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile).
pub(super) const LINT: Lint = Lint {
    name: "never-true",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for comparison in comparisons(typed) {
        if comparison.holds() == Some(false) {
            reporter.about(
                typed.written,
                comparison.place(),
                format!("this never holds: {}", comparison.reason()),
                "compare with something that can be reached",
            );
        }
    }
}
