//! Lints: what is allowed and seldom meant. One file a lint, one line in the table.
//!
//! The spec sets how much a lint weighs (`lints:`), and an item can be excused with a reason (`allow:`).

#[cfg(feature = "monitoring")]
mod base_unit;
#[cfg(feature = "monitoring")]
mod camel_case;
mod counter_suffix;
#[cfg(feature = "monitoring")]
mod critical_without_for;
#[cfg(feature = "monitoring")]
mod critical_without_runbook;
#[cfg(feature = "monitoring")]
mod duplicate_alert;
#[cfg(feature = "monitoring")]
mod empty_row;
#[cfg(feature = "monitoring")]
mod expressions;
#[cfg(feature = "monitoring")]
mod flag_expired;
#[cfg(feature = "monitoring")]
mod idle_route;
mod inline_secret;
#[cfg(feature = "monitoring")]
mod kubelet_certificate;
#[cfg(feature = "monitoring")]
mod label_in_name;
mod many_series;
#[cfg(feature = "monitoring")]
mod missing_help;
#[cfg(feature = "monitoring")]
mod missing_owner;
#[cfg(feature = "monitoring")]
mod missing_up_alert;
mod negative_bucket;
#[cfg(feature = "monitoring")]
mod no_alertmanager;
#[cfg(feature = "monitoring")]
mod no_counterpart;
#[cfg(feature = "monitoring")]
mod open_series;
mod reserved_suffix;
#[cfg(feature = "monitoring")]
mod shadowed_external_label;
#[cfg(feature = "monitoring")]
mod shared_runbook;
#[cfg(feature = "monitoring")]
mod short_for;
#[cfg(feature = "monitoring")]
mod total_series;
#[cfg(feature = "monitoring")]
mod type_in_name;
#[cfg(feature = "monitoring")]
mod unit_abbreviation;
#[cfg(feature = "monitoring")]
mod unqualified_host;
#[cfg(feature = "monitoring")]
mod unreachable_burn_rate;
#[cfg(feature = "monitoring")]
mod unscraped_service;
#[cfg(feature = "monitoring")]
mod untested_alert;
#[cfg(feature = "monitoring")]
mod unused_allow;
#[cfg(feature = "monitoring")]
mod unused_metric;
#[cfg(feature = "monitoring")]
mod unused_receiver;
#[cfg(feature = "monitoring")]
mod unused_signal;
#[cfg(feature = "monitoring")]
mod unused_variable;

use std::collections::HashSet;

use crate::diagnostics::{Finding, Findings, Severity};
use crate::model::Model;
#[cfg(feature = "monitoring")]
use crate::model::catalogue::Flag;
use crate::model::catalogue::Metric;
#[cfg(feature = "monitoring")]
use crate::model::monitoring::{Alert, Expression, SignalQuery};
#[cfg(feature = "monitoring")]
use crate::model::typing::Typed;
use crate::spec::Place;
#[cfg(feature = "monitoring")]
use crate::spec::document::Dict;
use crate::spec::document::{Document, LintLevel};
#[cfg(feature = "monitoring")]
use crate::suggest;

/// A lint.
pub struct Lint {
    /// Its name, which is the code of its findings.
    pub name: &'static str,
    /// How much it weighs unless the spec says otherwise.
    pub level: LintLevel,
    check: Check,
}

