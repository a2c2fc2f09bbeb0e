//! `average-of-quantiles`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{Nature, Typed};
use crate::promql::{AggregateOp, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/histograms/#quantiles>
pub(super) const LINT: Lint = Lint {
    name: "average-of-quantiles",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Aggregate { operator, .. } = node.query else {
            continue;
        };
        let adds = matches!(
            operator,
            AggregateOp::Sum | AggregateOp::Avg | AggregateOp::Quantile
        );
        let of_quantiles = node
            .children
            .last()
            .is_some_and(|i| typed.nodes[*i].kind.nature == Nature::Quantile);
        if adds && of_quantiles {
            reporter.about(typed.written,
                typed.name_of(node),
                format!("`{}` of quantiles is no quantile", operator.as_str()),
                "add up the buckets of a histogram, and take the quantile of the sum; or take the `max`",
            );
        }
    }
}
