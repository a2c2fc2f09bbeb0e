//! `mixed-units`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{BinaryOp, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/naming/#base-units>
pub(super) const LINT: Lint = Lint {
    name: "mixed-units",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Binary { operator, .. } = node.query else {
            continue;
        };
        if !operator.is_comparison() && !matches!(operator, BinaryOp::Add | BinaryOp::Sub) {
            continue;
        }
        let (Some(left), Some(right)) = (typed.child(node, 0), typed.child(node, 1)) else {
            continue;
        };
        if let (Some(a), Some(b)) = (left.kind.dimension, right.kind.dimension)
            && a != b
        {
            reporter.about(typed.written,
                typed.operator_of(node),
                format!(
                    "the left side is {}, and the right one is {}",
                    a.words(),
                    b.words()
                ),
                "convert one of them; where a metric has another unit than its name says, declare `unit`",
            );
        }
    }
}
