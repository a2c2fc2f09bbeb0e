//! The meaning of a spec: what its words refer to, with every reference resolved and every rule of the language applied.
//!
//! A [`Catalogue`] holds what exists (service, jobs, metrics, flags, health checks) and is all that Rust code needs;
//! [`Monitoring`] holds what is asked about it (signals, alerts, dashboards). Targets read nothing else. Items remember the
//! [`Place`](crate::spec::Place) they come from.

pub(crate) mod address;
pub mod catalogue;
#[cfg(feature = "monitoring")]
pub mod condition;
mod hash;
#[cfg(feature = "monitoring")]
pub(crate) mod interpolation;
#[cfg(feature = "monitoring")]
mod json;
#[cfg(feature = "monitoring")]
pub mod kubernetes;
#[cfg(feature = "monitoring")]
pub mod monitoring;
pub(crate) mod names;
#[cfg(feature = "monitoring")]
pub(crate) mod namespace;
#[cfg(feature = "monitoring")]
pub mod notify;
#[cfg(feature = "monitoring")]
pub(crate) mod operator;
#[cfg(feature = "monitoring")]
pub mod proof;
mod resolve;
#[cfg(feature = "monitoring")]
pub mod signal;
#[cfg(feature = "monitoring")]
pub mod slo;
#[cfg(feature = "monitoring")]
pub(crate) mod typing;
pub mod unit;

pub use self::catalogue::Catalogue;
#[cfg(feature = "monitoring")]
pub use self::monitoring::Monitoring;
pub(crate) use self::resolve::resolve;
#[cfg(feature = "monitoring")]
pub(crate) use self::resolve::{check_environments, check_namespaces};
pub use self::unit::Unit;
use crate::artifacts::Mark;

/// Series that one metric may have from the start; from a tenth of it on there is a lint.
pub(crate) const TOO_MANY_SERIES: u64 = 10_000;

/// What a spec means.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Model {
    /// The environment whose values it has; none if the spec has no environments.
    #[cfg(feature = "monitoring")]
    pub environment: Option<String>,
    /// What exists.
    pub catalogue: Catalogue,
    /// What is asked about it.
    #[cfg(feature = "monitoring")]
    pub monitoring: Monitoring,
    /// What Kubernetes gets.
    #[cfg(feature = "monitoring")]
    pub kubernetes: Option<kubernetes::Kubernetes>,
    /// Where artefacts go.
    #[cfg(feature = "monitoring")]
    pub outputs: Outputs,
    /// By what they are known.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub mark: Mark,
}

#[cfg(feature = "monitoring")]
impl Model {
    /// What the Prometheus operator gets, if it gets anything: by that it finds the service.
    pub(crate) fn operated(&self) -> Option<&kubernetes::Kubernetes> {
        self.kubernetes
            .as_ref()
            .filter(|_| self.outputs.kubernetes.is_some())
    }
}

/// Where artefacts go, relative to the project; what is off is `None`.
#[cfg(feature = "monitoring")]
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Outputs {
    /// prometheus.yml.
    pub prometheus: Option<String>,
    /// The scrape jobs alone.
    pub scrape: Option<String>,
    /// The alerting rules.
    pub alerts: Option<String>,
    /// alertmanager.yml.
    pub alertmanager: Option<String>,
    /// The tests of the alerting rules.
    pub alert_tests: Option<String>,
    /// A dashboard, with `{dashboard}` for its key.
    pub grafana: Option<String>,
    /// The folder of the objects of Kubernetes.
    pub kubernetes: Option<String>,
    /// The modules of a blackbox exporter.
    pub blackbox: Option<String>,
    /// The folder of the catalogue and the runbooks.
    pub docs: Option<String>,
    /// The JSON Schema of the language.
    pub schema: Option<String>,
    /// The Rust code.
    pub rust: Option<String>,
    /// Folders that hold what every environment has: those of one that is gone are still there.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub folders: Vec<String>,
}

/// A hash that is the same on every machine and for ever:
/// [FNV-1a](http://www.isthe.com/chongo/tech/comp/fnv/), 64 bits.
pub(crate) fn stable_hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
