//! `negative-offset`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{Offset, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/basics/#offset-modifier>
pub(super) const LINT: Lint = Lint {
    name: "negative-offset",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    if !super::is_rule(typed) {
        return;
    }
    for node in &typed.nodes {
        let offset = match node.query {
            Query::Selector(selector) | Query::Range { selector, .. } => selector.offset,
            Query::Subquery { offset, .. } => *offset,
            _ => None,
        };
        if let Some(Offset::Ahead(_)) = offset {
            reporter.about(
                typed.written,
                typed.at(node.range.clone()),
                "when a rule is evaluated, there are no samples of later".to_owned(),
                "`offset 5m`, without a sign, looks back",
            );
        }
    }
}
