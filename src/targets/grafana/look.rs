//! What the values of a query look like: unit, range, thresholds.
//!
//! On a panel with several queries, what they agree on becomes the panel's default; the rest becomes an override for each.

use super::fields::{
    Defaults, Matcher, Number, Override, Property, Step, Thresholds, ThresholdsStyle,
};
use super::units::{self, Unit};
use crate::model::monitoring::{PanelQuery, PanelType, Severity};
use crate::model::unit::Base;

pub(super) const GREEN: &str = "green";

/// The colour of an alert's severity.
pub(super) const fn color(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "blue",
        Severity::Warning => "orange",
        Severity::Critical => "red",
    }
}

/// How the values of a query look.
pub(super) struct Look {
    unit: Unit,
    min: Option<f64>,
    max: Option<f64>,
    steps: Option<Vec<Step>>,
    bad_below: bool,
}

/// How the values of each query look.
pub(super) fn of(queries: &[PanelQuery], kind: PanelType) -> Vec<Look> {
    let mut looks: Vec<Look> = queries
        .iter()
        .map(|query| Look {
            unit: units::of(query),
            min: query.min,
            max: query
                .max
                .filter(|&max| kind != PanelType::Timeseries || worth_drawing(query, max)),
            steps: (!query.thresholds.is_empty()).then(|| steps(query)),
            bad_below: query.bad_below,
        })
        .collect();
    if kind == PanelType::Timeseries {
        share_axes(&mut looks);
    }
    looks
}

/// Whether an axis should go up to the greatest possible value.
///
/// A capacity is a landmark. The end of a share, 100 %, is one if the bad side is below or a threshold is near it; an error
/// ratio of 1 % under a threshold of 5 % would only be pressed to the floor.
fn worth_drawing(query: &PanelQuery, max: f64) -> bool {
    let is_share = matches!(query.unit.base, Base::Ratio | Base::Percent);
    let near = |value: f64| value >= max / 2.0;
    !is_share || query.bad_below || query.thresholds.iter().any(|line| near(line.value))
}

/// Gives queries of one unit one range: Grafana draws another axis, and so another scale, for each range.
fn share_axes(looks: &mut [Look]) {
    for i in 0..looks.len() {
        let same = || looks.iter().filter(|look| look.unit == looks[i].unit);
        // Nothing bounds an axis unless it bounds everything on it.
        let min = same()
            .map(|look| look.min)
            .reduce(|a, b| Some(a?.min(b?)))
            .flatten();
        let max = same()
            .map(|look| look.max)
            .reduce(|a, b| Some(a?.max(b?)))
            .flatten();
        let unit = looks[i].unit.clone();
        for look in looks.iter_mut().filter(|look| look.unit == unit) {
            (look.min, look.max) = (min, max);
        }
    }
}

/// The steps of a query with thresholds, ascending; the first begins at minus infinity.
fn steps(query: &PanelQuery) -> Vec<Step> {
    let mut lines = query.thresholds.clone();
    // Of two alerts at one value the more severe shows.
    lines.sort_by(|a, b| {
        a.value
            .total_cmp(&b.value)
            .then(b.severity.cmp(&a.severity))
    });
    lines.dedup_by(|next, first| next.value == first.value);
    let values = [None]
        .into_iter()
        .chain(lines.iter().map(|line| Some(Number(line.value))));
    let severities = lines.iter().map(|line| color(line.severity));
    let colors: Vec<_> = if query.bad_below {
        severities.chain([GREEN]).collect()
    } else {
        [GREEN].into_iter().chain(severities).collect()
    };
    values
        .zip(colors)
        .map(|(value, color)| Step { color, value })
        .collect()
}

/// Steps as Grafana wraps them; without any, everything has one colour.
pub(super) fn thresholds(steps: Option<Vec<Step>>) -> Thresholds {
    Thresholds {
        mode: "absolute",
        steps: steps.unwrap_or_else(|| {
            vec![Step {
                color: GREEN,
                value: None,
            }]
        }),
    }
}

