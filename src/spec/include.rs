//! `include:`: several files become one tree.

#[cfg(feature = "monitoring")]
use std::collections::HashMap;
use std::collections::{HashSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ReadError;
use super::bidi;
use super::built_in::{self, BuiltIn, Of};
use super::merge;
use super::place::Place;
use super::project::{self, Refusal};
use super::source::{FileId, Location, Sources};
use super::yaml::{self, Node, NodeIds, Value};
use crate::diagnostics::{Finding, Findings};
use crate::suggest;

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
    let (_, home) = project::home(path);
    let mut reader = Reader {
        home,
        sources: Sources::default(),
        paths: Vec::new(),
        ids: NodeIds::default(),
        seen: HashSet::new(),
        #[cfg(feature = "monitoring")]
        catalogues: HashMap::new(),
        read: Vec::new(),
        has_gaps: false,
        findings,
    };
    reader.seen.insert(identity(path));
    reader.read.push(path.to_owned());
    let mut root = reader.parse(path.to_owned(), bytes);
    if let Some(root) = &mut root {
        reader.merge_all(root);
        #[cfg(feature = "monitoring")]
        reader.complete_exporters(root);
    }
    Ok(Merged {
        root,
        sources: reader.sources,
        read: reader.read,
        has_gaps: reader.has_gaps,
    })
}

struct Reader<'a> {
    /// The project's folder.
    home: PathBuf,
    sources: Sources,
    /// By the id of a file: where it is.
    paths: Vec<PathBuf>,
    ids: NodeIds,
    /// Files already read: one that is included by two others is read once, and a cycle ends.
    seen: HashSet<PathBuf>,
    /// What exporters include: several of them may have the same.
    #[cfg(feature = "monitoring")]
    catalogues: HashMap<PathBuf, Option<Node>>,
    read: Vec<PathBuf>,
    has_gaps: bool,
    findings: &'a mut Findings,
}

/// An entry of `include:`.
struct Include {
    name: String,
    location: Location,
}

