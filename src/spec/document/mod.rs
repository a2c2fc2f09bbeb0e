//! The language: what can be written in a spec, as plain structs.
//!
//! These types are the only definition of the language. The decoder, the JSON Schema and the reference page come from
//! them; what keys mean together is the business of [`crate::model`].

#[cfg(feature = "monitoring")]
mod alert_tests;
#[cfg(feature = "monitoring")]
mod alerts;
mod catalogue;
#[cfg(feature = "monitoring")]
mod dashboards;
mod decimal;
#[cfg(feature = "monitoring")]
mod environments;
#[cfg(feature = "monitoring")]
mod kubernetes;
mod lints;
mod metrics;
#[cfg(feature = "monitoring")]
mod notify;
#[cfg(feature = "monitoring")]
mod outputs;
#[cfg(feature = "monitoring")]
mod schema;
#[cfg(feature = "monitoring")]
mod scraping;
#[cfg(feature = "monitoring")]
mod signals;
#[cfg(feature = "monitoring")]
mod slos;
#[cfg(not(feature = "monitoring"))]
mod unread;
mod values;

use serde::Deserialize;

#[cfg(feature = "monitoring")]
pub use self::alert_tests::*;
#[cfg(feature = "monitoring")]
pub use self::alerts::*;
pub use self::catalogue::*;
#[cfg(feature = "monitoring")]
pub use self::dashboards::*;
pub use self::decimal::Decimal;
#[cfg(feature = "monitoring")]
pub use self::environments::*;
#[cfg(feature = "monitoring")]
pub use self::kubernetes::*;
pub use self::lints::*;
pub use self::metrics::*;
#[cfg(feature = "monitoring")]
pub use self::notify::*;
#[cfg(feature = "monitoring")]
pub use self::outputs::*;
#[cfg(feature = "monitoring")]
pub use self::schema::json_schema;
#[cfg(feature = "monitoring")]
pub use self::scraping::*;
#[cfg(feature = "monitoring")]
pub use self::signals::*;
#[cfg(feature = "monitoring")]
pub use self::slos::*;
#[cfg(not(feature = "monitoring"))]
pub use self::unread::*;
pub use self::values::*;
pub use super::decode::{Dict, Entry};

/// The monitoring of one service.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The version of the language: 1.
    pub monospec: Version,
    /// Who is monitored.
    pub service: Entry<Service>,
    /// How Prometheus reaches the service.
    pub scrape: Option<Entry<Scrape>>,
    /// The Prometheus server.
    pub prometheus: Option<Entry<Prometheus>>,
    /// What others expose, by job: more targets, and more names that may be used.
    #[serde(default)]
    pub exporters: Dict<Exporter>,
    /// Other files of the project, merged into this one: paths relative to this file, or `std:process`, `std:tokio` or `std:go`
    /// for what a library exposes. Each is read once; an entry of two files is an error.
    #[serde(default)]
    pub include: Vec<String>,
    /// Labels that several metrics share, by key.
    #[serde(default)]
    pub labels: Dict<Label>,
    /// The metrics of the service, by the name under which they are exposed.
    #[serde(default)]
    pub metrics: Dict<Metric>,
    /// The metrics that the HTTP middleware feeds.
    pub http: Option<Entry<Http>>,
    /// Feature flags, by the name of their environment variable.
    #[serde(default)]
    pub flags: Dict<Flag>,
    /// Health endpoints and the checks behind them.
    pub health: Option<Entry<Health>>,
    /// Named queries: the words of alerts and panels.
    #[serde(default)]
    pub signals: Dict<Signal>,
    /// Service level objectives, by name: how much may fail, and the alerts and records that come of it.
    #[serde(default)]
    pub slos: Dict<Slo>,
    /// What every alert has unless it says otherwise.
    pub alert_defaults: Option<Entry<AlertDefaults>>,
    /// Alerts, by name.
    #[serde(default)]
    pub alerts: Dict<Alert>,
    /// Who hears of alerts, through an Alertmanager.
    pub notify: Option<Entry<Notify>>,
    /// Dashboards, by key. Left out, one is made from the metrics.
    #[serde(default)]
    pub dashboards: Dict<Dashboard>,
    /// What Kubernetes gets: objects for the Prometheus operator, dashboards, and the probes of `health:`.
    pub kubernetes: Option<Entry<KubernetesObjects>>,
    /// Environments, by name: values that differ there. The Rust code is the same in all of them.
    #[serde(default)]
    pub environments: Dict<Environment>,
    /// Where artefacts go, relative to the directory that holds `spec/` (or the spec file).
    pub outputs: Option<Entry<Outputs>>,
    /// How much a lint weighs, by its name.
    #[serde(default)]
    pub lints: Dict<LintLevel>,
    /// Whether a file or a whole section could not be read: what it declares is not known, not even by name.
    #[serde(skip)]
    pub(crate) has_gaps: bool,
}
