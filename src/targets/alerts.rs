//! The alerting and recording rules, as
//! [Prometheus reads them](https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/).

use serde::Serialize;
use serde_saphyr::LitString;

use super::Target;
use super::yaml::{self, Texts};
use crate::artifacts::Artifacts;
use crate::model::Model;
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

#[derive(Serialize)]
struct Group<'a> {
    name: &'a str,
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

/// The file, with all records and the alerts that are wanted.
pub(crate) fn text(model: &Model, wanted: impl Fn(&str) -> bool) -> String {
    let expression = |query: &Query| LitString(query.pretty(WIDTH));
    let records = model.monitoring.records.iter().map(|record| Rule {
        record: Some(&record.name),
        alert: None,
        expr: expression(&record.query),
        hold: None,
        keep_firing_for: None,
        labels: Texts(&[]),
        annotations: Texts(&[]),
    });
    let alerts = model.monitoring.alerts.iter();
    let alerts = alerts.filter(|alert| wanted(&alert.name));
    let alerts = alerts.flat_map(|alert| {
        alert.rules.iter().map(|rule| Rule {
            record: None,
            alert: Some(&alert.name),
            expr: expression(&rule.query),
            hold: (!rule.hold.is_zero()).then(|| Time(rule.hold).to_string()),
            keep_firing_for: rule.keep_firing_for.map(|time| Time(time).to_string()),
            labels: Texts(&rule.labels),
            annotations: Texts(&rule.annotations),
        })
    });
    // One group: within it rules run in order, records before those that read them.
    let rules: Vec<Rule<'_>> = records.chain(alerts).collect();
    let groups = if rules.is_empty() {
        Vec::new()
    } else {
        vec![Group {
            name: &model.catalogue.service.name,
            rules,
        }]
    };
    yaml::file(&model.mark, &File { groups })
}
