//! monospec: one typed spec of a service's monitoring compiles into everything that has to agree about it.

use std::path::{Path, PathBuf};

pub mod artifacts;
pub mod builder;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostics;
pub mod lints;
pub mod model;
#[cfg(feature = "monitoring")]
pub mod promql;
pub mod spec;
mod suggest;
pub mod targets;

use crate::artifacts::Mark;
pub use crate::builder::{BuildError, Builder, build};
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

/// Reads and checks a spec; writes nothing.
///
/// # Errors
///
/// If the spec file itself cannot be read. What is wrong in it is in the report.
pub fn compile(spec: &Path) -> Result<Compilation, ReadError> {
    let mut findings = Findings::default();
    let read = Spec::read(spec, &mut findings)?;
    let (root, mark) = project(spec);
    let model = model::resolve(&read, mark, &mut findings);
    if let (Some(document), Some(model)) = (read.document(), &model) {
        lints::run(document, model, &mut findings);
    }
    let model = model.filter(|_| !findings.has_errors());
    Ok(Compilation {
        files: read.files().to_vec(),
        model,
        root,
        report: findings.into_report(&read),
    })
}

/// The directory that output paths are relative to (the one that holds `spec/`, or the spec file's own), and the spec as seen
/// from there.
fn project(spec: &Path) -> (PathBuf, Mark) {
    let folder = spec.parent().unwrap_or(Path::new(""));
    // Without `..`, where the folder exists.
    let absolute = match (std::fs::canonicalize(non_empty(folder)), spec.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => std::path::absolute(spec).unwrap_or_else(|_| spec.to_owned()),
    };
    let holder = absolute.parent().unwrap_or(Path::new(""));
    let (root, holder) = if holder.file_name().is_some_and(|name| name == "spec") {
        let root = match folder.file_name() {
            Some(name) if name == "spec" => folder.parent().unwrap_or(Path::new("")).to_owned(),
            // Called from inside of `spec/`.
            _ => folder.join(".."),
        };
        (root, holder.parent().unwrap_or(holder))
    } else {
        (folder.to_owned(), holder)
    };
    let below = absolute.strip_prefix(holder).unwrap_or(&absolute);
    let parts: Vec<_> = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    let mark = Mark {
        spec: parts.join("/"),
    };
    (root, mark)
}

/// The working directory has no name in a relative path.
fn non_empty(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// What a spec means, for programs.
#[cfg(feature = "monitoring")]
pub fn model_json(model: &Model) -> serde_json::Value {
    // Names are the only keys, and strings and numbers the only values: this cannot fail.
    serde_json::to_value(model).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outputs_are_relative_to_what_holds_the_spec_folder() {
        let found = |spec: &str| {
            let (root, mark) = project(Path::new(spec));
            (root.display().to_string(), mark.spec)
        };
        let pair = |root: &str, spec: &str| (root.to_owned(), spec.to_owned());
        assert_eq!(found("spec/monospec.yaml"), pair("", "spec/monospec.yaml"));
        assert_eq!(found("monospec.yaml"), pair("", "monospec.yaml"));
        assert_eq!(found("a/spec/m.yaml"), pair("a", "spec/m.yaml"));
        assert_eq!(found("a/b/m.yaml"), pair("a/b", "m.yaml"));
        assert_eq!(found("/x/spec/m.yaml"), pair("/x", "spec/m.yaml"));
    }
}
