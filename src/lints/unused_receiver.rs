//! `unused-receiver`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// Who nobody sends anything to believes that all is well.
pub(super) const LINT: Lint = Lint {
    name: "unused-receiver",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let Some(notify) = &model.monitoring.notify else {
        return;
    };
    let routed = notify.routes.iter().flat_map(|route| &route.receivers);
    let used: Vec<&String> = routed.chain([&notify.default]).collect();
    let is_known = |name: &String| notify.receivers.iter().any(|known| known.name == *name);
    if !used.iter().all(|name| is_known(name)) {
        return; // reported: any of them may be meant
    }
    for receiver in &notify.receivers {
        let name = &receiver.name;
        if !used.contains(&name) {
            reporter.report(
                receiver.origin.key(),
                format!("nothing is sent to `{name}`"),
                "make it the `default`, or name it in a route",
            );
        }
    }
}
