//! One typed spec of a service's metrics, feature flags, health checks, alerts and dashboards compiles into everything that has
//! to agree about them: Rust code, `prometheus.yml`, alerting rules, Grafana dashboards.
//!
//! In a build script (with `default-features = false`, see [`builder`]):
//!
//! ```no_run
//! fn main() -> Result<(), monospec::BuildError> {
//!     monospec::build("spec/monospec.yaml") // writes metrics.rs to OUT_DIR
//! }
//! ```
//!
//! As a library, [`compile`] reads and checks a spec, and writes nothing:
//!
//! ```
//! # std::fs::create_dir_all("target/doc-example").unwrap();
//! # std::fs::write("target/doc-example/monospec.yaml", "monospec: 1\nservice: { name: shop }\n").unwrap();
//! let compilation = monospec::compile("target/doc-example/monospec.yaml".as_ref())?;
//! assert_eq!(compilation.report.errors(), 0);
//! for (path, bytes) in compilation.artifacts().iter() {
//!     println!("{path}: {} bytes", bytes.len());
//! }
//! # Ok::<(), monospec::spec::ReadError>(())
//! ```
//!
//! Data flows one way: [`spec`] reads YAML with places and decodes it, [`model`] gives it a meaning, [`lints`] look at that,
//! [`targets`] write it down, [`artifacts`] bring it onto the disk; [`diagnostics`] are what is found on the way. Up to version 1.0
//! the types of these modules follow the language and may change with it; the functions and types named on this page do not.
//!
//! # Features
//!
//! | feature | what it adds |
//! | --- | --- |
//! | (none) | metrics, labels, flags, health checks, and the Rust code: what a build script needs. Other sections are not read |
//! | `monitoring` | environments, signals, alerts, dashboards and so on, PromQL, and the targets that read them |
//! | `cli` (default) | the command |

use std::path::{Path, PathBuf};

pub mod artifacts;
pub mod builder;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diagnostics;
#[cfg(feature = "monitoring")]
mod environments;
pub mod lints;
pub mod model;
#[cfg(feature = "monitoring")]
pub mod promql;
pub mod spec;
mod suggest;
pub mod targets;

#[cfg(feature = "monitoring")]
use crate::artifacts::Artifacts;
use crate::artifacts::Mark;
pub use crate::builder::{BuildError, Builder, build};
use crate::diagnostics::{Findings, Report};
use crate::model::Model;
use crate::spec::{ReadError, Spec};

/// What came of a spec.
#[derive(Debug)]
#[non_exhaustive]
pub struct Compilation {
    /// What was found.
    pub report: Report,
    /// What the spec means: in each of its environments, or once if it has none. Nothing if there is an error.
    pub models: Vec<Model>,
    /// Every file that was read or looked for, the spec itself first.
    pub files: Vec<PathBuf>,
    /// The directory that output paths are relative to.
    pub root: PathBuf,
}

impl Compilation {
    /// Every artefact that the spec asks for; none if it has an error.
    #[cfg(feature = "monitoring")]
    pub fn artifacts(&self) -> Artifacts {
        let mut artifacts = Artifacts::default();
        for model in &self.models {
            // What is the same in all environments has one path.
            artifacts.extend(targets::render(model, None));
        }
        artifacts
    }
}

/// Reads and checks a spec; writes nothing.
///
/// # Errors
///
/// If the spec file itself cannot be read. What is wrong in it is in the report.
pub fn compile(spec: &Path) -> Result<Compilation, ReadError> {
    let (compilation, _) = compile_telling(spec, &mut |_| {})?;
    Ok(compilation)
}

/// Does the same, and tells what it does next. The spec comes back as it was read.
fn compile_telling(
    spec: &Path,
    tell: &mut dyn FnMut(&'static str),
) -> Result<(Compilation, Spec), ReadError> {
    let mut findings = Findings::default();
    tell("reading");
    let read = Spec::read(spec, &mut findings)?;
    let (root, mark) = project(spec);
    tell("resolving");
    #[cfg(feature = "monitoring")]
    let (mut models, found) = environments::resolve(&read, &mark, findings);
    #[cfg(not(feature = "monitoring"))]
    let (mut models, found) = {
        let is_read = !findings.has_errors();
        let model = resolve(&read, mark, is_read, &mut findings);
        (Vec::from_iter(model), findings.located(&read))
    };
    let report = Report::of(found, read.sources().clone());
    if report.errors() > 0 {
        models.clear();
    }
    let compilation = Compilation {
        files: read.files().to_vec(),
        models,
        root,
        report,
    };
    Ok((compilation, read))
}

/// The report of a spec, with what was found in its environments since.
#[cfg(feature = "cli")]
fn report_with(
    report: &Report,
    spec: &Path,
    found: Vec<(Option<String>, diagnostics::Finding)>,
) -> Result<Report, ReadError> {
    let read = Spec::read(spec, &mut Findings::default())?;
    let mut found = environments::located(&read, found);
    found.extend(report.findings.iter().cloned());
    Ok(Report::of(found, read.sources().clone()))
}

fn resolve(spec: &Spec, mark: Mark, is_read: bool, findings: &mut Findings) -> Option<Model> {
    let model = model::resolve(spec, mark, findings);
    if let (Some(document), Some(model)) = (spec.document(), &model) {
        lints::run(document, model, is_read, findings);
        #[cfg(feature = "monitoring")]
        if is_read && !findings.has_errors() {
            targets::check(model, findings);
        }
    }
    model
}

/// The directory that output paths are relative to (the one that holds `spec/`, or the spec file's own), and the spec as seen
/// from there.
fn project(spec: &Path) -> (PathBuf, Mark) {
    let folder = spec.parent().unwrap_or(Path::new(""));
    let (absolute, home) = spec::home(spec);
    let root = match folder.file_name() {
        _ if absolute.parent() == Some(home.as_path()) => folder.to_owned(),
        Some(name) if name == "spec" => folder.parent().unwrap_or(Path::new("")).to_owned(),
        // Called from inside of `spec/`.
        _ => folder.join(".."),
    };
    let below = absolute.strip_prefix(&home).unwrap_or(&absolute);
    let parts: Vec<_> = below
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    let mark = Mark {
        spec: parts.join("/"),
    };
    (root, mark)
}

/// What a spec means, for programs.
#[cfg(feature = "monitoring")]
pub fn model_json(model: &Model) -> serde_json::Value {
    // Names are the only keys, and strings and numbers the only values: this cannot fail.
    let mut json = serde_json::to_value(model).unwrap_or_default();
    if let Some(fields) = json.as_object_mut() {
        fields.insert("spec_hash".to_owned(), model.catalogue.hash().into());
    }
    json
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
