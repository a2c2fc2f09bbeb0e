//! `lost-le`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{AggregateOp, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/concepts/metric_types/#histogram>: each bucket counts what the smaller ones count, too.
pub(super) const LINT: Lint = Lint {
    name: "lost-le",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Aggregate { operator, .. } = node.query else {
            continue;
        };
        let counts = matches!(operator, AggregateOp::Count | AggregateOp::Group);
        let argument = node.children.last().map(|i| &typed.nodes[*i].kind);
        let Some(histogram) = argument.and_then(|kind| kind.buckets) else {
            continue;
        };
        let keeps = operator.keeps_series() || node.kind.labels.known.contains_key("le");
        if counts || keeps {
            continue;
        }
        let quantile = typed.around(node).any(
            |outer| matches!(outer.query, Query::Call { function, .. } if function == "histogram_quantile"),
        );
        let help = if quantile {
            "keep it, as in `sum by (job, le) (…)`".to_owned()
        } else {
            format!("of all observations there is `{}_count`", histogram.name)
        };
        reporter.about(
            typed.written,
            typed.name_of(node),
            format!("the buckets of `{}` lose `le`", histogram.name),
            &help,
        );
    }
}
