//! `nan-comparison`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// [IEEE 754](https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations): NaN differs from
/// everything, itself included.
pub(super) const LINT: Lint = Lint {
    name: "nan-comparison",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Binary { operator, .. } = node.query else {
            continue;
        };
        if !operator.is_comparison() {
            continue;
        }
        let sides = [0, 1].into_iter().filter_map(|i| typed.child(node, i));
        for side in sides.filter(|side| matches!(side.query, Query::Number(n) if n.is_nan())) {
            reporter.about(
                typed.written,
                typed.at(side.range.clone()),
                format!("`{}` NaN is the same for every value", operator.as_str()),
                "`x != x` finds NaN, `x == x` leaves it out",
            );
        }
    }
}
