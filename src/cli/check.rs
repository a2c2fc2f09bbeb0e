//! `monospec check`.

use std::path::Path;

use clap::Args;

use super::diff::{self, unified};
use super::generate::no_artefacts;
use super::output::{BAD, Document, DriftEntry, Output};
use super::{Failure, Format, SpecArgument, Status, compile, generate_command, render};
use crate::artifacts::{Artifacts, Drift, DriftKind};
use crate::diagnostics::sarif::FileResult;
use crate::diagnostics::{Report, counted, github};
use crate::targets::TARGETS;

/// Check a spec, and that the committed artefacts are what it says; write nothing
///
/// Compares what `generate` would write with what is on the disk, and shows the difference: files that have other bytes,
/// files that are missing, and generated files that are no longer asked for.
#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  monospec check
  monospec check services/shop/spec/monospec.yaml
  monospec check --format github

Exit status:
  0  the spec has no error, and every artefact is what it says
  1  the spec has an error, or an artefact is not what the spec says
  2  the command could not run, or there is nothing to compare")]
pub(super) struct Arguments {
    #[command(flatten)]
    spec: SpecArgument,
}

pub(super) fn run(arguments: &Arguments, output: &mut Output) -> Result<Status, Failure> {
    let spec = arguments.spec.path()?;
    let compilation = compile(&spec, output)?;
    let report = &compilation.report;
    let Some(model) = compilation.models.first() else {
        output.findings(&spec, report, Some("nothing was compared"));
        print_drift(output, report, &[])?;
        output.sarif(report, &[])?;
        return Ok(Status::Found);
    };
    if !report.findings.is_empty() {
        output.findings(&spec, report, None);
    }
    let mut artifacts = Artifacts::default();
    for target in TARGETS {
        artifacts.extend(render(&compilation.models, target, output));
    }
    if artifacts.is_empty() {
        return Err(no_artefacts());
    }
    let root = &compilation.root;
    output.stage("comparing");
    let drift = artifacts.compare(root, &model.mark)?;
    let mending = format!("run `{}`", generate_command(&spec));
    match output.format {
        Format::Json => print_drift(output, report, &drift)?,
        Format::Github => {
            for file in &drift {
                let path = root.join(&file.path).display().to_string();
                let message = format!("{path} {}\n{mending}", in_words(file.kind));
                output.out(&github::error(Some(&path), "drift", &message));
            }
        }
        Format::Sarif => {
            let files: Vec<FileResult> = drift
                .iter()
                .map(|file| FileResult {
                    code: "drift",
                    path: root.join(&file.path).display().to_string(),
                    message: format!("{} {}; {mending}", file.path, in_words(file.kind)),
                })
                .collect();
            output.sarif(report, &files)?;
        }
        Format::Human if drift.is_empty() => {
            let verb = if artifacts.len() == 1 { "is" } else { "are" };
            let count = counted(artifacts.len(), "artefact");
            output.out(&format!("{count} {verb} up to date\n"));
        }
        Format::Human => {
            for file in &drift {
                output.out(&for_people(root, file));
            }
            let count = match drift.len() {
                1 => "1 file is".to_owned(),
                many => format!("{many} files are"),
            };
            let message = format!("{count} not what {} says", spec.display());
            output.error(&message, mending);
        }
    }
    Ok(if drift.is_empty() {
        Status::Fine
    } else {
        Status::Found
    })
}

fn in_words(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "is missing",
        DriftKind::Differs => "differs",
        DriftKind::Foreign => {
            "differs and was not generated from this spec: it is overwritten only with `--force`"
        }
        DriftKind::Orphan => "is no longer asked for",
    }
}

fn print_drift(output: &mut Output, report: &Report, drift: &[Drift]) -> Result<(), Failure> {
    if output.format != Format::Json {
        return Ok(());
    }
    let mut document = Document::new(report);
    let entries = drift.iter().map(|file| DriftEntry {
        path: &file.path,
        kind: file.kind.as_str(),
        diff: sides(file).and_then(|(old, new)| unified(&file.path, old, new)),
    });
    document.drift = Some(entries.collect());
    output.json(&document)
}

/// The two texts of a file that exists and shall exist.
fn sides(drift: &Drift) -> Option<(&[u8], &[u8])> {
    Some((drift.old.as_deref()?, drift.new.as_deref()?))
}

fn for_people(root: &Path, drift: &Drift) -> String {
    let path = root.join(&drift.path).display().to_string();
    let mut text = format!("{BAD}{path}{BAD:#} {}\n", in_words(drift.kind));
    if let Some((old, new)) = sides(drift) {
        match unified(&path, old, new) {
            Some(diff) => text.push_str(&diff::styled(&diff)),
            None => text.push_str("its bytes are not text, and are not shown\n"),
        }
        text.push('\n');
    }
    text
}
