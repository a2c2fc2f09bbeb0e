//! `monospec init`.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use super::cargo;
use super::output::{Document, FileEntry, GOOD, Output, STRONG};
use super::{DEFAULT_SPECS, Failure, Format, Status};
use crate::artifacts::{Artifacts, WriteOptions};
use crate::diagnostics::Report;
use crate::model::names::is_service_name;
use crate::project;

/// Write a first spec
///
/// Writes spec/monospec.yaml, a spec that compiles: a service with HTTP metrics, a cache, a flag, a health check and alerts, every
/// part explained by a comment. The service gets the name of the folder, or that of the package.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec init
  monospec init services/shop --from-cargo

Exit status:
  0  the spec was written
  2  the command could not run: there is a spec already, cargo knows no package, a failed write")]
pub(super) struct Arguments {
    /// The folder of the project; it is made if it does not exist
    #[arg(value_name = "DIR", default_value = ".", hide_default_value = true)]
    folder: PathBuf,

    /// Take name and description from the package in the folder
    #[arg(long)]
    from_cargo: bool,

    /// Overwrite a spec
    #[arg(long)]
    force: bool,
}

/// A spec as it is for every service, but for the next two lines.
const TEMPLATE: &str = include_str!("../../templates/init/monospec.yaml");
const NAME: &str = "  name: my-service ";
const DESCRIPTION: &str = "  # description: What it does, in a sentence\n";

/// The service, where nothing has a name that a service may have.
const UNNAMED: &str = "my-service";

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let folder = match arguments.folder.strip_prefix(".") {
        Ok(below) => below,
        Err(_) => &arguments.folder,
    };
    if !arguments.force {
        refuse_existing(folder)?;
    }
    let text = if arguments.from_cargo {
        let package = cargo::package(folder)?;
        if !is_service_name(&package.name) {
            let message = format!(
                "the package `{}` has a name that a service cannot have",
                package.name
            );
            return Err(Failure::new(message)
                .help("leave `--from-cargo` out, and set `service.name` in the spec"));
        }
        spec(&package.name, package.description.as_deref())?
    } else {
        spec(&folder_name(&arguments.folder), None)?
    };
    let [path, _] = DEFAULT_SPECS;
    let mut files = Artifacts::default();
    files.insert(path, text);
    let (_, mark) = project(&folder.join(path));
    let options = WriteOptions {
        force: true,
        remove_orphans: false,
    };
    let changes = files.write(folder, &mark, options)?;
    match output.format {
        Format::Json => {
            let report = Report::default();
            let mut document = Document::new(&report);
            let files = changes.iter().map(|change| FileEntry {
                path: &change.path,
                change: change.kind.as_str(),
            });
            document.files = Some(files.collect());
            output.json(&document)?;
        }
        Format::Human | Format::Github | Format::Sarif => {
            for change in &changes {
                let (word, path) = (change.kind.as_str(), folder.join(&change.path));
                output.out(&format!("{GOOD}{word}{GOOD:#}  {}\n", path.display()));
            }
            output.out(&next(folder));
        }
    }
    Ok(Status::Fine)
}

/// A spec that is there already, in one of the places where it is looked for.
fn refuse_existing(folder: &Path) -> Result<(), Failure> {
    let is_there = |path: &PathBuf| fs::symlink_metadata(path).is_ok();
    match DEFAULT_SPECS
        .map(|spec| folder.join(spec))
        .iter()
        .find(|path| is_there(path))
    {
        None => Ok(()),
        Some(path) => {
            let [new, _] = DEFAULT_SPECS.map(|spec| folder.join(spec));
            let help = if *path == new {
                "`--force` overwrites it".to_owned()
            } else {
                format!(
                    "`--force` writes {} beside it, which is then found first",
                    new.display()
                )
            };
            Err(Failure::new(format!("there is a spec already: {}", path.display())).help(help))
        }
    }
}

/// The name of a folder, if a service can have it.
fn folder_name(folder: &Path) -> String {
    let full = fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
    full.ok()
        .as_deref()
        .and_then(Path::file_name)
        .and_then(|name| name.to_str())
        .filter(|name| is_service_name(name))
        .unwrap_or(UNNAMED)
        .to_owned()
}

/// The spec of a service.
fn spec(name: &str, description: Option<&str>) -> Result<String, Failure> {
    let unwritable =
        |error: &dyn std::fmt::Display| Failure::new(format!("cannot write YAML: {error}"));
    // Quoted where YAML would take it for something else than a string: `2048`, `on`.
    let name = serde_saphyr::to_string(&name).map_err(|error| unwritable(&error))?;
    let text = TEMPLATE.replacen(NAME, &format!("  name: {} ", name.trim_end()), 1);
    let words: Vec<&str> = description.unwrap_or_default().split_whitespace().collect();
    if words.is_empty() {
        return Ok(text);
    }
    // A string of JSON is one of YAML.
    let description =
        serde_json::to_string(&words.join(" ")).map_err(|error| unwritable(&error))?;
    Ok(text.replacen(DESCRIPTION, &format!("  description: {description}\n"), 1))
}

/// What to do with the spec.
fn next(folder: &Path) -> String {
    let change = match folder.as_os_str().is_empty() {
        true => String::new(),
        false => format!(", in {}", folder.display()),
    };
    format!(
        "
{STRONG}Next{STRONG:#}{change}
  monospec generate    writes prometheus.yml, alerts.yml and a dashboard to generated/
  monospec check       says in CI whether they are what the spec says

{STRONG}To record the metrics{STRONG:#}, in Cargo.toml, with the way to your clone of monospec
  [dependencies]
  monospec-runtime = {{ path = \"../monospec/runtime\", features = [\"axum\", \"health\"] }}

  [build-dependencies]
  monospec = {{ path = \"../monospec\", default-features = false }}

and in build.rs, whose code `include!(concat!(env!(\"OUT_DIR\"), \"/metrics.rs\"))` brings into the service
  fn main() -> Result<(), monospec::BuildError> {{
      monospec::build(\"spec/monospec.yaml\")
  }}

Every key of the language is in docs/reference.md of monospec; the tour in its README says what comes of them.
",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_has_what_is_replaced() {
        for line in [NAME, DESCRIPTION] {
            assert_eq!(TEMPLATE.matches(line).count(), 1, "{line}");
        }
        assert_eq!(TEMPLATE.matches(UNNAMED).count(), 1);
    }
}
