//! The language: reading a spec into a tree with places, and decoding it into a [`Document`].

mod bidi;
mod built_in;
mod decode;
pub mod document;
mod include;
mod merge;
mod place;
mod plain;
mod project;
mod size;
mod source;
mod within;
mod yaml;

use std::io;
use std::path::{Path, PathBuf};

pub use document::Document;
pub use place::Place;
pub(crate) use project::home;
pub use source::{FileId, Location, SourceFile, Sources};

use self::place::Spot;
use self::yaml::{Node, Value};
use crate::diagnostics::Findings;

/// A spec as it was read: the texts, one merged tree, and the document decoded from it.
#[derive(Debug)]
pub struct Spec {
    sources: Sources,
    root: Option<Node>,
    document: Option<Document>,
    read: Vec<PathBuf>,
}

/// The spec could not be read at all, which is not a finding in it.
#[derive(Debug)]
pub struct ReadError {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot read {}: {}", self.path.display(), self.error)
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

impl Spec {
    /// Reads a spec and what it includes.
    ///
    /// What is wrong inside a file goes to `findings`; the document then holds what could be decoded.
    ///
    /// # Errors
    ///
    /// If the spec file itself cannot be read.
    pub fn read(path: &Path, findings: &mut Findings) -> Result<Self, ReadError> {
        let include::Merged {
            sources,
            root,
            read,
            has_gaps,
        } = include::read(path, findings)?;
        let mut document = root
            .as_ref()
            .and_then(|root| decode::document(root, findings));
        if let Some(document) = &mut document {
            document.has_gaps |= has_gaps;
        }
        Ok(Self {
            sources,
            root,
            document,
            read,
        })
    }

    /// What the spec says; nothing if the file is no YAML mapping.
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }

    /// The texts that were read.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Every file that was read or looked for, the spec itself first: what a build script has to watch.
    pub fn files(&self) -> &[PathBuf] {
        &self.read
    }

    /// Turns a place into bytes of a file. What is not there is answered with the nearest thing around it.
    pub(crate) fn locate(&self, place: &Place) -> Location {
        if let Spot::Source(location) = place.spot() {
            return location.clone();
        }
        let Some(mut node) = self.root.as_ref() else {
            return Location {
                file: FileId(0),
                range: 0..0,
            };
        };
        let mut key = None;
        for segment in place::segments(place.pointer()) {
            match &node.value {
                Value::Map(_) => match node.entry(&segment) {
                    Some(entry) => {
                        key = Some(&entry.key.location);
                        node = &entry.value;
                    }
                    None => return self.head(node, key),
                },
                // The short form of a definition is a list where the long form has a key for it.
                Value::List(_) if segment.parse::<usize>().is_err() => {}
                Value::List(_) => match step(node, &segment) {
                    Some(item) => {
                        key = None;
                        node = item;
                    }
                    None => return self.head(node, key),
                },
                Value::Scalar(_) => break,
            }
        }
        match (place.spot(), &node.value) {
            (Spot::Key, _) => key.unwrap_or(&node.location).clone(),
            (Spot::Within(range), Value::Scalar(scalar)) => {
                let text = &self.sources.file(node.location.file).text;
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
        let text = &self.sources.file(location.file).text[location.range.clone()];
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

fn step<'n>(node: &'n Node, segment: &str) -> Option<&'n Node> {
    match &node.value {
        Value::Map(_) => node.entry(segment).map(|entry| &entry.value),
        Value::List(items) => segment.parse::<usize>().ok().and_then(|i| items.get(i)),
        Value::Scalar(_) => None,
    }
}
