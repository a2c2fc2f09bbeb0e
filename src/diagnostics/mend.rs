//! Bringing the fixes of a report into the texts that they are for.

use std::collections::BTreeMap;

use super::{Diagnostic, Report};
use crate::spec::{self, FileId};

/// What mends a report, as far as it has just one way to be mended.
#[derive(Debug, Default)]
pub struct Mending<'r> {
    /// New texts of the files that change.
    pub texts: Vec<(FileId, String)>,
    /// The findings that are mended, in the order of their places.
    pub mended: Vec<&'r Diagnostic>,
    /// Findings whose fix would make another mistake, such as a key that is there twice.
    pub left: Vec<&'r Diagnostic>,
}

/// Applies the fixes of a report. Of two that overlap, the first; what is left is found again when the texts are read.
pub fn mend(report: &Report) -> Mending<'_> {
    let mut files: BTreeMap<FileId, Vec<&Diagnostic>> = BTreeMap::new();
    for finding in &report.findings {
        if finding.replacement.is_some() {
            let of_file = files.entry(finding.location.file).or_default();
            let start = finding.location.range.start;
            if of_file
                .last()
                .is_none_or(|last| last.location.range.end <= start)
            {
                of_file.push(finding);
            }
        }
    }
    let mut mending = Mending::default();
    for (file, mut findings) in files {
        let old = &report.sources.file(file).text;
        let errors = spec::syntax_errors(old);
        let is_sound = |text: &str| spec::syntax_errors(text) <= errors;
        let mut text = applied(old, &findings);
        if !is_sound(&text) {
            // Which of them it is shows when they are tried one by one.
            let mut sound: Vec<&Diagnostic> = Vec::new();
            for finding in findings {
                sound.push(finding);
                if !is_sound(&applied(old, &sound)) {
                    mending.left.extend(sound.pop());
                }
            }
            findings = sound;
            text = applied(old, &findings);
        }
        if !findings.is_empty() {
            mending.mended.extend(findings);
            mending.texts.push((file, text));
        }
    }
    mending
}

/// A text with the marked texts of these findings replaced; they are in the order of their places, and do not overlap.
fn applied(old: &str, findings: &[&Diagnostic]) -> String {
    let mut text = String::with_capacity(old.len());
    let mut at = 0;
    for finding in findings {
        let range = &finding.location.range;
        text.push_str(&old[at..range.start]);
        text.push_str(finding.replacement.as_deref().unwrap_or_default());
        at = range.end;
    }
    text + &old[at..]
}
