//! `subquery-gaps`

use super::ranges::brackets;
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{Query, Window};
use crate::spec::document::{LintLevel, Time};

/// <https://prometheus.io/docs/prometheus/latest/querying/basics/#subquery>: between two steps nobody looks.
pub(super) const LINT: Lint = Lint {
    name: "subquery-gaps",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Subquery {
            query,
            range: Window::Duration(range),
            step,
            ..
        } = node.query
        else {
            continue;
        };
        let step = match step {
            Some(Window::Duration(step)) => *step,
            None => typed.catalogue.server.evaluation_interval,
            Some(_) => continue,
        };
        let inside = query
            .windows()
            .into_iter()
            .filter_map(|window| match window {
                Window::Duration(window) => Some(window),
                _ => None,
            });
        if let Some(window) = inside.min()
            && window < step
            && step < *range
        {
            reporter.about(
                typed.written,
                brackets(typed, node),
                format!(
                    "every {} something looks back {}: the rest is not seen",
                    Time(step),
                    Time(window)
                ),
                &format!("make the step {} or less", Time(window)),
            );
        }
    }
}
