//! Decimal numbers, kept exactly.

use std::fmt;

/// A number as it is written in decimal, without the noise of binary fractions: what is left of 1 after 0.999 is 0.001.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    digits: i128,
    /// The power of ten that the digits are counted in; the digits do not end in zero.
    exponent: i32,
}

/// Digits that a number may have: the product with the largest unit still fits 128 bits.
pub(super) const MAX_DIGITS: usize = 18;

impl Decimal {
    /// `digits × 10^exponent`.
    pub(super) fn new(mut digits: i128, mut exponent: i32) -> Self {
        while digits != 0 && digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        if digits == 0 {
            exponent = 0;
        }
        Self { digits, exponent }
    }

    /// Reads `-2.50`; no exponent, and at most eighteen digits.
    pub(super) fn parse(number: &str) -> Option<Self> {
        let unsigned = number.strip_prefix(['-', '+']).unwrap_or(number);
        let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
        let digits = format!("{whole}{fraction}");
        if digits.is_empty()
            || digits.len() > MAX_DIGITS
            || !digits.bytes().all(|b| b.is_ascii_digit())
            || whole.is_empty()
        {
            return None;
        }
        let magnitude: i128 = digits.parse().ok()?;
        let sign = if number.starts_with('-') { -1 } else { 1 };
        let exponent = -i32::try_from(fraction.len()).ok()?;
        Some(Self::new(sign * magnitude, exponent))
    }

    /// Times `factor × 10^exponent`.
    #[must_use]
    pub(super) fn times(self, factor: i128, exponent: i32) -> Self {
        Self::new(self.digits * factor, self.exponent + exponent)
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        // A number in scientific notation is one that Rust reads.
        let written = format!("{}e{}", self.digits, self.exponent);
        written.parse().unwrap_or(f64::NAN)
    }
}

#[cfg(feature = "monitoring")]
impl Decimal {
    /// What is left of 1: 0.001 of 0.999. Nothing unless this lies between 0 and 1.
    pub fn rest_of_one(self) -> Option<Self> {
        let one = 10_i128.checked_pow(u32::try_from(-self.exponent).ok()?)?;
        (0..one)
            .contains(&self.digits)
            .then(|| Self::new(one - self.digits, self.exponent))
    }

    /// A hundred times as much: of a share its percentage.
    #[must_use]
    pub fn percent(self) -> Self {
        Self::new(self.digits, self.exponent + 2)
    }
}

impl fmt::Display for Decimal {
    /// Without an exponent: `0.001`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zeros = usize::try_from(self.exponent).unwrap_or(0);
        let places = usize::try_from(-self.exponent).unwrap_or(0);
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = format!(
            "{:0>width$}{:0<zeros$}",
            self.digits.unsigned_abs(),
            "",
            width = places + 1
        );
        let (whole, fraction) = digits.split_at(digits.len() - places);
        match fraction {
            "" => write!(f, "{sign}{whole}"),
            _ => write!(f, "{sign}{whole}.{fraction}"),
        }
    }
}

#[cfg(feature = "monitoring")]
impl serde::Serialize for Decimal {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    #[test]
    fn numbers_are_written_as_they_are_read() {
        for (text, written) in [
            ("0", "0"),
            ("0.0", "0"),
            ("100", "100"),
            ("2.50", "2.5"),
            ("-0.05", "-0.05"),
            ("0.001", "0.001"),
            ("120.5", "120.5"),
        ] {
            assert_eq!(decimal(text).to_string(), written);
        }
        assert_eq!(decimal("99.90"), decimal("99.9"));
    }

    #[test]
    #[cfg(feature = "monitoring")]
    fn what_is_left_is_exact() {
        let rest = |text| decimal(text).rest_of_one().map(|rest| rest.to_string());
        assert_eq!(rest("0.999").as_deref(), Some("0.001"));
        assert_eq!(rest("0.99").as_deref(), Some("0.01"));
        assert_eq!(rest("0.9999999").as_deref(), Some("0.0000001"));
        assert_eq!(rest("0").as_deref(), Some("1"));
        assert_eq!(rest("1"), None);
        assert_eq!(rest("99.9"), None);
        assert_eq!(rest("-0.5"), None);
        let budget = decimal("0.999").rest_of_one().expect("between 0 and 1");
        assert_eq!(budget.to_f64(), 0.001);
        assert_eq!(budget.percent().to_string(), "0.1");
    }
}
