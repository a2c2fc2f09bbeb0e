//! Panels: one function for each way of showing things.

use std::collections::BTreeMap;
use std::time::Duration;

use super::fields::{
    Color, Custom, Defaults, FieldConfig, Legend, Mapping, MappingResult, Number, Options, Reduce,
    Stacking, Step, Tooltip,
};
use super::look::{self, GREEN};
use super::model::{Datasource, GridPos, Panel, Target, Transformation};
use super::{alerts, heatmap, markdown};
use crate::model::catalogue::Service;
use crate::model::monitoring::{self, Content, PanelQuery, PanelType};

/// The part of a panel that depends on what it shows.
pub(super) struct Body {
    /// How finely time is divided, where not by the width of the panel.
    pub(super) max_data_points: Option<u32>,
    pub(super) kind: &'static str,
    pub(super) field_config: FieldConfig,
    pub(super) options: Options,
    pub(super) targets: Vec<Target>,
    pub(super) transformations: Vec<Transformation>,
}

/// A panel at its place.
pub(super) fn panel(panel: &monitoring::Panel, service: &Service, grid_pos: GridPos) -> Panel {
    let body = match &panel.content {
        Content::Series {
            kind,
            stacked,
            queries,
        } => match kind {
            // Of numbers that are no buckets nothing but lines can be drawn.
            PanelType::Timeseries | PanelType::Heatmap => timeseries(queries, *stacked),
            PanelType::Stat => stat(queries),
            PanelType::Gauge => gauge(queries),
        },
        Content::States {
            query,
            on,
            off,
            off_is_bad,
        } => states(query, on, off, *off_is_bad),
        Content::Heatmap { query } => heatmap::panel(query),
        Content::Alerts => alerts::table(service),
    };
    Panel {
        datasource: Datasource::CHOSEN,
        description: markdown::without_variables(&panel.description),
        field_config: body.field_config,
        grid_pos,
        id: panel.id,
        max_data_points: body.max_data_points,
        options: body.options,
        targets: body.targets,
        title: panel.title.clone(),
        transformations: body.transformations,
        kind: body.kind,
    }
}

/// Lines over time.
fn timeseries(queries: &[PanelQuery], stacked: bool) -> Body {
    let (common, overrides) = look::split(
        &look::of(queries, PanelType::Timeseries),
        PanelType::Timeseries,
    );
    let custom = Custom::Timeseries {
        draw_style: "line",
        fill_opacity: if stacked { 40 } else { 10 },
        line_interpolation: "linear",
        line_width: if stacked { 1 } else { 2 },
        show_points: "never",
        stacking: stacked.then_some(Stacking {
            group: "A",
            mode: "normal",
        }),
        thresholds_style: common.style,
    };
    let many = queries.len() > 1 || queries.iter().any(|query| query.legend.contains("{{"));
    Body {
        max_data_points: None,
        kind: "timeseries",
        field_config: FieldConfig {
            defaults: common.fill(plain(Color::SERIES, custom)),
            overrides,
        },
        options: Options::Timeseries {
            legend: Legend {
                calcs: vec!["mean", "max", "lastNotNull"],
                display_mode: if many { "table" } else { "list" },
                placement: "bottom",
                show_legend: true,
            },
            tooltip: Tooltip {
                mode: "multi",
                sort: "desc",
            },
        },
        targets: targets(queries, When::Range),
        transformations: Vec::new(),
    }
}

/// The last value, large. Its ground has the colour of the threshold that was passed; without thresholds there is nothing
/// to say about it, so it has none.
fn stat(queries: &[PanelQuery]) -> Body {
    let (field_config, judged) = last_value(queries, PanelType::Stat, "text");
    Body {
        max_data_points: None,
        kind: "stat",
        field_config,
        options: Options::Stat {
            color_mode: if judged { "background" } else { "value" },
            graph_mode: "none",
            justify_mode: "auto",
            orientation: "auto",
            percent_change_color_mode: "standard",
            reduce_options: Reduce::LAST,
            show_percent_change: false,
            text_mode: "auto",
            wide_layout: true,
        },
        targets: targets(queries, When::Now),
        transformations: Vec::new(),
    }
}

