//! Label definitions, shared and in place.

use std::collections::HashMap;
use std::rc::Rc;

use super::{bad_label_name, collision};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Label, Value, Values};
use crate::model::names;
use crate::spec::Place;
use crate::spec::document::{Document, LabelDefinition, LabelType, LabelValue};

/// Codes of which series exist from the start, unless the spec says otherwise: what went well, what is usual, what alerts.
const START: &[u16] = &[200, 404, 500, 502, 503, 504];

/// Values of an open label that are told apart, unless the spec says otherwise.
const MAX_VALUES: usize = 200;

/// Shared definitions by key; `None` for one that could not be decoded.
pub(super) type Shared = HashMap<String, Option<Rc<Label>>>;

/// Resolves `labels:`.
pub(super) fn shared(document: &Document, findings: &mut Findings) -> Shared {
    let at = Place::root().child("labels");
    let mut shared: Shared = document
        .labels
        .failed()
        .map(|key| (key.to_owned(), None))
        .collect();
    for (key, label) in document.labels.iter() {
        let definition = &label.0;
        let at = at.child(key);
        let (name, name_at) = match &definition.name {
            Some(name) => (name.as_str(), at.child("name")),
            None => (key, at.key()),
        };
        let label = resolve(
            definition,
            Names {
                name,
                name_at,
                type_name: names::upper_camel(key),
                own: true,
            },
            Some(key),
            at,
            findings,
        );
        shared.insert(key.to_owned(), Some(Rc::new(label)));
    }
    shared
}

/// What a label is called, and where that is written.
pub(super) struct Names<'a> {
    pub(super) name: &'a str,
    pub(super) name_at: Place,
    /// The enum of the generated code.
    pub(super) type_name: String,
    /// Whether it is for the service's own metrics, which may not have every name.
    pub(super) own: bool,
}

/// Resolves one definition.
pub(super) fn resolve(
    definition: &LabelDefinition,
    names: Names<'_>,
    key: Option<&str>,
    at: Place,
    findings: &mut Findings,
) -> Label {
    check_name(&names, findings);
    check_exclusions(definition, &at, findings);
    let values = match (&definition.values, definition.kind) {
        (Some(values), _) => closed(values, definition.other.as_deref(), &at, findings),
        (None, Some(LabelType::HttpStatus)) => {
            let start = definition.start.clone().unwrap_or_else(|| START.to_vec());
            for (i, code) in start.iter().enumerate() {
                if !(100..=599).contains(code) {
                    findings.push(Finding::error(
                        "bad-value",
                        at.child("start").index(i),
                        format!("{code} is not a status code of HTTP"),
                    ));
                }
            }
            Values::HttpStatus { start }
        }
        (None, None) => {
            if definition.max_values == Some(0) {
                findings.push(Finding::error(
                    "bad-value",
                    at.child("max_values"),
                    "a label without any value says nothing",
                ));
            }
            Values::Open {
                max_values: definition.max_values.unwrap_or(MAX_VALUES),
            }
        }
    };
    if names.type_name.is_empty() {
        findings.push(Finding::error(
            "bad-name",
            names.name_at.clone(),
            "nothing of this name is left for a Rust type",
        ));
    }
    Label {
        name: names.name.to_owned(),
        help: definition.help.clone(),
        values,
        key: key.map(str::to_owned),
        type_name: names.type_name,
        argument: names::snake_identifier(names.name),
        origin: at,
    }
}

fn check_name(names: &Names<'_>, findings: &mut Findings) {
    let name = names.name;
    if !names::is_label_name(name) || names::snake_identifier(name).is_empty() {
        findings.push(bad_label_name(names.name_at.clone(), name));
    } else if names.own && (names::RESERVED_LABELS.contains(&name) || name.starts_with("__")) {
        findings.push(
            Finding::error(
                "reserved-label",
                names.name_at.clone(),
                format!("a metric may not have a label `{name}`"),
            )
            .help("scraping or alerting sets it, and one would silently overwrite the other"),
        );
    }
}

fn check_exclusions(definition: &LabelDefinition, at: &Place, findings: &mut Findings) {
    let written = [
        ("values", definition.values.is_some()),
        ("type", definition.kind.is_some()),
        ("max_values", definition.max_values.is_some()),
    ];
    let mut kinds = written
        .iter()
        .filter(|(_, there)| *there)
        .map(|(key, _)| *key);
    if let (Some(first), Some(second)) = (kinds.next(), kinds.next()) {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.child(second).key(),
                format!("`{second}` and `{first}` exclude each other"),
            )
            .related(at.child(first).key(), "the other one")
            .help("`values` makes a closed label, `max_values` an open one, `type` a known one"),
        );
    }
    if definition.other.is_some() && definition.values.is_none() {
        findings.push(Finding::error(
            "conflicting-keys",
            at.child("other").key(),
            "`other` needs `values`: it stands for every other one",
        ));
    }
    if definition.start.is_some() && definition.kind.is_none() {
        findings.push(Finding::error(
            "conflicting-keys",
            at.child("start").key(),
            "`start` belongs to `type: http_status`",
        ));
    }
}

fn closed(
    written: &[LabelValue],
    other: Option<&str>,
    at: &Place,
    findings: &mut Findings,
) -> Values {
    // The short form is the list itself.
    let list = |i: usize| at.child("values").index(i);
    let mut values: Vec<Value> = Vec::with_capacity(written.len() + 1);
    let mut texts: HashMap<&str, Place> = HashMap::new();
    let mut variants: HashMap<String, Place> = HashMap::new();
    if written.is_empty() {
        findings.push(Finding::error(
            "bad-value",
            at.clone(),
            "a closed label has at least one value",
        ));
    }
    let named = written
        .iter()
        .enumerate()
        .map(|(i, value)| (value.value.as_str(), value.rust.as_deref(), list(i)))
        .chain(other.map(|other| (other, None, at.child("other"))));
    for (text, rust, place) in named {
        if let Some(first) = texts.insert(text, place.clone()) {
            findings.push(
                Finding::error(
                    "duplicate-value",
                    place,
                    format!("`{text}` is listed twice"),
                )
                .related(first, "first listed here"),
            );
            continue;
        }
        let variant = match rust {
            Some(rust) => rust.to_owned(),
            None => names::upper_camel(text),
        };
        if !names::is_variant(&variant) {
            let finding = match rust {
                Some(rust) => Finding::error(
                    "bad-name",
                    place.child("rust"),
                    format!("`{rust}` cannot be the name of a Rust variant"),
                ),
                None => Finding::error(
                    "bad-name",
                    place,
                    format!("`{text}` does not make the name of a Rust variant"),
                )
                .help(format!("name it: `{{ value: {text:?}, rust: Plus }}`")),
            };
            findings.push(finding);
        } else if let Some(first) = variants.insert(variant.clone(), place.clone()) {
            findings.push(collision(
                place,
                &first,
                "variants",
                &variant,
                "name one of them: `{ value: …, rust: … }`",
            ));
        }
        values.push(Value {
            text: text.to_owned(),
            variant,
        });
    }
    Values::Closed {
        values,
        other: other.is_some(),
    }
}
