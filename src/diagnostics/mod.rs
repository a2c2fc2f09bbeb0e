//! Findings: what is wrong, where, why, and what would mend it.
//!
//! A stage of the compiler collects [`Finding`]s, which point at [`Place`]s of the spec. At the end of a run they are
//! located, sorted and become a [`Report`], which is rendered for people or for programs.

#[cfg(feature = "cli")]
pub mod codes;
#[cfg(feature = "monitoring")]
mod environments;
mod fix;
#[cfg(feature = "cli")]
pub mod github;
pub mod human;
#[cfg(feature = "monitoring")]
pub mod json;
mod look_alikes;
#[cfg(feature = "cli")]
pub mod mend;
#[cfg(feature = "cli")]
mod repository;
#[cfg(feature = "cli")]
pub mod sarif;

use std::fmt;

#[cfg(feature = "monitoring")]
pub(crate) use self::environments::joined;
pub use self::fix::Fix;
use crate::spec::{Location, Locator, Place, Sources, Spec};
use crate::suggest::Near;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is written.
    Error,
    /// Worth a look; artefacts are written all the same.
    Warning,
}

impl Severity {
    /// `error` or `warning`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something that was found, at a place of the spec.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// A word that one can look up.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// A few words under the marked text; may be empty.
    pub label: String,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Place, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// The one change of the marked text that mends it, if there is just one.
    pub fix: Option<Fix>,
}

impl Finding {
    /// An error.
    pub fn error(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            place,
            label: String::new(),
            related: Vec::new(),
            help: None,
            fix: None,
        }
    }

    /// A warning.
    pub fn warning(code: &'static str, place: Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, place, message)
        }
    }

    /// Words under the marked text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// What to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// `did you mean …?`, if there is something near; nothing else as near, and it can be put in place.
    #[must_use]
    pub(crate) fn suggest(mut self, near: Option<Near<'_, '_>>) -> Self {
        if let Some(near) = near {
            self.help = Some(format!("did you mean `{near}`?"));
            self.fix = near.alone.then(|| Fix::Rename {
                from: near.word.to_owned(),
                to: near.name.to_owned(),
            });
        }
        self
    }

    /// Another place that belongs to it.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push((place, label.into()));
        self
    }
}

/// Findings as they are collected.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    list: Vec<Finding>,
}

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.list.push(finding);
    }

    /// Adds several.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.list.extend(findings);
    }

    /// Says some of them differently.
    pub(crate) fn change(&mut self, change: impl FnMut(&mut Finding)) {
        self.list.iter_mut().for_each(change);
    }

    /// Takes back what does not hold.
    pub(crate) fn retain(&mut self, holds: impl FnMut(&Finding) -> bool) {
        self.list.retain(holds);
    }

    /// Whether one of them is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|f| f.severity == Severity::Error)
    }

    /// The findings themselves, in the order in which they were made.
    pub(crate) fn into_iter(self) -> impl Iterator<Item = Finding> {
        self.list.into_iter()
    }

    /// Every finding, in the order in which it was made.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.list.iter()
    }

    /// Locates them.
    pub(crate) fn located(self, spec: &Spec) -> Vec<Diagnostic> {
        let mut locator = Locator::new(spec);
        self.list
            .into_iter()
            .map(|finding| {
                let location = locator.locate(&finding.place);
                let marked = spec.sources().text(&location);
                Diagnostic {
                    replacement: finding.fix.and_then(|fix| fix.of(marked)),
                    code: finding.code,
                    severity: finding.severity,
                    message: finding.message,
                    location,
                    label: finding.label,
                    related: finding
                        .related
                        .into_iter()
                        .map(|(place, label)| (locator.locate(&place), label))
                        .collect(),
                    help: finding.help,
                }
            })
            .map(|diagnostic| diagnostic.seen_through(spec.sources()))
            .collect()
    }
}

/// A finding with its place in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// A word that one can look up.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// Where.
    pub location: Location,
    /// A few words under the marked text; may be empty.
    pub label: String,
    /// Other places that belong to it, each with a few words.
    pub related: Vec<(Location, String)>,
    /// What to do about it.
    pub help: Option<String>,
    /// What the marked text has to become, where there is just one way to mend it.
    pub replacement: Option<String>,
}

impl Diagnostic {
    /// With a word about the marked name, if it only looks like what is meant.
    fn seen_through(mut self, sources: &Sources) -> Self {
        let is_about_a_name =
            matches!(self.code, "bad-name" | "promql-syntax") || self.code.starts_with("unknown-");
        let name = sources.text(&self.location);
        if is_about_a_name && let Some(words) = look_alikes::explain(name) {
            self.label = match self.label.as_str() {
                "" => words,
                label => format!("{words}; {label}"),
            };
        }
        self
    }

    /// By what it is the same as another: it says the same of the same place.
    fn identity(&self) -> (Location, &'static str, String) {
        (self.location.clone(), self.code, self.message.clone())
    }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// All findings of a run, in the order of the files, and the texts they point into.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The texts.
    pub sources: Sources,
    /// The findings, sorted by place.
    pub findings: Vec<Diagnostic>,
}

impl Report {
    /// Sorts findings; what was found twice is kept once.
    pub(crate) fn of(mut findings: Vec<Diagnostic>, sources: Sources) -> Self {
        let order = |d: &Diagnostic| {
            let range = &d.location.range;
            (d.location.file, range.start, range.end, d.severity, d.code)
        };
        findings.sort_by(|a, b| order(a).cmp(&order(b)).then(a.message.cmp(&b.message)));
        // The same text, seen from several items, is one finding.
        findings.dedup_by(|a, b| a.identity() == b.identity());
        Self { sources, findings }
    }

    /// How many errors there are.
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many warnings there are.
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    /// How much was found, in words: `2 errors, 1 warning`, or `no findings`.
    pub fn summary(&self) -> String {
        let counts = [(self.errors(), "error"), (self.warnings(), "warning")];
        let words: Vec<String> = counts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        if words.is_empty() {
            return "no findings".to_owned();
        }
        words.join(", ")
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|f| f.severity == severity)
            .count()
    }
}