/// The last value on a dial.
fn gauge(queries: &[PanelQuery]) -> Body {
    let (field_config, judged) = last_value(queries, PanelType::Gauge, "blue");
    Body {
        max_data_points: None,
        kind: "gauge",
        field_config,
        options: Options::Gauge {
            min_viz_height: 75,
            min_viz_width: 75,
            orientation: "auto",
            reduce_options: Reduce::LAST,
            show_threshold_labels: false,
            show_threshold_markers: judged,
            sizing: "auto",
        },
        targets: targets(queries, When::Now),
        transformations: Vec::new(),
    }
}

/// The fields of a panel that shows last values, and whether any of them has thresholds.
fn last_value(
    queries: &[PanelQuery],
    kind: PanelType,
    unjudged: &'static str,
) -> (FieldConfig, bool) {
    let looks = look::of(queries, kind);
    let judged = looks.iter().any(look::Look::has_thresholds);
    let color = match judged {
        true => Color::THRESHOLDS,
        false => Color::fixed(unjudged),
    };
    let (common, overrides) = look::split(&looks, kind);
    let config = FieldConfig {
        defaults: common.fill(plain(color, Custom::None {})),
        overrides,
    };
    (config, judged)
}

/// Two states over time: 1 and 0.
fn states(query: &PanelQuery, on: &str, off: &str, off_is_bad: bool) -> Body {
    let off_color = if off_is_bad { "red" } else { "#6e7f9a" };
    let word = |index, color, text: &str| MappingResult {
        color,
        index,
        text: Some(text.to_owned()),
    };
    let options = [
        ("1".to_owned(), word(0, GREEN, on)),
        ("0".to_owned(), word(1, off_color, off)),
    ];
    let custom = Custom::StateTimeline {
        fill_opacity: 80,
        line_width: 0,
    };
    let step = |color, value: Option<f64>| Step {
        color,
        value: value.map(Number),
    };
    Body {
        max_data_points: None,
        kind: "state-timeline",
        field_config: FieldConfig {
            defaults: Defaults {
                decimals: None,
                mappings: vec![Mapping {
                    options: BTreeMap::from(options),
                    kind: "value",
                }],
                max: Some(Number(1.0)),
                min: Some(Number(0.0)),
                // For values between the two, which have no word.
                thresholds: look::thresholds(Some(vec![
                    step(off_color, None),
                    step(GREEN, Some(1.0)),
                ])),
                ..plain(Color::THRESHOLDS, custom)
            },
            overrides: Vec::new(),
        },
        options: Options::StateTimeline {
            align_value: "left",
            legend: Legend {
                calcs: Vec::new(),
                display_mode: "list",
                placement: "bottom",
                show_legend: true,
            },
            merge_values: true,
            row_height: Number(0.9),
            show_value: "auto",
            tooltip: Tooltip {
                mode: "single",
                sort: "none",
            },
        },
        targets: targets(std::slice::from_ref(query), When::Range),
        transformations: Vec::new(),
    }
}

/// Field settings of which nothing is known yet.
pub(super) fn plain(color: Color, custom: Custom) -> Defaults {
    Defaults {
        color,
        custom,
        decimals: None,
        mappings: Vec::new(),
        max: None,
        min: None,
        no_value: None,
        thresholds: look::thresholds(None),
        unit: "none".to_owned(),
    }
}

/// When a query is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// All over the time range.
    Range,
    /// At its end.
    Now,
}

pub(super) fn targets(queries: &[PanelQuery], when: When) -> Vec<Target> {
    let query = |(index, query): (usize, &PanelQuery)| Target {
        interval: Some(duration(query.interval)),
        legend_format: query.legend.clone(),
        ..target(index, query.query.to_string(), when)
    };
    queries.iter().enumerate().map(query).collect()
}

pub(super) fn target(index: usize, expr: String, when: When) -> Target {
    Target {
        datasource: Datasource::CHOSEN,
        editor_mode: "code",
        expr,
        format: "time_series",
        instant: when == When::Now,
        interval: None,
        legend_format: String::new(),
        range: when == When::Range,
        ref_id: look::ref_id(index),
    }
}

/// A duration as Grafana reads it everywhere: one number and one unit.
pub(super) fn duration(duration: Duration) -> String {
    match duration.subsec_millis() {
        0 => format!("{}s", duration.as_secs()),
        _ => format!("{}ms", duration.as_millis()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_unit() {
        assert_eq!(duration(Duration::from_secs(10)), "10s");
        assert_eq!(duration(Duration::from_secs(90)), "90s");
        assert_eq!(duration(Duration::from_millis(1500)), "1500ms");
    }
}