/// What an entry of `include:` stands for.
enum Included {
    BuiltIn(&'static BuiltIn),
    File(PathBuf),
}

impl Included {
    fn identity(&self) -> PathBuf {
        match self {
            Self::BuiltIn(catalogue) => PathBuf::from(catalogue.name),
            Self::File(path) => identity(path),
        }
    }
}

impl Reader<'_> {
    fn parse(&mut self, path: PathBuf, bytes: Vec<u8>) -> Option<Node> {
        let (text, invalid) = match String::from_utf8(bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (text, Some(valid))
            }
        };
        let file = self.sources.add(path.display().to_string(), text);
        self.paths.push(path);
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
        for (control, range) in bidi::controls(&self.sources.file(file).text) {
            let message = format!(
                "U+{:04X} changes the order in which text is shown",
                u32::from(control)
            );
            self.findings.push(
                Finding::error("bidi-control", source(file, range), message)
                    .help("remove it: what is read is not what is seen"),
            );
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
                let help = match file {
                    FileId(0) => "a spec begins with `monospec: 1` and `service:`",
                    _ => "leave it out of `include:`",
                };
                self.findings.push(
                    Finding::error("empty-spec", source(file, 0..0), "the file says nothing")
                        .help(help),
                );
                None
            }
        }
    }

    /// What a mapping includes. Of the spec itself and of exporters, decoding reports what is no list of paths; of another file
    /// nobody else would.
    fn includes(&mut self, node: &Node, is_decoded: bool) -> Vec<Include> {
        let Some(entry) = node.entry("include").filter(|entry| !entry.value.is_null()) else {
            return Vec::new();
        };
        let mut includes = Vec::new();
        let mut wrong = Vec::new();
        match &entry.value.value {
            Value::List(items) => {
                for item in items {
                    match &item.value {
                        Value::Scalar(scalar) if !item.is_null() => includes.push(Include {
                            name: scalar.text.clone(),
                            location: item.location.clone(),
                        }),
                        _ => wrong.push((item, "expected a path")),
                    }
                }
            }
            _ => wrong.push((&entry.value, "expected a list of paths")),
        }
        if !is_decoded {
            self.findings
                .extend(wrong.into_iter().map(|(node, message)| {
                    Finding::error("bad-include", Place::source(node.location.clone()), message)
                }));
        }
        includes
    }

    /// Adds what the spec includes, and what that includes.
    fn merge_all(&mut self, root: &mut Node) {
        let mut waiting: VecDeque<Include> = self.includes(root, true).into();
        while let Some(include) = waiting.pop_front() {
            if self.seen.len() > MAX_FILES {
                let message = format!("more than {MAX_FILES} files are included");
                self.refuse(&include, message, None);
                return;
            }
            let Some(included) = self.find(&include) else {
                continue;
            };
            if let Included::BuiltIn(catalogue) = included
                && catalogue.of == Of::Exporter
            {
                let message = format!("`{}` is of an exporter, not of the service", include.name);
                let help = format!(
                    "write it there: `exporters: {{ NAME: {{ include: [{}] }} }}`",
                    include.name
                );
                self.refuse(&include, message, Some(help));
                continue;
            }
            if !self.seen.insert(included.identity()) {
                continue;
            }
            let Some(mut part) = self.open(&include, included) else {
                continue;
            };
            let deeper = self.includes(&part, false);
            if let Value::Map(entries) = &mut part.value {
                entries.retain(|entry| entry.key.text != "include");
            }
            merge::add(root, part, self.findings);
            // What a file includes follows it.
            for include in deeper.into_iter().rev() {
                waiting.push_front(include);
            }
        }
    }

    /// Adds to every exporter the metrics of the catalogues that it includes.
    #[cfg(feature = "monitoring")]
    fn complete_exporters(&mut self, root: &mut Node) {
        let version = root.entry("monospec").cloned();
        let exporters = root.entry_mut("exporters");
        for exporter in exporters.into_iter().flat_map(|e| e.value.entries_mut()) {
            let mut seen = HashSet::new();
            for include in self.includes(&exporter.value, true) {
                let Some(included) = self.find(&include) else {
                    continue;
                };
                let identity = included.identity();
                if !seen.insert(identity.clone()) {
                    continue;
                }
                if !self.catalogues.contains_key(&identity) {
                    let catalogue = self.open(&include, included);
                    self.catalogues.insert(identity.clone(), catalogue);
                }
                if let Some(Some(catalogue)) = self.catalogues.get(&identity) {
                    let catalogue = self.ids.copy(catalogue);
                    let exporter = &mut exporter.value;
                    merge::add_metrics(exporter, catalogue, version.as_ref(), self.findings);
                }
            }
        }
    }

    /// Where an entry leads to. A finding if that is nowhere.
    fn find(&mut self, include: &Include) -> Option<Included> {
        let name = include.name.as_str();
        if name.starts_with("std:") {
            let found = built_in::find(name).map(Included::BuiltIn);
            if found.is_none() {
                let help = match suggest::nearest(name, built_in::names()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there is {}", suggest::list(built_in::names())),
                };
                let message = format!("monospec has no built-in catalogue `{name}`");
                self.not_found(include, message, Some(help));
            }
            return found;
        }
        let includer = &self.paths[include.location.file.0 as usize];
        let folder = includer.parent().unwrap_or(Path::new(""));
        match project::find(&self.home, folder, name) {
            Ok(path) => Some(Included::File(path)),
            Err(refusal) => {
                let (message, help) = match refusal {
                    Refusal::Absolute => (
                        format!("`{name}` is an absolute path"),
                        "paths are relative to the file that includes, so that they hold on every machine",
                    ),
                    Refusal::Outside => (
                        format!("`{name}` is outside of the project"),
                        "bring it into the folder that holds `spec/`, or the spec",
                    ),
                    Refusal::Link => (
                        format!("`{name}` links to a file outside of the project"),
                        "bring it into the folder that holds `spec/`, or the spec",
                    ),
                };
                self.refuse(include, message, Some(help.to_owned()));
                None
            }
        }
    }

    /// Reads what an entry leads to. A finding if that is not possible.
    fn open(&mut self, include: &Include, included: Included) -> Option<Node> {
        let path = match included {
            Included::BuiltIn(catalogue) => {
                return self.parse(catalogue.name.into(), catalogue.text.into());
            }
            Included::File(path) => path,
        };
        self.read.push(path.clone());
        // A device or a pipe might never end.
        let kind = fs::metadata(&path);
        if kind.as_ref().is_ok_and(|kind| !kind.is_file()) {
            let (what, help) = match kind.is_ok_and(|kind| kind.is_dir()) {
                true => ("a folder", "list the files in it"),
                false => ("no file that one can read to its end", "leave it out"),
            };
            let message = format!("`{}` is {what}", path.display());
            self.refuse(include, message, Some(help.to_owned()));
            return None;
        }
        let node = match fs::read(&path) {
            Ok(bytes) => self.parse(path, bytes),
            Err(error) => {
                let help = (error.kind() == io::ErrorKind::NotFound)
                    .then(|| "paths are relative to the file that includes".to_owned());
                let message = format!("cannot read `{}`: {error}", path.display());
                self.not_found(include, message, help);
                return None;
            }
        };
        self.has_gaps |= node.is_none();
        node
    }

    fn not_found(&mut self, include: &Include, message: String, help: Option<String>) {
        let place = Place::source(include.location.clone());
        let mut finding = Finding::error("include-not-found", place, message);
        finding.help = help;
        self.findings.push(finding);
        self.has_gaps = true;
    }

    fn refuse(&mut self, include: &Include, message: String, help: Option<String>) {
        let place = Place::source(include.location.clone());
        let mut finding = Finding::error("bad-include", place, message);
        finding.help = help;
        self.findings.push(finding);
        self.has_gaps = true;
    }
}

fn source(file: FileId, range: std::ops::Range<usize>) -> Place {
    Place::source(Location { file, range })
}

/// The same file by another path is the same file.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_not_read() {
        let folder = std::env::temp_dir().join(format!("monospec-include-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let _socket =
            std::os::unix::net::UnixListener::bind(folder.join("socket")).expect("a socket");
        let spec = folder.join("monospec.yaml");
        fs::write(&spec, "include: [socket]\n").expect("a spec");
        let mut findings = Findings::default();
        let merged = read(&spec, &mut findings).expect("the spec can be read");
        let messages: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
        assert!(
            messages[0].ends_with("socket` is no file that one can read to its end"),
            "{messages:?}"
        );
        assert!(merged.has_gaps);
        fs::remove_dir_all(folder).expect("it goes");
    }
}
