//! Signals: named, typed queries.

use serde::Deserialize;

use super::{Dict, Time};

/// A named query: exactly one of `value`, `rate`, `increase`, `ratio`, `quantile` with `of`, `average`, `expr`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Signal {
    /// What it tells, in a sentence: the description of panels that show it.
    pub help: Option<String>,
    /// A gauge: `database_connections_active` or `m{label="value"}`.
    pub value: Option<String>,
    /// How fast a counter grows, per second.
    pub rate: Option<String>,
    /// By how much a counter grew within the window.
    pub increase: Option<String>,
    /// A part of a whole, between 0 and 1.
    pub ratio: Option<Ratio>,
    /// A quantile of a histogram, between 0 and 1; with `of`.
    pub quantile: Option<f64>,
    /// The histogram of `quantile`.
    pub of: Option<String>,
    /// The mean of a histogram's observations.
    pub average: Option<String>,
    /// Any PromQL.
    pub expr: Option<String>,
    /// The unit of `expr`.
    pub unit: Option<String>,
    /// How far back it looks; at least four scrape intervals. Default: `5m`.
    pub window: Option<Time>,
    /// How the series of a `value` become one. Without it, and without `by`, each series is kept.
    pub agg: Option<Aggregation>,
    /// Labels that are kept beside the identity.
    #[serde(default)]
    pub by: Vec<String>,
    /// Whether a recording rule computes it for others to read. Default: false.
    #[serde(default)]
    pub record: bool,
    /// Leave `expr` as it is: no `job` is added, and the identity may be lost. Default: false.
    #[serde(default)]
    pub raw: bool,
    /// Lints that do not apply to it, each with the reason.
    #[serde(default)]
    pub allow: Dict<String>,
}

/// A part of a whole: two counters, two gauges, or two selections of one.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ratio {
    /// What is counted.
    pub part: String,
    /// Out of what.
    pub whole: String,
}

/// How several series become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Aggregation {
    /// Added up.
    Sum,
    /// Their mean.
    Avg,
    /// The least.
    Min,
    /// The greatest.
    Max,
}

impl Aggregation {
    /// The operator in PromQL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Avg => "avg",
            Self::Min => "min",
            Self::Max => "max",
        }
    }
}
