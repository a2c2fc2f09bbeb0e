//! `include:`: several files become one tree.

use std::collections::{HashSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ReadError;
use super::place::Place;
use super::source::{FileId, Location, Sources};
use super::yaml::{self, Entry, Node, NodeIds, Value};
use crate::diagnostics::{Finding, Findings};
use crate::suggest;

/// Catalogues that come with monospec: `std:NAME`.
const BUILT_IN: &[(&str, &str)] = &[("std:process", include_str!("std/process.yaml"))];

/// Files that a spec may be made of.
const MAX_FILES: usize = 1_000;

pub(crate) struct Merged {
    pub(crate) sources: Sources,
    /// Nothing if the spec itself is not YAML.
    pub(crate) root: Option<Node>,
    pub(crate) read: Vec<PathBuf>,
    /// Whether an included file could not be read.
    pub(crate) has_gaps: bool,
}

/// Reads a file and everything it includes.
///
/// # Errors
///
/// If the first file cannot be read; what is wrong with an included one is a finding at the entry that names it.
pub(crate) fn read(path: &Path, findings: &mut Findings) -> Result<Merged, ReadError> {
    let bytes = fs::read(path).map_err(|error| ReadError {
        path: path.to_owned(),
        error,
    })?;
    let mut reader = Reader {
        sources: Sources::default(),
        ids: NodeIds::default(),
        seen: HashSet::new(),
        read: Vec::new(),
        has_gaps: false,
        findings,
    };
    reader.seen.insert(identity(path));
    reader.read.push(path.to_owned());
    let mut root = reader.parse(path.display().to_string(), bytes);
    if let Some(root) = &mut root {
        let includes = reader.includes(root, path);
        reader.merge_all(root, includes);
    }
    Ok(Merged {
        root,
        sources: reader.sources,
        read: reader.read,
        has_gaps: reader.has_gaps,
    })
}

struct Reader<'a> {
    sources: Sources,
    ids: NodeIds,
    /// Files already read: one that is included by two others is read once, and a cycle ends.
    seen: HashSet<PathBuf>,
    read: Vec<PathBuf>,
    has_gaps: bool,
    findings: &'a mut Findings,
}

/// An entry of `include:`.
struct Include {
    name: String,
    /// Of the file that names it.
    folder: PathBuf,
    location: Location,
}

/// What came of an entry of `include:`.
enum Opened {
    Part(Node, PathBuf),
    /// It was read before.
    Before,
    /// It was reported.
    Failed,
}

impl Opened {
    fn of(node: Option<Node>, path: PathBuf) -> Self {
        node.map_or(Self::Failed, |node| Self::Part(node, path))
    }
}

