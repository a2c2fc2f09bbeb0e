//! Parts of a spec become one tree: sections are added up entry by entry, and nothing is written twice.

use super::place::Place;
use super::yaml::{Entry, Node, Value};
use crate::diagnostics::{Finding, Findings};

/// Sections whose entries may come from several files, beside the sections themselves.
const MERGED_WITHIN: &[(&str, &str)] = &[("health", "checks")];

/// Adds the entries of `part` to `root`.
pub(super) fn add(root: &mut Node, part: Node, findings: &mut Findings) {
    let Value::Map(sections) = &mut root.value else {
        return;
    };
    let Value::Map(added) = part.value else {
        return;
    };
    for section in added {
        let name = section.key.text.clone();
        match sections.iter_mut().find(|s| s.key.text == name) {
            Some(known) if name == "monospec" => check_version(known, &section, findings),
            Some(known) => {
                let deeper = MERGED_WITHIN
                    .iter()
                    .find(|(section, _)| *section == name)
                    .map(|(_, key)| *key);
                merge_entries(known, section, deeper, findings);
            }
            None => sections.push(section),
        }
    }
}

/// Adds what a catalogue declares to the metrics of an exporter.
#[cfg(feature = "monitoring")]
pub(super) fn add_metrics(
    exporter: &mut Node,
    catalogue: Node,
    version: Option<&Entry>,
    findings: &mut Findings,
) {
    let (Value::Map(known), Value::Map(added)) = (&mut exporter.value, catalogue.value) else {
        return;
    };
    for mut section in added {
        match section.key.text.as_str() {
            "monospec" => {
                if let Some(version) = version {
                    check_version(version, &section, findings);
                }
            }
            "metrics" => {
                // What an exporter exposes is external anyway.
                for metric in section.value.entries_mut() {
                    if let Value::Map(keys) = &mut metric.value.value {
                        keys.retain(|entry| entry.key.text != "external");
                    }
                }
                match known.iter_mut().find(|s| s.key.text == section.key.text) {
                    Some(known) => merge_entries(known, section, None, findings),
                    None => known.push(section),
                }
            }
            other => findings.push(
                Finding::error(
                    "bad-include",
                    Place::source(section.key.location.clone()),
                    format!("an exporter has no `{other}`"),
                )
                .label("only `metrics` are taken from here")
                .help("include the file in the spec itself, too, or split it"),
            ),
        }
    }
}

/// Every file states the version of the language it is written in, and all the same one.
fn check_version(known: &Entry, added: &Entry, findings: &mut Findings) {
    if text(&known.value) != text(&added.value) {
        findings.push(
            Finding::error(
                "bad-include",
                Place::source(added.value.location.clone()),
                "all files of a spec are written in one version of the language",
            )
            .related(Place::source(known.value.location.clone()), "the spec"),
        );
    }
}

fn text(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Scalar(scalar) => Some(&scalar.text),
        _ => None,
    }
}

fn merge_entries(known: &mut Entry, added: Entry, deeper: Option<&str>, findings: &mut Findings) {
    let (Value::Map(entries), Value::Map(more)) = (&mut known.value.value, &added.value.value)
    else {
        // What is null is absent.
        if known.value.is_null() {
            *known = added;
        } else if matches!(known.value.value, Value::Map(_)) && !added.value.is_null() {
            findings.push(Finding::error(
                "wrong-type",
                Place::source(added.value.location),
                format!("`{}` is a mapping", added.key.text),
            ));
        } else if !added.value.is_null() {
            findings.push(twice(&added, known));
        }
        return;
    };
    let mut index: std::collections::HashMap<String, usize> = entries
        .iter()
        .enumerate()
        .map(|(i, entry)| (entry.key.text.clone(), i))
        .collect();
    for entry in more {
        match index.get(&entry.key.text) {
            Some(i) if deeper == Some(entry.key.text.as_str()) => {
                merge_entries(&mut entries[*i], entry.clone(), None, findings);
            }
            Some(i) => findings.push(twice(entry, &entries[*i])),
            None => {
                index.insert(entry.key.text.clone(), entries.len());
                entries.push(entry.clone());
            }
        }
    }
}

fn twice(again: &Entry, first: &Entry) -> Finding {
    Finding::error(
        "duplicate-key",
        Place::source(again.key.location.clone()),
        format!("`{}` is written twice", again.key.text),
    )
    .label("written again here")
    .related(
        Place::source(first.key.location.clone()),
        "first written here",
    )
}
