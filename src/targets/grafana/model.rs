//! Grafana's classic dashboard model, as far as monospec uses it.
//!
//! Fields stand in alphabetical order, as Grafana exports them, so that a dashboard exported again can be compared line by
//! line. What is left out has Grafana's own default.

use std::collections::BTreeMap;

use serde::Serialize;

use super::fields::{FieldConfig, Options};

/// A dashboard.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Dashboard {
    pub(super) annotations: List<Annotation>,
    pub(super) description: String,
    pub(super) editable: bool,
    pub(super) fiscal_year_start_month: u8,
    pub(super) graph_tooltip: u8,
    pub(super) links: Vec<Link>,
    pub(super) panels: Vec<Item>,
    pub(super) refresh: &'static str,
    pub(super) schema_version: u8,
    pub(super) tags: Vec<String>,
    pub(super) templating: List<Variable>,
    pub(super) time: TimeRange,
    pub(super) timezone: &'static str,
    pub(super) title: String,
    pub(super) uid: String,
}

/// What Grafana wraps some lists in.
#[derive(Serialize)]
pub(super) struct List<T> {
    pub(super) list: Vec<T>,
}

#[derive(Serialize)]
pub(super) struct TimeRange {
    pub(super) from: &'static str,
    pub(super) to: &'static str,
}

/// A reference to a datasource.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Datasource {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) uid: &'static str,
}

impl Datasource {
    /// The Prometheus that is chosen on the dashboard.
    pub(super) const CHOSEN: Self = Self {
        kind: "prometheus",
        uid: "${datasource}",
    };
    /// Grafana itself.
    pub(super) const BUILT_IN: Self = Self {
        kind: "grafana",
        uid: "-- Grafana --",
    };
}

/// Marks on the time axis.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Annotation {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) built_in: Option<u8>,
    pub(super) datasource: Datasource,
    pub(super) enable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expr: Option<String>,
    pub(super) hide: bool,
    pub(super) icon_color: &'static str,
    pub(super) name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) step: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tag_keys: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title_format: Option<&'static str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<&'static str>,
}

/// A link at the top of a dashboard.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Link {
    pub(super) as_dropdown: bool,
    pub(super) icon: &'static str,
    pub(super) include_vars: bool,
    pub(super) keep_time: bool,
    pub(super) tags: Vec<String>,
    pub(super) target_blank: bool,
    pub(super) title: &'static str,
    pub(super) tooltip: &'static str,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

/// A template variable.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Variable {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) all_value: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) current: Option<Choice>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) datasource: Option<Datasource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) definition: Option<String>,
    pub(super) include_all: bool,
    pub(super) label: String,
    pub(super) multi: bool,
    pub(super) name: String,
    pub(super) query: String,
    pub(super) refresh: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sort: Option<u8>,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

/// The chosen values of a variable.
#[derive(Serialize)]
pub(super) struct Choice {
    pub(super) text: Vec<String>,
    pub(super) value: Vec<String>,
}

/// What stands on the grid.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Item {
    Row(Row),
    Panel(Box<Panel>),
}

/// A heading; the panels of an open row follow it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Row {
    pub(super) collapsed: bool,
    pub(super) grid_pos: GridPos,
    pub(super) id: u32,
    pub(super) panels: Vec<Panel>,
    pub(super) title: String,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

/// Where something stands, in 24 columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct GridPos {
    pub(super) h: u32,
    pub(super) w: u32,
    pub(super) x: u32,
    pub(super) y: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Panel {
    pub(super) datasource: Datasource,
    pub(super) description: String,
    pub(super) field_config: FieldConfig,
    pub(super) grid_pos: GridPos,
    pub(super) id: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_data_points: Option<u32>,
    pub(super) options: Options,
    pub(super) targets: Vec<Target>,
    pub(super) title: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) transformations: Vec<Transformation>,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

/// A query of a panel.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Target {
    pub(super) datasource: Datasource,
    pub(super) editor_mode: &'static str,
    pub(super) expr: String,
    pub(super) format: &'static str,
    pub(super) instant: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) interval: Option<String>,
    pub(super) legend_format: String,
    pub(super) range: bool,
    pub(super) ref_id: String,
}

/// What is done to the answer of a query before it is shown.
#[derive(Serialize)]
pub(super) struct Transformation {
    pub(super) id: &'static str,
    pub(super) options: Organize,
}

/// Columns: which, in which order, called what.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Organize {
    pub(super) exclude_by_name: BTreeMap<&'static str, bool>,
    pub(super) index_by_name: BTreeMap<&'static str, u8>,
    pub(super) rename_by_name: BTreeMap<&'static str, &'static str>,
}
