//! `critical-without-runbook`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::monitoring::Severity;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/alerting/>: whoever is woken should not have to search.
pub(super) const LINT: Lint = Lint {
    name: "critical-without-runbook",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let of_objectives = model.monitoring.slos.iter().map(|slo| &slo.alert);
    for alert in model.monitoring.alerts.iter().chain(of_objectives) {
        let lacking = alert.rules.iter().any(|rule| {
            rule.severity == Severity::Critical
                && !rule
                    .annotations
                    .iter()
                    .any(|(name, _)| name == "runbook_url")
        });
        if lacking {
            reporter.about(
                alert,
                alert.origin.key(),
                format!("the critical alert `{}` has no runbook", alert.name),
                "`service.runbook_url` gives every alert one, `runbook_url` a single one",
            );
        }
    }
}
