//! Values on either side of a threshold, near it but not at it: rates are extrapolated, and at equality their last bits decide.

use crate::model::condition::Direction;

/// How far from the threshold a value is, as a share of it.
const MARGIN: f64 = 0.02;

/// What is compared with a threshold, and what it can be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    /// Whether it counts events, and is compared with half of one more or less.
    pub(super) counted: bool,
    /// The least that it can be.
    pub(super) least: Option<f64>,
    /// The greatest that it can be.
    pub(super) greatest: Option<f64>,
}

/// A value with which a comparison holds, and one with which it does not. Nothing if there is none.
pub(super) fn sides(direction: Direction, threshold: f64, scale: Scale) -> Option<(f64, f64)> {
    let (over, under) = if scale.counted {
        // Whole numbers of events on either side of the half.
        let away = (threshold * MARGIN).ceil().max(1.0);
        (
            (threshold + away - 0.5).floor().max(threshold.ceil()),
            (threshold - away + 0.5).ceil().min(threshold.floor()),
        )
    } else if threshold == 0.0 {
        (scale.greatest.map_or(1.0, |most| most * MARGIN), 0.0)
    } else {
        let away = threshold.abs() * MARGIN;
        (threshold + away, threshold - away)
    };
    // A share is never above 1: then half the way to it.
    let over = match scale.greatest {
        Some(most) if over >= most => threshold.midpoint(most),
        _ => over,
    };
    let at_zero = threshold == 0.0 && !scale.counted;
    let under = if at_zero && !matches!(direction, Direction::Above) {
        -1.0
    } else {
        under
    };
    let (over, under) = (rounded(over), rounded(under));
    let possible = |value: f64| {
        scale.least.is_none_or(|least| value >= least)
            && scale.greatest.is_none_or(|most| value <= most)
    };
    let (holds, fails) = match direction {
        Direction::Above | Direction::AtLeast => (over, under),
        Direction::Below | Direction::AtMost if at_zero => match direction {
            Direction::Below => (under, 1.0),
            _ => (0.0, 1.0),
        },
        Direction::Below | Direction::AtMost => (under, over),
        Direction::Equals => (
            threshold,
            if threshold == 0.0 {
                1.0
            } else if threshold == 1.0 {
                0.0
            } else {
                rounded(threshold + threshold.abs())
            },
        ),
    };
    let apart =
        self::holds(direction, holds, threshold) && !self::holds(direction, fails, threshold);
    (possible(holds) && possible(fails) && apart).then_some((holds, fails))
}

/// Whether a comparison holds.
pub(super) fn holds(direction: Direction, value: f64, threshold: f64) -> bool {
    match direction {
        Direction::Above => value > threshold,
        Direction::Below => value < threshold,
        Direction::AtLeast => value >= threshold,
        Direction::AtMost => value <= threshold,
        Direction::Equals => value == threshold,
    }
}

/// Without the noise of binary fractions.
pub(super) fn rounded(value: f64) -> f64 {
    format!("{value:.9e}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_of_thresholds() {
        let any = Scale {
            counted: false,
            least: None,
            greatest: None,
        };
        let share = Scale {
            least: Some(0.0),
            greatest: Some(1.0),
            ..any
        };
        let events = Scale {
            counted: true,
            least: Some(0.0),
            greatest: None,
        };
        use Direction::*;
        for (direction, threshold, scale, expected) in [
            (Above, 0.05, share, Some((0.051, 0.049))),
            (Below, 0.5, share, Some((0.49, 0.51))),
            (Above, 0.99, share, Some((0.995, 0.9702))),
            (Above, 1.0, share, None),
            (Above, 0.0, share, Some((0.02, 0.0))),
            (AtLeast, 0.0, share, None),
            (Above, 90.0, any, Some((91.8, 88.2))),
            (Above, -10.0, any, Some((-9.8, -10.2))),
            (Below, 0.0, any, Some((-1.0, 1.0))),
            (Equals, 0.0, any, Some((0.0, 1.0))),
            (Equals, 1.0, any, Some((1.0, 0.0))),
            (Above, 0.5, events, Some((1.0, 0.0))),
            (Above, 3.5, events, Some((4.0, 3.0))),
            (Below, 2.5, events, Some((2.0, 3.0))),
            (Above, 1000.5, events, Some((1021.0, 980.0))),
        ] {
            let found = sides(direction, threshold, scale);
            assert_eq!(found, expected, "{direction:?} {threshold}");
            if let Some((fires, silent)) = found {
                assert!(holds(direction, fires, threshold));
                assert!(!holds(direction, silent, threshold));
            }
        }
    }
}
