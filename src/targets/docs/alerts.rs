//! The page of an alert: what it means, what to do.

use std::collections::BTreeSet;

use super::book::{Book, INDEX};
use super::text::{self, Inline};
use super::words;
use crate::model::monitoring::{Alert, Rule, Severity};
use crate::model::proof::Firing;
use crate::model::signal::{Asked, Audience};
use crate::targets::template::{Safe, view};

/// Expressions longer than this are written on several lines, as in the rules.
const WIDTH: usize = 100;

view! {
    /// What the template of alerts inserts.
    pub(super) struct View {
        name: Inline,
        about: Inline,
        meaning: Vec<Inline>,
        examples: Vec<Inline>,
        several: bool,
        impact: Option<Safe>,
        facts: Vec<Inline>,
        rules: Vec<RuleView>,
        graphs: Option<Inline>,
        runbook: Option<Safe>,
        metrics: Vec<Inline>,
    }
}

view! {
    struct RuleView {
        severity: Inline,
        says: Inline,
        expression: Safe,
    }
}

impl View {
    pub(super) fn new(alert: &Alert, reads: &BTreeSet<usize>, book: &Book<'_>) -> Self {
        let catalogue = &book.model.catalogue;
        let rules = alert.rules.iter().enumerate();
        Self {
            name: Inline::text(&alert.name),
            about: about(alert, book),
            meaning: meaning(alert, book),
            examples: alert
                .rules
                .iter()
                .map(|rule| {
                    severity(rule.severity)
                        .and(": ")
                        .with(&example(alert, rule, book))
                })
                .collect(),
            several: alert.rules.len() > 1,
            impact: alert.impact.as_deref().map(text::section),
            facts: facts(alert, reads, book),
            rules: rules
                .map(|(index, rule)| RuleView {
                    severity: severity(rule.severity),
                    says: words::rule(alert, index, book),
                    expression: text::code_block("promql", &rule.query.pretty(WIDTH)),
                })
                .collect(),
            graphs: graphs(alert, book),
            runbook: alert.runbook.as_deref().map(text::section),
            metrics: reads
                .iter()
                .map(|index| {
                    let help = Inline::text(&catalogue.metrics[*index].help).sentence();
                    let metric = book.metric(*index);
                    match help.is_empty() {
                        true => metric,
                        false => metric.and(": ").with(&help),
                    }
                })
                .collect(),
        }
    }
}

pub(super) fn severity(severity: Severity) -> Inline {
    Inline::code(severity.as_str())
}

/// What one wants to know first, and where to look.
fn about(alert: &Alert, book: &Book<'_>) -> Inline {
    let service = &book.model.catalogue.service;
    let severities = alert
        .rules
        .iter()
        .rev()
        .map(|rule| severity(rule.severity).bold());
    let mut parts = vec![Inline::join(severities, ", ")];
    parts.push(Inline::words("service ").with(&Inline::code(&service.name)));
    let owner = service.owner.as_deref();
    parts.extend(owner.map(|owner| Inline::words("team ").with(&Inline::code(owner))));
    let annotation = |name: &str| {
        let first = alert.rules.first()?;
        let mut annotations = first.annotations.iter();
        annotations
            .find(|(key, _)| key == name)
            .map(|(_, text)| text.as_str())
    };
    if service.grafana_url.is_some()
        && let Some(uid) = annotation("__dashboardUid__")
    {
        let panel = annotation("__panelId__");
        parts.push(book.dashboard(&Inline::words("panel in Grafana"), uid, panel));
    }
    parts.push(Inline::link(
        &Inline::words("all alerts"),
        &format!("{}#alerts", book.page(INDEX)),
    ));
    Inline::join(parts, " · ")
}

/// What is measured, and what the spec says of the alert.
fn meaning(alert: &Alert, book: &Book<'_>) -> Vec<Inline> {
    let mut lines = Vec::new();
    let mut help = "";
    if let Some(condition) = &alert.condition {
        help = &condition.signal.help;
        lines.push(Inline::text(help).sentence());
    }
    if let Some(slo) = book.slo_of(alert) {
        let objective = format!("{}%", slo.objective.percent());
        lines.push(Inline::text(&slo.help).sentence());
        lines.push(
            Inline::words("The error budget of the objective ")
                .with(&book.objective(slo))
                .and(" is being used up too fast: ")
                .with(&Inline::text(&objective))
                .and(" has to be good over ")
                .with(&words::days(slo.period))
                .and("."),
        );
    } else {
        // Of several levels only what all say is meant of all.
        let mut texts = alert.rules.iter().map(|rule| description(rule, help));
        let first = texts.next().flatten();
        lines.extend(
            first
                .filter(|first| !first.contains("{{") && texts.all(|text| text == Some(*first)))
                .map(|text| Inline::text(text).sentence()),
        );
    }
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        lines.push(Inline::words(
            "The spec does not say more than the expression.",
        ));
    }
    lines
}

