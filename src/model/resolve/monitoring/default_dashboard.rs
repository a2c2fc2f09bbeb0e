//! The dashboard of a spec that has none: what a person on call looks at first comes first.

use std::collections::HashSet;
use std::time::Duration;

use super::plans::{PanelPlan, Plan, RowPlan, Shown, description, panel_id, row_id, uid};
use super::signals::Signals;

use crate::model::catalogue::{Catalogue, MetricType, Named, Series, Source};
use crate::model::monitoring::PanelType;
use crate::model::signal::{Selection, Shape, Signal};
use crate::spec::Place;

const KEY: &str = "overview";

/// Makes it: the HTTP signals, the states of health and flags, the alerts, then a panel for each metric of the service.
pub(super) fn plan(catalogue: &Catalogue, signals: &Signals<'_>) -> Vec<Plan> {
    let place = Place::root().child("service");
    let mut rows: Vec<(&str, Vec<(String, Shown)>)> = Vec::new();
    let named = |names: &[&str]| -> Vec<Signal> {
        names
            .iter()
            .filter_map(|name| signals.iter().find(|s| s.name == *name).cloned())
            .collect()
    };
    let mut traffic = Vec::new();
    for (title, names) in [
        ("Requests", &["request_rate"][..]),
        ("Errors", &["error_ratio"]),
        ("Latency", &["latency_p50", "latency_p95", "latency_p99"]),
        ("In flight", &["in_flight"]),
    ] {
        let shown = named(names);
        if !shown.is_empty() {
            traffic.push((title.to_owned(), Shown::Signals(shown)));
        }
    }
    rows.push(("Traffic", traffic));

    let mut state = Vec::new();
    if let Some(signal) = named(&["health_status"]).pop() {
        state.push(("Health".to_owned(), Shown::Health(signal)));
    }
    if let Some(signal) = named(&["flag_status"]).pop() {
        state.push(("Feature flags".to_owned(), Shown::Flags(signal)));
    }
    state.push(("Firing alerts".to_owned(), Shown::Alerts));
    rows.push(("State", state));

    let http = catalogue.http.as_ref();
    let covered = |index: usize| {
        http.is_some_and(|http| {
            index == http.requests || http.duration == Some(index) || http.in_flight == Some(index)
        })
    };
    let metrics = catalogue
        .metrics
        .iter()
        .enumerate()
        .filter(|(index, metric)| {
            matches!(metric.source, Source::Generated | Source::External) && !covered(*index)
        })
        .filter_map(|(index, metric)| {
            let signal = of_metric(index, catalogue)?;
            Some((metric.name.clone(), Shown::Signals(vec![signal])))
        })
        .collect();
    rows.push(("Metrics", metrics));

    let name = &catalogue.service.name;
    let mut keys = HashSet::new();
    vec![Plan {
        key: KEY.to_owned(),
        uid: uid(name, KEY),
        title: name.clone(),
        description: description(&catalogue.service),
        variables: Vec::new(),
        rows: rows
            .into_iter()
            .filter(|(_, panels)| !panels.is_empty())
            .enumerate()
            .map(|(i, (title, panels))| RowPlan {
                title: title.to_owned(),
                id: row_id(KEY, i, title),
                panels: panels
                    .into_iter()
                    .map(|(title, shown)| panel(title, shown, &mut keys, &place))
                    .collect(),
            })
            .collect(),
        incomplete: false,
        origin: place,
    }]
}

/// A metric may be called like a panel before it: its key is then counted.
fn panel(title: String, shown: Shown, keys: &mut HashSet<String>, place: &Place) -> PanelPlan {
    let slug = crate::model::names::slug(&title);
    let mut key = slug.clone();
    let mut count = 1;
    while !keys.insert(key.clone()) {
        count += 1;
        key = format!("{slug}-{count}");
    }
    PanelPlan {
        id: panel_id(KEY, &key),
        key,
        title,
        description: None,
        shown,
        kind: PanelType::Timeseries,
        by: Vec::new(),
        top: None,
        width: None,
        height: None,
        origin: place.clone(),
    }
}

/// What one wants to know of a metric: a gauge's value, how fast a counter grows, a histogram's 95th percentile.
fn of_metric(index: usize, catalogue: &Catalogue) -> Option<Signal> {
    let metric = &catalogue.metrics[index];
    let of = |series| Selection {
        named: Named {
            metric: index,
            series,
        },
        matchers: Vec::new(),
    };
    let (shape, unit) = match metric.kind {
        MetricType::Counter => (
            Shape::Rate {
                of: of(Series::Plain),
            },
            metric.unit.rate(),
        ),
        MetricType::Gauge => (
            Shape::Value {
                of: of(Series::Plain),
                aggregation: None,
            },
            metric.unit.clone(),
        ),
        MetricType::Histogram => (
            Shape::Quantile {
                quantile: 0.95,
                of: of(Series::Family),
            },
            metric.unit.clone(),
        ),
        MetricType::Info | MetricType::Summary | MetricType::Unknown => return None,
    };
    let by = match metric.kind {
        MetricType::Gauge => Vec::new(),
        _ => metric
            .labels
            .known()
            .iter()
            .filter(|label| !matches!(label.values, crate::model::catalogue::Values::Open { .. }))
            .map(|label| label.name.clone())
            .collect(),
    };
    Some(Signal {
        name: metric.name.clone(),
        help: metric.help.clone(),
        unit,
        window: Duration::from_secs(300),
        by,
        shape,
        job: metric.job,
        record: false,
        origin: metric.origin.clone(),
    })
}
