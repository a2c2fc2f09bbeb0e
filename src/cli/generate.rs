//! `monospec generate`.

use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::output::{BAD, Document, FileEntry, GOOD, Output};
use super::{Failure, Format, SpecArgument, Status, compile, render};
use crate::artifacts::{Artifacts, Change, ChangeKind, WriteOptions};
use crate::diagnostics::{Report, counted};
use crate::model::Model;
use crate::targets::TARGETS;

/// Write the artefacts of a spec
///
/// Checks a spec and writes what it compiles into, to the paths that `outputs:` names. They are relative to the folder that
/// holds `spec/`, or to the spec's own folder. A spec with an error writes nothing. A file is replaced only when its bytes
/// change.
///
/// monospec owns the files that carry its mark and the name of the spec. It does not overwrite others, and removes its own
/// that are no longer asked for from the folders of the artefacts.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec generate
  monospec generate services/shop/spec/monospec.yaml
  monospec generate --only prometheus,alerts
  monospec generate --out-dir build/monitoring

Exit status:
  0  every artefact is what the spec says
  1  the spec has an error; nothing was written
  2  the command could not run: wrong usage, a file that may not be overwritten, a failed write")]
pub(super) struct Arguments {
    #[command(flatten)]
    spec: SpecArgument,

    /// Write these targets only, and remove nothing
    #[arg(
        long,
        value_name = "TARGETS",
        value_delimiter = ',',
        value_parser = PossibleValuesParser::new(TARGETS.iter().map(|target| target.name)),
    )]
    only: Vec<String>,

    /// Write below this folder instead of the project's
    #[arg(long, value_name = "DIR")]
    out_dir: Option<PathBuf>,

    /// Overwrite files that were not generated from this spec
    #[arg(long)]
    force: bool,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let spec = arguments.spec.path()?;
    let compilation = compile(&spec, output)?;
    let report = &compilation.report;
    let Some(model) = compilation.models.first() else {
        output.findings(&spec, report, Some("nothing was written"));
        print_files(output, report, &[])?;
        output.sarif(report, &[])?;
        return Ok(Status::Found);
    };
    if !report.findings.is_empty() {
        output.findings(&spec, report, None);
    }
    let artifacts = artifacts(&compilation.models, &arguments.only, output)?;
    let root = arguments.out_dir.as_ref().unwrap_or(&compilation.root);
    let options = WriteOptions {
        force: arguments.force,
        remove_orphans: arguments.only.is_empty(),
    };
    let changes = artifacts.write_telling(root, &model.mark, options, &mut |file, files| {
        output.stage(&format!("writing {file} of {files}"));
    })?;
    if output.format == Format::Human {
        output.out(&for_people(root, &changes));
    }
    print_files(output, report, &changes)?;
    output.sarif(report, &[])?;
    Ok(Status::Fine)
}

fn artifacts(models: &[Model], only: &[String], output: &mut Output) -> Result<Artifacts, Failure> {
    let mut artifacts = Artifacts::default();
    for target in TARGETS {
        if only.is_empty() {
            artifacts.extend(render(models, target, output));
        } else if only.iter().any(|name| name == target.name) {
            let part = render(models, target, output);
            if part.is_empty() {
                let name = target.name;
                return Err(Failure::new(format!(
                    "the spec asks for no file of the target `{name}`"
                ))
                .help(format!("set `outputs.{name}` to the path where it goes")));
            }
            artifacts.extend(part);
        }
    }
    if artifacts.is_empty() {
        return Err(no_artefacts());
    }
    Ok(artifacts)
}

/// There is nothing to write or to compare, which is no success.
pub(super) fn no_artefacts() -> Failure {
    Failure::new("the spec asks for no artefact: every one of its outputs is off")
        .help("give one of the keys below `outputs:` a path")
}

fn print_files(output: &mut Output, report: &Report, changes: &[Change]) -> Result<(), Failure> {
    if output.format != Format::Json {
        return Ok(());
    }
    let mut document = Document::new(report);
    let files = changes.iter().map(|change| FileEntry {
        path: &change.path,
        change: change.kind.as_str(),
    });
    document.files = Some(files.collect());
    output.json(&document)
}

/// A line for every file that changed, and how many there are: `5 artefacts: 1 updated, 4 unchanged`.
fn for_people(root: &Path, changes: &[Change]) -> String {
    let mut text = String::new();
    for change in changes {
        let style = match change.kind {
            ChangeKind::Unchanged => continue,
            ChangeKind::Created | ChangeKind::Updated => GOOD,
            ChangeKind::Removed => BAD,
        };
        let path = root.join(&change.path);
        let word = change.kind.as_str();
        text.push_str(&format!("{style}{word}{style:#}  {}\n", path.display()));
    }
    let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let removed = count(ChangeKind::Removed);
    let kinds = [
        ChangeKind::Created,
        ChangeKind::Updated,
        ChangeKind::Unchanged,
    ];
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|kind| (count(kind), kind.as_str()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    text.push_str(&format!(
        "{}: {}",
        counted(changes.len() - removed, "artefact"),
        counts.join(", ")
    ));
    if removed > 0 {
        text.push_str(&format!("; {} removed", counted(removed, "orphan")));
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_told_and_counted() {
        let change = |path: &str, kind| Change {
            path: path.to_owned(),
            kind,
        };
        let changes = [
            change("g/a.yml", ChangeKind::Unchanged),
            change("g/b.yml", ChangeKind::Updated),
            change("g/c.yml", ChangeKind::Unchanged),
            change("g/d.yml", ChangeKind::Removed),
            change("g/e.yml", ChangeKind::Created),
        ];
        let text = for_people(Path::new("shop"), &changes);
        assert_eq!(
            anstream::adapter::strip_str(&text).to_string(),
            "updated  shop/g/b.yml\n\
             removed  shop/g/d.yml\n\
             created  shop/g/e.yml\n\
             4 artefacts: 1 created, 1 updated, 2 unchanged; 1 orphan removed\n"
        );
        assert_eq!(
            for_people(Path::new(""), &changes[..1]),
            "1 artefact: 1 unchanged\n"
        );
    }
}
