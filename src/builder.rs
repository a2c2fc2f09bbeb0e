//! monospec in a build script: the code of the spec, compiled with the service.
//!
//! A build script needs little of monospec, and says so in `Cargo.toml`:
//!
//! ```toml
//! [dependencies]
//! monospec-runtime = "0.1"
//!
//! [build-dependencies]
//! monospec = { version = "0.1", default-features = false }
//! ```
//!
//! `build.rs` names the spec. Its path is relative to the package, the folder of `Cargo.toml`:
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), monospec::BuildError> {
//!     monospec::build("spec/monospec.yaml")
//! }
//! ```
//!
//! The code is then in cargo's folder for generated files, and one line brings it into the service:
//!
//! ```ignore
//! mod metrics {
//!     include!(concat!(env!("OUT_DIR"), "/metrics.rs"));
//! }
//! ```
//!
//! Cargo runs the script again when the spec or a file that it includes has changed, and compiles the service again only
//! when the code is another. Where the spec lies elsewhere, or the file shall have another name, a [`Builder`] takes both:
//!
//! ```no_run
//! # fn main() -> Result<(), monospec::BuildError> {
//! monospec::Builder::new()
//!     .spec("../../spec/monospec.yaml")
//!     .file_name("monitoring.rs")
//!     .run()
//! # }
//! ```
//!
//! # What it reports
//!
//! An error in the spec fails the build, and cargo shows every finding with its file, line and column. A warning is shown
//! as a warning of the package, and the build goes on. The other artefacts (`prometheus.yml`, alerts, dashboards) are the
//! business of the command `monospec`; a build script writes nothing outside of cargo's folder.
//!
//! Without the feature `monitoring` it neither reads nor checks the sections that only those artefacts are made of:
//! `prometheus`, `exporters`, `signals`, `slos`, `alert_defaults`, `alerts`, `notify`, `dashboards`, `kubernetes`, `environments`,
//! `outputs`, and all of `scrape` but its path. What is wrong in them does not stop the build, as long as they are mappings in
//! sound YAML: `monospec check` in CI is for that.

use std::env;
use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::artifacts::{self, relative, write_if_changed};
use crate::diagnostics::{Report, Severity, human};
use crate::spec::ReadError;
use crate::{compile, targets};

/// Writes the Rust code of a spec to `metrics.rs` in cargo's `OUT_DIR`. See [the tutorial](self).
///
/// # Errors
///
/// If the spec has an error or cannot be read, if the file cannot be written, or outside of a build script.
pub fn build(spec: impl Into<PathBuf>) -> Result<(), BuildError> {
    Builder::new().spec(spec).run()
}

/// What a build script can choose. See [the tutorial](self).
#[derive(Clone, Debug)]
pub struct Builder {
    spec: PathBuf,
    file_name: String,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            spec: PathBuf::from("spec/monospec.yaml"),
            file_name: "metrics.rs".to_owned(),
        }
    }
}

impl Builder {
    /// Reads `spec/monospec.yaml` and writes `metrics.rs`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The spec. A relative path is relative to the package, the folder of its `Cargo.toml`.
    #[must_use]
    pub fn spec(mut self, path: impl Into<PathBuf>) -> Self {
        self.spec = path.into();
        self
    }

    /// The file in `OUT_DIR`; folders in it are made.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Compiles the spec and tells cargo which files to watch. The file is written only if the code is another than before.
    ///
    /// # Errors
    ///
    /// If the spec has an error or cannot be read, if the file cannot be written, or outside of a build script.
    pub fn run(self) -> Result<(), BuildError> {
        let folder = |name: &'static str| {
            env::var_os(name)
                .map(PathBuf::from)
                .ok_or(Kind::NoBuildScript(name))
        };
        let mut stdout = io::stdout().lock();
        self.run_in(
            &folder("CARGO_MANIFEST_DIR")?,
            &folder("OUT_DIR")?,
            &mut stdout,
        )?;
        stdout.flush().map_err(Kind::Cargo)?;
        Ok(())
    }

    fn run_in(&self, package: &Path, out: &Path, cargo: &mut dyn Write) -> Result<(), Kind> {
        let file = out.join(relative(&self.file_name).map_err(Kind::Write)?);
        // Cargo starts build scripts in the package, where the path as it was given makes the shortest messages.
        let here = env::current_dir().is_ok_and(|folder| folder == package);
        let spec = if here {
            self.spec.clone()
        } else {
            package.join(&self.spec)
        };
        let compilation = match compile(&spec) {
            Ok(compilation) => compilation,
            Err(error) => {
                watch(cargo, &spec)?;
                return Err(Kind::Read(error));
            }
        };
        for path in &compilation.files {
            watch(cargo, path)?;
        }
        let report = &compilation.report;
        let Some(model) = compilation.models.first() else {
            return Err(Kind::Findings {
                spec,
                summary: report.summary(),
                findings: human::render(report, false),
            });
        };
        warn(cargo, report)?;
        write_if_changed(&file, targets::rust::render(model).as_bytes()).map_err(Kind::Write)?;
        Ok(())
    }
}

/// Has cargo run the script again when this file changes.
fn watch(cargo: &mut dyn Write, path: &Path) -> Result<(), Kind> {
    let path = path.display().to_string();
    if path.contains(char::is_control) {
        return Ok(()); // a line break would begin another instruction
    }
    writeln!(cargo, "cargo::rerun-if-changed={path}").map_err(Kind::Cargo)
}