impl Look {
    /// Whether an alert is drawn.
    pub(super) fn has_thresholds(&self) -> bool {
        self.steps.is_some()
    }

    /// How thresholds are drawn on a time series, if there are any.
    ///
    /// A line has the colour of what begins above it. Where the bad side is below, that is the green of the good side, so
    /// areas are tinted too: they say which side is meant.
    fn style(&self) -> ThresholdsStyle {
        ThresholdsStyle {
            mode: match (&self.steps, self.bad_below) {
                (None, _) => "off",
                (Some(_), false) => "dashed",
                (Some(_), true) => "dashed+area",
            },
        }
    }
}

/// What all the looks have in common.
pub(super) struct Common {
    pub(super) unit: String,
    pub(super) decimals: Option<u8>,
    pub(super) min: Option<Number>,
    pub(super) max: Option<Number>,
    pub(super) thresholds: Thresholds,
    pub(super) style: ThresholdsStyle,
}

/// What all agree on, and where each of them differs. The unit of the first is that of the panel.
pub(super) fn split(looks: &[Look], kind: PanelType) -> (Common, Vec<Override>) {
    let unit = looks.first().map(|look| look.unit.clone());
    let decimals = agreed(looks, |look| look.unit.decimals);
    let min = agreed(looks, |look| look.min);
    let max = agreed(looks, |look| look.max);
    let steps = agreed(looks, |look| look.steps.clone());
    let style = agreed(looks, |look| Some(look.style()));

    let overrides = looks.iter().enumerate().filter_map(|(index, look)| {
        let mut properties = Vec::new();
        if Some(&look.unit.id) != unit.as_ref().map(|unit| &unit.id) {
            properties.push(Property::Unit(look.unit.id.clone()));
            if kind == PanelType::Timeseries {
                properties.push(Property::AxisPlacement("right"));
            }
        }
        if let Some(value) = look.unit.decimals.filter(|_| decimals.is_none()) {
            properties.push(Property::Decimals(value));
        }
        if let Some(value) = look.min.filter(|_| min.is_none()) {
            properties.push(Property::Min(Number(value)));
        }
        if let Some(value) = look.max.filter(|_| max.is_none()) {
            properties.push(Property::Max(Number(value)));
        }
        if let Some(value) = look.steps.clone().filter(|_| steps.is_none()) {
            properties.push(Property::Thresholds(thresholds(Some(value))));
        }
        if kind == PanelType::Timeseries && style.is_none() && look.has_thresholds() {
            properties.push(Property::ThresholdsStyle(look.style()));
        }
        (!properties.is_empty()).then(|| Override {
            matcher: Matcher {
                id: "byFrameRefID",
                options: ref_id(index),
            },
            properties,
        })
    });
    let overrides = overrides.collect();

    let common = Common {
        unit: unit.map_or_else(|| "short".to_owned(), |unit| unit.id),
        decimals,
        min: min.map(Number),
        max: max.map(Number),
        thresholds: thresholds(steps),
        style: style.unwrap_or(ThresholdsStyle { mode: "off" }),
    };
    (common, overrides)
}

/// The value that all have.
fn agreed<T: PartialEq>(looks: &[Look], of: impl Fn(&Look) -> Option<T>) -> Option<T> {
    let first = of(looks.first()?);
    first.filter(|value| looks.iter().all(|look| of(look).as_ref() == Some(value)))
}

/// What Grafana calls the queries of a panel: A, B, …, Z, AA, AB, …
pub(super) fn ref_id(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => letter.to_string(),
        before => ref_id(before - 1) + letter.encode_utf8(&mut [0; 4]),
    }
}

impl Common {
    /// Into the defaults of a panel.
    pub(super) fn fill(self, defaults: Defaults) -> Defaults {
        Defaults {
            unit: self.unit,
            decimals: self.decimals,
            min: self.min,
            max: self.max,
            thresholds: self.thresholds,
            ..defaults
        }
    }
}
