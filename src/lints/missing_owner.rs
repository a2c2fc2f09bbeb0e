//! `missing-owner`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// [rule/owner](https://cloudflare.github.io/pint/checks/rule/owner.html) of pint, which is off by default, too: where there is one
/// team, nothing has to be routed.
pub(super) const LINT: Lint = Lint {
    name: "missing-owner",
    level: LintLevel::Allow,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let unowned = model.catalogue.service.owner.is_none();
    if unowned && !model.monitoring.alerts.is_empty() {
        reporter.report(
            Place::root().child("service").key(),
            "the alerts of this service do not say whose they are".to_owned(),
            "`service.owner` becomes the label `team` of every alert, by which Alertmanager can route",
        );
    }
}
