//! The alerting and recording rules, as
//! [Prometheus reads them](https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/).

use serde::Serialize;
use serde_saphyr::LitString;

use super::Target;
use super::yaml::{self, Texts};
use crate::artifacts::Artifacts;
use crate::model::Model;
use crate::model::monitoring::{Alert, Record};
use crate::promql::Query;
use crate::spec::document::Time;

/// Writes `outputs.alerts`.
pub const TARGET: Target = Target {
    name: "alerts",
    render,
};

/// Expressions longer than this are written on several lines.
const WIDTH: usize = 100;

#[derive(Serialize)]
struct File<'a> {
    groups: Vec<Group<'a>>,
}

/// Rules that run in order.
#[derive(Serialize)]
pub(super) struct Group<'a> {
    name: String,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<&'a str>,
    expr: LitString,
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    hold: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keep_firing_for: Option<String>,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    labels: Texts<'a>,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    annotations: Texts<'a>,
}

fn render(model: &Model, artifacts: &mut Artifacts) {
    if let Some(path) = &model.outputs.alerts {
        artifacts.insert(path, text(model, |_| true));
    }
}

/// The file, with all records of signals and the alerts that are wanted.
pub(crate) fn text(model: &Model, wanted: impl Fn(&str) -> bool) -> String {
    let groups = groups(model, wanted);
    yaml::file(&model.mark, &File { groups })
}

/// All records of signals, and the alerts that are wanted.
pub(super) fn groups(model: &Model, wanted: impl Fn(&str) -> bool) -> Vec<Group<'_>> {
    let monitoring = &model.monitoring;
    let service = &model.catalogue.service.name;
    // Within a group rules run in order: records before those that read them.
    let records = monitoring.records.iter().map(record);
    let all = monitoring.alerts.iter();
    let mut groups = vec![Group {
        name: service.clone(),
        rules: records
            .chain(all.filter(|alert| wanted(&alert.name)).flat_map(alerts))
            .collect(),
    }];
    // Groups run beside each other: what asks for days of samples holds up nothing else.
    for slo in monitoring.slos.iter().filter(|slo| wanted(&slo.alert.name)) {
        let indicators = slo.indicators.iter().map(|it| record(&it.record));
        let parts = [
            ("indicators", indicators.collect()),
            ("metadata", slo.metadata.iter().map(record).collect()),
            ("alerts", alerts(&slo.alert).collect()),
        ];
        groups.extend(parts.map(|(part, rules)| Group {
            name: format!("{service}-slo-{}-{part}", slo.name),
            rules,
        }));
    }
    groups.retain(|group| !group.rules.is_empty());
    groups
}

fn record(record: &Record) -> Rule<'_> {
    Rule {
        record: Some(&record.name),
        alert: None,
        expr: expression(&record.query),
        hold: None,
        keep_firing_for: None,
        labels: Texts(&record.labels),
        annotations: Texts(&[]),
    }
}

fn alerts(alert: &Alert) -> impl Iterator<Item = Rule<'_>> {
    alert.rules.iter().map(|rule| Rule {
        record: None,
        alert: Some(&alert.name),
        expr: expression(&rule.query),
        hold: (!rule.hold.is_zero()).then(|| Time(rule.hold).to_string()),
        keep_firing_for: rule.keep_firing_for.map(|time| Time(time).to_string()),
        labels: Texts(&rule.labels),
        annotations: Texts(&rule.annotations),
    })
}

fn expression(query: &Query) -> LitString {
    LitString(query.pretty(WIDTH))
}
