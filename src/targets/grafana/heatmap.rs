//! The panel of a histogram: how its observations spread, over time.

use serde::Serialize;

use super::fields::{self, Color, Custom, Defaults, FieldConfig, Scale};
use super::panels::{Body, When, plain, targets};
use super::units;
use crate::model::monitoring::PanelQuery;

/// Columns of cells: more of them than fit would only be thinner than can be seen.
const COLUMNS: u32 = 100;

/// What a heatmap can do.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Options {
    calculate: bool,
    cell_gap: u8,
    cell_values: CellValues,
    color: Colors,
    exemplars: Exemplars,
    filter_values: Filter,
    legend: Legend,
    rows_frame: Rows,
    show_value: &'static str,
    tooltip: Tooltip,
    y_axis: Axis,
}

#[derive(Serialize)]
struct CellValues {
    decimals: u8,
    unit: &'static str,
}

#[derive(Serialize)]
struct Colors {
    exponent: f64,
    fill: &'static str,
    mode: &'static str,
    reverse: bool,
    scale: &'static str,
    scheme: &'static str,
    steps: u8,
}

#[derive(Serialize)]
struct Exemplars {
    color: &'static str,
}

#[derive(Serialize)]
struct Filter {
    le: f64,
}

#[derive(Serialize)]
struct Legend {
    show: bool,
}

#[derive(Serialize)]
struct Rows {
    layout: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Tooltip {
    mode: &'static str,
    show_color_scale: bool,
    y_histogram: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Axis {
    axis_placement: &'static str,
    reverse: bool,
    unit: String,
}

/// One cell a bucket and moment: the stronger its colour, the more observations fell into it.
pub(super) fn panel(query: &PanelQuery) -> Body {
    let unit = units::of(query).id;
    let custom = Custom::Heatmap {
        scale_distribution: Scale { kind: "linear" },
    };
    let mut targets = targets(std::slice::from_ref(query), When::Range);
    for target in &mut targets {
        // By this Grafana makes buckets of what Prometheus counts up to each bound.
        target.format = "heatmap";
    }
    Body {
        max_data_points: Some(COLUMNS),
        kind: "heatmap",
        field_config: FieldConfig {
            defaults: Defaults {
                unit: unit.clone(),
                ..plain(Color::SERIES, custom)
            },
            overrides: Vec::new(),
        },
        options: fields::Options::Heatmap(Options {
            calculate: false,
            cell_gap: 1,
            // Increases are extrapolated: their fractions are no observations.
            cell_values: CellValues {
                decimals: 0,
                unit: "short",
            },
            // A few observations far from the others are what one looks for: the exponent keeps them visible.
            color: Colors {
                exponent: 0.5,
                fill: "dark-orange",
                mode: "scheme",
                reverse: false,
                scale: "exponential",
                scheme: "Oranges",
                steps: 64,
            },
            exemplars: Exemplars {
                color: "rgba(255,0,255,0.7)",
            },
            filter_values: Filter { le: 1e-9 },
            legend: Legend { show: true },
            rows_frame: Rows { layout: "auto" },
            show_value: "never",
            tooltip: Tooltip {
                mode: "single",
                show_color_scale: true,
                y_histogram: true,
            },
            y_axis: Axis {
                axis_placement: "left",
                reverse: false,
                unit,
            },
        }),
        targets,
        transformations: Vec::new(),
    }
}
