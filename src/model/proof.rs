//! Proofs: situations in which it is known what an alert does, for promtool to play.
//!
//! They come from the typed condition of an alert, and so from the same place as its expression, but not from the expression: a
//! changed threshold, a swapped comparison or a lost matcher in a rule contradicts them.

use std::time::Duration;

use serde::Serialize;

use crate::promql::Selector;
use crate::spec::Place;
pub use crate::spec::document::Severity;

/// What is known of one rule of an alert.
#[derive(Clone, Debug, Serialize)]
pub struct RuleProof {
    /// The alert.
    pub alert: String,
    /// Which of its rules.
    pub severity: Severity,
    /// The situations, at least one in which it fires and one in which it does not; or why there are none.
    pub situations: Result<Vec<Situation>, String>,
    /// Where its condition is declared.
    #[serde(skip)]
    pub origin: Place,
}

impl RuleProof {
    /// Whether it is shown that the rule fires, and that it does not always.
    pub fn is_complete(&self) -> bool {
        let shows = |fires| {
            let situations = self.situations.as_ref().map(Vec::as_slice);
            situations
                .unwrap_or_default()
                .iter()
                .any(|situation| situation.fires == fires)
        };
        shows(true) && shows(false)
    }
}

/// Some series, and what an alert makes of them.
#[derive(Clone, Debug, Serialize)]
pub struct Situation {
    /// What it shows, such as `fires`.
    pub name: String,
    /// Whether the rule fires in it.
    pub fires: bool,
    /// The time between two samples of its series.
    #[serde(serialize_with = "super::json::time")]
    pub step: Duration,
    /// What Prometheus scrapes.
    pub series: Vec<InputSeries>,
    /// What is looked at, and when.
    pub checks: Vec<Check>,
    /// What it follows from: a condition, or a test by hand.
    #[serde(skip)]
    pub origin: Place,
}

/// The samples of a series.
#[derive(Clone, Debug, Serialize)]
pub struct InputSeries {
    /// Its name and labels.
    #[serde(serialize_with = "super::json::shown")]
    pub series: Selector,
    /// Its samples, one behind the other.
    pub samples: Samples,
}

/// Samples of a series.
#[derive(Clone, Debug, Serialize)]
pub enum Samples {
    /// Straight lines, one behind the other.
    Lines(Vec<Line>),
    /// As the spec has them, in the
    /// [notation of promtool](https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series).
    Written(String),
}

/// Samples at equal distances.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The first.
    pub start: f64,
    /// By how much each differs from the one before.
    pub slope: f64,
    /// How many there are.
    pub samples: u32,
}

/// What is known at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// When, from the first sample on.
    #[serde(serialize_with = "super::json::time")]
    pub at: Duration,
    /// What fires then, of all rules of the alert.
    pub firing: Firing,
}

/// What fires.
#[derive(Clone, Debug, Serialize)]
pub enum Firing {
    /// These and no others, with all that they tell.
    Exactly(Vec<FiringAlert>),
    /// These and no others; what their annotations become is not known.
    Labels(Vec<Labels>),
    /// At least one with these labels, whatever else it tells.
    With(Labels),
}

/// Labels by name.
pub type Labels = Vec<(String, String)>;

/// An alert as it is sent.
#[derive(Clone, Debug, Serialize)]
pub struct FiringAlert {
    /// Its labels but for its name.
    #[serde(serialize_with = "super::json::pairs")]
    pub labels: Labels,
    /// Its annotations, with everything expanded.
    #[serde(serialize_with = "super::json::pairs")]
    pub annotations: Labels,
}
