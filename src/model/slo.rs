//! Service level objectives: a share that may be bad, and what tells in time that it is being used up.
//!
//! The alerts are those of the
//! [SRE workbook](https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts), the records have the names
//! and labels that [sloth](https://github.com/slok/sloth) gives them, so that its dashboards read them.

use std::time::Duration;

use serde::Serialize;

use super::monitoring::{Alert, Record, Severity};
use super::signal::Signal;
use crate::spec::Place;
pub use crate::spec::document::Decimal;

/// A service level objective.
#[derive(Clone, Debug, Serialize)]
pub struct Slo {
    /// Its name.
    pub name: String,
    /// What sloth's dashboards know it by: the service and the name, joined by a `-`.
    pub id: String,
    /// What is promised, in a sentence.
    pub help: String,
    /// The share that has to be good, exactly as it is written.
    pub objective: Decimal,
    /// The share that may be bad: the exact rest.
    pub budget: Decimal,
    /// The time over which the budget has to last.
    #[serde(serialize_with = "super::json::time")]
    pub period: Duration,
    /// The index of the job that exposes what is counted.
    pub job: usize,
    /// Labels that are kept beside the identity: each value has a budget of its own.
    pub by: Vec<String>,
    /// What is counted.
    #[serde(skip)]
    pub measured: Measured,
    /// The share that is bad, by window, the shortest first; the last one is the period.
    pub indicators: Vec<Indicator>,
    /// What dashboards read: objective, budget, burn rates, what is left.
    pub metadata: Vec<Record>,
    /// When its alert fires, the most urgent first.
    pub burn_rates: Vec<BurnRate>,
    /// Its alert: a rule for each severity that can fire, the mildest first.
    pub alert: Alert,
    /// Where it is declared.
    #[serde(skip)]
    pub origin: Place,
}

/// A ratio of counters, and whether it is the good part that it counts.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The ratio.
    pub signal: Signal,
    /// Whether its part is what is good.
    pub is_good: bool,
}

/// The share that was bad within a window.
#[derive(Clone, Debug, Serialize)]
pub struct Indicator {
    /// How far back it looks.
    #[serde(serialize_with = "super::json::time")]
    pub window: Duration,
    /// What records it.
    pub record: Record,
}

/// How fast a budget may be spent: at 1 it lasts just as long as the period.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct BurnRate {
    /// How much it disturbs to be faster.
    pub severity: Severity,
    /// How much of the budget is gone by then, in hundredths.
    pub percent: u32,
    /// The time within which it goes.
    #[serde(serialize_with = "super::json::time")]
    pub long: Duration,
    /// The time within which it has to be as fast, so that the alert ends soon after the cause.
    #[serde(serialize_with = "super::json::time")]
    pub short: Duration,
    /// How many times faster than at 1: a numerator and a denominator without a common divisor.
    pub factor: (u32, u32),
    /// Whether it can be reached: times the budget it is less than everything.
    pub possible: bool,
}

impl BurnRate {
    /// How many times faster than at 1: 14.4 of 72/5.
    pub fn value(&self) -> f64 {
        f64::from(self.factor.0) / f64::from(self.factor.1)
    }
}
