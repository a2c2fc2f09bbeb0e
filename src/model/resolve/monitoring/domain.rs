//! Which values a signal can have: a comparison that they all pass, or none of them, is no alert.
//!
//! Only what is certain counts. A gauge of unit ratio may be 4 while four processors are busy; a part of its own whole may not.

use crate::model::catalogue::{Catalogue, Metric, MetricType, Series, Source};
use crate::model::condition::Direction;
use crate::model::signal::{Selection, Shape, Signal};
use crate::model::typing;
use crate::promql::{AggregateOp, MatchOp, Matcher};

/// The least and the greatest value; infinite where nothing is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Domain<'a> {
    pub(super) least: f64,
    pub(super) greatest: f64,
    pub(super) kind: Kind<'a>,
}

/// Why there are no others.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind<'a> {
    /// It is 0 or 1.
    Bit,
    /// A part of a whole.
    Share,
    /// What a histogram tells: values above the last bound are [counted as
    /// it](https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile).
    Quantile(&'a Metric),
    /// What only grows is counted.
    Counted,
    /// Anything is possible.
    Any,
}

/// What values this signal can have, where these labels are kept beside its own.
pub(super) fn of<'a>(signal: &Signal, by: &[String], catalogue: &'a Catalogue) -> Domain<'a> {
    let series = |of: &Selection| typing::Series {
        metric: &catalogue.metrics[of.named.metric],
        kind: of.named.series,
    };
    match &signal.shape {
        Shape::Value { of, aggregation } if series(of).is_bit() => match aggregation {
            Some(AggregateOp::Min | AggregateOp::Max) => Domain::BIT,
            None if signal.by.is_empty() && by.is_empty() => Domain::BIT,
            Some(AggregateOp::Avg) => Domain::SHARE,
            // How many of them are 1.
            _ => Domain::COUNTED,
        },
        Shape::Value { of, .. } | Shape::Rate { of } | Shape::Increase { of }
            if series(of).values().least >= 0.0 =>
        {
            Domain::COUNTED
        }
        Shape::Ratio { part, whole } if is_part(part, whole) => Domain::SHARE,
        Shape::Ratio { part, whole }
            if [part, whole].map(|of| of.kind(catalogue)) == [MetricType::Counter; 2] =>
        {
            Domain::COUNTED
        }
        Shape::Change { .. } => Domain::SHARE,
        Shape::Quantile { of, .. } => quantile(series(of)),
        Shape::Expression { .. } if signal.is_up() => Domain::BIT,
        _ => Domain::ANY,
    }
}

/// Whether all that is counted in the one is counted in the other, too: some of its series, or the observations up to a bound.
fn is_part(part: &Selection, whole: &Selection) -> bool {
    let bounded = |matcher: &&Matcher| matcher.label == "le" && matcher.operator == MatchOp::Equal;
    let same_series = match (part.named.series, whole.named.series) {
        (Series::Bucket, Series::Count) => part.matchers.iter().filter(bounded).count() == 1,
        (part, whole) => part == whole,
    };
    part.named.metric == whole.named.metric
        && same_series
        && whole.matchers.iter().all(|m| part.matchers.contains(m))
}

fn quantile(series: typing::Series<'_>) -> Domain<'_> {
    let metric = series.metric;
    let known = metric.source != Source::Exporter && series.kind == Series::Family;
    let buckets = metric.buckets.iter().filter(|_| known);
    let least = buckets.clone().next().filter(|first| **first > 0.0);
    Domain {
        least: least.map_or(f64::NEG_INFINITY, |_| 0.0),
        greatest: buckets
            .max_by(|a, b| a.total_cmp(b))
            .copied()
            .unwrap_or(f64::INFINITY),
        kind: Kind::Quantile(metric),
    }
}

impl Domain<'static> {
    const BIT: Self = Self {
        least: 0.0,
        greatest: 1.0,
        kind: Kind::Bit,
    };
    const SHARE: Self = Self {
        kind: Kind::Share,
        ..Self::BIT
    };
    /// What is never negative.
    pub(super) const COUNTED: Self = Self {
        least: 0.0,
        greatest: f64::INFINITY,
        kind: Kind::Counted,
    };
    const ANY: Self = Self {
        least: f64::NEG_INFINITY,
        greatest: f64::INFINITY,
        kind: Kind::Any,
    };
}

impl Domain<'_> {
    /// Whether the comparison holds for all values or for none; nothing if that depends.
    pub(super) fn holds(&self, direction: Direction, threshold: f64) -> Option<bool> {
        let (always, never) = match direction {
            Direction::Above => (threshold < self.least, threshold >= self.greatest),
            Direction::AtLeast => (threshold <= self.least, threshold > self.greatest),
            Direction::Below => (threshold > self.greatest, threshold <= self.least),
            Direction::AtMost => (threshold >= self.greatest, threshold < self.least),
            Direction::Equals => {
                let between = matches!(self.kind, Kind::Bit) && threshold.fract() != 0.0;
                let outside = threshold < self.least || threshold > self.greatest;
                (false, between || outside)
            }
        };
        match (always, never) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_hold_always_never_or_sometimes() {
        for (direction, threshold, expected) in [
            (Direction::Above, -1.0, Some(true)),
            (Direction::Above, 0.0, None),
            (Direction::Above, 1.0, Some(false)),
            (Direction::AtLeast, 0.0, Some(true)),
            (Direction::AtLeast, 1.0, None),
            (Direction::AtLeast, 2.0, Some(false)),
            (Direction::Below, 0.0, Some(false)),
            (Direction::Below, 1.0, None),
            (Direction::Below, 1.5, Some(true)),
            (Direction::AtMost, -1.0, Some(false)),
            (Direction::AtMost, 0.0, None),
            (Direction::AtMost, 1.0, Some(true)),
            (Direction::Equals, 0.0, None),
            (Direction::Equals, 0.5, Some(false)),
            (Direction::Equals, 2.0, Some(false)),
        ] {
            assert_eq!(
                Domain::BIT.holds(direction, threshold),
                expected,
                "{direction:?} {threshold}"
            );
        }
        assert_eq!(Domain::ANY.holds(Direction::Above, 1e300), None);
    }
}
