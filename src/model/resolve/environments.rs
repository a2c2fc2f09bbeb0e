//! Environments: their names, and those of what they override.

use crate::diagnostics::{Finding, Findings};
use crate::model::names;
use crate::spec::document::{Dict, Document, Entry, Environment};
use crate::spec::{MAX_ENVIRONMENTS, Place};
use crate::suggest::{self, Near};

/// Checks what is there to be overridden; the values are checked where they are used.
pub(crate) fn check(document: &Document, findings: &mut Findings) {
    let section = Place::root().child("environments");
    let names: Vec<&str> = document.environments.entries().map(|(n, _)| n).collect();
    if names.len() > MAX_ENVIRONMENTS {
        findings.push(Finding::error(
            "too-many-environments",
            section.key(),
            format!(
                "a spec has at most {MAX_ENVIRONMENTS} environments, and not {}",
                names.len()
            ),
        ));
    }
    for (i, name) in names.iter().enumerate() {
        let at = section.child(name).key();
        if !names::is_service_name(name) {
            findings.push(
                Finding::error(
                    "bad-name",
                    at,
                    format!("`{name}` cannot be the name of an environment"),
                )
                .help(
                    "it names a folder: letters, digits, `-`, `_` and `.`, a letter or digit first",
                ),
            );
        } else if let Some(first) = names[..i].iter().find(|n| n.eq_ignore_ascii_case(name)) {
            findings.push(
                Finding::error(
                    "name-collision",
                    at,
                    format!("`{first}` and `{name}` name the same folder on some systems"),
                )
                .related(section.child(first).key(), "the other one"),
            );
        }
    }
    if document.has_gaps {
        return; // what is overridden may be declared where nothing could be read
    }
    for (name, environment) in document.environments.iter() {
        let at = section.child(name);
        for (alert, _) in environment.alerts.entries() {
            let place = at.child("alerts").child(alert).key();
            if let Some(near) = unknown(alert, &document.alerts) {
                let message = format!("no alert is called `{alert}`");
                findings.push(advised(
                    Finding::error("unknown-alert", place, message),
                    near,
                ));
            }
        }
        for (slo, _) in environment.slos.entries() {
            let place = at.child("slos").child(slo).key();
            if let Some(near) = unknown(slo, &document.slos) {
                let message = format!("no objective is called `{slo}`");
                findings.push(advised(Finding::error("unknown-slo", place, message), near));
            }
        }
        for (job, _) in environment.exporters.entries() {
            let place = at.child("exporters").child(job).key();
            if let Some(near) = unknown(job, &document.exporters) {
                let message = format!("no exporter is called `{job}`");
                findings.push(advised(
                    Finding::error("unknown-exporter", place, message),
                    near,
                ));
            }
        }
        check_receivers(document, environment, &at.child("notify"), findings);
    }
}

fn check_receivers(
    document: &Document,
    environment: &Environment,
    at: &Place,
    findings: &mut Findings,
) {
    let none = Dict::default();
    let declared = match &document.notify {
        None => &none,
        Some(notify) => match notify.sound() {
            Some(notify) => &notify.receivers,
            None => return, // they may be declared in what could not be read
        },
    };
    let over = environment.notify.as_ref().and_then(Entry::sound);
    for (receiver, _) in over.iter().flat_map(|over| over.receivers.entries()) {
        let place = at.child("receivers").child(receiver).key();
        if let Some(near) = unknown(receiver, declared) {
            let message = format!("no receiver is called `{receiver}`");
            findings.push(advised(
                Finding::error("unknown-receiver", place, message),
                near,
            ));
        }
    }
}

/// Says how a value that excludes another one takes its place.
pub(super) fn advise(finding: &mut Finding) {
    let other = finding.related.first().map(|(place, _)| place.last());
    if let Some(other) = other.flatten() {
        finding.help = Some(format!(
            "`{other}: null` beside it takes the other one away here"
        ));
    }
}

/// Of a name that is not declared, the nearest that is.
fn unknown<'n, 'd, T>(name: &'n str, declared: &'d Dict<T>) -> Option<Option<Near<'n, 'd>>> {
    let names = || declared.entries().map(|(name, _)| name);
    let is_known = names().any(|known| known == name);
    (!is_known).then(|| suggest::nearest(name, names()))
}

fn advised(finding: Finding, near: Option<Near<'_, '_>>) -> Finding {
    match near {
        Some(_) => finding.suggest(near),
        None => finding
            .help("an environment overrides values of what is declared outside of `environments:`"),
    }
}
