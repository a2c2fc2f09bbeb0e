//! Grafana's words for how a panel shows values; the second half of the dashboard model.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

#[derive(Serialize)]
pub(super) struct FieldConfig {
    pub(super) defaults: Defaults,
    pub(super) overrides: Vec<Override>,
}

/// How values look.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Defaults {
    pub(super) color: Color,
    pub(super) custom: Custom,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decimals: Option<u8>,
    pub(super) mappings: Vec<Mapping>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) min: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) no_value: Option<&'static str>,
    pub(super) thresholds: Thresholds,
    pub(super) unit: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Color {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fixed_color: Option<&'static str>,
    pub(super) mode: &'static str,
}

impl Color {
    /// Another colour for each series.
    pub(super) const SERIES: Self = Self {
        fixed_color: None,
        mode: "palette-classic",
    };
    /// The colour of the threshold that was passed.
    pub(super) const THRESHOLDS: Self = Self {
        fixed_color: None,
        mode: "thresholds",
    };

    /// Always the same.
    pub(super) const fn fixed(color: &'static str) -> Self {
        Self {
            fixed_color: Some(color),
            mode: "fixed",
        }
    }
}

/// What only one type of panel knows of values.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Custom {
    #[serde(rename_all = "camelCase")]
    Timeseries {
        draw_style: &'static str,
        fill_opacity: u8,
        line_interpolation: &'static str,
        line_width: u8,
        show_points: &'static str,
        #[serde(skip_serializing_if = "Option::is_none")]
        stacking: Option<Stacking>,
        thresholds_style: ThresholdsStyle,
    },
    #[serde(rename_all = "camelCase")]
    Heatmap {
        scale_distribution: Scale,
    },
    #[serde(rename_all = "camelCase")]
    StateTimeline {
        fill_opacity: u8,
        line_width: u8,
    },
    #[serde(rename_all = "camelCase")]
    Table {
        align: &'static str,
        cell_options: CellOptions,
        inspect: bool,
    },
    None {},
}

/// Which series stand upon each other.
#[derive(Serialize)]
pub(super) struct Stacking {
    pub(super) group: &'static str,
    pub(super) mode: &'static str,
}

/// How an axis is divided.
#[derive(Serialize)]
pub(super) struct Scale {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Serialize)]
pub(super) struct CellOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mode: Option<&'static str>,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Clone, PartialEq, Serialize)]
pub(super) struct Thresholds {
    pub(super) mode: &'static str,
    pub(super) steps: Vec<Step>,
}

/// From this value on, in this colour; the first step begins at `null`, which is minus infinity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Step {
    pub(super) color: &'static str,
    pub(super) value: Option<Number>,
}

#[derive(Clone, Copy, PartialEq, Serialize)]
pub(super) struct ThresholdsStyle {
    pub(super) mode: &'static str,
}

/// Words and colours for values.
#[derive(Serialize)]
pub(super) struct Mapping {
    pub(super) options: BTreeMap<String, MappingResult>,
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
}

#[derive(Serialize)]
pub(super) struct MappingResult {
    pub(super) color: &'static str,
    pub(super) index: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
}

/// What is different for some of the series.
#[derive(Serialize)]
pub(super) struct Override {
    pub(super) matcher: Matcher,
    pub(super) properties: Vec<Property>,
}

#[derive(Serialize)]
pub(super) struct Matcher {
    pub(super) id: &'static str,
    pub(super) options: String,
}

#[derive(Serialize)]
#[serde(tag = "id", content = "value")]
pub(super) enum Property {
    #[serde(rename = "unit")]
    Unit(String),
    #[serde(rename = "decimals")]
    Decimals(u8),
    #[serde(rename = "min")]
    Min(Number),
    #[serde(rename = "max")]
    Max(Number),
    #[serde(rename = "thresholds")]
    Thresholds(Thresholds),
    #[serde(rename = "mappings")]
    Mappings(Vec<Mapping>),
    #[serde(rename = "custom.thresholdsStyle")]
    ThresholdsStyle(ThresholdsStyle),
    #[serde(rename = "custom.axisPlacement")]
    AxisPlacement(&'static str),
    #[serde(rename = "custom.cellOptions")]
    CellOptions(CellOptions),
    #[serde(rename = "custom.width")]
    Width(u32),
}

/// What one type of panel can do.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Options {
    Timeseries {
        legend: Legend,
        tooltip: Tooltip,
    },
    #[serde(rename_all = "camelCase")]
    Stat {
        color_mode: &'static str,
        graph_mode: &'static str,
        justify_mode: &'static str,
        orientation: &'static str,
        percent_change_color_mode: &'static str,
        reduce_options: Reduce,
        show_percent_change: bool,
        text_mode: &'static str,
        wide_layout: bool,
    },
    #[serde(rename_all = "camelCase")]
    Gauge {
        min_viz_height: u32,
        min_viz_width: u32,
        orientation: &'static str,
        reduce_options: Reduce,
        show_threshold_labels: bool,
        show_threshold_markers: bool,
        sizing: &'static str,
    },
    Heatmap(super::heatmap::Options),
    #[serde(rename_all = "camelCase")]
    StateTimeline {
        align_value: &'static str,
        legend: Legend,
        merge_values: bool,
        row_height: Number,
        show_value: &'static str,
        tooltip: Tooltip,
    },
    #[serde(rename_all = "camelCase")]
    Table {
        cell_height: &'static str,
        frame_index: u8,
        show_header: bool,
        sort_by: Vec<SortBy>,
    },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Legend {
    pub(super) calcs: Vec<&'static str>,
    pub(super) display_mode: &'static str,
    pub(super) placement: &'static str,
    pub(super) show_legend: bool,
}

#[derive(Serialize)]
pub(super) struct Tooltip {
    pub(super) mode: &'static str,
    pub(super) sort: &'static str,
}

/// How many values become one.
#[derive(Serialize)]
pub(super) struct Reduce {
    pub(super) calcs: [&'static str; 1],
    pub(super) fields: &'static str,
    pub(super) values: bool,
}

impl Reduce {
    /// The last value.
    pub(super) const LAST: Self = Self {
        calcs: ["lastNotNull"],
        fields: "",
        values: false,
    };
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SortBy {
    pub(super) desc: bool,
    pub(super) display_name: &'static str,
}

/// A number, written as JavaScript writes it: without a fraction where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number(pub(super) f64);

/// The integers that a double holds exactly end here.
const EXACT: f64 = 9_007_199_254_740_992.0;

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.fract() == 0.0 && self.0.abs() < EXACT {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}
