//! `absent-of-comparison`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::Query;
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
