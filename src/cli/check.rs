//! `monospec check`.

use std::path::{Path, PathBuf};

use clap::Args;

use super::diff::{self, unified};
use super::generate::no_artefacts;
use super::output::{BAD, Document, DriftEntry, Output};
use super::{Failure, Format, SpecArgument, Status, compile, generate_command, pasteable, render};
use crate::artifacts::{Artifacts, Drift, DriftKind};
use crate::diagnostics::sarif::FileResult;
use crate::diagnostics::{Report, counted, github};
use crate::targets::TARGETS;

/// Check a spec, and that the committed artefacts are what it says; write nothing
///
/// Compares what `generate` would write with what is on the disk, and shows the difference: files that have other bytes,
/// files that are missing, and generated files that are no longer asked for. Where git tracks the spec, it has to track them, too:
/// otherwise a clone would not have them.
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
    let mut drift = artifacts.compare(root, &model.mark)?;
    drift.extend(artifacts.untracked(root, &spec));
    drift.sort_by(|a, b| a.path.cmp(&b.path));
    let mending = |kind, path: &Path| format!("run `{}`", mending(kind, &spec, path));
    match output.format {
        Format::Json => print_drift(output, report, &drift)?,
        Format::Github => {
            for file in &drift {
                let path = root.join(&file.path).display().to_string();
                let mending = mending(file.kind, &root.join(&file.path));
                let message = format!("{path} {}\n{mending}", in_words(file.kind));
                output.out(&github::error(Some(&path), "drift", &message));
            }
        }
        Format::Sarif => {
            let files: Vec<FileResult> = drift
                .iter()
                .map(|file| {
                    let path = root.join(&file.path);
                    let mending = mending(file.kind, &path);
                    FileResult {
                        code: "drift",
                        path: path.display().to_string(),
                        message: format!("{} {}; {mending}", file.path, in_words(file.kind)),
                    }
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
            summary(&drift, root, &spec, output);
        }
    }
    Ok(if drift.is_empty() {
        Status::Fine
    } else {
        Status::Found
    })
}

/// How many files there are of each kind of drift, and what mends them.
fn summary(drift: &[Drift], root: &Path, spec: &Path, output: &mut Output) {
    let of = |kinds: &[DriftKind]| -> Vec<PathBuf> {
        let files = drift.iter().filter(|file| kinds.contains(&file.kind));
        files.map(|file| root.join(&file.path)).collect()
    };
    let told = |count| match count {
        1 => "1 file is".to_owned(),
        many => format!("{many} files are"),
    };
    let foreign = of(&[DriftKind::Foreign]);
    let others = of(&[DriftKind::Missing, DriftKind::Differs, DriftKind::Orphan]);
    let changed = foreign.len() + others.len();
    if changed > 0 {
        let kind = if foreign.is_empty() {
            DriftKind::Differs
        } else {
            DriftKind::Foreign
        };
        let message = format!("{} not what {} says", told(changed), spec.display());
        output.error(&message, format!("run `{}`", mending(kind, spec, root)));
    }
    for (kind, why) in [
        (DriftKind::Untracked, "not tracked"),
        (DriftKind::Ignored, "ignored"),
    ] {
        let files = of(&[kind]);
        if !files.is_empty() {
            let message = format!(
                "{} {why} by git, and would be missing in a clone",
                told(files.len())
            );
            let mut command = git_add(kind).to_owned();
            for file in &files {
                command.push_str(&format!(" {}", pasteable(file)));
            }
            output.error(&message, format!("run `{command}`"));
        }
    }
}

/// The command that mends one kind of drift.
fn mending(kind: DriftKind, spec: &Path, path: &Path) -> String {
    match kind {
        DriftKind::Missing | DriftKind::Differs | DriftKind::Orphan => generate_command(spec),
        DriftKind::Foreign => format!("{} --force", generate_command(spec)),
        DriftKind::Untracked | DriftKind::Ignored => {
            format!("{} {}", git_add(kind), pasteable(path))
        }
    }
}

fn git_add(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Ignored => "git add --force",
        _ => "git add",
    }
}

fn in_words(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "is missing",
        DriftKind::Differs => "differs",
        DriftKind::Foreign => {
            "differs and was not generated from this spec: it is overwritten only with `--force`"
        }
        DriftKind::Orphan => "is no longer asked for",
        DriftKind::Untracked => "is not tracked by git",
        DriftKind::Ignored => "is ignored by git",
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
