//! Alerts.

use serde::{Deserialize, Serialize};

use super::{AlertTest, Dict, Quantity, Time};

/// An alert: a `signal` with one of `above`, `below`, `at_least`, `at_most` and `equals`, or an `expr`; with a `severity` or
/// with `levels`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Alert {
    /// A signal, or a metric: a gauge for its value, a counter for its rate.
    pub signal: Option<String>,
    /// Any PromQL that compares.
    pub expr: Option<String>,
    /// Leave `expr` as it is: no `job` is added, and the identity may be lost. Default: false.
    #[serde(default)]
    pub raw: bool,
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
    /// How long the condition has to hold. Default: `0s`.
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
    /// What happens when there is no series at all. Default: `ignore`.
    pub when_missing: Option<WhenMissing>,
    /// How far back the signal looks, where it differs from the signal's own.
    pub window: Option<Time>,
    /// Labels that are kept beside the identity and the signal's own.
    #[serde(default)]
    pub by: Vec<String>,
    /// What is wrong, in a sentence. `{threshold} {for} {window} {limit} {alert}` and `{{ $labels.x }}`, `{{ $value }}` expand.
    pub summary: String,
    /// More about it.
    pub description: Option<String>,
    /// Further labels.
    #[serde(default)]
    pub labels: Dict<Option<String>>,
    /// Further annotations.
    #[serde(default)]
    pub annotations: Dict<Option<String>>,
    /// The panel it links to, `dashboard/panel`; by default the first that shows the signal.
    pub panel: Option<String>,
    /// Who notices, and what it costs, in Markdown: for the page that `outputs.docs` makes of it.
    pub impact: Option<String>,
    /// What to do first, in Markdown: for the page that `outputs.docs` makes of it.
    pub runbook: Option<String>,
    /// The address of its runbook, where it differs from the service's `runbook_url`.
    pub runbook_url: Option<String>,
    /// Where PromQL is written by hand: situations in which it fires, and in which it does not. Those of other alerts follow from their
    /// conditions.
    #[serde(default)]
    pub tests: Vec<AlertTest>,
    /// Lints that do not apply to it, each with the reason.
    #[serde(default)]
    pub allow: Dict<String>,
}

/// Several severities of one alert: the same direction, each stricter than the one before.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Levels {
    /// Worth knowing.
    pub info: Option<Level>,
    /// Worth a look today.
    pub warning: Option<Level>,
    /// Worth waking somebody.
    pub critical: Option<Level>,
}

/// One severity of an alert.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Fires above this.
    pub above: Option<Quantity>,
    /// Fires below this.
    pub below: Option<Quantity>,
    /// Fires at this and above.
    pub at_least: Option<Quantity>,
    /// Fires at this and below.
    pub at_most: Option<Quantity>,
    /// How long the condition has to hold.
    #[serde(rename = "for")]
    pub hold: Option<Time>,
    /// How long it goes on after the condition ended.
    pub keep_firing_for: Option<Time>,
}

/// What every alert has unless it says otherwise.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertDefaults {
    /// How long a condition has to hold; the alerts of objectives say so by their windows.
    #[serde(rename = "for")]
    pub hold: Option<Time>,
    /// How long an alert goes on after its condition ended.
    pub keep_firing_for: Option<Time>,
    /// Further labels.
    #[serde(default)]
    pub labels: Dict<Option<String>>,
    /// Further annotations.
    #[serde(default)]
    pub annotations: Dict<Option<String>>,
}

/// How much an alert disturbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth a look today.
    Warning,
    /// Worth waking somebody.
    Critical,
}

impl Severity {
    /// The value of the label `severity`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What happens when there is no series at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum WhenMissing {
    /// Nothing.
    Ignore,
    /// It fires.
    Fire,
}
