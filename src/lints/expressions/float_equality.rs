//! `float-equality`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{BinaryOp, Query};
use crate::spec::document::LintLevel;

/// Rates are extrapolated, and quotients rounded: one event within a window reads 1.017.
pub(super) const LINT: Lint = Lint {
    name: "float-equality",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Binary {
            operator: operator @ (BinaryOp::Equal | BinaryOp::NotEqual),
            ..
        } = node.query
        else {
            continue;
        };
        let (Some(left), Some(right)) = (typed.child(node, 0), typed.child(node, 1)) else {
            continue;
        };
        for (computed, number) in [(left, right), (right, left)] {
            let Query::Number(value) = number.query else {
                continue;
            };
            let inexact = is_extrapolated(computed.query) && *value != 0.0;
            if !value.is_nan() && (inexact || value.fract() != 0.0 && !value.is_infinite()) {
                reporter.about(
                    typed.written,
                    typed.operator_of(node),
                    format!("`{}` of numbers that are not whole", operator.as_str()),
                    "compare with `>` or `<`, or round first",
                );
            }
        }
    }
}

/// Whether this is extrapolated, or added up of what is.
fn is_extrapolated(query: &Query) -> bool {
    match query {
        Query::Call { function, .. } => {
            matches!(
                function.as_str(),
                "rate" | "irate" | "increase" | "delta" | "deriv"
            )
        }
        Query::Aggregate { argument, .. } => is_extrapolated(argument),
        _ => false,
    }
}
