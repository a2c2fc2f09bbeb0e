//! `absent-of-comparison`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{Node, Typed};
use crate::promql::{BinaryOp, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#absent>
pub(super) const LINT: Lint = Lint {
    name: "absent-of-comparison",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let absent =
            matches!(node.query, Query::Call { function, .. } if function.starts_with("absent"));
        let argument = typed.child(node, 0).filter(|_| absent);
        // `absent_over_time` takes it in a subquery.
        let inner = argument.and_then(|argument| match argument.query {
            Query::Subquery { .. } => typed.child(argument, 0),
            _ => Some(argument),
        });
        if let Some(argument) = inner
            && argument.is_filter()
            && !asks_whether_any(typed, argument)
        {
            reporter.about(
                typed.written,
                typed.operator_of(argument),
                "`absent` also answers when this comparison does not hold".to_owned(),
                "compare outside of it, or ask for the series alone",
            );
        }
    }
}

/// Whether it is `absent(up == 1)`, or the like of another bit: that none is up, or nobody knows, is one question.
fn asks_whether_any(typed: &Typed<'_>, comparison: &Node<'_>) -> bool {
    let is_bit = |node: &Node<'_>| match (node.series, node.query) {
        (Some(series), _) => series.is_bit(),
        (None, Query::Selector(selector)) => selector.metric.as_deref() == Some("up"),
        _ => false,
    };
    let is_one = |query: &Query| matches!(query, Query::Number(number) if *number == 1.0);
    matches!(comparison.query, Query::Binary { operator: BinaryOp::Equal, right, .. } if is_one(right))
        && typed.child(comparison, 0).is_some_and(is_bit)
}
