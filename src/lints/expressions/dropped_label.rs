//! `dropped-label`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators>
pub(super) const LINT: Lint = Lint {
    name: "dropped-label",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for used in typed.uses() {
        let Some(at) = used.lost_at().filter(|_| !used.for_quantile) else {
            continue;
        };
        let place = typed.name_of(&typed.nodes[at]);
        reporter.about_with(
            typed.written,
            typed.at(used.range.clone()),
            format!("`{}` is gone here", used.label),
            &format!("keep it there, as in `by ({})`", used.label),
            Some((place, "dropped here")),
        );
    }
}
