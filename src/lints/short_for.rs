//! `short-for`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::{LintLevel, Time};

/// <https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>: a condition is looked at with every evaluation, and
/// in between it holds.
pub(super) const LINT: Lint = Lint {
    name: "short-for",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let interval = model.catalogue.server.evaluation_interval;
    for alert in &model.monitoring.alerts {
        for rule in &alert.rules {
            if rule.hold.is_zero() || rule.hold >= interval {
                continue;
            }
            let (hold, every) = (Time(rule.hold), Time(interval));
            let message =
                format!("`for: {hold}` ends before the rule is evaluated again, every {every}");
            let help = "make it at least two evaluations, or leave it out";
            reporter.about(alert, rule.hold_origin.clone(), message, help);
        }
    }
}
