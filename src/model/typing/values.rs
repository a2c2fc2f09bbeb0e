//! Which values an expression can have.

use crate::promql::BinaryOp;

/// Bounds of values, as far as they are certain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Values {
    /// None is less.
    pub(crate) least: f64,
    /// None is greater.
    pub(crate) most: f64,
    /// Whether there may be NaN among them.
    pub(crate) nan: bool,
}

impl Values {
    /// Any.
    pub(crate) const ANY: Values = Values {
        least: f64::NEG_INFINITY,
        most: f64::INFINITY,
        nan: true,
    };
    /// Numbers that are not negative.
    pub(crate) const NATURAL: Values = Values::between(0.0, f64::INFINITY);
    /// Shares of a whole.
    pub(crate) const SHARE: Values = Values::between(0.0, 1.0);

    pub(crate) const fn between(least: f64, most: f64) -> Values {
        Values {
            least,
            most,
            nan: false,
        }
    }

    /// One number.
    pub(crate) const fn exactly(value: f64) -> Values {
        if value.is_nan() {
            return Values::ANY;
        }
        Values::between(value, value)
    }

    /// The number, if there is but one.
    pub(crate) fn one(self) -> Option<f64> {
        (self.least == self.most && !self.nan).then_some(self.least)
    }

    /// The same, or NaN.
    pub(crate) fn or_nan(self) -> Values {
        Values { nan: true, ..self }
    }

    /// Those of either.
    pub(crate) fn or(self, other: Values) -> Values {
        Values {
            least: self.least.min(other.least),
            most: self.most.max(other.most),
            nan: self.nan || other.nan,
        }
    }

    /// Of each the result of something that does not change their order.
    pub(crate) fn map(self, f: impl Fn(f64) -> f64) -> Values {
        let (a, b) = (f(self.least), f(self.most));
        if a.is_nan() || b.is_nan() {
            return Values::ANY;
        }
        Values {
            least: a.min(b),
            most: a.max(b),
            nan: self.nan,
        }
    }

    /// Of each the absolute value.
    pub(crate) fn magnitude(self) -> Values {
        let most = self.least.abs().max(self.most.abs());
        let least = if self.least <= 0.0 && self.most >= 0.0 {
            0.0
        } else {
            self.least.abs().min(self.most.abs())
        };
        Values {
            least,
            most,
            nan: self.nan,
        }
    }

    /// Of each of these and each of the others the result of an arithmetic operator.
    pub(crate) fn combine(self, operator: BinaryOp, other: Values) -> Values {
        let nan = self.nan || other.nan;
        match operator {
            BinaryOp::Add => Values {
                nan,
                ..sum(self, other)
            },
            BinaryOp::Sub => Values {
                nan,
                ..sum(self, other.map(|value| -value))
            },
            BinaryOp::Mul => Values {
                nan,
                ..corners(self, other, |a, b| a * b)
            },
            // Near 0 a quotient has no bounds.
            BinaryOp::Div if other.least > 0.0 || other.most < 0.0 => Values {
                nan,
                ..corners(self, other, |a, b| a / b)
            },
            BinaryOp::Div if self.least >= 0.0 && other.least >= 0.0 => Values::NATURAL.or_nan(),
            _ => Values::ANY,
        }
    }

    /// Whether a comparison holds: always, never, or nothing if that depends.
    pub(crate) fn compare(self, operator: BinaryOp, other: Values) -> Option<bool> {
        let number = !self.nan && !other.nan;
        let (always, never) = match operator {
            BinaryOp::Greater => (self.least > other.most, self.most <= other.least),
            BinaryOp::GreaterEqual => (self.least >= other.most, self.most < other.least),
            BinaryOp::Less => (self.most < other.least, self.least >= other.most),
            BinaryOp::LessEqual => (self.most <= other.least, self.least > other.most),
            BinaryOp::Equal => (self.same(other), self.apart(other)),
            BinaryOp::NotEqual => (self.apart(other), self.same(other) && number),
            _ => (false, false),
        };
        // NaN differs from everything, itself included, and compares to nothing else.
        let always = always && (number || operator == BinaryOp::NotEqual);
        match (always, never) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }

