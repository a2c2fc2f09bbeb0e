//! `delta-of-counter`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{Nature, Typed};
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#delta>: these know nothing of counters that start again.
pub(super) const LINT: Lint = Lint {
    name: "delta-of-counter",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Call { function, .. } = node.query else {
            continue;
        };
        let instead = match function.as_str() {
            "delta" => "increase",
            "idelta" | "deriv" => "rate",
            "predict_linear" | "double_exponential_smoothing" | "holt_winters" => {
                "predict_linear(rate(…)[…:], …)"
            }
            _ => continue,
        };
        let Some(argument) = typed.child(node, 0) else {
            continue;
        };
        if matches!(argument.kind.nature, Nature::Counter | Nature::Counters) {
            reporter.about_with(
                typed.written,
                typed.subject(argument),
                format!("`{function}` of a counter falls when it starts again"),
                &format!("use `{instead}`"),
                super::declared(argument),
            );
        }
    }
}
