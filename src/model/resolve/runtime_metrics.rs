//! What the runtime exposes beside what is declared.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::model::catalogue::{
    Flag, Health, Label, Labels, Metric, MetricType, Source, Value, Values,
};
use crate::model::{Unit, names};
use crate::spec::Place;

/// The metrics that the runtime exposes: always, and because of these sections.
pub(super) fn of(generated: &[Metric], flags: &[Flag], health: Option<&Health>) -> Vec<Metric> {
    let mut metrics = vec![spec_info()];
    let open: BTreeSet<&str> = generated
        .iter()
        .flat_map(|metric| metric.labels.known())
        .filter(|label| matches!(label.values, Values::Open { .. }))
        .map(|label| label.name.as_str())
        .collect();
    if !open.is_empty() {
        let at = Place::root().child("labels");
        let label = closed("label", open.into_iter(), &at);
        metrics.push(Metric {
            kind: MetricType::Counter,
            ..runtime_metric(
                "monospec_label_overflow_total",
                "Values of an open label that were one too many, and are counted as `_other`.",
                vec![label],
                &at,
            )
        });
    }
    if !flags.is_empty() {
        let at = Place::root().child("flags");
        let flag_name = closed("flag_name", flags.iter().map(|f| f.name.as_str()), &at);
        let enabled = closed("enabled", ["true", "false"].into_iter(), &at);
        metrics.push(runtime_metric(
            "feature_flag_status",
            "Whether a feature flag is on: 1 for the series of its state, 0 for the other.",
            vec![Rc::clone(&flag_name), enabled],
            &at,
        ));
        metrics.push(runtime_metric(
            "feature_flag_invalid",
            "Whether the environment variable of a feature flag holds something that is no boolean.",
            vec![flag_name],
            &at,
        ));
    }
    if let Some(health) = health.filter(|h| !h.checks.is_empty()) {
        let at = Place::root().child("health");
        let check = closed("check", health.checks.iter().map(|c| c.name.as_str()), &at);
        for (name, help) in [
            (
                "health_check_status",
                "Whether a health check is healthy: 1 or 0.",
            ),
            (
                "health_check_duration_seconds",
                "How long the last run of a health check took.",
            ),
            (
                "health_check_last_success_timestamp_seconds",
                "When a health check last succeeded, in seconds since the Unix epoch.",
            ),
        ] {
            metrics.push(runtime_metric(name, help, vec![Rc::clone(&check)], &at));
        }
    }
    metrics
}

/// From which spec the program was built.
fn spec_info() -> Metric {
    let at = Place::root().child("monospec");
    // Which hashes there are is not known: programs of several versions may run.
    let values = Values::Open { max_values: 1 };
    Metric {
        kind: MetricType::Info,
        ..runtime_metric(
            "monospec_spec_info",
            "The spec that the program was built from.",
            vec![label("hash", values, &at)],
            &at,
        )
    }
}

fn closed<'a>(name: &str, values: impl Iterator<Item = &'a str>, at: &Place) -> Rc<Label> {
    let values = values.map(|text| Value {
        text: text.to_owned(),
        variant: names::upper_camel(text),
    });
    let values = Values::Closed {
        values: values.collect(),
        other: false,
    };
    label(name, values, at)
}

fn label(name: &str, values: Values, at: &Place) -> Rc<Label> {
    Rc::new(Label {
        name: name.to_owned(),
        help: None,
        values,
        key: None,
        type_name: names::upper_camel(name),
        argument: names::snake_identifier(name),
        origin: at.clone(),
    })
}

fn runtime_metric(name: &str, help: &str, labels: Vec<Rc<Label>>, at: &Place) -> Metric {
    Metric {
        name: name.to_owned(),
        kind: MetricType::Gauge,
        help: help.to_owned(),
        unit: Unit::of_name(name),
        labels: Labels::Known(labels),
        buckets: Vec::new(),
        limit: None,
        max_series: None,
        renamed_from: None,
        source: Source::Runtime,
        job: 0,
        method: names::snake_identifier(name),
        allow: Vec::new(),
        origin: at.key(),
    }
}
