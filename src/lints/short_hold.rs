//! `short-hold`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::{LintLevel, Time};

/// <https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/>: a rule is looked at once an evaluation interval.
pub(super) const LINT: Lint = Lint {
    name: "short-hold",
    level: LintLevel::Warn,
    about: "`for` is at least as long as the time between two evaluations, or left out.",
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let interval = model.catalogue.server.evaluation_interval;
    for alert in &model.monitoring.alerts {
        for rule in &alert.rules {
            if !rule.hold.is_zero() && rule.hold < interval {
                reporter.report(
                    &alert.allow,
                    rule.hold_origin.clone(),
                    format!(
                        "{} is shorter than the time between two evaluations, {}",
                        Time(rule.hold),
                        Time(interval)
                    ),
                    "it fires at the second evaluation in any case: make it longer, or leave it out",
                );
            }
        }
    }
}
