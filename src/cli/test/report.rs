//! What was shown of the alerts, and what contradicts them.

use super::{At, situations};
use crate::cli::output::{BAD, GOOD, RuleEntry, SituationEntry};
use crate::diagnostics::{Finding, counted};
use crate::model::Model;
use crate::model::proof::{RuleProof, Situation};

/// Lines of what promtool says that are shown.
const MOST_LINES: usize = 24;

/// A situation that went otherwise.
pub(super) fn contradiction(proof: &RuleProof, situation: &Situation, said: &str) -> Finding {
    let does = match (situation.name.as_str(), situation.fires) {
        ("fires", true) => "does not fire where it should".to_owned(),
        ("stays silent", false) => "fires where it should stay silent".to_owned(),
        (name, true) => format!("does not do what it should: {name}"),
        (name, false) => format!("does not stay silent: {name}"),
    };
    let message = format!("`{}` ({}) {does}", proof.alert, proof.severity.as_str());
    let said: Vec<&str> = said
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.is_empty() && !line.starts_with("Unit Testing"))
        .take(MOST_LINES)
        .collect();
    Finding::error("alert-test", situation.origin.clone(), message)
        .help(format!("promtool says\n{}", said.join("\n")))
}

/// Every rule, and what was shown of it.
pub(super) fn rules(models: &[Model], passed: impl Fn(At) -> bool) -> Vec<RuleEntry<'_>> {
    let mut entries = Vec::new();
    for (model, content) in models.iter().enumerate() {
        for (rule, proof) in content.monitoring.proofs.iter().enumerate() {
            let each = situations(proof).iter().enumerate();
            let situations: Vec<SituationEntry<'_>> = each
                .map(|(situation, content)| SituationEntry {
                    name: &content.name,
                    passed: passed(At {
                        model,
                        rule,
                        situation,
                    }),
                })
                .collect();
            let reason = match &proof.situations {
                Err(reason) => Some(reason.clone()),
                Ok(_) if situations.iter().any(|situation| !situation.passed) => {
                    Some("it does otherwise".to_owned())
                }
                Ok(_) if proof.is_complete() => None,
                Ok(all) if all.iter().any(|situation| situation.fires) => {
                    Some("nothing shows that it stays silent".to_owned())
                }
                Ok(_) => Some("nothing shows that it fires".to_owned()),
            };
            entries.push(RuleEntry {
                environment: content.environment.as_deref(),
                alert: &proof.alert,
                severity: proof.severity.as_str(),
                proven: reason.is_none(),
                reason,
                situations,
            });
        }
    }
    entries
}

/// A line for every rule, and how many are proven.
pub(super) fn for_people(rules: &[RuleEntry<'_>], version: &str) -> String {
    let name = |rule: &RuleEntry<'_>| match rule.environment {
        Some(environment) => format!("{} ({environment})", rule.alert),
        None => rule.alert.to_owned(),
    };
    let width = rules
        .iter()
        .map(|rule| name(rule).chars().count())
        .max()
        .unwrap_or(0);
    let mut text = String::new();
    for rule in rules {
        let (style, word) = match (rule.proven, rule.situations.iter().all(|s| s.passed)) {
            (true, _) => (GOOD, "proven  "),
            (false, true) => (BAD, "unproven"),
            (false, false) => (BAD, "refuted "),
        };
        let told = match &rule.reason {
            Some(reason) => reason.clone(),
            None => {
                let mut names: Vec<&str> = Vec::new();
                for situation in &rule.situations {
                    if !names.contains(&situation.name) {
                        names.push(situation.name);
                    }
                }
                names.join(", ")
            }
        };
        text.push_str(&format!(
            "{style}{word}{style:#}  {:width$}  {:8}  {told}\n",
            name(rule),
            rule.severity,
        ));
    }
    let proven = rules.iter().filter(|rule| rule.proven).count();
    let played: usize = rules.iter().map(|rule| rule.situations.len()).sum();
    let share = match rules.len() {
        0 => String::new(),
        // Rounded down: 100 % means all of them.
        all => format!(", {} %", proven * 100 / all),
    };
    text.push_str(&format!(
        "{}: {proven} proven{share}; {} played in promtool {version}\n",
        counted(rules.len(), "rule"),
        counted(played, "situation"),
    ));
    text
}
