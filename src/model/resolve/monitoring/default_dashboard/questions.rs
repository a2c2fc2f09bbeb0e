//! What one wants to know of a metric.

use super::groups;
use crate::model::Unit;
use crate::model::catalogue::{Catalogue, Limit, Metric, MetricType, Named, Series, Values};
use crate::model::resolve::monitoring::signals::window_for;
use crate::model::signal::{Selection, Shape, Signal};
use crate::promql::{Query, Selector};

/// Labels that tell how something ended.
const OUTCOMES: &[&str] = &["outcome", "result", "status"];
/// Values of such labels, whatever these are called.
const OUTCOME_VALUES: &[&str] = &["error", "failed", "failure", "hit", "miss", "ok", "success"];

/// The moment at which something happened, [by name](https://prometheus.io/docs/practices/instrumentation/#timestamps-not-time-since):
/// interesting is how long ago. What ends so, and what of it says that it is a moment.
const TIMESTAMPS: &[(&str, &str)] = &[
    ("_timestamp_seconds", "_timestamp_seconds"),
    ("_start_time_seconds", "_time_seconds"),
];

/// A gauge's value, how fast a counter grows, a histogram's 95th percentile; nothing of other types.
pub(super) fn usual(index: usize, catalogue: &Catalogue) -> Option<Signal> {
    let metric = &catalogue.metrics[index];
    let (shape, unit, more) = match metric.kind {
        MetricType::Counter => (
            Shape::Rate {
                of: all(index, Series::Plain),
            },
            metric.unit.rate(),
            "Per second.",
        ),
        MetricType::Gauge if moment(metric).is_some() => {
            let age = Query::call("time", []).minus(Selector::new(&metric.name));
            let signal = signal(
                metric,
                catalogue,
                Shape::Expression {
                    query: age,
                    raw: false,
                },
            );
            return Some(Signal {
                name: format!("{}_age", metric.name),
                help: sentences(&metric.help, "Shown is how long ago that was."),
                by: std::iter::once("instance".to_owned())
                    .chain(metric.labels.known().iter().map(|label| label.name.clone()))
                    .collect(),
                ..signal
            });
        }
        MetricType::Gauge => (
            Shape::Value {
                of: all(index, Series::Plain),
                aggregation: None,
            },
            metric.unit.clone(),
            "",
        ),
        MetricType::Histogram => (
            Shape::Quantile {
                quantile: 0.95,
                of: all(index, Series::Family),
            },
            metric.unit.clone(),
            "95 % of the observations are below the line.",
        ),
        MetricType::Info | MetricType::Summary | MetricType::Unknown => return None,
    };
    let by = match metric.kind {
        MetricType::Gauge => Vec::new(),
        // Each process has a CPU to use up.
        MetricType::Counter if groups::is_of_process(&metric.name) => vec!["instance".to_owned()],
        _ => closed(metric),
    };
    Some(Signal {
        help: sentences(&metric.help, more),
        unit,
        by,
        ..signal(metric, catalogue, shape)
    })
}

/// How many observations fell into which bucket.
pub(in super::super) fn distribution(index: usize, catalogue: &Catalogue) -> Signal {
    let metric = &catalogue.metrics[index];
    let shape = Shape::Buckets {
        of: all(index, Series::Family),
    };
    Signal {
        help: sentences(
            &metric.help,
            "The stronger the colour, the more observations were that large.",
        ),
        ..signal(metric, catalogue, shape)
    }
}

/// How much of its limit a gauge has reached, where that is another gauge.
pub(super) fn share(index: usize, catalogue: &Catalogue) -> Option<Signal> {
    let metric = &catalogue.metrics[index];
    let Some(Limit::Gauge(limit)) = &metric.limit else {
        return None;
    };
    let limit = catalogue
        .metrics
        .iter()
        .position(|other| other.job == metric.job && other.name == *limit)?;
    let shape = Shape::Ratio {
        part: all(index, Series::Plain),
        whole: all(limit, Series::Plain),
    };
    let labels = metric.labels.known().iter().map(|label| label.name.clone());
    Some(Signal {
        name: format!("{}_share", metric.name),
        help: sentences(&metric.help, "Shown is the share of what there can be."),
        unit: Unit::RATIO,
        by: std::iter::once("instance".to_owned())
            .chain(labels)
            .collect(),
        ..signal(metric, catalogue, shape)
    })
}

/// Whether the series of a counter are parts of a whole that one wants to see: how often something succeeded, and how often not.
pub(super) fn has_outcomes(metric: &Metric) -> bool {
    metric.kind == MetricType::Counter
        && metric
            .labels
            .known()
            .iter()
            .any(|label| match &label.values {
                Values::Closed { values, .. } => {
                    let known = |value: &str| OUTCOME_VALUES.contains(&value);
                    OUTCOMES.contains(&label.name.as_str())
                        || values.iter().any(|value| known(&value.text))
                }
                Values::HttpStatus { .. } => true,
                Values::Open { .. } => false,
            })
}

/// What happened at the moment that a gauge tells: `process_start`.
pub(super) fn moment(metric: &Metric) -> Option<&str> {
    let gauge = metric.kind == MetricType::Gauge;
    let mut ends = TIMESTAMPS.iter().filter(|_| gauge);
    let (_, words) = ends.find(|(end, _)| metric.name.ends_with(end))?;
    metric.name.strip_suffix(words)
}

/// All its series.
fn all(metric: usize, series: Series) -> Selection {
    Selection {
        named: Named { metric, series },
        matchers: Vec::new(),
    }
}

/// Labels that can be shown side by side.
fn closed(metric: &Metric) -> Vec<String> {
    let labels = metric.labels.known().iter();
    labels
        .filter(|label| !matches!(label.values, Values::Open { .. }))
        .map(|label| label.name.clone())
        .collect()
}

fn signal(metric: &Metric, catalogue: &Catalogue, shape: Shape) -> Signal {
    Signal {
        name: metric.name.clone(),
        help: metric.help.clone(),
        unit: metric.unit.clone(),
        window: window_for(catalogue.jobs[metric.job].interval),
        by: Vec::new(),
        shape,
        job: metric.job,
        record: false,
        origin: metric.origin.clone(),
    }
}

fn sentences(first: &str, second: &str) -> String {
    format!("{first} {second}").trim().to_owned()
}
