//! The language: reading a spec into a tree with places, and decoding it into a [`Document`].

mod bidi;
mod built_in;
mod decode;
pub mod document;
#[cfg(feature = "monitoring")]
mod environments;
mod include;
mod locate;
mod merge;
mod place;
mod plain;
mod project;
mod secrets;
mod size;
mod slips;
mod source;
mod within;
mod yaml;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use document::Document;
#[cfg(feature = "monitoring")]
pub(crate) use environments::{Environment, MAX_ENVIRONMENTS};
pub(crate) use locate::Locator;
pub use place::Place;
pub(crate) use project::home;
pub use source::{FileId, Location, SourceFile, Sources};

use self::yaml::Node;
use crate::diagnostics::Findings;

/// A spec as it was read: the texts, one merged tree, and the document decoded from it.
#[derive(Debug)]
pub struct Spec {
    sources: Arc<Sources>,
    root: Option<Node>,
    document: Option<Document>,
    read: Vec<PathBuf>,
    /// Whether an included file could not be read.
    has_gaps: bool,
    #[cfg(feature = "monitoring")]
    environment: Option<Environment>,
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
        let mut spec = Self {
            sources: Arc::new(sources),
            root,
            document: None,
            read,
            has_gaps,
            #[cfg(feature = "monitoring")]
            environment: None,
        };
        spec.decode(findings);
        #[cfg(feature = "monitoring")]
        environments::explain(findings);
        Ok(spec)
    }

    fn decode(&mut self, findings: &mut Findings) {
        let root = self.root.as_ref();
        self.document = root.and_then(|root| decode::document(root, findings));
        if let Some(document) = &mut self.document {
            document.has_gaps |= self.has_gaps;
        }
        secrets::explain(findings);
    }

    /// The environments of the spec.
    #[cfg(feature = "monitoring")]
    pub(crate) fn environments(&self) -> Vec<Environment> {
        self.root
            .as_ref()
            .map_or_else(Vec::new, environments::environments)
    }

    /// The spec as an environment has it. What is wrong with its shape goes to `findings`, and what is wrong in all
    /// environments does so again.
    #[cfg(feature = "monitoring")]
    pub(crate) fn of(&self, environment: Environment, findings: &mut Findings) -> Self {
        let root = self.root.as_ref();
        let mut spec = Self {
            sources: Arc::clone(&self.sources),
            root: root.map(|root| environments::overlaid(root, &environment)),
            document: None,
            read: self.read.clone(),
            has_gaps: self.has_gaps,
            environment: Some(environment),
        };
        spec.decode(findings);
        spec
    }

    /// The environment whose spec this is; none if the spec has no environments.
    #[cfg(feature = "monitoring")]
    pub(crate) fn environment(&self) -> Option<&Environment> {
        self.environment.as_ref()
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
}

/// How much is wrong with a file before it is decoded, such as keys that are there twice.
#[cfg(feature = "cli")]
pub(crate) fn syntax_errors(text: &str) -> usize {
    let mut found = Vec::new();
    yaml::parse(FileId(0), text, &mut yaml::NodeIds::default(), &mut found);
    found.len()
}
