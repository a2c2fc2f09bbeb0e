//! What is asked about what exists: signals, alerts, objectives, dashboards.

use std::time::Duration;

use serde::Serialize;

use crate::model::Unit;
use crate::model::condition::Condition;
use crate::model::notify::Notify;
use crate::model::proof::RuleProof;
pub use crate::model::slo::{BurnRate, Indicator, Slo};
use crate::promql::{Places, Query};
use crate::spec::Place;
pub use crate::spec::document::{PanelType, Severity};

/// The signals, alerts, objectives and dashboards of a spec.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Monitoring {
    /// Signals by name, those that sections bring first.
    pub signals: Vec<SignalQuery>,
    /// Recording rules, in the order in which they depend on each other.
    pub records: Vec<Record>,
    /// Alerts in written order.
    pub alerts: Vec<Alert>,
    /// Service level objectives in written order, with their own records and alerts.
    pub slos: Vec<Slo>,
    /// Who hears of alerts.
    pub notify: Option<Notify>,
    /// What is known of the rules of the alerts, in their order.
    pub proofs: Vec<RuleProof>,
    /// Dashboards in written order.
    pub dashboards: Vec<Dashboard>,
    /// PromQL that was written by hand, as it stands in the spec.
    #[serde(skip)]
    pub expressions: Vec<Expression>,
}

/// PromQL that was written by hand: a whole expression, or the selector of a signal.
#[derive(Clone, Debug)]
pub struct Expression {
    /// The text.
    pub text: String,
    /// What it says, as written: no job is added yet.
    pub query: Query,
    /// Where in the text its words stand.
    pub places: Places,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether its selectors are left as they are; otherwise each reads one job.
    pub raw: bool,
    /// Lints that do not apply to it.
    pub allow: Vec<String>,
    /// The scalar that holds the text.
    pub origin: Place,
}

/// What an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// It fires for each series of its result.
    Alert,
    /// The `expr` of a signal.
    Signal {
        /// Whether a rule records it.
        recorded: bool,
    },
    /// The series that a signal reads.
    Selection,
}

/// A signal, and what a rule asks for it.
#[derive(Clone, Debug, Serialize)]
pub struct SignalQuery {
    /// Its name.
    pub name: String,
    /// What it tells.
    pub help: String,
    /// What its numbers measure.
    pub unit: Unit,
    /// Labels that are kept beside the identity.
    pub by: Vec<String>,
    /// What a rule asks.
    #[serde(serialize_with = "super::json::shown")]
    pub query: Query,
    /// Lints that do not apply to it.
    pub allow: Vec<String>,
    /// Where it is declared, or the section that brings it.
    #[serde(skip)]
    pub origin: Place,
}

/// A recording rule.
#[derive(Clone, Debug, Serialize)]
pub struct Record {
    /// Its name, `level:metric:operation`.
    pub name: String,
    /// What it computes.
    #[serde(serialize_with = "super::json::shown")]
    pub query: Query,
    /// Labels that it sets, by name.
    #[serde(serialize_with = "super::json::pairs")]
    pub labels: Vec<(String, String)>,
    /// The signal or the objective it comes from.
    #[serde(skip)]
    pub origin: Place,
}

/// An alert.
#[derive(Clone, Debug, Serialize)]
pub struct Alert {
    /// Its name.
    pub name: String,
    /// The signal or metric that it is about, unless it is an expression of its own.
    pub signal: Option<String>,
    /// What has to hold, where it is about a signal; an objective says so itself.
    #[serde(skip)]
    pub condition: Option<Condition>,
    /// Who notices, and what it costs, in Markdown.
    pub impact: Option<String>,
    /// What to do first, in Markdown.
    pub runbook: Option<String>,
    /// One rule a severity, the mildest first.
    pub rules: Vec<Rule>,
    /// Lints that do not apply to it.
    pub allow: Vec<String>,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// An alerting rule.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    /// How much it disturbs.
    pub severity: Severity,
    /// What has to hold.
    #[serde(serialize_with = "super::json::shown")]
    pub query: Query,
    /// How long it has to hold.
    #[serde(serialize_with = "super::json::time")]
    pub hold: Duration,
    /// Where that is written.
    #[serde(skip)]
    pub hold_origin: Place,
    /// How long the alert goes on after it ended.
    #[serde(serialize_with = "super::json::optional_time")]
    pub keep_firing_for: Option<Duration>,
    /// Its labels, `service`, `team` and `severity` among them, by name.
    #[serde(serialize_with = "super::json::pairs")]
    pub labels: Vec<(String, String)>,
    /// Its annotations, by name.
    #[serde(serialize_with = "super::json::pairs")]
    pub annotations: Vec<(String, String)>,
}

