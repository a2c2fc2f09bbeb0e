//! `unreachable-burn-rate`

use super::{Lint, Reporter};
use crate::model::Model;
use crate::spec::document::{LintLevel, Time};

/// 14.4 times a budget of 10 % would be 144 % of all:
/// <https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts>
pub(super) const LINT: Lint = Lint {
    name: "unreachable-burn-rate",
    level: LintLevel::Warn,
    about: "An error budget is small enough for each of its alerts to be possible.",
    check,
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for slo in &model.monitoring.slos {
        let lost: Vec<String> = slo
            .burn_rates
            .iter()
            .filter(|rate| !rate.possible)
            .map(|rate| format!("{}% within {}", rate.percent, Time(rate.long)))
            .collect();
        let Some((first, rest)) = lost.split_first() else {
            continue;
        };
        let lost = rest
            .iter()
            .fold(first.clone(), |all, one| format!("{all}, {one}"));
        reporter.report(
            &slo.alert.allow,
            slo.origin.child("objective"),
            format!(
                "the budget of {}% is too large to be spent as fast as an alert asks: {lost}",
                slo.budget.percent()
            ),
            "that part of the alert is left out, because not even a total failure would fire it; a stricter objective has all of them",
        );
    }
}
