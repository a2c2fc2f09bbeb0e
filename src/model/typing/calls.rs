//! What functions make of types.

use super::{Dimension, Fact, LabelSet, Nature, Type, Values, operators};
use crate::model::catalogue::Source;
use crate::model::namespace::NAMESPACE;
use crate::promql::{MatchOp, Query};

/// Seconds since the epoch of any time that a server evaluates.
const NOW: Values = Values::between(1e9, f64::INFINITY);

/// What comes of a call.
pub(super) fn of<'m>(
    function: &str,
    arguments: &'m [Query],
    mut kinds: Vec<Type<'m>>,
    at: usize,
) -> Type<'m> {
    let position = match function {
        "histogram_quantile" | "quantile_over_time" => 1,
        "histogram_fraction" => 2,
        _ => 0,
    };
    let constants: Vec<Option<f64>> = kinds.iter().map(|kind| kind.values.one()).collect();
    let constant = |i: usize| constants.get(i).copied().flatten();
    let inner = if position < kinds.len() {
        kinds.swap_remove(position)
    } else {
        Type::number(Values::ANY)
    };
    let values = inner.values;
    let seconds = Some(Dimension::SECONDS);
    match function {
        "time" | "pi" | "start" | "end" | "step" | "range" | "max_of" | "min_of" => Type {
            dimension: seconds.filter(|_| matches!(function, "time" | "start" | "end")),
            ..Type::number(match function {
                "time" => NOW,
                "pi" => Values::exactly(std::f64::consts::PI),
                _ => Values::ANY,
            })
        },
        "scalar" | "vector" => Type {
            labels: LabelSet::default(),
            values: if function == "scalar" {
                values.or_nan()
            } else {
                values
            },
            buckets: None,
            ..inner
        },
        "rate" | "irate" => Type {
            dimension: inner
                .dimension
                .and_then(|unit| unit.divided(Dimension::SECONDS)),
            ..grown(inner)
        },
        "increase" => grown(inner),
        "changes" | "resets" => counted(inner, 0.0),
        "count_over_time" => counted(inner, 1.0),
        "present_over_time" => Type {
            values: Values::exactly(1.0),
            ..counted(inner, 1.0)
        },
        "delta" | "idelta" => gauge(inner, Values::ANY),
        "deriv" => Type {
            dimension: inner
                .dimension
                .and_then(|unit| unit.divided(Dimension::SECONDS)),
            ..gauge(inner, Values::ANY)
        },
        "predict_linear" | "double_exponential_smoothing" | "holt_winters" => {
            gauge(inner, Values::ANY)
        }
        "last_over_time" | "first_over_time" | "min_over_time" | "max_over_time" => inner,
        "avg_over_time" | "quantile_over_time" => averaged(inner),
        "sum_over_time" => {
            let values = if values.least >= 0.0 {
                Values {
                    most: f64::INFINITY,
                    ..values
                }
            } else {
                Values::ANY
            };
            gauge(inner, values)
        }
        "stddev_over_time" | "mad_over_time" => gauge(inner, Values::NATURAL.or_nan()),
        "stdvar_over_time" => measured(inner, Values::NATURAL.or_nan()),
        "absent" | "absent_over_time" => Type {
            labels: missing(arguments.first(), inner.labels, at),
            nature: Nature::Gauge,
            values: Values::exactly(1.0),
            ..Type::unknown()
        },
        "histogram_quantile" => {
            let bounds = inner.buckets;
            let values = bounds
                .filter(|metric| metric.source != Source::Exporter)
                .and_then(|metric| Some((metric.buckets.first()?, metric.buckets.last()?)))
                .map_or(Values::ANY, |(first, last)| {
                    Values::between(first.min(0.0), *last).or_nan()
                });
            Type {
                dimension: bounds.and_then(|metric| Dimension::of(&metric.unit)),
                nature: Nature::Quantile,
                values,
                metric: bounds.or(inner.metric),
                buckets: None,
                labels: inner.labels.without(["le"], at),
            }
        }
        "histogram_fraction" => Type {
            labels: inner.labels.without(["le"], at),
            nature: Nature::Gauge,
            values: Values::SHARE.or_nan(),
            ..Type::unknown()
        },
        "label_replace" | "label_join" => relabelled(function, arguments, inner, at),
        "abs" => changed(inner, values.magnitude()),
        "ceil" => changed(inner, values.map(f64::ceil)),
        "floor" => changed(inner, values.map(f64::floor)),
        "round" if arguments.len() == 1 => changed(inner, values.map(f64::round)),
        "round" => changed(inner, Values::ANY),
        "clamp_min" => match constant(1) {
            Some(least) => changed(inner, values.map(|value| value.max(least))),
            None => changed(inner, Values::ANY),
        },
        "clamp_max" => match constant(1) {
            Some(most) => changed(inner, values.map(|value| value.min(most))),
            None => changed(inner, Values::ANY),
        },
        "clamp" => match (constant(1), constant(2)) {
            (Some(least), Some(most)) if least <= most => {
                changed(inner, values.map(|value| value.clamp(least, most)))
            }
            _ => changed(inner, Values::ANY),
        },
        "sort" | "sort_desc" | "sort_by_label" | "sort_by_label_desc" => inner,
        "sgn" => measured(inner, Values::between(-1.0, 1.0).or_nan()),
        "sqrt" | "exp" => measured(inner, Values::NATURAL.or_nan()),
        "timestamp" => Type {
            dimension: seconds,
            ..measured(inner, NOW)
        },
        "minute" => part_of_time(inner, arguments, 0.0, 59.0),
        "hour" => part_of_time(inner, arguments, 0.0, 23.0),
        "day_of_week" => part_of_time(inner, arguments, 0.0, 6.0),
        "day_of_month" => part_of_time(inner, arguments, 1.0, 31.0),
        "day_of_year" => part_of_time(inner, arguments, 1.0, 366.0),
        "days_in_month" => part_of_time(inner, arguments, 28.0, 31.0),
        "month" => part_of_time(inner, arguments, 1.0, 12.0),
        "year" => part_of_time(inner, arguments, f64::NEG_INFINITY, f64::INFINITY),
        "ln" | "log2" | "log10" | "acos" | "acosh" | "asin" | "asinh" | "atan" | "atanh"
        | "cos" | "cosh" | "deg" | "rad" | "sin" | "sinh" | "tan" | "tanh" => {
            measured(inner, Values::ANY)
        }
        _ => Type::unknown(),
    }
}

