//! Units of metrics and signals.

use std::fmt;

/// What the numbers of a metric or a signal measure.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unit {
    /// What is measured.
    pub base: Base,
    /// Whether it is counted per second.
    pub per_second: bool,
}

/// What is measured, in base units.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// Things that are counted, and all that has no unit.
    Number,
    /// Seconds.
    Seconds,
    /// Bytes.
    Bytes,
    /// A share of 1.
    Ratio,
    /// A share of 100.
    Percent,
    /// A word of the spec, such as `celsius`.
    Other(String),
}

impl Unit {
    /// A unit that is not per second.
    pub const fn of(base: Base) -> Self {
        Self {
            base,
            per_second: false,
        }
    }

    /// Things that are counted.
    pub const NUMBER: Self = Self::of(Base::Number);
    /// Seconds.
    pub const SECONDS: Self = Self::of(Base::Seconds);
    /// A share of 1.
    pub const RATIO: Self = Self::of(Base::Ratio);

    /// The unit that a word of the spec (`unit:`) names; `/s` at its end is per second.
    pub fn named(word: &str) -> Self {
        let (word, per_second) = match word.strip_suffix("/s") {
            Some(word) => (word, true),
            None => (word, false),
        };
        let base = match word {
            "" | "number" => Base::Number,
            "seconds" | "s" => Base::Seconds,
            "bytes" | "B" => Base::Bytes,
            "ratio" => Base::Ratio,
            "percent" | "%" => Base::Percent,
            other => Base::Other(other.to_owned()),
        };
        Self { base, per_second }
    }

    /// The unit that a metric's name ends in, by the
    /// [base units of Prometheus](https://prometheus.io/docs/practices/naming/#base-units).
    pub fn of_name(name: &str) -> Self {
        let name = name.strip_suffix("_total").unwrap_or(name);
        let base = match name.rsplit('_').next() {
            Some("seconds") => Base::Seconds,
            Some("bytes") => Base::Bytes,
            Some("ratio") => Base::Ratio,
            Some(
                unit @ ("celsius" | "meters" | "volts" | "amperes" | "joules" | "grams" | "hertz"
                | "watts" | "pascals"),
            ) => Base::Other(unit.to_owned()),
            _ => Base::Number,
        };
        Self::of(base)
    }

    /// In a sentence, after "in".
    pub(crate) fn in_words(&self) -> String {
        match (&self.base, self.per_second) {
            (Base::Number, false) => "plain numbers".to_owned(),
            (Base::Number, true) => "plain numbers per second".to_owned(),
            (_, false) => self.to_string(),
            (base, true) => format!("{} per second", Self::of(base.clone())),
        }
    }

    /// The unit of the rate of something in this unit: seconds per second are a ratio.
    #[must_use]
    pub fn rate(&self) -> Self {
        match &self.base {
            Base::Seconds if !self.per_second => Self::RATIO,
            base => Self {
                base: base.clone(),
                per_second: true,
            },
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &self.base {
            Base::Number => "number",
            Base::Seconds => "seconds",
            Base::Bytes => "bytes",
            Base::Ratio => "ratio",
            Base::Percent => "percent",
            Base::Other(word) => word,
        })?;
        f.write_str(if self.per_second { "/s" } else { "" })
    }
}

#[cfg(feature = "monitoring")]
impl serde::Serialize for Unit {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_in_base_units() {
        let unit = |name| Unit::of_name(name).to_string();
        assert_eq!(unit("http_request_duration_seconds"), "seconds");
        assert_eq!(unit("process_cpu_seconds_total"), "seconds");
        assert_eq!(unit("process_resident_memory_bytes"), "bytes");
        assert_eq!(unit("http_requests_total"), "number");
        assert_eq!(unit("seconds"), "seconds");
    }

    #[test]
    fn a_rate_of_seconds_is_a_ratio() {
        assert_eq!(Unit::SECONDS.rate(), Unit::RATIO);
        assert_eq!(Unit::named("bytes").rate().to_string(), "bytes/s");
        assert_eq!(Unit::named("bytes/s"), Unit::named("bytes").rate());
    }
}
