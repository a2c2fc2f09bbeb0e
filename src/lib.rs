//! monospec: one typed spec of a service's monitoring compiles into everything that has to agree about it.

use std::path::{Path, PathBuf};

pub mod artifacts;
pub mod builder;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostics;
pub mod model;
#[cfg(feature = "monitoring")]
pub mod promql;
pub mod spec;
mod suggest;
pub mod targets;

pub use crate::builder::{BuildError, Builder, build};
use crate::artifacts::Mark;
use crate::diagnostics::{Findings, Report};
use crate::model::Model;
use crate::spec::{ReadError, Spec};

/// What came of a spec.
#[derive(Debug)]
pub struct Compilation {
    /// What was found.
    pub report: Report,
    /// What the spec means; nothing if there is an error.
    pub model: Option<Model>,
    /// Every file that was read or looked for, the spec itself first.
    pub files: Vec<PathBuf>,
    /// The directory that output paths are relative to.
    pub root: PathBuf,
}

impl Compilation {
    /// What artefacts may be made from: the model of a spec without an error, those of lints included.
    pub fn sound_model(&self) -> Option<&Model> {
        self.model.as_ref().filter(|_| self.report.errors() == 0)
    }
}

/// Reads and checks a spec; writes nothing.
///
/// # Errors
///
/// If the spec file itself cannot be read. What is wrong in it is in the report.
pub fn compile(spec: &Path) -> Result<Compilation, ReadError> {
    let mut findings = Findings::default();
    let read = Spec::read(spec, &mut findings)?;
    let root = project_root(spec);
    let mark = Mark {
        spec: relative(spec, &root),
    };
    let model = model::resolve(&read, mark, &mut findings).filter(|_| !findings.has_errors());
    Ok(Compilation {
        files: read.files().to_vec(),
        model,
        root,
        report: findings.into_report(&read),
    })
}

/// A path below a folder, with `/` between folders on every system.
fn relative(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

/// The directory that output paths are relative to: the one that holds `spec/`, or the spec file's own.
fn project_root(spec: &Path) -> PathBuf {
    let folder = spec.parent().unwrap_or(Path::new(""));
    if folder.file_name().is_some_and(|name| name == "spec") {
        folder.parent().unwrap_or(Path::new("")).to_owned()
    } else {
        folder.to_owned()
    }
}

/// What a spec means, for programs.
#[cfg(feature = "monitoring")]
pub fn model_json(_model: &Model) -> serde_json::Value {
    serde_json::json!({})
}
