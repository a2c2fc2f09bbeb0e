//! `unused-variable`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::monitoring::{Dashboard, PanelQuery};
use crate::spec::document::LintLevel;

/// A variable [that no panel uses](https://github.com/grafana/dashboard-linter/tree/main/docs/rules) changes nothing of what is seen.
pub(super) const LINT: Lint = Lint {
    name: "unused-variable",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for dashboard in &model.monitoring.dashboards {
        for (i, variable) in dashboard.variables.iter().enumerate() {
            let value = format!("${}", variable.label);
            let used = queries(dashboard).any(|query| {
                let mut found = false;
                query.query.visit_selectors(&mut |selector| {
                    found |= selector
                        .matchers
                        .iter()
                        .any(|matcher| matcher.value == value);
                });
                found
            });
            if !used && reporter.is_whole {
                reporter.report(
                    dashboard.origin.child("variables").index(i),
                    format!(
                        "no panel of this dashboard changes with `{}`",
                        variable.label
                    ),
                    "whoever chooses a value of it sees the same as before",
                );
            }
        }
    }
}

fn queries(dashboard: &Dashboard) -> impl Iterator<Item = &PanelQuery> {
    let panels = dashboard.rows.iter().flat_map(|row| &row.panels);
    panels.flat_map(|panel| panel.content.queries())
}
