//! The JSON Schema of the language.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{
    BySeverity, Dict, Document, Entry, Label, LabelDefinition, LabelValue, Limit, MetricLabels,
    OneOrMore, Output, Quantity, Route, Routes, SeriesValue, Time, Version, Yaml,
};

/// The schema of a spec, [draft 2020-12](https://json-schema.org/draft/2020-12), from the same types as the decoder.
pub fn json_schema() -> serde_json::Value {
    let mut schema = SchemaSettings::draft2020_12()
        .with_transform(NullIsAbsent)
        .into_generator()
        .into_root_schema_for::<Document>();
    schema.insert(
        "title".to_owned(),
        "monospec: the monitoring of one service".into(),
    );
    schema.into()
}

/// What need not be written may also be written as null.
#[derive(Clone)]
struct NullIsAbsent;

impl Transform for NullIsAbsent {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let required: Vec<String> = schema
            .get("required")
            .and_then(|r| r.as_array())
            .into_iter()
            .flatten()
            .filter_map(|key| key.as_str().map(str::to_owned))
            .collect();
        let Some(properties) = schema.get_mut("properties").and_then(|p| p.as_object_mut()) else {
            return;
        };
        for (key, property) in properties {
            if !required.contains(key) {
                allow_null(property);
            }
        }
    }
}

fn allow_null(property: &mut serde_json::Value) {
    let Some(object) = property.as_object_mut() else {
        return;
    };
    // The default of a decoded struct is no advice to a writer.
    object.remove("default");
    match object.get_mut("type") {
        Some(serde_json::Value::String(kind)) if kind != "null" => {
            let kinds = serde_json::json!([kind, "null"]);
            object.insert("type".to_owned(), kinds);
        }
        Some(serde_json::Value::Array(kinds)) => {
            if !kinds.iter().any(|kind| kind == "null") {
                kinds.push("null".into());
            }
        }
        Some(_) => {}
        None => {
            if let Some(reference) = object.remove("$ref") {
                object.insert(
                    "anyOf".to_owned(),
                    serde_json::json!([{ "$ref": reference }, { "type": "null" }]),
                );
            }
        }
    }
}

macro_rules! inline {
    ($type:ty, $name:literal, $generator:ident => $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                $schema
            }
        }
    };
}

inline!(Version, "Version", _generator => json_schema!({
    "description": "The version of the language; there is only 1.",
    "type": "integer",
    "const": 1,
}));

inline!(Time, "Time", _generator => json_schema!({
    "description": "A length of time, the longer unit first: `15s`, `1h30m`, `500ms`.",
    "type": "string",
    "pattern": r"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$",
    "minLength": 1,
}));

inline!(Quantity, "Quantity", _generator => json_schema!({
    "description": "A number with a unit: `5%`, `250ms`, `1GiB`, `10MB/s`, `3`.",
    "type": ["number", "string"],
    "pattern": r"^[-+]?[0-9]+(\.[0-9]*)? *(%|ns|us|ms|s|m|h|d|w|B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?(/[smh])?$",
}));

inline!(SeriesValue, "SeriesValue", _generator => json_schema!({
    "description": "What a series is: `3`, `90%`; how fast it grows: `2/s`; or samples, one a minute: `0+10x20`.",
    "type": ["number", "string"],
    "pattern": concat!(
        r"^([-+]?[0-9]+(\.[0-9]*)? *(%|ns|us|ms|s|m|h|d|w|B|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?(/[smh])?",
        r"| *(stale|_(x[0-9]{1,6})?|[-+]?[0-9]+(\.[0-9]*)?(([-+][0-9]+(\.[0-9]*)?)?x[0-9]{1,6})?)",
        r"( +(stale|_(x[0-9]{1,6})?|[-+]?[0-9]+(\.[0-9]*)?(([-+][0-9]+(\.[0-9]*)?)?x[0-9]{1,6})?))* *)$",
    ),
}));

inline!(Yaml, "Yaml", _generator => json_schema!({ "description": "Any YAML, handed on as it is." }));

inline!(Output, "Output", _generator => json_schema!({
    "description": "A path, or `false` for not at all.",
    "type": ["string", "boolean"],
    "not": { "const": true },
}));

inline!(Limit, "Limit", _generator => json_schema!({
    "description": "A quantity such as `100` or `1GiB`, or the name of a gauge of the same job, such as `queue_capacity`.",
    "type": ["number", "string"],
}));

inline!(LabelValue, "LabelValue", _generator => json_schema!({
    "description": "A value, or a value and the name of its Rust variant.",
    "type": ["string", "object"],
    "properties": {
        "value": { "type": "string" },
        "rust": { "description": "The variant, where the value does not make one.", "type": "string" },
    },
    "required": ["value"],
    "additionalProperties": false,
}));

inline!(Label, "Label", generator => json_schema!({
    "description": "A label: a list of its values, `[paid, refused]`, or a mapping.",
    "if": { "type": "array" },
    "then": { "items": generator.subschema_for::<LabelValue>() },
    "else": generator.subschema_for::<LabelDefinition>(),
}));

inline!(MetricLabels, "MetricLabels", generator => json_schema!({
    "description": "Keys of `labels:`, `[method, status]`; definitions in place by the label's name, `{ result: [paid, refused], article: {} }`; or, of an exporter, `any`.",
    "if": { "type": "array" },
    "then": { "items": { "type": "string" } },
    "else": {
        "if": { "type": "object" },
        "then": generator.subschema_for::<BTreeMap<String, Label>>(),
        "else": { "const": "any" },
    },
}));

inline!(OneOrMore, "OneOrMore", _generator => json_schema!({
    "description": "A text, or a list of texts.",
    "type": ["string", "array"],
    "items": { "type": "string" },
}));

inline!(Routes, "Routes", generator => json_schema!({
    "description": "Receivers by severity, `{ critical: oncall }`, or a list of routes, `[{ match: { team: checkout }, to: checkout }]`.",
    "if": { "type": "array" },
    "then": { "items": generator.subschema_for::<Route>() },
    "else": generator.subschema_for::<BySeverity>(),
}));

impl<T: JsonSchema> JsonSchema for Dict<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        BTreeMap::<String, T>::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        BTreeMap::<String, T>::json_schema(generator)
    }
}

impl<T: JsonSchema> JsonSchema for Entry<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}
