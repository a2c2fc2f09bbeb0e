//! Tests of alerts that are written by hand.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use super::{Dict, Quantity, Time};

/// A situation, and whether the alert fires in it: exactly one of `fires_when` and `silent_when`.
///
/// Series are named as in PromQL, with values of labels: `jobs_total{result="error"}`. Labels that are left out get a value, `job` that
/// of the job that exposes the metric.
#[derive(Debug, serde::Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AlertTest {
    /// Series with which the alert fires.
    pub fires_when: Option<Dict<SeriesValue>>,
    /// Series with which it does not.
    pub silent_when: Option<Dict<SeriesValue>>,
    /// After how long that is looked at. Default: as long as the expression looks back and `for` lasts, and a little more.
    pub after: Option<Time>,
}

/// What a series is: a quantity (`3`, `90%`, `250ms`), how fast a counter grows (`2/s`), or samples, one a minute, as promtool
/// writes them (`0+10x20 _x5 stale`).
#[derive(Clone, Debug)]
pub enum SeriesValue {
    /// The same all the time; of something per time, how fast it grows.
    Quantity(Quantity),
    /// In the notation of
    /// [promtool](https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/#series).
    Samples(String),
}

impl SeriesValue {
    /// Reads `2/s` or `0+10x20`; `None` if it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(quantity) = Quantity::parse(text) {
            return Some(Self::Quantity(quantity));
        }
        let mut samples = text.split(' ').filter(|part| !part.is_empty()).peekable();
        let any = samples.peek().is_some();
        (any && samples.all(is_sample)).then(|| Self::Samples(text.to_owned()))
    }
}

/// `1`, `1x5`, `1+2x5`, `_`, `_x5`, `stale`.
fn is_sample(text: &str) -> bool {
    if text == "stale" || text == "_" {
        return true;
    }
    let count = |text: &str| {
        !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit())
    };
    let number = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        !whole.is_empty() && digits(whole) && digits(fraction)
    };
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    match unsigned.split_once('x') {
        None => number(unsigned),
        Some(("_", times)) => count(times),
        Some((values, times)) => {
            let (start, slope) = match values.split_once(['-', '+']) {
                Some((start, slope)) => (start, Some(slope)),
                None => (values, None),
            };
            count(times) && number(start) && slope.is_none_or(number)
        }
    }
}

impl<'de> Deserialize<'de> for SeriesValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl Visitor<'_> for Text {
            type Value = SeriesValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("what a series is, such as `3`, `2/s` or `0+10x20`")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<SeriesValue, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<SeriesValue, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<SeriesValue, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<SeriesValue, E> {
                SeriesValue::parse(text).ok_or_else(|| {
                    E::custom(format!(
                        "`{text}` is not what a series can be\na quantity, how fast it grows (`2/s`), or samples as promtool writes them (`0+10x20`)"
                    ))
                })
            }
        }

        deserializer.deserialize_any(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::SeriesValue;

    #[test]
    fn quantities_and_samples_are_told_apart() {
        for text in ["3", "2/s", "90%", "-1.5", "250ms"] {
            assert!(
                matches!(SeriesValue::parse(text), Some(SeriesValue::Quantity(_))),
                "{text}"
            );
        }
        for text in [
            "0+10x20",
            "1x5",
            "0 1 2",
            "_x5 1 stale",
            "5-1x3 _ 2",
            "-1+0.5x4",
        ] {
            assert!(
                matches!(SeriesValue::parse(text), Some(SeriesValue::Samples(_))),
                "{text}"
            );
        }
        for text in [
            "",
            "x",
            "1x",
            "1+x3",
            "a+bx3",
            "1,2",
            "{{sum:1}}",
            "1+1x9999999",
        ] {
            assert!(SeriesValue::parse(text).is_none(), "{text}");
        }
    }
}
