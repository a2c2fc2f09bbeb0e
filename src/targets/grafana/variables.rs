//! What can be chosen at the top of a dashboard: datasource, job, instance, and labels.

use super::model::{Choice, Datasource, Variable};
use crate::model::catalogue::{Catalogue, MetricType};
use crate::model::monitoring;
use crate::promql::{MatchOp, Query, Selector};

/// What Grafana calls "all of them".
const ALL: &str = "$__all";
/// Asked again whenever the time range changes.
const ON_TIME_RANGE: u8 = 2;
/// In alphabetical order.
const ALPHABETICAL: u8 = 1;

/// The variables of a dashboard.
pub(super) fn variables(of: &[monitoring::Variable], catalogue: &Catalogue) -> Vec<Variable> {
    [datasource(), job(catalogue), instance(catalogue)]
        .into_iter()
        .chain(of.iter().map(|variable| label(variable, catalogue)))
        .collect()
}

/// The Prometheus that is asked; nothing is chosen beforehand, so that Grafana takes its default one.
fn datasource() -> Variable {
    Variable {
        all_value: None,
        current: None,
        datasource: None,
        definition: None,
        include_all: false,
        label: "Data source".to_owned(),
        multi: false,
        name: "datasource".to_owned(),
        query: "prometheus".to_owned(),
        refresh: 1,
        sort: None,
        kind: "datasource",
    }
}

/// The service's job. It is not a choice among all jobs, and there is no "all": other services have metrics of the same
/// names, such as those of the process.
fn job(catalogue: &Catalogue) -> Variable {
    let own = catalogue.own_job();
    let job = &own.name;
    let targets = own.pin(Selector::new("up").with("job", MatchOp::Equal, job));
    Variable {
        current: Some(Choice {
            text: vec![job.clone()],
            value: vec![job.clone()],
        }),
        include_all: false,
        ..query("job", "Job", targets)
    }
}

/// Its instances.
fn instance(catalogue: &Catalogue) -> Variable {
    let own = catalogue.own_job();
    let targets = own.pin(Selector::new("up").with("job", MatchOp::Regex, "$job"));
    query("instance", "Instance", targets)
}

/// The values of a label.
fn label(variable: &monitoring::Variable, catalogue: &Catalogue) -> Variable {
    let metric = catalogue
        .named(&variable.metric)
        .first()
        .map(|named| &catalogue.metrics[named.metric]);
    let series = match metric.map(|metric| metric.kind) {
        // They have no series of their own name.
        Some(MetricType::Histogram | MetricType::Summary) => format!("{}_count", variable.metric),
        _ => variable.metric.clone(),
    };
    let exporter = metric
        .filter(|metric| metric.job != 0)
        .and_then(|metric| catalogue.jobs.get(metric.job));
    let selector = match exporter {
        Some(job) => job.pin(Selector::new(series).with("job", MatchOp::Equal, &job.name)),
        None => catalogue
            .own_job()
            .pin(Selector::new(series).with("job", MatchOp::Regex, "$job"))
            .with("instance", MatchOp::Regex, "$instance"),
    };
    Variable {
        // Series whose label is empty belong to all of them.
        all_value: Some(".*"),
        ..query(&variable.label, &title(&variable.label), selector)
    }
}

/// The values that a label has in some series; all of them are chosen.
fn query(name: &str, label: &str, series: Selector) -> Variable {
    let query = format!("label_values({}, {name})", Query::from(series));
    Variable {
        all_value: Some(".+"),
        current: Some(Choice {
            text: vec!["All".to_owned()],
            value: vec![ALL.to_owned()],
        }),
        datasource: Some(Datasource::CHOSEN),
        definition: Some(query.clone()),
        include_all: true,
        label: label.to_owned(),
        multi: true,
        name: name.to_owned(),
        query,
        refresh: ON_TIME_RANGE,
        sort: Some(ALPHABETICAL),
        kind: "query",
    }
}

/// A label's name as a title: `query_type` is "Query type".
fn title(label: &str) -> String {
    let words = label.trim_matches('_').replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => label.to_owned(),
    }
}
