//! `missing-help`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// [promlint](https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint)
pub(super) const LINT: Lint = Lint {
    name: "missing-help",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in model.catalogue.generated() {
        if metric.help.trim().is_empty() {
            let message = format!("the help of `{}` says nothing", metric.name);
            let help = "say what is counted or measured: it is shown with the metric everywhere";
            reporter.about(metric, metric.origin.child("help"), message, help);
        }
    }
}
