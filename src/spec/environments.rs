//! `environments:`: the tree as one environment has it.
//!
//! An environment lies over the rest of the spec before that is decoded, and its nodes keep their places: what is found in an
//! override points into the override.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::document::{
    Alert, AlertDefaults, AlertValues, Document, Exporter, KubernetesObjects, Notify, NotifyValues,
    Prometheus, Scrape, ScrapeValues, Service, ServiceValues, Slo, SloValues,
};
use super::place;
use super::source::Location;
use super::yaml::{Entry, Node, Value};
use crate::diagnostics::{Finding, Findings};
use crate::suggest;

/// The section that holds them.
pub(crate) const SECTION: &str = "environments";

/// Each environment is resolved on its own, like a spec.
pub(crate) const MAX_ENVIRONMENTS: usize = 50;

/// A section with values in it.
struct Section {
    name: &'static str,
    /// Whether its entries are overridden, one by one; otherwise the section itself is.
    entries: bool,
    /// Keys that an environment may override.
    values: fn() -> &'static [&'static str],
    /// All keys.
    keys: fn() -> &'static [&'static str],
    /// Of these, the one whose entries have names that others refer to.
    named: Option<&'static str>,
}

const SECTIONS: &[Section] = &[
    Section {
        name: "service",
        entries: false,
        values: fields::<ServiceValues>,
        keys: fields::<Service>,
        named: None,
    },
    Section {
        name: "scrape",
        entries: false,
        values: fields::<ScrapeValues>,
        keys: fields::<Scrape>,
        named: None,
    },
    Section {
        name: "prometheus",
        entries: false,
        values: fields::<Prometheus>,
        keys: fields::<Prometheus>,
        named: None,
    },
    Section {
        name: "exporters",
        entries: true,
        values: fields::<Scrape>,
        keys: fields::<Exporter>,
        named: None,
    },
    Section {
        name: "alert_defaults",
        entries: false,
        values: fields::<AlertDefaults>,
        keys: fields::<AlertDefaults>,
        named: None,
    },
    Section {
        name: "alerts",
        entries: true,
        values: fields::<AlertValues>,
        keys: fields::<Alert>,
        named: None,
    },
    Section {
        name: "slos",
        entries: true,
        values: fields::<SloValues>,
        keys: fields::<Slo>,
        named: None,
    },
    Section {
        name: "notify",
        entries: false,
        values: fields::<NotifyValues>,
        keys: fields::<Notify>,
        named: Some("receivers"),
    },
    Section {
        name: "kubernetes",
        entries: false,
        values: fields::<KubernetesObjects>,
        keys: fields::<KubernetesObjects>,
        named: None,
    },
];

/// Of which environment something is.
#[derive(Clone, Debug)]
pub(crate) struct Environment {
    pub(crate) name: String,
    /// The names of all.
    pub(crate) all: Arc<[String]>,
    /// What it overrides.
    overrides: Location,
}

impl Environment {
    /// Whether this is a place in what it overrides.
    pub(crate) fn wrote(&self, place: &Location) -> bool {
        let (all, part) = (&self.overrides, &place.range);
        all.file == place.file && all.range.start <= part.start && part.end <= all.range.end
    }
}

/// The environments that could be read.
pub(super) fn environments(root: &Node) -> Vec<Environment> {
    let Some(section) = root.entry(SECTION) else {
        return Vec::new();
    };
    let entries = || {
        let entries = section.value.entries().iter();
        entries
            .filter(|entry| matches!(entry.value.value, Value::Map(_)))
            .take(MAX_ENVIRONMENTS)
    };
    let all: Arc<[String]> = entries().map(|entry| entry.key.text.clone()).collect();
    entries()
        .map(|entry| Environment {
            name: entry.key.text.clone(),
            all: Arc::clone(&all),
            overrides: entry.value.location.clone(),
        })
        .collect()
}

