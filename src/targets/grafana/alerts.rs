//! The panel of firing alerts.

use std::collections::BTreeMap;

use super::fields::{
    CellOptions, Color, Custom, Defaults, FieldConfig, Mapping, MappingResult, Matcher, Options,
    Override, Property, SortBy,
};
use super::look;
use super::model::{Organize, Target, Transformation};
use super::panels::{Body, When, plain, target};
use crate::model::catalogue::Service;
use crate::model::monitoring::Severity;
use crate::model::namespace::NAMESPACE;
use crate::promql::{MatchOp, Matching, Query, Selector};

/// The alerts of the service that fire, the newest first.
///
/// A table of what Prometheus itself records of its alerts, and not Grafana's list of alerts: that asks Grafana's alerting,
/// which may be off or not see the rules of this Prometheus; it takes a datasource by name only, not the one chosen on the
/// dashboard, and lists those of every datasource otherwise. The query is not narrowed to the chosen jobs, so that no alert
/// hides for want of the label.
pub(super) fn table(service: &Service) -> Body {
    // The value of ALERTS_FOR_STATE is the moment at which the alert began, in seconds; Grafana wants milliseconds.
    let since = of(Selector::new("ALERTS_FOR_STATE"), service);
    let query = Query::from(since)
        .times(Query::number(1000.0))
        .and(firing(service))
        .matching(Matching::ignoring(["alertstate"]));
    let target = Target {
        format: "table",
        interval: None,
        legend_format: String::new(),
        ..target(0, query.to_string(), When::Now)
    };
    let custom = Custom::Table {
        align: "auto",
        cell_options: CellOptions {
            mode: None,
            kind: "auto",
        },
        inspect: false,
    };
    Body {
        max_data_points: None,
        kind: "table",
        field_config: FieldConfig {
            defaults: Defaults {
                no_value: Some("No alert is firing"),
                unit: "string".to_owned(),
                ..plain(Color::fixed("text"), custom)
            },
            overrides: vec![
                column(
                    "Severity",
                    vec![
                        Property::Mappings(vec![severities()]),
                        Property::CellOptions(CellOptions {
                            mode: Some("basic"),
                            kind: "color-background",
                        }),
                        Property::Width(110),
                    ],
                ),
                column(
                    "Since",
                    vec![
                        Property::Unit("dateTimeFromNow".to_owned()),
                        Property::Width(160),
                    ],
                ),
            ],
        },
        options: Options::Table {
            cell_height: "sm",
            frame_index: 0,
            show_header: true,
            sort_by: vec![SortBy {
                desc: true,
                display_name: "Since",
            }],
        },
        targets: vec![target],
        transformations: vec![Transformation {
            id: "organize",
            options: Organize {
                exclude_by_name: ["Time", "service", "team"]
                    .into_iter()
                    .chain(one_namespace(service).map(|_| NAMESPACE))
                    .map(|name| (name, true))
                    .collect(),
                index_by_name: BTreeMap::from([("severity", 0), ("alertname", 1), ("Value", 2)]),
                rename_by_name: BTreeMap::from([
                    ("severity", "Severity"),
                    ("alertname", "Alert"),
                    ("Value", "Since"),
                ]),
            },
        }],
    }
}

/// The alerts of a service that fire.
pub(super) fn firing(service: &Service) -> Selector {
    let firing = Selector::new("ALERTS").with("alertstate", MatchOp::Equal, "firing");
    of(firing, service)
}

/// Those of a service, in its namespace unless it has several.
fn of(alerts: Selector, service: &Service) -> Selector {
    let alerts = alerts.with("service", MatchOp::Equal, &service.name);
    match one_namespace(service) {
        Some(namespace) => alerts.with(NAMESPACE, MatchOp::Equal, namespace),
        None => alerts,
    }
}

fn one_namespace(service: &Service) -> Option<&str> {
    let namespace = service.namespace.as_deref();
    namespace.filter(|_| !service.keeps(NAMESPACE))
}

/// Colours for the values of the label `severity`.
fn severities() -> Mapping {
    let all = [Severity::Critical, Severity::Warning, Severity::Info];
    let options = (0..).zip(all).map(|(index, severity)| {
        let result = MappingResult {
            color: look::color(severity),
            index,
            text: None,
        };
        (severity.as_str().to_owned(), result)
    });
    Mapping {
        options: options.collect(),
        kind: "value",
    }
}

/// What is different for a column of a table.
fn column(name: &str, properties: Vec<Property>) -> Override {
    Override {
        matcher: Matcher {
            id: "byName",
            options: name.to_owned(),
        },
        properties,
    }
}
