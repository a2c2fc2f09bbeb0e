//! `absent-of-aggregate`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#absent>
pub(super) const LINT: Lint = Lint {
    name: "absent-of-aggregate",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    // What loses the identity is an error already.
    if !typed.written.raw {
        return;
    }
    for node in &typed.nodes {
        let argument = match (node.query, typed.child(node, 0)) {
            (Query::Call { function, .. }, Some(argument)) if function == "absent" => argument,
            _ => continue,
        };
        let aggregates = !matches!(argument.query, Query::Selector(_));
        if aggregates && !argument.is_filter() {
            reporter.about(
                typed.written,
                typed.name_of(node),
                "`absent` of something computed has no labels".to_owned(),
                "give it the selector: it keeps the labels that are named with `=`",
            );
        }
    }
}
