//! `pointless-sort`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#sort>
pub(super) const LINT: Lint = Lint {
    name: "pointless-sort",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    if !super::is_rule(typed) {
        return;
    }
    for node in &typed.nodes {
        if let Query::Call { function, .. } = node.query
            && function.starts_with("sort")
        {
            reporter.about(
                typed.written,
                typed.name_of(node),
                format!("`{function}` has no effect in a rule"),
                "leave it out",
            );
        }
    }
}
