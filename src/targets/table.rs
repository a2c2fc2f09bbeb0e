//! Every target.

use super::{
    alert_tests, alertmanager, alerts, blackbox, docs, grafana, kubernetes, prometheus, rust,
    schema, scrape,
};
use crate::artifacts::Artifacts;
use crate::diagnostics::Findings;
use crate::model::Model;

/// Something that a model compiles into.
pub struct Target {
    /// Its key under `outputs:`, and what `--only` calls it.
    pub name: &'static str,
    /// Adds its files, if the model asks for them.
    pub render: fn(&Model, &mut Artifacts),
}

/// Every target.
pub const TARGETS: &[Target] = &[
    rust::TARGET,
    prometheus::TARGET,
    scrape::TARGET,
    alerts::TARGET,
    alert_tests::TARGET,
    alertmanager::TARGET,
    grafana::TARGET,
    kubernetes::TARGET,
    blackbox::TARGET,
    docs::TARGET,
    schema::TARGET,
];

/// Reports what only an artefact shows.
pub(crate) fn check(model: &Model, findings: &mut Findings) {
    kubernetes::check(model, findings);
}

/// Every artefact of a model, or those of the targets of these names.
pub fn render(model: &Model, only: Option<&[&str]>) -> Artifacts {
    let mut artifacts = Artifacts::default();
    artifacts.search(&model.outputs.folders);
    for target in TARGETS {
        if only.is_none_or(|names| names.contains(&target.name)) {
            (target.render)(model, &mut artifacts);
        }
    }
    artifacts
}