/// How much a counter grew: never less than nothing.
fn grown(inner: Type<'_>) -> Type<'_> {
    Type {
        nature: Nature::Gauge,
        values: Values {
            nan: inner.values.nan && inner.nature == Nature::Unknown,
            ..Values::NATURAL
        },
        ..inner
    }
}

/// A number of things that happened.
fn counted(inner: Type<'_>, least: f64) -> Type<'_> {
    measured(inner, Values::between(least, f64::INFINITY))
}

/// Something in the same unit that goes up and down.
fn gauge(inner: Type<'_>, values: Values) -> Type<'_> {
    Type {
        nature: Nature::Gauge,
        values,
        buckets: None,
        ..inner
    }
}

/// Something of another unit.
fn measured(inner: Type<'_>, values: Values) -> Type<'_> {
    Type {
        dimension: None,
        ..gauge(inner, values)
    }
}

fn averaged(inner: Type<'_>) -> Type<'_> {
    let nature = match inner.nature {
        Nature::Counter | Nature::Counters => Nature::Counters,
        nature => nature,
    };
    Type { nature, ..inner }
}

/// The same with other values.
fn changed(inner: Type<'_>, values: Values) -> Type<'_> {
    Type { values, ..inner }
}

fn part_of_time<'m>(inner: Type<'m>, arguments: &[Query], least: f64, most: f64) -> Type<'m> {
    let values = Values::between(least, most);
    match arguments {
        [] => Type::number(values),
        _ => measured(inner, values),
    }
}

/// What `absent` can know: the labels with one `=` and no other condition.
fn missing<'m>(argument: Option<&'m Query>, inner: LabelSet<'m>, at: usize) -> LabelSet<'m> {
    let mut labels = LabelSet::default();
    if let Some(Query::Selector(selector) | Query::Range { selector, .. }) = argument {
        for matcher in &selector.matchers {
            let alone = selector.matchers_of(&matcher.label).count() == 1;
            if alone && matcher.operator == MatchOp::Equal && !matcher.value.is_empty() {
                let fact = Fact {
                    always: true,
                    pinned: Some(&matcher.value),
                    ..Fact::default()
                };
                labels.insert(&matcher.label, fact);
            }
        }
        // The job that every selector gets, and its namespace.
        for label in ["job", NAMESPACE] {
            let fact = inner.fact(label);
            if selector.matchers_of(label).next().is_none() && fact.pinned.is_some() {
                labels.insert(label, fact);
            }
        }
    }
    for label in inner.known.keys().chain(inner.lost.keys()) {
        if !labels.known.contains_key(label) {
            labels.lost.insert(label, at);
        }
    }
    labels
}

fn relabelled<'m>(
    function: &str,
    arguments: &'m [Query],
    mut inner: Type<'m>,
    at: usize,
) -> Type<'m> {
    inner.labels = inner.labels.chosen();
    match (arguments.get(1), arguments.get(2)) {
        (Some(Query::Text(label)), Some(Query::Text(value)))
            if function == "label_replace" && value.is_empty() =>
        {
            inner.labels = inner.labels.without([label.as_str()], at);
        }
        (Some(name), _) => operators::add_written(&mut inner.labels, name),
        (None, _) => {}
    }
    if let Some(Query::Text(label)) = arguments.get(1)
        && label == "le"
    {
        inner.buckets = None;
    }
    inner
}
