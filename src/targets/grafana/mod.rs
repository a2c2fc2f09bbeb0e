//! Grafana dashboards in the classic JSON model, and the files by which Grafana loads them.
//!
//! They import without a prompt, load from provisioning, keep dashboard-linter's rules, and stay the same byte for byte while the
//! spec does.

mod alerts;
mod fields;
mod heatmap;
mod layout;
mod look;
mod markdown;
mod model;
mod panels;
pub(super) mod provisioning;
mod units;
mod variables;

use self::layout::Wish;
use self::model::{Annotation, Datasource, GridPos, Item, Link, List, Row, TimeRange};
use super::Target;
use crate::artifacts::Artifacts;
use crate::model::catalogue::Service;
use crate::model::{Model, monitoring};
use crate::promql::Query;

/// The target.
pub const TARGET: Target = Target {
    name: "grafana",
    render,
};

/// The last version of the classic model; Grafana 10 to 13 load it.
const SCHEMA_VERSION: u8 = 42;
/// What stands for a dashboard's key in the path of the output.
const KEY: &str = "{dashboard}";

fn render(model: &Model, artifacts: &mut Artifacts) {
    let Some(path) = &model.outputs.grafana else {
        return;
    };
    for of in &model.monitoring.dashboards {
        artifacts.insert(path.replace(KEY, &of.key), json(of, model));
    }
    if model.monitoring.dashboards.is_empty() {
        return;
    }
    let folder = folder(path);
    let name = provisioning::file_name(model);
    let mut provision = |what: &str, yaml: String| {
        artifacts.insert(format!("{folder}provisioning/{what}/{name}.yml"), yaml);
    };
    provision("dashboards", provisioning::dashboards(model));
    provision("datasources", provisioning::datasources(model));
}

/// A dashboard as Grafana reads it.
pub(super) fn json(of: &monitoring::Dashboard, model: &Model) -> String {
    let mut json = serde_json::to_string_pretty(&dashboard(of, model))
        .expect("structs of strings and numbers can be written as JSON");
    json.push('\n');
    json
}

/// The folder that holds all dashboards, with the slash at its end.
fn folder(path: &str) -> &str {
    let fixed = path.find(KEY).map_or(path, |key| &path[..key]);
    fixed.rfind('/').map_or("", |slash| &fixed[..=slash])
}

fn dashboard(of: &monitoring::Dashboard, model: &Model) -> model::Dashboard {
    let catalogue = &model.catalogue;
    let service = &catalogue.service;
    let own = [model.mark.tag()];
    let own: Vec<String> = own.into_iter().chain(model.environment.clone()).collect();
    model::Dashboard {
        annotations: List {
            list: vec![built_in_annotation(), alert_annotation(service)],
        },
        description: of.description.clone(),
        editable: false,
        fiscal_year_start_month: 0,
        // One crosshair on all panels.
        graph_tooltip: 1,
        links: match model.monitoring.dashboards.len() {
            0 | 1 => Vec::new(),
            _ => vec![siblings(own.clone())],
        },
        panels: items(&of.rows, service),
        refresh: "30s",
        schema_version: SCHEMA_VERSION,
        tags: ["monospec".to_owned(), service.name.clone()]
            .into_iter()
            .chain(own)
            .collect(),
        templating: List {
            list: variables::variables(&of.variables, catalogue),
        },
        time: TimeRange {
            from: "now-6h",
            to: "now",
        },
        timezone: "browser",
        title: of.title.clone(),
        uid: of.uid.clone(),
    }
}

/// Rows and their panels, from the top.
fn items(rows: &[monitoring::Row], service: &Service) -> Vec<Item> {
    let mut items = Vec::new();
    let mut y = 0;
    for row in rows {
        let wishes: Vec<_> = row
            .panels
            .iter()
            .map(|panel| Wish {
                width: panel.width,
                height: panel.height,
            })
            .collect();
        let (places, end) = layout::place(&wishes, y + 1);
        let panels = row.panels.iter().zip(places);
        let panels = panels.map(|(of, at)| panels::panel(of, service, at));
        // A closed row holds its panels; they stand as they will when it is opened, and take no room until then.
        let (inner, below): (Vec<_>, Vec<_>) = match row.collapsed {
            true => (panels.collect(), Vec::new()),
            false => (Vec::new(), panels.collect()),
        };
        items.push(Item::Row(Row {
            collapsed: row.collapsed,
            grid_pos: GridPos {
                h: 1,
                w: 24,
                x: 0,
                y,
            },
            id: row.id,
            panels: inner,
            title: row.title.clone(),
            kind: "row",
        }));
        items.extend(below.into_iter().map(|panel| Item::Panel(Box::new(panel))));
        y = if row.collapsed { y + 1 } else { end };
    }
    items
}

/// What people note in Grafana.
fn built_in_annotation() -> Annotation {
    Annotation {
        built_in: Some(1),
        datasource: Datasource::BUILT_IN,
        enable: true,
        expr: None,
        hide: true,
        icon_color: "rgba(0, 211, 255, 1)",
        name: "Annotations & Alerts",
        step: None,
        tag_keys: None,
        text_format: None,
        title_format: None,
        kind: Some("dashboard"),
    }
}

/// When alerts of the service fired.
fn alert_annotation(service: &Service) -> Annotation {
    Annotation {
        built_in: None,
        datasource: Datasource::CHOSEN,
        enable: true,
        expr: Some(Query::from(alerts::firing(service)).to_string()),
        hide: false,
        icon_color: "red",
        name: "Firing alerts",
        step: Some("60s"),
        tag_keys: Some("severity"),
        text_format: Some("{{severity}}"),
        title_format: Some("{{alertname}}"),
        kind: None,
    }
}

/// A way to the other dashboards of the same spec and environment, which have all of these tags.
fn siblings(tags: Vec<String>) -> Link {
    Link {
        as_dropdown: true,
        icon: "external link",
        include_vars: true,
        keep_time: true,
        tags,
        target_blank: false,
        title: "Dashboards",
        tooltip: "The other dashboards of this service",
        kind: "dashboards",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provisioning_stands_beside_the_dashboards() {
        assert_eq!(
            folder("generated/grafana/{dashboard}.json"),
            "generated/grafana/"
        );
        assert_eq!(folder("grafana/{dashboard}/d.json"), "grafana/");
        assert_eq!(folder("{dashboard}.json"), "");
        assert_eq!(folder("a/svetu-{dashboard}.json"), "a/");
    }
}
