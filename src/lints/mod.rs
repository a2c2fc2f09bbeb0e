//! Lints: what is allowed and seldom meant. One file a lint, one line in the table.
//!
//! The spec sets how much a lint weighs (`lints:`), and an item can be excused with a reason (`allow:`).

mod counter_suffix;
#[cfg(feature = "monitoring")]
mod critical_without_runbook;
mod inline_secret;
mod many_series;
mod negative_bucket;
mod reserved_suffix;

use crate::diagnostics::{Finding, Findings, Severity};
use crate::model::Model;
use crate::spec::Place;
use crate::spec::document::{Dict, Document, LintLevel};
use crate::suggest;

/// A lint.
pub struct Lint {
    /// Its name, which is the code of its findings.
    pub name: &'static str,
    /// How much it weighs unless the spec says otherwise.
    pub level: LintLevel,
    check: fn(&Model, &mut Reporter<'_>),
}

/// Every lint.
pub const LINTS: &[Lint] = &[
    counter_suffix::LINT,
    #[cfg(feature = "monitoring")]
    critical_without_runbook::LINT,
    inline_secret::LINT,
    many_series::LINT,
    negative_bucket::LINT,
    reserved_suffix::LINT,
];

/// The names of lints that need more of the model than this build has: known, and silent.
#[cfg(not(feature = "monitoring"))]
const SILENT: &[&str] = &["critical-without-runbook"];
#[cfg(feature = "monitoring")]
const SILENT: &[&str] = &[];

/// Runs every lint that is not allowed.
pub(crate) fn run(document: &Document, model: &Model, findings: &mut Findings) {
    check_names(document, findings);
    for lint in LINTS {
        let written = document.lints.iter().find(|(name, _)| *name == lint.name);
        let severity = match written.map_or(lint.level, |(_, level)| *level) {
            LintLevel::Allow => continue,
            LintLevel::Warn => Severity::Warning,
            LintLevel::Deny => Severity::Error,
        };
        let mut reporter = Reporter {
            lint: lint.name,
            severity,
            findings,
        };
        (lint.check)(model, &mut reporter);
    }
}

/// Where a lint says what it found.
struct Reporter<'a> {
    lint: &'static str,
    severity: Severity,
    findings: &'a mut Findings,
}

impl Reporter<'_> {
    /// Reports something about an item, unless the item is excused.
    fn report(&mut self, allowed: &[String], place: Place, message: String, help: &str) {
        if allowed.iter().any(|name| name == self.lint) {
            return;
        }
        self.findings.push(
            Finding {
                severity: self.severity,
                ..Finding::error(self.lint, place, message)
            }
            .help(help),
        );
    }
}

/// Names of lints, under `lints:` and in every `allow:`, have to exist; an excuse needs a reason.
fn check_names(document: &Document, findings: &mut Findings) {
    let root = Place::root();
    for (name, _) in document.lints.iter() {
        check_name(name, root.child("lints").child(name).key(), findings);
    }
    let mut excused: Vec<(&Dict<String>, Place)> = Vec::new();
    for (name, metric) in document.metrics.iter() {
        excused.push((&metric.allow, root.child("metrics").child(name)));
    }
    for (job, exporter) in document.exporters.iter() {
        let at = root.child("exporters").child(job).child("metrics");
        for (name, metric) in exporter.metrics.iter() {
            excused.push((&metric.allow, at.child(name)));
        }
    }
    for (name, signal) in document.signals.iter() {
        excused.push((&signal.allow, root.child("signals").child(name)));
    }
    for (name, alert) in document.alerts.iter() {
        excused.push((&alert.allow, root.child("alerts").child(name)));
    }
    for (allow, at) in excused {
        for (name, reason) in allow.iter() {
            let at = at.child("allow").child(name);
            check_name(name, at.key(), findings);
            if reason.trim().is_empty() {
                findings.push(
                    Finding::error("bad-value", at, "the reason is missing")
                        .help("say why it is meant here: who reads it next will ask"),
                );
            }
        }
    }
}

fn check_name(name: &str, at: Place, findings: &mut Findings) {
    let known = || {
        LINTS
            .iter()
            .map(|lint| lint.name)
            .chain(SILENT.iter().copied())
    };
    if known().any(|lint| lint == name) {
        return;
    }
    let near = suggest::nearest(name, known());
    let finding =
        Finding::error("unknown-lint", at, format!("no lint is called `{name}`")).suggest(near);
    findings.push(match near {
        Some(_) => finding,
        None => finding.help(format!("there is {}", suggest::list(known()))),
    });
}
