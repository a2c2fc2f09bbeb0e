//! `unused-allow`

use super::{Check, Item, Lint, Reporter};
use crate::lints;
use crate::model::Model;
use crate::spec::document::LintLevel;

/// What is excused and no longer found; [rustc says it of `expect`](https://doc.rust-lang.org/reference/attributes/diagnostics.html).
/// It comes last, when all others have looked.
pub(super) const LINT: Lint = Lint {
    name: "unused-allow",
    level: LintLevel::Warn,
    check: Check::Afterwards(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    if !reporter.is_whole {
        return;
    }
    for metric in &model.catalogue.metrics {
        look(metric, reporter);
    }
    for flag in &model.catalogue.flags {
        look(flag, reporter);
    }
    for signal in &model.monitoring.signals {
        look(signal, reporter);
    }
    for alert in &model.monitoring.alerts {
        look(alert, reporter);
    }
    for slo in &model.monitoring.slos {
        look(&slo.alert, reporter);
    }
}

fn look(item: &dyn Item, reporter: &mut Reporter<'_>) {
    for name in item.allow() {
        let Some(lint) = lints::all().find(|lint| lint.name == name) else {
            continue; // reported
        };
        let is_needed = reporter.excused.contains(&(item.origin(), lint.name));
        if !is_needed && !reporter.off.contains(&lint.name) {
            let at = item.origin().child("allow").child(name).key();
            let message = format!("`{name}` is not found here, and need not be allowed");
            reporter.report(at, message, "leave it out");
        }
    }
}
