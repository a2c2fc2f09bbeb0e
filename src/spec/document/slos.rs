//! Service level objectives.

use serde::Deserialize;

use super::{Dict, Quantity, Time};

/// A service level objective: what is `bad`, or what is `slower_than` a bound, may be a small share only. Records and alerts of
/// its error budget follow from it.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Slo {
    /// How much has to be good, such as `99.9%`. The rest is the error budget.
    pub objective: Quantity,
    /// Over how many days, 28 to 90, such as `30d`.
    pub over: Time,
    /// The signal that tells which share is bad: a `ratio` of counters, such as `error_ratio`.
    pub bad: Option<String>,
    /// Bad is what takes longer than this, one of the buckets' bounds; with `of`.
    pub slower_than: Option<Quantity>,
    /// The histogram of `slower_than`: `http_request_duration_seconds` or `m{label="value"}`.
    pub of: Option<String>,
    /// What is promised, in a sentence.
    pub help: Option<String>,
    /// Further labels of its alerts.
    #[serde(default)]
    pub labels: Dict<Option<String>>,
    /// Further annotations of its alerts. `{objective} {over} {alert}` and `{{ $labels.x }}`, `{{ $value }}` expand.
    #[serde(default)]
    pub annotations: Dict<Option<String>>,
    /// Who notices, and what it costs, in Markdown: for the page that `outputs.docs` makes of its alert.
    pub impact: Option<String>,
    /// What to do first, in Markdown: for the page that `outputs.docs` makes of its alert.
    pub runbook: Option<String>,
    /// The address of its runbook, where it differs from the service's `runbook_url`.
    pub runbook_url: Option<String>,
    /// Lints that do not apply to it, each with the reason.
    #[serde(default)]
    pub allow: Dict<String>,
}