/// The tree with the values of an environment, and without its section.
pub(super) fn overlaid(root: &Node, environment: &Environment) -> Node {
    let mut merged = root.clone();
    let Value::Map(sections) = &mut merged.value else {
        return merged;
    };
    sections.retain(|section| section.key.text != SECTION);
    let overrides = root
        .entry(SECTION)
        .and_then(|section| section.value.entry(&environment.name))
        .map_or(&[][..], |entry| entry.value.entries());
    for over in overrides {
        let Some(section) = SECTIONS.iter().find(|s| s.name == over.key.text) else {
            continue; // reported
        };
        if !section.entries {
            overlay(sections, over, Some(section));
            continue;
        }
        overlay_named(sections, over, Some(section));
    }
    merged
}

/// Lays the entries of one over those of another that have the same name: what does not exist cannot be overridden.
fn overlay_named(entries: &mut [Entry], over: &Entry, section: Option<&Section>) {
    let known = entries
        .iter_mut()
        .find(|known| known.key.text == over.key.text);
    let Some(Value::Map(entries)) = known.map(|known| &mut known.value.value) else {
        return;
    };
    for over in over.value.entries() {
        let is_known = entries.iter().any(|entry| entry.key.text == over.key.text);
        // A value can be taken away, something that has a name cannot.
        if is_known && !over.value.is_null() {
            overlay(entries, over, section);
        }
    }
}

/// Lays an entry over those of a mapping; of a section only what is a value there.
fn overlay(entries: &mut Vec<Entry>, over: &Entry, section: Option<&Section>) {
    let key = over.key.text.as_str();
    match entries.iter_mut().find(|entry| entry.key.text == key) {
        Some(_) if over.value.is_null() => {
            if section.is_none() {
                entries.retain(|entry| entry.key.text != key);
            }
        }
        Some(known) => match (&mut known.value.value, &over.value.value) {
            (Value::Map(known), Value::Map(more)) => {
                for entry in more {
                    let key = entry.key.text.as_str();
                    match section {
                        Some(section) if !(section.values)().contains(&key) => {}
                        Some(section) if section.named == Some(key) => {
                            overlay_named(known, entry, None);
                        }
                        _ => overlay(known, entry, None),
                    }
                }
            }
            _ => *known = over.clone(),
        },
        None if over.value.is_null() => {}
        None => entries.push(over.clone()),
    }
}

/// Says of keys that the language knows, but not here, why that is so.
pub(super) fn explain(findings: &mut Findings) {
    findings.change(|finding| {
        if finding.code == "unknown-key"
            && let Some(found) = not_a_value(finding)
        {
            *finding = found;
        }
    });
}

fn not_a_value(finding: &Finding) -> Option<Finding> {
    let path: Vec<String> = place::segments(finding.place.pointer()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let (key, known, values) = match path.as_slice() {
        [SECTION, _, key] => (
            *key,
            fields::<Document>(),
            fields::<super::document::Environment>(),
        ),
        [SECTION, _, section, rest @ ..] => {
            let section = SECTIONS.iter().find(|s| s.name == *section)?;
            let key = match rest {
                [key] if !section.entries => key,
                [_, key] if section.entries => key,
                _ => return None,
            };
            (*key, (section.keys)(), (section.values)())
        }
        _ => return None,
    };
    known.contains(&key).then(|| {
        Finding::error(
            "not-a-value",
            finding.place.clone(),
            format!("`{key}` is the same in all environments"),
        )
        .help(format!(
            "an environment overrides values: {}",
            suggest::list(values.iter().copied())
        ))
    })
}

/// The keys of a struct, as serde knows them.
fn fields<T: for<'de> Deserialize<'de>>() -> &'static [&'static str] {
    let mut fields: &'static [&'static str] = &[];
    let _ = T::deserialize(Asked(&mut fields));
    fields
}

/// Is asked for a struct, remembers its keys, and has nothing to give.
struct Asked<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Asked<'_> {
    type Error = de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Self::Error> {
        Err(de::Error::custom("nothing"))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct newtype_struct
        seq tuple tuple_struct map enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_overridden_is_what_an_environment_can_say() {
        let names: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
        assert_eq!(names, fields::<super::super::document::Environment>());
        for section in SECTIONS {
            let (values, keys) = ((section.values)(), (section.keys)());
            assert!(!values.is_empty());
            for value in values {
                assert!(keys.contains(value), "{}: {value}", section.name);
            }
        }
    }
}
