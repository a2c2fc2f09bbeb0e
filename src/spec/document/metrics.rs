//! Labels and metrics.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{Dict, Quantity};

/// A metric.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Metric {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: MetricType,
    /// What it tells, in a sentence.
    pub help: String,
    /// Its unit, where the name does not end in one: `seconds`, `bytes`, `ratio`, `percent`, or a word of yours.
    pub unit: Option<String>,
    /// Its labels: keys of `labels:`, definitions in place, or `any` (exporters).
    pub labels: Option<MetricLabels>,
    /// A histogram's upper bounds, ascending, without infinity.
    pub buckets: Option<Vec<f64>>,
    /// How large a gauge can get: a number, the end of the scale in panels; or the name of another gauge, a line in those that are written.
    pub limit: Option<Limit>,
    /// How many series it may have; beyond, open labels become `_other`.
    pub max_series: Option<usize>,
    /// Its former name: it is exposed under both, and queries read either.
    pub renamed_from: Option<String>,
    /// Something else in the service exposes it: no code is generated. Default: false.
    #[serde(default)]
    pub external: bool,
    /// Lints that do not apply to it, each with the reason.
    #[serde(default)]
    pub allow: Dict<String>,
}

/// What a metric is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum MetricType {
    /// Only ever grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts observations in buckets.
    Histogram,
    /// Always 1; its labels say something.
    Info,
    /// Quantiles that an exporter computed.
    Summary,
    /// Whatever an exporter calls untyped.
    Unknown,
}

impl MetricType {
    /// As it is written in a spec.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
            Self::Info => "info",
            Self::Summary => "summary",
            Self::Unknown => "unknown",
        }
    }
}

/// The labels of a metric.
#[derive(Debug)]
pub enum MetricLabels {
    /// Whatever the exporter sends.
    Any,
    /// Keys of `labels:`.
    Shared(Vec<String>),
    /// Definitions in place, by the label's name.
    InPlace(Dict<Label>),
}

impl<'de> Deserialize<'de> for MetricLabels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Labels;

        impl<'de> Visitor<'de> for Labels {
            type Value = MetricLabels;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of keys of `labels:`, a mapping of labels, or `any`")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<MetricLabels, E> {
                match word {
                    "any" => Ok(MetricLabels::Any),
                    _ => Err(E::invalid_type(de::Unexpected::Str(word), &self)),
                }
            }

            fn visit_seq<A: SeqAccess<'de>>(self, keys: A) -> Result<MetricLabels, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(keys)).map(MetricLabels::Shared)
            }

            fn visit_map<A: MapAccess<'de>>(self, labels: A) -> Result<MetricLabels, A::Error> {
                Dict::deserialize(MapAccessDeserializer::new(labels)).map(MetricLabels::InPlace)
            }
        }

        deserializer.deserialize_any(Labels)
    }
}

/// A label: a list of its values, or a mapping.
#[derive(Debug)]
pub struct Label(pub LabelDefinition);

/// A label, spelt out.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LabelDefinition {
    /// The label's name, where it differs from the key.
    pub name: Option<String>,
    /// What it tells.
    pub help: Option<String>,
    /// Every value it can have. Without them, and without `type`, it is open.
    pub values: Option<Vec<LabelValue>>,
    /// The value that stands for every other one.
    pub other: Option<String>,
    /// A known set of values.
    #[serde(rename = "type")]
    pub kind: Option<LabelType>,
    /// Of `http_status`: the codes whose series exist from the start. Default: `[200, 404, 500, 502, 503, 504]`.
    pub start: Option<Vec<u16>>,
    /// Of an open label: how many values are told apart; beyond, they are `_other`. Default: 200.
    pub max_values: Option<usize>,
}

/// A known set of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "monitoring", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LabelType {
    /// Status codes of HTTP: 100 to 599.
    HttpStatus,
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListOrMap;

        impl<'de> Visitor<'de> for ListOrMap {
            type Value = Label;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of values or a mapping")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Label, A::Error> {
                Ok(Label(LabelDefinition {
                    values: Some(Vec::deserialize(SeqAccessDeserializer::new(values))?),
                    ..LabelDefinition::default()
                }))
            }

            fn visit_map<A: MapAccess<'de>>(self, keys: A) -> Result<Label, A::Error> {
                LabelDefinition::deserialize(MapAccessDeserializer::new(keys)).map(Label)
            }
        }

        // As a struct, so that a wrong key is told by the keys that exist.
        deserializer.deserialize_struct(SHORTHAND, LABEL_KEYS, ListOrMap)
    }
}

/// What deserializers are told of as the name of a mapping that has a shorter form, too.
pub(crate) const SHORTHAND: &str = "shorthand";

const LABEL_KEYS: &[&str] = &[
    "name",
    "help",
    "values",
    "other",
    "type",
    "start",
    "max_values",
];

/// A value of a label, and perhaps what its Rust variant is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelValue {
    /// The value.
    pub value: String,
    /// The variant, where the value does not make one: `{ value: "+", rust: Plus }`.
    pub rust: Option<String>,
}

impl<'de> Deserialize<'de> for LabelValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Named {
            value: String,
            rust: Option<String>,
        }

        struct TextOrMap(PhantomData<LabelValue>);

        impl<'de> Visitor<'de> for TextOrMap {
            type Value = LabelValue;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or `{ value: …, rust: … }`")
            }

            fn visit_str<E>(self, value: &str) -> Result<LabelValue, E> {
                Ok(LabelValue {
                    value: value.to_owned(),
                    rust: None,
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, keys: A) -> Result<LabelValue, A::Error> {
                let named = Named::deserialize(MapAccessDeserializer::new(keys))?;
                Ok(LabelValue {
                    value: named.value,
                    rust: named.rust,
                })
            }
        }

        deserializer.deserialize_struct(SHORTHAND, &["value", "rust"], TextOrMap(PhantomData))
    }
}

/// How large a gauge can get.
#[derive(Clone, Debug, PartialEq)]
pub enum Limit {
    /// A fixed capacity.
    Quantity(Quantity),
    /// Another gauge tells.
    Gauge(String),
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrName;

        impl Visitor<'_> for NumberOrName {
            type Value = Limit;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a quantity such as `100` or `1GiB`, or the name of a gauge")
            }

            fn visit_u64<E: de::Error>(self, value: u64) -> Result<Limit, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_i64<E: de::Error>(self, value: i64) -> Result<Limit, E> {
                self.visit_str(&value.to_string())
            }

            fn visit_f64<E: de::Error>(self, value: f64) -> Result<Limit, E> {
                if !value.is_finite() {
                    // Their words would be taken for the name of a gauge.
                    return Err(E::custom(Quantity::refusal(&value.to_string())));
                }
                self.visit_str(&value.to_string())
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Limit, E> {
                if text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_' || c == ':') {
                    return Ok(Limit::Gauge(text.to_owned()));
                }
                Quantity::parse(text)
                    .map(Limit::Quantity)
                    .ok_or_else(|| E::custom(Quantity::refusal(text)))
            }
        }

        deserializer.deserialize_any(NumberOrName)
    }
}
