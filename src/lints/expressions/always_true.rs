//! `always-true`

use super::comparison::comparisons;
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::spec::document::LintLevel;

/// What values there can be follows from the types of metrics: a counter is never negative, `up` is 0 or 1.
pub(super) const LINT: Lint = Lint {
    name: "always-true",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for comparison in comparisons(typed) {
        if comparison.holds() == Some(true) {
            reporter.about(
                typed.written,
                comparison.place(),
                format!("this always holds: {}", comparison.reason()),
                "leave the comparison out, or compare with something that makes a difference",
            );
        }
    }
}
