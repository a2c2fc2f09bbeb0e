//! `duplicate-alert`

use std::collections::HashMap;

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::monitoring::Alert;
use crate::spec::document::LintLevel;

/// [rule/duplicate](https://cloudflare.github.io/pint/checks/rule/duplicate.html) of pint.
pub(super) const LINT: Lint = Lint {
    name: "duplicate-alert",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let mut seen: HashMap<_, &Alert> = HashMap::new();
    for alert in &model.monitoring.alerts {
        for rule in &alert.rules {
            let asked = (
                rule.query.to_string(),
                rule.severity,
                rule.hold,
                &rule.labels,
            );
            let first = *seen.entry(asked).or_insert(alert);
            if first.name != alert.name {
                let message = format!("`{}` fires whenever `{}` does", alert.name, first.name);
                let help = "one of them is enough: the same expression, severity, labels and `for`";
                reporter.about(alert, alert.origin.key(), message, help);
            }
        }
    }
}
