//! Mending a spec, for `lint --fix`.

use std::fs;
use std::mem::ManuallyDrop;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::output::Output;
use super::{Failure, compile};
use crate::Compilation;
use crate::artifacts;
use crate::diagnostics::Report;
use crate::diagnostics::mend::mend;

/// A mended spec can show what its mistakes have hidden; no spec hides mistakes deeper than this.
const ROUNDS: usize = 10;

/// What was mended.
#[derive(Debug, Serialize)]
pub(super) struct Mended {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
    pub(super) code: &'static str,
    pub(super) old: String,
    pub(super) new: String,
}

/// Mends what has just one way to be mended, and reads the spec again, until nothing of that kind is left. Says how many fixes were
/// left out because they would have made another mistake.
pub(super) fn run(
    spec: &Path,
    mut compilation: ManuallyDrop<Compilation>,
    output: &mut Output,
) -> Result<(ManuallyDrop<Compilation>, Vec<Mended>, usize), Failure> {
    let mut all = Vec::new();
    let mut left = 0;
    for _ in 0..ROUNDS {
        let mending = mend(&compilation.report);
        left = mending.left.len();
        if mending.texts.is_empty() {
            break;
        }
        let sources = &compilation.report.sources;
        let files: Vec<(PathBuf, Vec<u8>)> = mending
            .texts
            .into_iter()
            .map(|(file, text)| (PathBuf::from(&sources.file(file).name), text.into_bytes()))
            .collect();
        unchanged(&compilation.report, &files)?;
        all.extend(mending.mended.into_iter().map(|finding| {
            let file = sources.file(finding.location.file);
            let (line, column) = file.line_column(finding.location.range.start);
            Mended {
                file: file.name.clone(),
                line,
                column,
                code: finding.code,
                old: sources.text(&finding.location).to_owned(),
                new: finding.replacement.clone().unwrap_or_default(),
            }
        }));
        artifacts::replace_all(&files)?;
        compilation = compile(spec, output)?;
    }
    Ok((compilation, all, left))
}

/// Somebody may have saved a file since it was read: that is not overwritten.
fn unchanged(report: &Report, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Failure> {
    for (path, _) in files {
        let read = report.sources.files().iter();
        let mut read = read.filter(|file| Path::new(&file.name) == path);
        let now = fs::read(path).ok();
        if !read.any(|file| now.as_deref() == Some(file.text.as_bytes())) {
            let message = format!(
                "{} has changed since it was read: nothing was mended",
                path.display()
            );
            return Err(Failure::new(message).help("run it again"));
        }
    }
    Ok(())
}
