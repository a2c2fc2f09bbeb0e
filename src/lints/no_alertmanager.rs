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
    // The operator hands it to its own Prometheus.
    let by_operator = model.kubernetes.is_some() && model.outputs.kubernetes.is_some();
    if !by_operator
        && model.outputs.prometheus.is_some()
        && model.catalogue.server.alertmanagers.is_empty()
    {
        reporter.report(
            notify.origin.key(),
            "no alert gets here: prometheus.yml names no Alertmanager".to_owned(),
            "`prometheus: { alertmanagers: [\"localhost:9093\"] }`",
        );
    }
}
