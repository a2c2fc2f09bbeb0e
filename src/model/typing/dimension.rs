//! What values measure, as far as it is certain.

use crate::model::unit::{Base, Unit};

/// Powers of base units. What is not certain has none: nothing is said about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dimension<'m> {
    /// Seconds and bytes, by their exponents; without either a share, or things that are counted.
    Powers {
        /// The exponent of seconds.
        seconds: i8,
        /// The exponent of bytes.
        bytes: i8,
    },
    /// Hundredths.
    Percent,
    /// A word of the spec.
    Other(&'m str),
}

impl<'m> Dimension<'m> {
    pub(crate) const SHARE: Self = Self::Powers {
        seconds: 0,
        bytes: 0,
    };
    pub(crate) const SECONDS: Self = Self::Powers {
        seconds: 1,
        bytes: 0,
    };

    /// That of a unit. A number may be anything, as a unit is seldom stated where it is not in the name.
    pub(crate) fn of(unit: &'m Unit) -> Option<Self> {
        let whole = match &unit.base {
            Base::Number => return None,
            Base::Seconds => Self::SECONDS,
            Base::Bytes => Self::Powers {
                seconds: 0,
                bytes: 1,
            },
            Base::Ratio => Self::SHARE,
            Base::Percent => Self::Percent,
            Base::Other(word) => Self::Other(word),
        };
        if unit.per_second {
            whole.divided(Self::SECONDS)
        } else {
            Some(whole)
        }
    }

    pub(crate) fn times(self, other: Self) -> Option<Self> {
        match (self, other) {
            (
                Self::Powers { seconds, bytes },
                Self::Powers {
                    seconds: s,
                    bytes: b,
                },
            ) => Some(Self::Powers {
                seconds: seconds.checked_add(s)?,
                bytes: bytes.checked_add(b)?,
            }),
            _ => None,
        }
    }

    pub(crate) fn divided(self, other: Self) -> Option<Self> {
        match other {
            Self::Powers { seconds, bytes } => self.times(Self::Powers {
                seconds: seconds.checked_neg()?,
                bytes: bytes.checked_neg()?,
            }),
            _ => None,
        }
    }

    /// Times a number that somebody wrote. 60 may stand for a minute, 8 for the bits of a byte: only what is near to 1 is
    /// certainly a factor and nothing else.
    pub(crate) fn scaled(self, factor: f64) -> Option<Self> {
        match self {
            _ if factor != 0.0 && factor.abs() <= 2.0 && factor.abs() > 0.1 => Some(self),
            Self::SHARE if factor == 100.0 => Some(Self::Percent),
            Self::Percent if factor == 0.01 => Some(Self::SHARE),
            _ => None,
        }
    }

    /// In a sentence: `in seconds`, `a share`.
    pub(crate) fn words(self) -> String {
        match self {
            Self::SHARE => "a share or a count".to_owned(),
            Self::Percent => "a percentage".to_owned(),
            Self::Other(word) => format!("in {word}"),
            Self::Powers { seconds, bytes } => {
                let power = |name: &str, exponent: i8| match exponent {
                    1 => name.to_owned(),
                    n => format!("{name}^{n}"),
                };
                match (bytes, seconds) {
                    (0, -1) => "per second".to_owned(),
                    (0, s) => format!("in {}", power("seconds", s)),
                    (b, 0) => format!("in {}", power("bytes", b)),
                    (b, -1) => format!("in {} per second", power("bytes", b)),
                    (b, s) => format!("in {}·{}", power("bytes", b), power("seconds", s)),
                }
            }
        }
    }
}
