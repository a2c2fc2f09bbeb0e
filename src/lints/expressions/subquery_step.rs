//! `subquery-step`

use super::ranges::brackets;
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{Query, Window};
use crate::spec::document::{LintLevel, Time};

/// <https://prometheus.io/docs/prometheus/latest/querying/basics/#subquery>
pub(super) const LINT: Lint = Lint {
    name: "subquery-step",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Subquery {
            range: Window::Duration(range),
            step,
            ..
        } = node.query
        else {
            continue;
        };
        let (step, whose) = match step {
            Some(Window::Duration(step)) => (*step, "the step"),
            None => (
                typed.catalogue.server.evaluation_interval,
                "the evaluation interval",
            ),
            Some(_) => continue,
        };
        if step >= *range {
            reporter.about(
                typed.written,
                brackets(typed, node),
                format!(
                    "{whose}, {}, is not shorter than the range, {}",
                    Time(step),
                    Time(*range)
                ),
                "it is evaluated at most once: lengthen the range, or shorten the step",
            );
        }
    }
}
