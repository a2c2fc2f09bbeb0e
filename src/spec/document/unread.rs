//! Sections that become no Rust code: without the feature `monitoring` they are neither read nor checked, so that a build script
//! does not wait for it.

use serde::Deserialize;
use serde::de::IgnoredAny;

/// What code comes of: where the service answers.
#[derive(Debug, Deserialize)]
pub struct Scrape {
    /// Default: `/metrics`.
    pub path: Option<String>,
}

/// Of the feature `monitoring`.
pub type Alert = IgnoredAny;
/// Of the feature `monitoring`.
pub type AlertDefaults = IgnoredAny;
/// Of the feature `monitoring`.
pub type Dashboard = IgnoredAny;
/// Of the feature `monitoring`.
pub type Environment = IgnoredAny;
/// Of the feature `monitoring`.
pub type Exporter = IgnoredAny;
/// Of the feature `monitoring`.
pub type KubernetesObjects = IgnoredAny;
/// Of the feature `monitoring`.
pub type Notify = IgnoredAny;
/// Of the feature `monitoring`.
pub type Outputs = IgnoredAny;
/// Of the feature `monitoring`.
pub type Prometheus = IgnoredAny;
/// Of the feature `monitoring`.
pub type Signal = IgnoredAny;
/// Of the feature `monitoring`.
pub type Slo = IgnoredAny;