/// What a lint looks at.
enum Check {
    /// The whole model.
    Model(fn(&Model, &mut Reporter<'_>)),
    /// Each expression that was written by hand.
    #[cfg(feature = "monitoring")]
    Expression(fn(&Typed<'_>, &mut Reporter<'_>)),
    /// The whole model, when all others have looked.
    #[cfg(feature = "monitoring")]
    Afterwards(fn(&Model, &mut Reporter<'_>)),
}

/// Every lint: those of what is declared, then those of expressions.
pub fn all() -> impl Iterator<Item = &'static Lint> {
    LINTS.iter().chain(of_expressions())
}

/// Lints of expressions that were written by hand.
pub fn of_expressions() -> &'static [Lint] {
    #[cfg(feature = "monitoring")]
    return expressions::LINTS;
    #[cfg(not(feature = "monitoring"))]
    return &[];
}

/// Lints of what is declared.
const LINTS: &[Lint] = &[
    #[cfg(feature = "monitoring")]
    base_unit::LINT,
    #[cfg(feature = "monitoring")]
    camel_case::LINT,
    counter_suffix::LINT,
    #[cfg(feature = "monitoring")]
    critical_without_for::LINT,
    #[cfg(feature = "monitoring")]
    critical_without_runbook::LINT,
    #[cfg(feature = "monitoring")]
    duplicate_alert::LINT,
    #[cfg(feature = "monitoring")]
    empty_row::LINT,
    #[cfg(feature = "monitoring")]
    flag_expired::LINT,
    #[cfg(feature = "monitoring")]
    idle_route::LINT,
    inline_secret::LINT,
    #[cfg(feature = "monitoring")]
    kubelet_certificate::LINT,
    #[cfg(feature = "monitoring")]
    label_in_name::LINT,
    many_series::LINT,
    #[cfg(feature = "monitoring")]
    missing_help::LINT,
    #[cfg(feature = "monitoring")]
    missing_owner::LINT,
    #[cfg(feature = "monitoring")]
    missing_up_alert::LINT,
    negative_bucket::LINT,
    #[cfg(feature = "monitoring")]
    no_alertmanager::LINT,
    #[cfg(feature = "monitoring")]
    no_counterpart::LINT,
    #[cfg(feature = "monitoring")]
    open_series::LINT,
    reserved_suffix::LINT,
    #[cfg(feature = "monitoring")]
    shadowed_external_label::LINT,
    #[cfg(feature = "monitoring")]
    shared_runbook::LINT,
    #[cfg(feature = "monitoring")]
    short_for::LINT,
    #[cfg(feature = "monitoring")]
    total_series::LINT,
    #[cfg(feature = "monitoring")]
    type_in_name::LINT,
    #[cfg(feature = "monitoring")]
    unit_abbreviation::LINT,
    #[cfg(feature = "monitoring")]
    unqualified_host::LINT,
    #[cfg(feature = "monitoring")]
    unreachable_burn_rate::LINT,
    #[cfg(feature = "monitoring")]
    unscraped_service::LINT,
    #[cfg(feature = "monitoring")]
    untested_alert::LINT,
    #[cfg(feature = "monitoring")]
    unused_metric::LINT,
    #[cfg(feature = "monitoring")]
    unused_receiver::LINT,
    #[cfg(feature = "monitoring")]
    unused_signal::LINT,
    #[cfg(feature = "monitoring")]
    unused_variable::LINT,
    #[cfg(feature = "monitoring")]
    unused_allow::LINT,
];

/// Runs every lint that is not allowed. `is_read` is whether nothing was wrong with the files.
pub(crate) fn run(document: &Document, model: &Model, is_read: bool, findings: &mut Findings) {
    // A build without monitoring does not have all lints; `check` knows them.
    #[cfg(feature = "monitoring")]
    check_names(document, findings);
    // Of what could not be read or resolved, nobody knows what it would have used.
    let is_whole = is_read && !findings.has_errors();
    let level = |lint: &Lint| {
        let written = document.lints.iter().find(|(name, _)| *name == lint.name);
        written.map_or(lint.level, |(_, level)| *level)
    };
    let off = all().filter(|lint| level(lint) == LintLevel::Allow);
    let off: Vec<&str> = off.map(|lint| lint.name).collect();
    let on = all().filter_map(|lint| {
        let severity = match level(lint) {
            LintLevel::Allow => return None,
            LintLevel::Warn => Severity::Warning,
            LintLevel::Deny => Severity::Error,
        };
        Some((lint, severity))
    });
    let on: Vec<(&Lint, Severity)> = on.collect();
    let mut reporter = Reporter {
        lint: "",
        severity: Severity::Warning,
        is_whole,
        off: &off,
        excused: HashSet::new(),
        findings,
    };
    for (lint, severity) in &on {
        match lint.check {
            Check::Model(check) => check(model, reporter.of(lint, *severity)),
            #[cfg(feature = "monitoring")]
            Check::Expression(_) | Check::Afterwards(_) => {}
        }
    }
    #[cfg(feature = "monitoring")]
    {
        // Types are found once for all lints.
        for expression in &model.monitoring.expressions {
            let typed = Typed::of(expression, &model.catalogue);
            for (lint, severity) in &on {
                if let Check::Expression(check) = lint.check {
                    check(&typed, reporter.of(lint, *severity));
                }
            }
        }
        for (lint, severity) in &on {
            if let Check::Afterwards(check) = lint.check {
                check(model, reporter.of(lint, *severity));
            }
        }
    }
}

/// Where a lint says what it found.
struct Reporter<'a> {
    lint: &'static str,
    severity: Severity,
    /// Whether everything that was written is in the model.
    #[cfg_attr(
        not(feature = "monitoring"),
        expect(dead_code, reason = "for lints about what is missing")
    )]
    is_whole: bool,
    /// Lints that do not run.
    #[cfg_attr(
        not(feature = "monitoring"),
        expect(dead_code, reason = "for the lint about excuses")
    )]
    off: &'a [&'static str],
    /// Which item was excused from which lint.
    excused: HashSet<(Place, &'static str)>,
    findings: &'a mut Findings,
}