impl Reader<'_> {
    fn parse(&mut self, name: String, bytes: Vec<u8>) -> Option<Node> {
        let (text, invalid) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (text, Some(valid))
            }
        };
        let file = self.sources.add(name, text);
        if let Some(valid) = invalid {
            self.findings.push(
                Finding::error(
                    "not-utf8",
                    source(file, valid..valid),
                    "the file is not UTF-8 from here on",
                )
                .help("save it as UTF-8"),
            );
            return None;
        }
        let mut found = Vec::new();
        let root = yaml::parse(
            file,
            &self.sources.file(file).text,
            &mut self.ids,
            &mut found,
        );
        let refused = !found.is_empty();
        self.findings.extend(found);
        match root {
            Some(root) if matches!(root.value, Value::Map(_)) => Some(root),
            Some(root) if !root.is_null() => {
                self.findings.push(Finding::error(
                    "wrong-type",
                    Place::source(root.location),
                    "a spec is a mapping, with keys such as `service:` and `metrics:`",
                ));
                None
            }
            _ if refused => None,
            _ => {
                self.findings.push(
                    Finding::error("empty-spec", source(file, 0..0), "the file says nothing")
                        .help("a spec begins with `monospec: 1` and `service:`"),
                );
                None
            }
        }
    }

    /// What a file includes. Of the spec itself decoding reports what is no list of paths, of another file nobody else would.
    fn includes(&mut self, root: &Node, path: &Path) -> Vec<Include> {
        let Some(entry) = root.entry("include").filter(|entry| !entry.value.is_null()) else {
            return Vec::new();
        };
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let mut includes = Vec::new();
        let mut wrong = Vec::new();
        match &entry.value.value {
            Value::List(items) => {
                for item in items {
                    match &item.value {
                        Value::Scalar(scalar) if !item.is_null() => includes.push(Include {
                            name: scalar.text.clone(),
                            folder: folder.clone(),
                            location: item.location.clone(),
                        }),
                        _ => wrong.push((item, "expected a path")),
                    }
                }
            }
            _ => wrong.push((&entry.value, "expected a list of paths")),
        }
        if root.location.file != FileId(0) {
            self.findings
                .extend(wrong.into_iter().map(|(node, message)| {
                    Finding::error("bad-include", Place::source(node.location.clone()), message)
                }));
        }
        includes
    }

    fn merge_all(&mut self, root: &mut Node, includes: Vec<Include>) {
        let mut waiting: VecDeque<Include> = includes.into();
        while let Some(include) = waiting.pop_front() {
            if self.seen.len() > MAX_FILES {
                let message = format!("more than {MAX_FILES} files are included");
                self.report(&include, message, None);
                return;
            }
            let (mut part, path) = match self.open(&include) {
                Opened::Part(part, path) => (part, path),
                Opened::Before => continue,
                Opened::Failed => {
                    self.has_gaps = true;
                    continue;
                }
            };
            let deeper = self.includes(&part, &path);
            if let Value::Map(entries) = &mut part.value {
                entries.retain(|entry| entry.key.text != "include");
            }
            merge(root, part, self.findings);
            // What a file includes follows it.
            for include in deeper.into_iter().rev() {
                waiting.push_front(include);
            }
        }
    }

    fn open(&mut self, include: &Include) -> Opened {
        if include.name.starts_with("std:") {
            let path = PathBuf::from(&include.name);
            if !self.seen.insert(path.clone()) {
                return Opened::Before;
            }
            let Some((name, text)) = BUILT_IN.iter().find(|(name, _)| *name == include.name) else {
                let names = BUILT_IN.iter().map(|(name, _)| *name);
                self.report(
                    include,
                    format!("monospec has no built-in catalogue `{}`", include.name),
                    Some(match suggest::nearest(&include.name, names.clone()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("there is {}", suggest::list(names)),
                    }),
                );
                return Opened::Failed;
            };
            let node = self.parse((*name).to_owned(), text.as_bytes().to_vec());
            return Opened::of(node, path);
        }
        let path = include.folder.join(&include.name);
        if !self.seen.insert(identity(&path)) {
            return Opened::Before;
        }
        self.read.push(path.clone());
        match fs::read(&path) {
            Ok(bytes) => {
                let node = self.parse(path.display().to_string(), bytes);
                Opened::of(node, path)
            }
            Err(error) => {
                let help = (error.kind() == io::ErrorKind::NotFound)
                    .then(|| "paths are relative to the file that includes".to_owned());
                let message = format!("cannot read `{}`: {error}", path.display());
                self.report(include, message, help);
                Opened::Failed
            }
        }
    }

    fn report(&mut self, include: &Include, message: String, help: Option<String>) {
        let mut finding = Finding::error(
            "include-not-found",
            Place::source(include.location.clone()),
            message,
        );
        finding.help = help;
        self.findings.push(finding);
    }
}

/// Sections whose entries may come from several files, beside the sections themselves.
const MERGED_WITHIN: &[(&str, &str)] = &[("health", "checks")];

/// Adds the entries of `part` to `root`.
fn merge(root: &mut Node, part: Node, findings: &mut Findings) {
    let Value::Map(sections) = &mut root.value else {
        return;
    };
    let Value::Map(added) = part.value else {
        return;
    };
    for section in added {
        let name = section.key.text.clone();
        match sections.iter_mut().find(|s| s.key.text == name) {
            // Every file states the version of the language it is written in, and all the same one.
            Some(known) if name == "monospec" => {
                if text(&known.value) != text(&section.value) {
                    findings.push(
                        Finding::error(
                            "bad-include",
                            Place::source(section.value.location),
                            "all files of a spec are written in one version of the language",
                        )
                        .related(Place::source(known.value.location.clone()), "the spec"),
                    );
                }
            }
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

fn source(file: FileId, range: std::ops::Range<usize>) -> Place {
    Place::source(Location { file, range })
}

/// The same file by another path is the same file.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