/// The description of a rule, unless it is the one that is made of the signal's help and the threshold.
fn description<'r>(rule: &'r Rule, help: &str) -> Option<&'r str> {
    let mut annotations = rule.annotations.iter();
    let (_, text) = annotations.find(|(name, _)| name == "description")?;
    let made = !help.is_empty() && text.starts_with(help.trim_end_matches('.'));
    (!made).then_some(text.as_str())
}

/// What somebody hears. The proof of a rule knows it with everything expanded.
fn example(alert: &Alert, rule: &Rule, book: &Book<'_>) -> Inline {
    let mut proofs = book.model.monitoring.proofs.iter();
    let proof = proofs.find(|it| it.alert == alert.name && it.severity == rule.severity);
    let situations = proof.and_then(|proof| proof.situations.as_ref().ok());
    let checks = situations.into_iter().flatten().filter(|it| it.fires);
    let fired = checks.flat_map(|it| &it.checks).find_map(|check| {
        let Firing::Exactly(all) = &check.firing else {
            return None;
        };
        all.iter().find(|fired| {
            let own = |(name, value): &(String, String)| {
                name == "severity" && value == rule.severity.as_str()
            };
            fired.labels.iter().any(own)
        })
    });
    let annotations = fired.map_or(&rule.annotations, |fired| &fired.annotations);
    let summary = annotations.iter().find(|(name, _)| name == "summary");
    let summary = summary.map_or("", |(_, text)| text.as_str());
    match fired {
        Some(_) => Inline::text(summary),
        None => unexpanded(summary),
    }
}

/// A text whose values nobody knows here: in their place are the names of labels, and `value`, as code.
fn unexpanded(text: &str) -> Inline {
    let mut said = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((action, after)) = after.split_once("}}") else {
            break; // Prometheus would refuse it
        };
        let action = action.trim_start_matches("- ").trim_end_matches(" -");
        let subject = action.split('|').next().unwrap_or_default().trim();
        let label = ["$labels.", ".Labels."];
        let label = label.iter().find_map(|start| subject.strip_prefix(start));
        said.push_str(before);
        match (label, subject) {
            (Some(label), _) => said.extend(["`", label, "`"]),
            (None, "$value" | ".Value") => said.push_str("`value`"),
            (None, _) => said.push('…'),
        }
        rest = after;
    }
    Inline::text(&(said + rest))
}

/// What follows from its severity, and what else suffers.
fn facts(alert: &Alert, reads: &BTreeSet<usize>, book: &Book<'_>) -> Vec<Inline> {
    let rules = alert.rules.iter().rev();
    let worth = rules.map(|rule| {
        severity(rule.severity).and(match rule.severity {
            Severity::Critical => ": worth waking somebody",
            Severity::Warning => ": worth a look today",
            Severity::Info => ": worth knowing",
        })
    });
    let mut facts = vec![Inline::join(worth, "; ").and(".")];
    let own = book.slo_of(alert).map(|slo| &slo.name);
    let slos = book.readers.slos.iter();
    let shared =
        slos.filter(|(slo, metrics)| Some(&slo.name) != own && !metrics.is_disjoint(reads));
    let shared: Vec<Inline> = shared.map(|(slo, _)| book.objective(slo)).collect();
    if !shared.is_empty() {
        let what = Inline::words("Objectives that are measured by the same metrics: ");
        facts.push(what.with(&Inline::join(shared, ", ")).and("."));
    }
    facts
}

/// What is compared over time, and when each rule fires.
fn graphs(alert: &Alert, book: &Book<'_>) -> Option<Inline> {
    let mut links = Vec::new();
    if let Some(condition) = &alert.condition {
        let asked = Asked {
            catalogue: &book.model.catalogue,
            by: Audience::Rule,
            window: None,
            labels: &condition.by,
        };
        links.extend(book.graph("the value", &condition.signal.query(&asked)));
    }
    for rule in &alert.rules {
        let label = match rule.severity {
            Severity::Critical => "when `critical` fires",
            Severity::Warning => "when `warning` fires",
            Severity::Info => "when `info` fires",
        };
        links.extend(book.graph(label, &rule.query));
    }
    let slo = book.slo_of(alert).and_then(|slo| slo.indicators.first());
    links.extend(slo.and_then(|it| book.graph("the bad share", &it.record.query)));
    (!links.is_empty()).then(|| Inline::join(links, " · ").and("."))
}

/// What it says, in one line.
pub(super) fn in_short(alert: &Alert, book: &Book<'_>) -> Inline {
    let strictest = alert.rules.last();
    strictest.map_or(Inline::default(), |rule| example(alert, rule, book))
}
