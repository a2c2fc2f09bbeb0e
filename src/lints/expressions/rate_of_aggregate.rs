//! `rate-of-aggregate`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{Nature, Typed};
use crate::spec::document::LintLevel;

/// <https://www.robustperception.io/rate-then-sum-never-sum-then-rate/>
pub(super) const LINT: Lint = Lint {
    name: "rate-of-aggregate",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for (node, function, argument) in super::rates(typed) {
        if argument.kind.nature == Nature::Counters {
            reporter.about(
                typed.written,
                typed.name_of(node),
                format!("`{function}` of counters that were added up already"),
                &format!("put it inside, as in `sum by (job) ({function}(…[5m]))`"),
            );
        }
    }
}