fn warn(cargo: &mut dyn Write, report: &Report) -> Result<(), Kind> {
    for finding in &report.findings {
        if finding.severity == Severity::Warning {
            let file = report.sources.file(finding.location.file);
            let (line, column) = file.line_column(finding.location.range.start);
            let text = one_line(&format!(
                "{}:{line}:{column}: {} [{}]",
                file.name, finding.message, finding.code
            ));
            writeln!(cargo, "cargo::warning={text}").map_err(Kind::Cargo)?;
        }
    }
    Ok(())
}

/// Cargo reads line by line: what came from a spec must not begin a line of its own.
fn one_line(text: &str) -> String {
    text.replace(char::is_control, " ")
}

/// The build script failed.
///
/// `Debug` gives the same text as `Display`, since that is what cargo shows of an error that `main` returns.
pub struct BuildError(Kind);

enum Kind {
    /// This variable of cargo is not there.
    NoBuildScript(&'static str),
    Read(ReadError),
    Findings {
        spec: PathBuf,
        summary: String,
        findings: String,
    },
    Write(artifacts::Error),
    /// Cargo does not listen.
    Cargo(io::Error),
}

impl From<Kind> for BuildError {
    fn from(kind: Kind) -> Self {
        Self(kind)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::NoBuildScript(variable) => write!(
                f,
                "cargo has not set {variable}: this is meant to run in a build script"
            ),
            Kind::Read(error) => {
                write!(f, "{error}")?;
                if error.error.kind() == io::ErrorKind::NotFound && error.path.is_relative() {
                    f.write_str(" (the path is relative to the folder of Cargo.toml)")?;
                }
                Ok(())
            }
            Kind::Findings {
                spec,
                summary,
                findings,
            } => write!(
                f,
                "{}: {summary}\n\n{}",
                spec.display(),
                findings.trim_end()
            ),
            Kind::Write(error) => write!(f, "{error}"),
            Kind::Cargo(error) => write!(f, "cannot print cargo's instructions: {error}"),
        }
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            Kind::Read(error) => error.source(),
            Kind::Write(error) => error.source(),
            Kind::Cargo(error) => Some(error),
            Kind::NoBuildScript(_) | Kind::Findings { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Diagnostic;
    use crate::spec::{Location, Sources};

    fn run(spec: &str) -> (String, Result<(), Kind>) {
        let mut cargo = Vec::new();
        let package = Path::new("/no/such/package");
        let result =
            Builder::new()
                .spec(spec)
                .run_in(package, Path::new("/no/such/out"), &mut cargo);
        (String::from_utf8(cargo).expect("UTF-8"), result)
    }

    #[test]
    fn a_spec_that_is_not_there_is_watched_for() {
        let (cargo, result) = run("spec/monospec.yaml");
        assert_eq!(
            cargo,
            "cargo::rerun-if-changed=/no/such/package/spec/monospec.yaml\n"
        );
        let error = BuildError(result.expect_err("not there"));
        assert!(
            error
                .to_string()
                .starts_with("cannot read /no/such/package/spec/monospec.yaml: ")
        );
    }

    #[test]
    fn a_path_cannot_give_cargo_an_instruction() {
        let (cargo, _) = run("a\ncargo::rustc-cfg=evil");
        assert_eq!(cargo, "");
    }

    #[test]
    fn errors_are_shown_as_they_are_and_every_file_is_watched() {
        let folder = env::temp_dir().join(format!("monospec-builder-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(
            folder.join("a.yaml"),
            "monospec: 1\ninclude: [b.yaml, gone.yaml]\n",
        )
        .expect("a spec");
        std::fs::write(folder.join("b.yaml"), "monospec: 1\nnonsense: \"x\"\n").expect("a spec");
        let mut cargo = Vec::new();
        let result = Builder::new()
            .spec("a.yaml")
            .run_in(&folder, &folder.join("out"), &mut cargo);
        let cargo = String::from_utf8(cargo).expect("UTF-8");
        let watched: Vec<String> = ["a.yaml", "b.yaml", "gone.yaml"]
            .iter()
            .map(|name| format!("cargo::rerun-if-changed={}", folder.join(name).display()))
            .collect();
        let written = folder.join("out").exists();
        std::fs::remove_dir_all(&folder).expect("removed");
        assert_eq!(cargo.lines().collect::<Vec<_>>(), watched);
        assert!(!written);
        let shown = format!("{:?}", BuildError(result.expect_err("a spec with errors")));
        assert!(shown.contains("b.yaml:2:1\n"), "{shown}");
        assert!(shown.contains("\nerror["), "{shown}");
        assert!(
            !shown.contains('\u{1b}') && !shown.contains("\\n"),
            "{shown}"
        );
    }

    #[test]
    fn a_warning_is_one_line_of_cargos() {
        let mut sources = Sources::default();
        let file = sources.add("spec/monospec.yaml", "a: 1\nb: 2\n");
        let warning = Diagnostic {
            code: "some-code",
            severity: Severity::Warning,
            message: "two\r\ncargo::rustc-cfg=evil\u{1b}[0m lines".to_owned(),
            location: Location { file, range: 8..9 },
            label: String::new(),
            related: Vec::new(),
            help: None,
            replacement: None,
        };
        let report = Report {
            sources,
            findings: vec![warning],
        };
        let mut cargo = Vec::new();
        assert!(warn(&mut cargo, &report).is_ok());
        assert_eq!(
            String::from_utf8(cargo).expect("UTF-8"),
            "cargo::warning=spec/monospec.yaml:2:4: two  cargo::rustc-cfg=evil [0m lines [some-code]\n"
        );
    }

    #[test]
    fn the_file_stays_in_cargos_folder() {
        let result = Builder::new().file_name("../metrics.rs").run_in(
            Path::new(""),
            Path::new(""),
            &mut Vec::new(),
        );
        assert!(matches!(
            result,
            Err(Kind::Write(artifacts::Error::Outside(_)))
        ));
    }
}
