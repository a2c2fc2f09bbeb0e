//! Values that are written as text and mean more: durations, quantities, the version.

use std::fmt;
use std::time::Duration;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::decimal::{Decimal, MAX_DIGITS};

/// The version of the language; there is only 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version;

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            1 => Ok(Self),
            other => Err(de::Error::custom(format!(
                "version {other} of the language is not known\nthis monospec reads `monospec: 1`"
            ))),
        }
    }
}

/// A length of time, written as Prometheus writes it: `15s`, `1h30m`, `500ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Time(pub Duration);

/// Milliseconds of [Prometheus' units of time](https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations),
/// in the order in which they may follow each other.
const TIME_UNITS: &[(&str, u64)] = &[
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl Time {
    /// Reads `1h30m`; `None` if it is not written like that or longer than Prometheus can count.
    pub fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let mut milliseconds: u64 = 0;
        let mut units = TIME_UNITS.iter();
        if rest == "0" {
            return Some(Self(Duration::ZERO));
        }
        if rest.is_empty() {
            return None;
        }
        while !rest.is_empty() {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let number: u64 = rest[..digits].parse().ok()?;
            let after = &rest[digits..];
            let letters = after.len() - after.trim_start_matches(char::is_alphabetic).len();
            let (_, unit) = units.find(|(name, _)| *name == &after[..letters])?;
            milliseconds = milliseconds.checked_add(number.checked_mul(*unit)?)?;
            rest = &after[letters..];
        }
        // Go's time.Duration, in which Prometheus counts, ends after 292 years.
        (milliseconds <= i64::MAX as u64 / 1_000_000)
            .then(|| Self(Duration::from_millis(milliseconds)))
    }
}

impl fmt::Display for Time {
    /// As Prometheus prints it: the fewest units, `90s` as `1m30s`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        if rest == 0 {
            return f.write_str("0s");
        }
        for (unit, length) in TIME_UNITS {
            // Years and weeks only when they come out even, as Prometheus does.
            if matches!(*unit, "y" | "w") && rest % length != 0 {
                continue;
            }
            if rest >= *length {
                write!(f, "{}{unit}", rest / length)?;
                rest %= length;
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Time;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a length of time such as `15s`, `5m` or `1h30m`")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Time, E> {
                Time::parse(text).ok_or_else(|| {
                    E::custom(format!(
                        "`{text}` is not a length of time\nwrite it like `15s`, `5m` or `1h30m`, the longer unit first"
                    ))
                })
            }
        }

        deserializer.deserialize_str(Text)
    }
}

/// A number with a unit: `5%`, `250ms`, `1GiB`, `10MB/s`, `3`.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// As it is written.
    pub text: String,
    /// In base units: seconds, bytes, a ratio of 1; of a rate, what it is in one `per`.
    pub exact: Decimal,
    /// In base units; per second if it is a rate.
    pub value: f64,
    /// What the unit measures.
    pub dimension: Dimension,
    /// Of a rate, the seconds that it is per: 1, 60 or 3600.
    pub per: Option<u32>,
}

/// What the unit of a quantity measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dimension {
    /// No unit.
    Number,
    /// `%`
    Percent,
    /// `ns us ms s m h d w`
    Time,
    /// `B KB MB GB TB KiB MiB GiB TiB`
    Bytes,
}

/// A unit of a quantity: its base unit is `factor × 10^exponent / divisor`.
struct QuantityUnit {
    name: &'static str,
    dimension: Dimension,
    factor: i128,
    exponent: i32,
}

const fn unit(
    name: &'static str,
    dimension: Dimension,
    factor: i128,
    exponent: i32,
) -> QuantityUnit {
    QuantityUnit {
        name,
        dimension,
        factor,
        exponent,
    }
}

const QUANTITY_UNITS: &[QuantityUnit] = &[
    unit("", Dimension::Number, 1, 0),
    unit("%", Dimension::Percent, 1, -2),
    unit("ns", Dimension::Time, 1, -9),
    unit("us", Dimension::Time, 1, -6),
    unit("ms", Dimension::Time, 1, -3),
    unit("s", Dimension::Time, 1, 0),
    unit("m", Dimension::Time, 60, 0),
    unit("h", Dimension::Time, 3_600, 0),
    unit("d", Dimension::Time, 86_400, 0),
    unit("w", Dimension::Time, 604_800, 0),
    unit("B", Dimension::Bytes, 1, 0),
    unit("KB", Dimension::Bytes, 1, 3),
    unit("MB", Dimension::Bytes, 1, 6),
    unit("GB", Dimension::Bytes, 1, 9),
    unit("TB", Dimension::Bytes, 1, 12),
    unit("KiB", Dimension::Bytes, 1 << 10, 0),
    unit("MiB", Dimension::Bytes, 1 << 20, 0),
    unit("GiB", Dimension::Bytes, 1 << 30, 0),
    unit("TiB", Dimension::Bytes, 1 << 40, 0),
];

impl Quantity {
    /// Reads `5%`; `None` if it is not written like that.
    pub fn parse(text: &str) -> Option<Self> {
        let (number, unit, per) = split(text)?;
        let unit = QUANTITY_UNITS.iter().find(|u| u.name == unit)?;
        let per = match per {
            None => None,
            Some("s") => Some(1),
            Some("m") => Some(60),
            Some("h") => Some(3_600),
            Some(_) => return None,
        };
        // Decimal as long as possible: 99.9 % is 0.999 and not 0.9990000000000001.
        let exact = Decimal::parse(number)?.times(unit.factor, unit.exponent);
        Some(Self {
            text: text.to_owned(),
            exact,
            value: exact.to_f64() / f64::from(per.unwrap_or(1)),
            dimension: unit.dimension,
            per,
        })
    }

