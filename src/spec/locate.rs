//! From places of a document to bytes of its files.

use std::collections::HashMap;

use super::place::{self, Place, Spot};
use super::source::{FileId, Location};
use super::yaml::{Entry, Node, NodeId, Value};
use super::{Spec, within};

/// From how many keys on a mapping is worth an index.
const MANY: usize = 32;

/// Finds places in a spec.
pub(crate) struct Locator<'s> {
    spec: &'s Spec,
    /// The keys of large mappings: a section may have thousands of entries, and as many findings.
    indexes: HashMap<NodeId, HashMap<&'s str, &'s Entry>>,
}

impl<'s> Locator<'s> {
    pub(crate) fn new(spec: &'s Spec) -> Self {
        Self {
            spec,
            indexes: HashMap::new(),
        }
    }

    fn entry(&mut self, node: &'s Node, key: &str) -> Option<&'s Entry> {
        let entries = node.entries();
        if entries.len() < MANY {
            return node.entry(key);
        }
        let index = self.indexes.entry(node.id).or_insert_with(|| {
            // Of two equal keys the first counts, as for `Node::entry`.
            let backwards = entries.iter().rev();
            backwards
                .map(|entry| (entry.key.text.as_str(), entry))
                .collect()
        });
        index.get(key).copied()
    }

    /// Turns a place into bytes of a file. What is not there is answered with the nearest thing around it.
    pub(crate) fn locate(&mut self, place: &Place) -> Location {
        if let Spot::Source(location) = place.spot() {
            return location.clone();
        }
        let Some(mut node) = self.spec.root.as_ref() else {
            return Location {
                file: FileId(0),
                range: 0..0,
            };
        };
        let mut key = None;
        let mut name = "";
        for segment in place::segments(place.pointer()) {
            match &node.value {
                Value::Map(_) => match self.entry(node, &segment) {
                    Some(entry) => {
                        key = Some(&entry.key.location);
                        name = &entry.key.text;
                        node = &entry.value;
                    }
                    None => return self.head(node, key),
                },
                // The short form of a definition is a list where the long form has a key for it.
                Value::List(_) if segment.parse::<usize>().is_err() => {}
                Value::List(items) => {
                    match segment.parse().ok().and_then(|i: usize| items.get(i)) {
                        Some(item) => {
                            key = None;
                            node = item;
                        }
                        None => return self.head(node, key),
                    }
                }
                Value::Scalar(_) => break,
            }
        }
        match (place.spot(), &node.value) {
            (Spot::Key, _) => key.unwrap_or(&node.location).clone(),
            (Spot::WithinKey(range), _) if key.is_some_and(|key| !key.range.is_empty()) => {
                let location = key.unwrap_or(&node.location);
                let text = &self.spec.sources.file(location.file).text;
                Location {
                    file: location.file,
                    range: within::key_range(text, &location.range, name, range),
                }
            }
            (Spot::Within(range), Value::Scalar(scalar)) => {
                let text = &self.spec.sources.file(node.location.file).text;
                Location {
                    file: node.location.file,
                    range: within::source_range(text, &node.location.range, scalar, range),
                }
            }
            _ => self.head(node, key),
        }
    }

    /// A value that fits on a line is marked itself; one that does not, by its key or its first line.
    fn head(&self, node: &Node, key: Option<&Location>) -> Location {
        let location = &node.location;
        let text = &self.spec.sources.file(location.file).text[location.range.clone()];
        if !text.is_empty() && !text.contains('\n') {
            return location.clone();
        }
        if let Some(key) = key {
            return key.clone();
        }
        let first_line = text.find('\n').unwrap_or(text.len());
        Location {
            file: location.file,
            range: location.range.start..location.range.start + first_line,
        }
    }
}
