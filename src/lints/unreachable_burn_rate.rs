//! `unreachable-burn-rate`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::{LintLevel, Time};

/// 14.4 times a budget of 10 % would be 144 % of all:
/// <https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts>
pub(super) const LINT: Lint = Lint {
    name: "unreachable-burn-rate",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for slo in &model.monitoring.slos {
        let lost: Vec<String> = slo
            .burn_rates
            .iter()
            .filter(|rate| !rate.possible)
            .map(|rate| format!("{}% of it within {}", rate.percent, Time(rate.long)))
            .collect();
        if lost.is_empty() {
            continue;
        }
        reporter.about(
            &slo.alert,
            slo.origin.child("objective"),
            format!(
                "even if everything fails, a budget of {}% is not spent as fast as {}",
                slo.budget.percent(),
                lost.join(", ")
            ),
            "what would alert of that could never fire and is left out; a smaller budget has it",
        );
    }
}