/// A dashboard.
#[derive(Clone, Debug, Serialize)]
pub struct Dashboard {
    /// Its key in the spec; a part of its file's name.
    pub key: String,
    /// Stable and unique in Grafana, 8 to 40 characters.
    pub uid: String,
    /// Its title.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Labels to choose values of, beside job and instance.
    pub variables: Vec<Variable>,
    /// Its rows, from the top.
    pub rows: Vec<Row>,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// A label to choose values of.
#[derive(Clone, Debug, Serialize)]
pub struct Variable {
    /// The label, and the variable's name.
    pub label: String,
    /// The metric whose series give the values.
    pub metric: String,
}

/// A row of panels.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its title.
    pub title: String,
    /// Its id, stable and unique in its dashboard.
    pub id: u32,
    /// Whether one has to open it to see its panels.
    pub collapsed: bool,
    /// Its panels, from the left.
    pub panels: Vec<Panel>,
}

/// A panel.
#[derive(Clone, Debug, Serialize)]
pub struct Panel {
    /// Its key, unique in its dashboard.
    pub key: String,
    /// Its id: 31 bits of a hash of the dashboard's and its own key.
    pub id: u32,
    /// Its title.
    pub title: String,
    /// What one sees.
    pub description: String,
    /// What it shows, and how.
    pub content: Content,
    /// Columns of 24; by default the panels of a row share it.
    pub width: Option<u32>,
    /// Rows; by default 8.
    pub height: Option<u32>,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// What a panel shows.
#[derive(Clone, Debug, Serialize)]
pub enum Content {
    /// Numbers.
    Series {
        /// How they look.
        kind: PanelType,
        /// Whether series stand one upon the other, as parts of a whole.
        stacked: bool,
        /// One or more queries.
        queries: Vec<PanelQuery>,
    },
    /// How the observations of a histogram spread over time.
    Heatmap {
        /// The query; one series a bucket, with the label `le`.
        query: Box<PanelQuery>,
    },
    /// States over time, 1 and 0.
    States {
        /// The query.
        query: Box<PanelQuery>,
        /// What 1 is called.
        on: String,
        /// What 0 is called.
        off: String,
        /// Whether 0 is bad, and not just another state.
        off_is_bad: bool,
    },
    /// The alerts of the service that fire.
    Alerts,
}

/// A query of a panel.
#[derive(Clone, Debug, Serialize)]
pub struct PanelQuery {
    /// The signal or metric it shows.
    pub signal: String,
    /// The query; its selectors carry the dashboard's variables.
    #[serde(serialize_with = "super::json::shown")]
    pub query: Query,
    /// The legend, with `{{label}}`.
    pub legend: String,
    /// What its numbers measure.
    pub unit: Unit,
    /// The scrape interval of its job: the least step that makes sense.
    #[serde(serialize_with = "super::json::time")]
    pub interval: Duration,
    /// The least value there can be.
    pub min: Option<f64>,
    /// The greatest value there can be.
    pub max: Option<f64>,
    /// Where alerts begin, the mildest first.
    pub thresholds: Vec<Threshold>,
    /// Whether the bad side is below.
    pub bad_below: bool,
}

/// Where an alert begins.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Threshold {
    /// The value, in the unit of the query.
    pub value: f64,
    /// How much it disturbs.
    pub severity: Severity,
}

impl SignalQuery {
    /// Whether the spec defines it, and not a section that brings it.
    pub fn is_written(&self) -> bool {
        self.origin.pointer().starts_with("/signals/")
    }
}

impl Content {
    /// What it asks.
    pub fn queries(&self) -> &[PanelQuery] {
        match self {
            Self::Series { queries, .. } => queries,
            Self::Heatmap { query } | Self::States { query, .. } => std::slice::from_ref(query),
            Self::Alerts => &[],
        }
    }
}