    /// What to say of text that is none.
    pub(super) fn refusal(text: &str) -> String {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let help = if digits > MAX_DIGITS {
            format!("it has more than {MAX_DIGITS} digits; a larger unit needs fewer")
        } else {
            "a number, then nothing, `%`, a time (`ms`, `s`, `m`, …) or a size (`KB`, `MiB`, …), then perhaps `/s`".to_owned()
        };
        format!("`{text}` is not a quantity\n{help}")
    }

    /// What it is, in a sentence: `a time`, `a number per second`.
    pub fn words(&self) -> String {
        let words = match self.dimension {
            Dimension::Number => "a number",
            Dimension::Percent => "a percentage",
            Dimension::Time => "a time",
            Dimension::Bytes => "a size",
        };
        match self.per {
            None => words.to_owned(),
            Some(1) => format!("{words} per second"),
            Some(60) => format!("{words} per minute"),
            Some(_) => format!("{words} per hour"),
        }
    }
}

/// Number, unit, and what it is per: `10MB/s` is `10`, `MB`, `s`.
fn split(text: &str) -> Option<(&str, &str, Option<&str>)> {
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+'))
        .unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let rest = rest.trim_start_matches(' ');
    match rest.split_once('/') {
        Some((unit, per)) => Some((number, unit, Some(per))),
        None => Some((number, rest, None)),
    }
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = Quantity;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity such as `5%`, `250ms` or `3`")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Quantity, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Quantity, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Quantity, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Quantity, E> {
                Quantity::parse(text).ok_or_else(|| E::custom(Quantity::refusal(text)))
            }
        }

        deserializer.deserialize_any(Text)
    }
}

/// Any YAML, handed on as it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// Nothing.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Yaml>),
    /// A mapping, in the order in which it is written.
    Map(Vec<(String, Yaml)>),
}

impl<'de> Deserialize<'de> for Yaml {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;

        impl<'de> Visitor<'de> for Any {
            type Value = Yaml;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }

            fn visit_unit<E>(self) -> Result<Yaml, E> {
                Ok(Yaml::Null)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Yaml, E> {
                Ok(Yaml::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Yaml, E> {
                Ok(Yaml::Integer(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Yaml, E> {
                Ok(i64::try_from(value).map_or(Yaml::Float(value as f64), Yaml::Integer))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Yaml, E> {
                Ok(Yaml::Float(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Yaml, E> {
                Ok(Yaml::Text(value.to_owned()))
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut items: A) -> Result<Yaml, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Yaml::List(list))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut entries: A) -> Result<Yaml, A::Error> {
                let mut map = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    map.push(entry);
                }
                Ok(Yaml::Map(map))
            }
        }

        deserializer.deserialize_any(Any)
    }
}

impl serde::Serialize for Yaml {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Integer(value) => serializer.serialize_i64(*value),
            Self::Float(value) => serializer.serialize_f64(*value),
            Self::Text(value) => serializer.serialize_str(value),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(entries) => serializer.collect_map(entries.iter().map(|(k, v)| (k, v))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_printed_as_prometheus_does() {
        for (text, printed) in [
            ("15s", "15s"),
            ("90s", "1m30s"),
            ("1h30m", "1h30m"),
            ("500ms", "500ms"),
            ("0s", "0s"),
            ("7d", "1w"),
            ("30d", "30d"),
            ("1w", "1w"),
            ("1500ms", "1s500ms"),
        ] {
            let time = Time::parse(text).expect(text);
            assert_eq!(time.to_string(), printed);
            assert_eq!(Time::parse(printed), Some(time));
        }
        for text in [
            "", "5", "5 m", "m", "1m1h", "1m1m", "-5m", "1.5h", "400y", "5x",
        ] {
            assert_eq!(Time::parse(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_are_exact_decimals() {
        let value = |text| Quantity::parse(text).map(|q| q.value);
        assert_eq!(value("99.9%"), Some(0.999));
        assert_eq!(value("5%"), Some(0.05));
        assert_eq!(value("0.1%"), Some(0.001));
        assert_eq!(value("250ms"), Some(0.25));
        assert_eq!(value("1.5h"), Some(5400.0));
        assert_eq!(value("1GiB"), Some(1_073_741_824.0));
        assert_eq!(value("10MB/s"), Some(1e7));
        assert_eq!(value("90/m"), Some(1.5));
        assert_eq!(value("-3"), Some(-3.0));
        assert_eq!(value("0.3"), Some(0.3));
        for text in [
            "", "%", "5 %%", "1e3", ".5", "5kb", "5m/x", "1.2.3", "five", "--1", "٣",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
    }

    #[test]
    fn quantities_know_their_dimension() {
        let quantity = Quantity::parse("10MB/s").expect("a quantity");
        assert_eq!(quantity.dimension, Dimension::Bytes);
        assert_eq!(quantity.per, Some(1));
        assert_eq!(
            Quantity::parse("1/s").expect("a rate").dimension,
            Dimension::Number
        );
        assert_eq!(Quantity::parse("5m").expect("a time").value, 300.0);
    }
}
