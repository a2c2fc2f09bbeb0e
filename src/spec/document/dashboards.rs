//! Dashboards.

use serde::{Deserialize, Serialize};

use super::Entry;

/// A dashboard.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dashboard {
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// Labels to choose values of, beside job and instance.
    #[serde(default)]
    pub variables: Vec<String>,
    /// Its rows, from the top.
    pub rows: Vec<Entry<Row>>,
}

/// A row of panels.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// Its title.
    pub title: String,
    /// Its panels, from the left; they wrap where they do not fit.
    pub panels: Vec<Entry<Panel>>,
}

/// A panel: exactly one of `signal`, `signals` and `show`.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Panel {
    /// Its title.
    pub title: String,
    /// What it is called in alerts and in its id, where that should not follow from the title.
    pub key: Option<String>,
    /// What one sees; by default what the signals say of themselves.
    pub description: Option<String>,
    /// A signal, or a metric: a gauge for its value, a counter for its rate.
    pub signal: Option<String>,
    /// Several of them.
    pub signals: Option<Vec<String>>,
    /// A ready-made panel.
    pub show: Option<Show>,
    /// Labels that are kept beside the signal's own.
    #[serde(default)]
    pub by: Vec<String>,
    /// Only so many series, the greatest. Default: 10 where `by` names an open label.
    pub top: Option<u32>,
    /// How it looks. Default: `timeseries`.
    #[serde(rename = "type")]
    pub kind: Option<PanelType>,
    /// Columns of 24; by default the panels of a row share it.
    pub width: Option<u32>,
    /// Rows of about 36 pixels. Default: 8.
    pub height: Option<u32>,
}

/// A ready-made panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Show {
    /// The feature flags, on and off over time.
    Flags,
    /// The health checks, up and down over time.
    Health,
    /// The alerts of the service that fire.
    Alerts,
    /// What is left of the error budget of every objective of `slos:`.
    Slos,
    /// How fast the objectives of `slos:` spend their error budgets, over time: at 1 a budget lasts just as long as it has to.
    BurnRates,
}

/// How a panel looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PanelType {
    /// Lines over time.
    Timeseries,
    /// The last value, large.
    Stat,
    /// The last value on a dial.
    Gauge,
    /// How the observations of a histogram spread over time; `signal` names the histogram.
    Heatmap,
}
