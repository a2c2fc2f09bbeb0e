//! `quantile-range`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{AggregateOp, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile>: beyond, the result is infinite.
pub(super) const LINT: Lint = Lint {
    name: "quantile-range",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let takes_quantile = match node.query {
            Query::Call { function, .. } => {
                matches!(
                    function.as_str(),
                    "histogram_quantile" | "quantile_over_time"
                )
            }
            Query::Aggregate { operator, .. } => *operator == AggregateOp::Quantile,
            _ => false,
        };
        let Some(parameter) = typed.child(node, 0).filter(|_| takes_quantile) else {
            continue;
        };
        if let Some(value) = parameter.kind.values.one()
            && !(0.0..=1.0).contains(&value)
        {
            let help = match value / 100.0 {
                percent if (0.0..=1.0).contains(&percent) => {
                    format!("the {value}th percentile is `{percent}`")
                }
                _ => "the 95th percentile is `0.95`".to_owned(),
            };
            reporter.about(
                typed.written,
                typed.at(parameter.range.clone()),
                "a quantile lies between 0 and 1".to_owned(),
                &help,
            );
        }
    }
}
