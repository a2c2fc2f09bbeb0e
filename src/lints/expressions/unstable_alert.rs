//! `unstable-alert`

use crate::lints::{Check, Lint, Reporter};
use crate::model::monitoring::Purpose;
use crate::model::typing::Typed;
use crate::promql::{AggregateOp, Query};
use crate::spec::document::LintLevel;

/// An alert is pending or firing for each set of labels: <https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>
pub(super) const LINT: Lint = Lint {
    name: "unstable-alert",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    if typed.written.purpose != Purpose::Alert {
        return;
    }
    for node in &typed.nodes {
        let Query::Aggregate { operator, .. } = node.query else {
            continue;
        };
        // What is aggregated afterwards has labels of its own.
        let aggregated = typed.around(node).any(|outer| {
            matches!(outer.query, Query::Aggregate { operator, .. } if !operator.keeps_series())
        });
        let unstable = operator.keeps_series() || *operator == AggregateOp::CountValues;
        if unstable && !aggregated {
            reporter.about(
                typed.written,
                typed.name_of(node),
                format!(
                    "with `{}` the labels change with the values",
                    operator.as_str()
                ),
                "every change ends one alert and begins another; compare all series",
            );
        }
    }
}
