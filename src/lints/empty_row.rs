//! `empty-row`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// A heading over nothing.
pub(super) const LINT: Lint = Lint {
    name: "empty-row",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    // Panels with a mistake are not in the model.
    if !reporter.is_whole {
        return;
    }
    for dashboard in &model.monitoring.dashboards {
        for (i, row) in dashboard.rows.iter().enumerate() {
            if row.panels.is_empty() {
                let at = dashboard.origin.child("rows").index(i).child("panels");
                let message = format!("the row `{}` has no panel", row.title);
                reporter.report(at, message, "give it one, or leave it out");
            }
        }
    }
}
