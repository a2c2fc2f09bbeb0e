//! `no-alertmanager`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// Prometheus sends alerts to whom [`alerting`](https://prometheus.io/docs/prometheus/latest/configuration/configuration/) names, and
/// says nothing where that is nobody.
pub(super) const LINT: Lint = Lint {
    name: "no-alertmanager",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let Some(notify) = &model.monitoring.notify else {
        return;
    };
    let outputs = &model.outputs;
    if outputs.prometheus.is_none()
        || outputs.alerts.is_none()
        || !model.catalogue.server.alertmanagers.is_empty()
    {
        return;
    }
    let (message, help) = match model.operated() {
        None => (
            "no alert gets here: prometheus.yml names no Alertmanager",
            EXAMPLE.to_owned(),
        ),
        // The operator hands it to its own Prometheus.
        Some(_) => (
            "only alerts of the operator's Prometheus get here: prometheus.yml names no Alertmanager",
            format!(
                "{EXAMPLE}, or, where the operator's is the only one, `outputs: {{ prometheus: false }}`"
            ),
        ),
    };
    reporter.report(notify.origin.key(), message.to_owned(), &help);
}

const EXAMPLE: &str = "`prometheus: { alertmanagers: [\"localhost:9093\"] }`";