    fn same(self, other: Values) -> bool {
        self.least == self.most && other.least == other.most && self.least == other.least
    }

    fn apart(self, other: Values) -> bool {
        self.most < other.least || self.least > other.most
    }

    /// Those of these for which a comparison with the others can hold.
    pub(crate) fn filtered(self, operator: BinaryOp, other: Values) -> Values {
        let (mut least, mut most) = (self.least, self.most);
        if matches!(
            operator,
            BinaryOp::Greater | BinaryOp::GreaterEqual | BinaryOp::Equal
        ) {
            least = least.max(other.least);
        }
        if matches!(
            operator,
            BinaryOp::Less | BinaryOp::LessEqual | BinaryOp::Equal
        ) {
            most = most.min(other.most);
        }
        if least > most {
            return Values::ANY; // it never holds, and that is reported
        }
        let nan = self.nan && operator == BinaryOp::NotEqual;
        Values { least, most, nan }
    }
}

fn sum(a: Values, b: Values) -> Values {
    // Infinities of both signs make NaN: then nothing is certain.
    let or = |value: f64, otherwise: f64| if value.is_nan() { otherwise } else { value };
    Values::between(
        or(a.least + b.least, f64::NEG_INFINITY),
        or(a.most + b.most, f64::INFINITY),
    )
}

fn corners(a: Values, b: Values, f: impl Fn(f64, f64) -> f64) -> Values {
    let all = [
        f(a.least, b.least),
        f(a.least, b.most),
        f(a.most, b.least),
        f(a.most, b.most),
    ];
    // 0 · ∞ at a bound is what the numbers near it make: 0.
    let all = all.map(|value| if value.is_nan() { 0.0 } else { value });
    Values::between(
        all.iter().copied().fold(f64::INFINITY, f64::min),
        all.iter().copied().fold(f64::NEG_INFINITY, f64::max),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_follow_the_arithmetic() {
        let share = Values::SHARE;
        let one = Values::exactly(1.0);
        assert_eq!(one.combine(BinaryOp::Sub, share), share);
        let percent = share.combine(BinaryOp::Mul, Values::exactly(100.0));
        assert_eq!(percent, Values::between(0.0, 100.0));
        assert_eq!(
            Values::NATURAL.combine(BinaryOp::Mul, share),
            Values::NATURAL
        );
        assert_eq!(
            Values::NATURAL.combine(BinaryOp::Sub, Values::NATURAL),
            Values {
                nan: false,
                ..Values::ANY
            }
        );
        assert_eq!(
            share.combine(BinaryOp::Div, Values::exactly(0.0)),
            Values::NATURAL.or_nan()
        );
    }

    #[test]
    fn comparisons_hold_always_never_or_sometimes() {
        let share = Values::SHARE;
        let n = Values::exactly;
        use BinaryOp::*;
        for (values, operator, other, expected) in [
            (share, Greater, n(1.0), Some(false)),
            (share, GreaterEqual, n(1.0), None),
            (share, Less, n(2.0), Some(true)),
            (share.or_nan(), Less, n(2.0), None),
            (share, Equal, n(2.0), Some(false)),
            (share, NotEqual, n(2.0), Some(true)),
            (share.or_nan(), NotEqual, n(2.0), Some(true)),
            (n(1.0), Equal, n(1.0), Some(true)),
            (n(1.0), NotEqual, n(1.0), Some(false)),
            (Values::ANY, Greater, n(1.0), None),
            (Values::NATURAL, GreaterEqual, n(0.0), Some(true)),
        ] {
            assert_eq!(
                values.compare(operator, other),
                expected,
                "{values:?} {operator:?} {other:?}"
            );
        }
    }
}
