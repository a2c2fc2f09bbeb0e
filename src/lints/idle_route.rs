//! `idle-route`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::notify::Idle;
use crate::spec::document::LintLevel;

/// Alertmanager asks [one route after the other](https://prometheus.io/docs/alerting/latest/configuration/#route) until one matches
/// that has no `continue`.
pub(super) const LINT: Lint = Lint {
    name: "idle-route",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let routes = model.monitoring.notify.iter();
    for route in routes.flat_map(|notify| &notify.routes) {
        match &route.idle {
            None => {}
            Some(Idle::NoAlert) => reporter.report(
                route.origin.key(),
                "no alert takes this route: none matches".to_owned(),
                "leave it out until there is one",
            ),
            Some(Idle::TakenBefore(earlier)) => reporter.report_with(
                route.origin.key(),
                "no alert takes this route: those that match are taken by earlier ones".to_owned(),
                "put it before them, or let them `continue`",
                Some((earlier.key(), "taken here")),
            ),
        }
    }
}
