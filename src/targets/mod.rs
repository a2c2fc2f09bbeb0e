//! What a model compiles into: one file or folder a target, one line in the table.

#[cfg(feature = "monitoring")]
pub mod alert_tests;
#[cfg(feature = "monitoring")]
pub mod alertmanager;
#[cfg(feature = "monitoring")]
pub mod alerts;
#[cfg(feature = "monitoring")]
pub mod blackbox;
#[cfg(feature = "monitoring")]
pub mod docs;
#[cfg(feature = "monitoring")]
pub mod grafana;
#[cfg(feature = "monitoring")]
pub mod kubernetes;
mod markdown;
#[cfg(feature = "monitoring")]
pub mod prometheus;
pub mod rust;
#[cfg(feature = "monitoring")]
pub mod schema;
#[cfg(feature = "monitoring")]
pub mod scrape;
mod template;
#[cfg(feature = "monitoring")]
mod yaml;

use crate::artifacts::Artifacts;
#[cfg(feature = "monitoring")]
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
    #[cfg(feature = "monitoring")]
    prometheus::TARGET,
    #[cfg(feature = "monitoring")]
    scrape::TARGET,
    #[cfg(feature = "monitoring")]
    alerts::TARGET,
    #[cfg(feature = "monitoring")]
    alert_tests::TARGET,
    #[cfg(feature = "monitoring")]
    alertmanager::TARGET,
    #[cfg(feature = "monitoring")]
    grafana::TARGET,
    #[cfg(feature = "monitoring")]
    kubernetes::TARGET,
    #[cfg(feature = "monitoring")]
    blackbox::TARGET,
    #[cfg(feature = "monitoring")]
    docs::TARGET,
    #[cfg(feature = "monitoring")]
    schema::TARGET,
];

/// Reports what only an artefact shows.
#[cfg(feature = "monitoring")]
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
