//! Signals, alerts, objectives and dashboards.

pub(super) mod alert_namespace;
mod alerts;
mod attributes;
mod comparisons;
mod dashboards;
mod default_dashboard;
mod domain;
mod expressions;
mod guards;
mod levels;
mod matchers;
mod notify;
mod panels;
mod plans;
mod proofs;
mod records;
mod runbooks;
mod shown;
mod signals;
mod slos;
mod templates;
mod texts;
mod typed;

use std::collections::HashMap;

use crate::diagnostics::Findings;
use crate::model::Monitoring;
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::SignalQuery;
use crate::model::resolve::names_of;
use crate::spec::document::Document;

/// Resolves what is asked about a catalogue.
pub(super) fn resolve(
    document: &Document,
    environment: Option<&str>,
    catalogue: &Catalogue,
    findings: &mut Findings,
) -> Monitoring {
    // What should name them may be what could not be read.
    let unknown = document.has_gaps.then_some("environment");
    let named = environment.or(unknown);
    let signals = signals::resolve(document, catalogue, findings);
    let promises = slos::promises(document, catalogue, &signals, findings);
    let plans = dashboards::plan(document, environment, catalogue, &signals, findings);
    let alerts = alerts::resolve(document, named, catalogue, &signals, &plans, findings);
    let slos = slos::resolve(promises, document, named, catalogue, &plans, findings);
    let of_alerts = alerts.iter().map(|resolved| &resolved.alert);
    let all = of_alerts.chain(slos.iter().map(|slo| &slo.alert));
    runbooks::check_pages(document, all, findings);
    let written = document.signals.iter();
    let allowed: HashMap<&str, Vec<String>> = written
        .map(|(name, signal)| (name, names_of(&signal.allow)))
        .collect();
    Monitoring {
        signals: signals
            .iter()
            .map(|signal| SignalQuery {
                name: signal.name.clone(),
                help: signal.help.clone(),
                unit: signal.unit.clone(),
                by: signal.by.clone(),
                query: signal.query(&comparisons::asked(catalogue, None, &[])),
                allow: allowed
                    .get(signal.name.as_str())
                    .cloned()
                    .unwrap_or_default(),
                origin: signal.origin.clone(),
            })
            .collect(),
        records: records::resolve(document, catalogue, &signals),
        dashboards: panels::render(catalogue, &plans, &alerts, &slos),
        notify: notify::resolve(document, catalogue, &alerts, &slos, findings),
        proofs: proofs::resolve(catalogue, &alerts)
            .into_iter()
            .chain(proofs::of_objectives(catalogue, &slos))
            .collect(),
        alerts: alerts.into_iter().map(|alert| alert.alert).collect(),
        slos,
        expressions: signals.reader.read.take(),
    }
}
