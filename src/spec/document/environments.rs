//! What an environment may override: values, never names.

use serde::Deserialize;

use super::{
    AlertDefaults, Dict, Entry, KubernetesObjects, Levels, Prometheus, Quantity, Receiver, Routes,
    Scrape, ScrapeValues, Severity, Smtp, Time, WhenMissing, Yaml,
};

/// An environment: values that differ there. Mappings are merged key by key, all else takes the place of what the rest of the
/// spec says; `null` takes it away.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Environment {
    /// The addresses of the service's surroundings.
    pub service: Option<Entry<ServiceValues>>,
    /// How Prometheus reaches the service.
    pub scrape: Option<Entry<ScrapeValues>>,
    /// The Prometheus server.
    pub prometheus: Option<Entry<Prometheus>>,
    /// How Prometheus reaches others: jobs of `exporters:`.
    #[serde(default)]
    pub exporters: Dict<Scrape>,
    /// What every alert has unless it says otherwise.
    pub alert_defaults: Option<Entry<AlertDefaults>>,
    /// When alerts fire, and whom they disturb: alerts of `alerts:`.
    #[serde(default)]
    pub alerts: Dict<AlertValues>,
    /// What is promised there: objectives of `slos:`.
    #[serde(default)]
    pub slos: Dict<SloValues>,
    /// Who hears of alerts.
    pub notify: Option<Entry<NotifyValues>>,
    /// What Kubernetes gets.
    pub kubernetes: Option<Entry<KubernetesObjects>>,
}

/// What of the service differs between environments.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServiceValues {
    /// Where an alert's runbook is; `{alert}` stands for the alert's name, `{environment}` for the environment's.
    pub runbook_url: Option<String>,
    /// Grafana's address, for the links from alerts to panels.
    pub grafana_url: Option<String>,
}

/// What of notifications differs between environments.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotifyValues {
    /// The oldest Alertmanager that has to understand the artefact.
    pub version: Option<String>,
    /// Who hears of what no route takes.
    pub default: Option<String>,
    /// How receivers of `notify.receivers` are reached.
    #[serde(default)]
    pub receivers: Dict<Receiver>,
    /// Who hears of what.
    pub routes: Option<Routes>,
    /// How e-mail is sent.
    pub smtp: Option<Smtp>,
    /// How long the first notification of a group waits for more.
    pub group_wait: Option<Time>,
    /// How long a group waits until it tells of new alerts.
    pub group_interval: Option<Time>,
    /// How long until what is known is said again.
    pub repeat_interval: Option<Time>,
    /// Further top-level keys of alertmanager.yml, verbatim.
    #[serde(default)]
    pub extra: Dict<Yaml>,
}

/// What of an alert differs between environments.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertValues {
    /// Fires above this.
    pub above: Option<Quantity>,
    /// Fires below this.
    pub below: Option<Quantity>,
    /// Fires at this and above.
    pub at_least: Option<Quantity>,
    /// Fires at this and below.
    pub at_most: Option<Quantity>,
    /// Fires at this; un-aggregated gauges and `up` only.
    pub equals: Option<Quantity>,
    /// How long the condition has to hold.
    #[serde(rename = "for")]
    pub hold: Option<Time>,
    /// Who is disturbed.
    pub severity: Option<Severity>,
    /// Several severities of one alert.
    pub levels: Option<Levels>,
    /// How long it goes on after the condition ended.
    pub keep_firing_for: Option<Time>,
    /// Of a ratio, quantile or average: not below this much traffic, such as `1/s`.
    pub min_traffic: Option<Quantity>,
    /// What happens when there is no series at all.
    pub when_missing: Option<WhenMissing>,
    /// How far back the signal looks.
    pub window: Option<Time>,
    /// Further labels.
    #[serde(default)]
    pub labels: Dict<Option<String>>,
    /// Further annotations.
    #[serde(default)]
    pub annotations: Dict<Option<String>>,
    /// The address of its runbook.
    pub runbook_url: Option<String>,
}

/// What of a service level objective differs between environments.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SloValues {
    /// How much has to be good.
    pub objective: Option<Quantity>,
    /// Over how many days.
    pub over: Option<Time>,
    /// Bad is what takes longer than this.
    pub slower_than: Option<Quantity>,
    /// Further labels of its alerts.
    #[serde(default)]
    pub labels: Dict<Option<String>>,
    /// Further annotations of its alerts.
    #[serde(default)]
    pub annotations: Dict<Option<String>>,
    /// The address of its runbook.
    pub runbook_url: Option<String>,
}