impl Reporter<'_> {
    /// Reports for another lint from now on.
    fn of(&mut self, lint: &Lint, severity: Severity) -> &mut Self {
        self.lint = lint.name;
        self.severity = severity;
        self
    }

    /// Reports something about an item, unless the item is excused.
    fn about(&mut self, item: &dyn Item, place: Place, message: String, help: &str) {
        self.about_with(item, place, message, help, None);
    }

    /// Does the same, and points at what belongs to it.
    fn about_with(
        &mut self,
        item: &dyn Item,
        place: Place,
        message: String,
        help: &str,
        related: Option<(Place, &str)>,
    ) {
        if item.allow().iter().any(|name| name == self.lint) {
            self.excused.insert((item.origin(), self.lint));
            return;
        }
        self.report_with(place, message, help, related);
    }

    /// Reports something that is about no single item.
    fn report(&mut self, place: Place, message: String, help: &str) {
        self.report_with(place, message, help, None);
    }

    /// Does the same, and points at what belongs to it.
    fn report_with(
        &mut self,
        place: Place,
        message: String,
        help: &str,
        related: Option<(Place, &str)>,
    ) {
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

/// What can be excused from a lint.
trait Item {
    /// Lints that do not apply to it.
    fn allow(&self) -> &[String];
    /// Where it is declared.
    fn origin(&self) -> Place;
}

macro_rules! items {
    ($($(#[$meta:meta])* $type:ty)*) => {
        $($(#[$meta])* impl Item for $type {
            fn allow(&self) -> &[String] {
                &self.allow
            }

            fn origin(&self) -> Place {
                self.origin.clone()
            }
        })*
    };
}

items! {
    Metric
    #[cfg(feature = "monitoring")]
    Flag
    #[cfg(feature = "monitoring")]
    SignalQuery
    #[cfg(feature = "monitoring")]
    Alert
}

/// An expression is excused where it is a part of something: of an alert, of a signal.
#[cfg(feature = "monitoring")]
impl Item for Expression {
    fn allow(&self) -> &[String] {
        &self.allow
    }

    fn origin(&self) -> Place {
        self.origin.entry()
    }
}

/// Names of lints, under `lints:` and in every `allow:`, have to exist; an excuse needs a reason.
#[cfg(feature = "monitoring")]
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
    for (name, flag) in document.flags.iter() {
        excused.push((&flag.allow, root.child("flags").child(name)));
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

#[cfg(feature = "monitoring")]
fn check_name(name: &str, at: Place, findings: &mut Findings) {
    let known = || all().map(|lint| lint.name);
    if known().any(|lint| lint == name) {
        return;
    }
    let near = suggest::nearest(name, known());
    let finding =
        Finding::error("unknown-lint", at, format!("no lint is called `{name}`")).suggest(near);
    findings.push(match near {
        Some(_) => finding,
        None => finding.help("`monospec explain` lists all of them"),
    });
}
