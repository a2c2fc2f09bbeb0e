//! Which values a signal can have: a comparison that they all pass, or none of them, is no alert.

use crate::model::catalogue::{Catalogue, Metric, Series, Source};
use crate::model::condition::Direction;
use crate::model::signal::{Shape, Signal};
use crate::model::unit::Base;
use crate::promql::AggregateOp;

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

/// Metrics of the runtime that are 0 or 1.
const BITS: [&str; 3] = [
    "feature_flag_status",
    "feature_flag_invalid",
    "health_check_status",
];

/// What values this signal can have.
pub(super) fn of<'a>(signal: &Signal, catalogue: &'a Catalogue) -> Domain<'a> {
    let metric = |index: usize| &catalogue.metrics[index];
    let (least, greatest, kind) = match (&signal.shape, &signal.unit.base) {
        // First, as seconds in a second are a ratio, too, and several processors are busy in the same one.
        (Shape::Rate { .. } | Shape::Increase { .. }, _) => (0.0, f64::INFINITY, Kind::Counted),
        (_, Base::Ratio) if !signal.unit.per_second => (0.0, 1.0, Kind::Share),
        (_, Base::Percent) if !signal.unit.per_second => (0.0, 100.0, Kind::Share),
        (Shape::Quantile { of, .. }, _) => {
            let metric = metric(of.named.metric);
            let known = metric.source != Source::Exporter && of.named.series == Series::Family;
            let buckets = metric.buckets.iter().filter(|_| known);
            let least = buckets.clone().next().filter(|first| **first > 0.0);
            let least = least.map_or(f64::NEG_INFINITY, |_| 0.0);
            let greatest = buckets
                .max_by(|a, b| a.total_cmp(b))
                .copied()
                .unwrap_or(f64::INFINITY);
            (least, greatest, Kind::Quantile(metric))
        }
        (Shape::Value { of, aggregation }, _)
            if is_bit(metric(of.named.metric))
                && matches!(
                    aggregation,
                    None | Some(AggregateOp::Min | AggregateOp::Max)
                ) =>
        {
            (0.0, 1.0, Kind::Bit)
        }
        (Shape::Expression { .. }, _) if signal.is_up() => (0.0, 1.0, Kind::Bit),
        _ => (f64::NEG_INFINITY, f64::INFINITY, Kind::Any),
    };
    Domain {
        least,
        greatest,
        kind,
    }
}

fn is_bit(metric: &Metric) -> bool {
    metric.source == Source::Runtime && BITS.contains(&metric.name.as_str())
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
        let bit = Domain {
            least: 0.0,
            greatest: 1.0,
            kind: Kind::Bit,
        };
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
                bit.holds(direction, threshold),
                expected,
                "{direction:?} {threshold}"
            );
        }
        let any = Domain {
            least: f64::NEG_INFINITY,
            greatest: f64::INFINITY,
            kind: Kind::Any,
        };
        assert_eq!(any.holds(Direction::Above, 1e300), None);
    }
}
