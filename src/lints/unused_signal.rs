//! `unused-signal`

use std::collections::HashSet;

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// A signal is a word of alerts and panels.
pub(super) const LINT: Lint = Lint {
    name: "unused-signal",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    if !reporter.is_whole {
        return;
    }
    let monitoring = &model.monitoring;
    let of_alerts = monitoring
        .alerts
        .iter()
        .chain(monitoring.slos.iter().map(|slo| &slo.alert))
        .filter_map(|alert| alert.signal.as_deref());
    let rows = monitoring
        .dashboards
        .iter()
        .flat_map(|dashboard| &dashboard.rows);
    let panels = rows.flat_map(|row| &row.panels);
    let shown = panels
        .flat_map(|panel| panel.content.queries())
        .map(|query| query.signal.as_str());
    let used: HashSet<&str> = of_alerts.chain(shown).collect();
    let recorded = |origin: &Place| {
        monitoring
            .records
            .iter()
            .any(|record| record.origin == *origin)
    };
    for signal in monitoring
        .signals
        .iter()
        .filter(|signal| signal.is_written())
    {
        if !used.contains(signal.name.as_str()) && !recorded(&signal.origin) {
            let message = format!("no alert and no panel uses `{}`", signal.name);
            let help = "show it, alert on it, `record: true` it for others, or leave it out";
            reporter.about(signal, signal.origin.key(), message, help);
        }
    }
}
