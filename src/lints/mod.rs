//! Lints: what is allowed and seldom meant. One file a lint, one line in the table.
//!
//! The spec sets how much a lint weighs (`lints:`), and an item can be excused with a reason (`allow:`).

mod counter_suffix;
#[cfg(feature = "monitoring")]
mod critical_without_runbook;
#[cfg(feature = "monitoring")]
mod expressions;
#[cfg(feature = "monitoring")]
mod idle_route;
mod inline_secret;
mod many_series;
mod negative_bucket;
#[cfg(feature = "monitoring")]
mod no_alertmanager;
mod reserved_suffix;
#[cfg(feature = "monitoring")]
mod short_hold;
#[cfg(feature = "monitoring")]
mod unreachable_burn_rate;
#[cfg(feature = "monitoring")]
mod untested_alert;
#[cfg(feature = "monitoring")]
mod unused_receiver;

use crate::diagnostics::{Finding, Findings, Severity};
use crate::model::Model;
#[cfg(feature = "monitoring")]
use crate::model::typing::Typed;
use crate::spec::Place;
use crate::spec::document::{Dict, Document, LintLevel};
use crate::suggest;

/// A lint.
pub struct Lint {
    /// Its name, which is the code of its findings.
    pub name: &'static str,
    /// How much it weighs unless the spec says otherwise.
    pub level: LintLevel,
    /// What it is about, in a sentence.
    pub about: &'static str,
    check: Check,
}

/// What a lint looks at.
enum Check {
    /// The whole model.
    Model(fn(&Model, &mut Reporter<'_>)),
    /// Each expression that was written by hand.
    #[cfg(feature = "monitoring")]
    Expression(fn(&Typed<'_>, &mut Reporter<'_>)),
}

/// Every lint: those of what is declared, then those of expressions.
pub fn all() -> impl Iterator<Item = &'static Lint> {
    #[cfg(feature = "monitoring")]
    let of_expressions = expressions::LINTS;
    #[cfg(not(feature = "monitoring"))]
    let of_expressions: &[Lint] = &[];
    LINTS.iter().chain(of_expressions)
}

/// Lints of what is declared.
const LINTS: &[Lint] = &[
    counter_suffix::LINT,
    #[cfg(feature = "monitoring")]
    critical_without_runbook::LINT,
    #[cfg(feature = "monitoring")]
    idle_route::LINT,
    inline_secret::LINT,
    many_series::LINT,
    negative_bucket::LINT,
    #[cfg(feature = "monitoring")]
    no_alertmanager::LINT,
    reserved_suffix::LINT,
    #[cfg(feature = "monitoring")]
    short_hold::LINT,
    #[cfg(feature = "monitoring")]
    unreachable_burn_rate::LINT,
    #[cfg(feature = "monitoring")]
    untested_alert::LINT,
    #[cfg(feature = "monitoring")]
    unused_receiver::LINT,
];

/// Runs every lint that is not allowed.
pub(crate) fn run(document: &Document, model: &Model, findings: &mut Findings) {
    check_names(document, findings);
    let weighed: Vec<(&Lint, Severity)> = all()
        .filter_map(|lint| Some((lint, severity(lint, document)?)))
        .collect();
    for (lint, severity) in &weighed {
        match lint.check {
            Check::Model(check) => check(model, &mut Reporter::new(lint, *severity, findings)),
            #[cfg(feature = "monitoring")]
            Check::Expression(_) => {}
        }
    }
    // Types are found once for all lints.
    #[cfg(feature = "monitoring")]
    for expression in &model.monitoring.expressions {
        let typed = Typed::of(expression, &model.catalogue);
        for (lint, severity) in &weighed {
            if let Check::Expression(check) = lint.check {
                check(&typed, &mut Reporter::new(lint, *severity, findings));
            }
        }
    }
}

/// How much a lint weighs in a spec; nothing if it is allowed.
fn severity(lint: &Lint, document: &Document) -> Option<Severity> {
    let written = document.lints.iter().find(|(name, _)| *name == lint.name);
    match written.map_or(lint.level, |(_, level)| *level) {
        LintLevel::Allow => None,
        LintLevel::Warn => Some(Severity::Warning),
        LintLevel::Deny => Some(Severity::Error),
    }
}

/// Where a lint says what it found.
struct Reporter<'a> {
    lint: &'static str,
    severity: Severity,
    findings: &'a mut Findings,
}

impl<'a> Reporter<'a> {
    fn new(lint: &Lint, severity: Severity, findings: &'a mut Findings) -> Self {
        Self {
            lint: lint.name,
            severity,
            findings,
        }
    }

    /// Reports something about an item, unless the item is excused.
    fn report(&mut self, allowed: &[String], place: Place, message: String, help: &str) {
        self.report_with(allowed, place, message, help, None);
    }

    /// Does the same, and points at what belongs to it.
    fn report_with(
        &mut self,
        allowed: &[String],
        place: Place,
        message: String,
        help: &str,
        related: Option<(Place, &str)>,
    ) {
        if allowed.iter().any(|name| name == self.lint) {
            return;
        }
        let mut finding = Finding {
            severity: self.severity,
            ..Finding::error(self.lint, place, message)
        };
        if let Some((place, label)) = related {
            finding = finding.related(place, label);
        }
        self.findings.push(finding.help(help));
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
    for (name, slo) in document.slos.iter() {
        excused.push((&slo.allow, root.child("slos").child(name)));
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
    let known = || all().map(|lint| lint.name);
    // A build without PromQL does not know all of them, and leaves this to the command.
    if cfg!(not(feature = "monitoring")) || known().any(|lint| lint == name) {
        return;
    }
    let mut names: Vec<&str> = known().collect();
    names.sort_unstable();
    let near = suggest::nearest(name, known());
    let finding =
        Finding::error("unknown-lint", at, format!("no lint is called `{name}`")).suggest(near);
    findings.push(match near {
        Some(_) => finding,
        None => finding.help(format!("there is {}", suggest::list(names))),
    });
}
