//! What aggregations and operators make of types.

use super::{Dimension, LabelSet, Nature, Type, Values};
use crate::promql::{
    AggregateOp, BinaryOp, Group, Grouping, MatchLabels, Matching, Query, ValueKind,
};

/// What comes of an aggregation.
pub(super) fn aggregate<'m>(
    operator: AggregateOp,
    grouping: &'m Grouping,
    query: &'m Query,
    argument: Type<'m>,
    at: usize,
) -> Type<'m> {
    use AggregateOp::*;
    let values = argument.values;
    if operator.keeps_series() {
        return Type {
            labels: argument.labels.chosen(),
            ..argument
        };
    }
    let mut labels = match grouping {
        Grouping::By(kept) => argument.labels.only(kept, at),
        Grouping::Without(dropped) => argument
            .labels
            .without(dropped.iter().map(String::as_str), at),
    };
    if operator == CountValues {
        match query {
            Query::Aggregate {
                parameter: Some(parameter),
                ..
            } => add_written(&mut labels, parameter),
            _ => labels.open = true,
        }
    }
    let has_bounds = labels.known.contains_key("le");
    let nature = match (operator, argument.nature) {
        (Sum, Nature::Counter | Nature::Counters) => Nature::Counters,
        (Min | Max | Avg | Quantile, Nature::Counter | Nature::Counters) => Nature::Counters,
        (Min | Max, nature) => nature,
        (Sum | Avg | Quantile, Nature::Gauge | Nature::Quantile) => Nature::Gauge,
        (Count | Group | CountValues | Stddev | Stdvar, _) => Nature::Gauge,
        _ => Nature::Unknown,
    };
    let infinite = f64::INFINITY;
    Type {
        dimension: match operator {
            Sum | Avg | Min | Max | Quantile | Stddev => argument.dimension,
            _ => None,
        },
        nature,
        values: match operator {
            Sum => Values {
                least: if values.least >= 0.0 {
                    values.least
                } else {
                    -infinite
                },
                most: if values.most <= 0.0 {
                    values.most
                } else {
                    infinite
                },
                nan: values.nan,
            },
            Avg | Min | Max | Quantile => values,
            Count | CountValues => Values::between(1.0, infinite),
            AggregateOp::Group => Values::exactly(1.0),
            Stddev | Stdvar => Values::NATURAL.or_nan(),
            _ => Values::ANY,
        },
        buckets: argument.buckets.filter(|_| has_bounds),
        metric: argument.metric,
        labels,
    }
}

/// A label that a string names.
pub(super) fn add_written<'m>(labels: &mut LabelSet<'m>, name: &'m Query) {
    match name {
        Query::Text(label) => labels.insert(label, super::Fact::default()),
        _ => labels.open = true,
    }
}

/// What comes of two operands.
pub(super) fn binary<'m>(query: &'m Query, left: Type<'m>, right: Type<'m>, at: usize) -> Type<'m> {
    let Query::Binary {
        operator,
        return_bool,
        matching,
        left: left_query,
        right: right_query,
    } = query
    else {
        return Type::unknown();
    };
    let vectors = (
        left_query.kind() != ValueKind::Scalar,
        right_query.kind() != ValueKind::Scalar,
    );
    let metric = match vectors {
        (true, false) => left.metric,
        (false, true) => right.metric,
        _ => left.metric.filter(|metric| {
            right
                .metric
                .is_some_and(|other| std::ptr::eq(*metric, other))
        }),
    };
    if *operator == BinaryOp::Or {
        return Type {
            dimension: left.dimension.filter(|_| left.dimension == right.dimension),
            nature: if left.nature == right.nature {
                left.nature
            } else {
                Nature::Unknown
            },
            values: left.values.or(right.values),
            metric,
            buckets: left.buckets.filter(|_| right.buckets.is_some()),
            labels: left.labels.or(right.labels),
        };
    }
    if operator.is_set() {
        let labels = match operator {
            BinaryOp::And => left
                .labels
                .matched(&right.labels, |label| is_matched(label, matching.as_ref())),
            _ => left.labels,
        };
        return Type {
            labels: labels.chosen(),
            ..left
        };
    }
    if operator.is_comparison() {
        return comparison(
            *operator,
            *return_bool,
            matching.as_ref(),
            vectors,
            left,
            right,
            at,
        );
    }
    let values = if *operator == BinaryOp::Div && is_share(left_query, right_query, left.values) {
        Values::SHARE.or_nan()
    } else {
        arithmetic(*operator, left.values, right.values)
    };
    let kind = Type {
        labels: LabelSet::default(),
        dimension: dimension(*operator, &left, &right),
        nature: nature(*operator, &left, &right, vectors),
        values,
        metric,
        buckets: match (vectors, operator) {
            ((true, false), BinaryOp::Mul | BinaryOp::Div) => left.buckets,
            ((false, true), BinaryOp::Mul) => right.buckets,
            _ => None,
        },
    };
    Type {
        labels: joined(matching.as_ref(), vectors, left.labels, right.labels, at),
        ..kind
    }
}

fn comparison<'m>(
    operator: BinaryOp,
    return_bool: bool,
    matching: Option<&'m Matching>,
    vectors: (bool, bool),
    left: Type<'m>,
    right: Type<'m>,
    at: usize,
) -> Type<'m> {
    let flipped = match operator {
        BinaryOp::Less => BinaryOp::Greater,
        BinaryOp::LessEqual => BinaryOp::GreaterEqual,
        BinaryOp::Greater => BinaryOp::Less,
        BinaryOp::GreaterEqual => BinaryOp::LessEqual,
        same => same,
    };
    // The values that come out are those of the vector; of two vectors, those of the left.
    let (base, values) = match vectors {
        (false, true) => (&right, right.values.filtered(flipped, left.values)),
        _ => (&left, left.values.filtered(operator, right.values)),
    };
    let kind = if return_bool {
        Type {
            nature: Nature::Gauge,
            values: Values::SHARE,
            ..Type::unknown()
        }
    } else {
        Type {
            labels: LabelSet::default(),
            values,
            dimension: base.dimension,
            nature: base.nature,
            metric: base.metric,
            buckets: base.buckets,
        }
    };
    let labels = joined(matching, vectors, left.labels, right.labels, at);
    Type {
        // A comparison leaves what it leaves.
        labels: if return_bool { labels } else { labels.chosen() },
        ..kind
    }
}

/// The labels of a result: those of the vector; of two, by the rules of `on`, `ignoring` and `group_left`.
fn joined<'m>(
    matching: Option<&'m Matching>,
    vectors: (bool, bool),
    left: LabelSet<'m>,
    right: LabelSet<'m>,
    at: usize,
) -> LabelSet<'m> {
    match vectors {
        (false, false) => return LabelSet::default(),
        (true, false) => return left,
        (false, true) => return right,
        (true, true) => {}
    }
    let by = |label: &str| is_matched(label, matching);
    let Some(matching) = matching else {
        return left.matched(&right, by);
    };
    let (mut many, one) = match &matching.group {
        Group::Left(_) => (left.matched(&right, by), right),
        Group::Right(_) => (right.matched(&left, by), left),
        Group::None => {
            let left = left.matched(&right, by);
            return match &matching.labels {
                MatchLabels::On(kept) => left.only(kept, at),
                MatchLabels::Ignoring(dropped) => {
                    left.without(dropped.iter().map(String::as_str), at)
                }
            };
        }
    };
    for label in matching.group.labels() {
        // What the one side does not have is reported, and there afterwards.
        let fact = one.fact(label);
        many.insert(label, fact);
    }
    many
}

/// Whether two series have partners only where they have the same value of a label.
fn is_matched(label: &str, matching: Option<&Matching>) -> bool {
    match matching.map(|matching| &matching.labels) {
        None => true,
        Some(MatchLabels::On(labels)) => labels.iter().any(|on| on == label),
        Some(MatchLabels::Ignoring(labels)) => labels.iter().all(|ignored| ignored != label),
    }
}

fn arithmetic(operator: BinaryOp, left: Values, right: Values) -> Values {
    match (operator, left.one(), right.one()) {
        (BinaryOp::Pow, Some(base), Some(exponent)) => Values::exactly(base.powf(exponent)),
        (BinaryOp::Mod, Some(a), Some(b)) => Values::exactly(a % b),
        _ => left.combine(operator, right),
    }
}

fn dimension<'m>(operator: BinaryOp, left: &Type<'m>, right: &Type<'m>) -> Option<Dimension<'m>> {
    let number = |kind: &Type<'m>| kind.values.one().filter(|_| kind.metric.is_none());
    match operator {
        BinaryOp::Add | BinaryOp::Sub => match (left.dimension, right.dimension) {
            (Some(left), Some(right)) => (left == right).then_some(left),
            // `1 - share`, `bytes + 1`: a number is of the same kind as what it is added to.
            (Some(known), None) if number(right).is_some() => Some(known),
            (None, Some(known)) if number(left).is_some() => Some(known),
            _ => None,
        },
        BinaryOp::Mul => match (left.dimension, right.dimension) {
            (Some(left), Some(right)) => left.times(right),
            (Some(known), None) => known.scaled(number(right)?),
            (None, Some(known)) => known.scaled(number(left)?),
            (None, None) => None,
        },
        BinaryOp::Div => match (left.dimension, right.dimension) {
            (Some(left), Some(right)) => left.divided(right),
            (Some(known), None) => known.scaled(1.0 / number(right)?),
            _ => None,
        },
        BinaryOp::Mod => left.dimension,
        _ => None,
    }
}

fn nature(operator: BinaryOp, left: &Type<'_>, right: &Type<'_>, vectors: (bool, bool)) -> Nature {
    use BinaryOp::{Add, Div, Mul};
    let always_one = |kind: &Type<'_>| kind.values == Values::exactly(1.0);
    match (operator, vectors) {
        (Mul | Div, (true, false)) => left.nature,
        (Mul, (false, true)) => right.nature,
        // What is joined to an info metric stays what it is.
        (Mul, (true, true)) if always_one(right) => left.nature,
        (Mul, (true, true)) if always_one(left) => right.nature,
        (Add, (true, true)) => match (left.nature, right.nature) {
            (Nature::Counter | Nature::Counters, Nature::Counter | Nature::Counters) => {
                Nature::Counters
            }
            (left, right) if left == right => left,
            _ => Nature::Unknown,
        },
        _ => Nature::Unknown,
    }
}

/// Whether a quotient is a share: a part of a whole, or a summand of a sum.
fn is_share(part: &Query, whole: &Query, values: Values) -> bool {
    if is_part(part, whole) {
        return values.least >= 0.0;
    }
    // `part or 0 * whole`: no part is none of the whole.
    if let Query::Binary {
        operator: BinaryOp::Or,
        left,
        right,
        ..
    } = part
        && let Query::Binary {
            operator: BinaryOp::Mul,
            left: zero,
            right: other,
            ..
        } = right.as_ref()
    {
        let none = matches!(zero.as_ref(), Query::Number(n) if *n == 0.0);
        return none && other.as_ref() == whole && is_part(left, whole) && values.least >= 0.0;
    }
    false
}

/// Whether every series of the one is also counted in the other: the same words, with further matchers or a finer grouping.
fn is_part(part: &Query, whole: &Query) -> bool {
    use AggregateOp::{Count, Sum};
    match (part, whole) {
        (
            Query::Range {
                selector: part,
                window,
            },
            Query::Range {
                selector: whole,
                window: other,
            },
        ) => {
            window == other
                && part.metric.is_some()
                && (&part.metric, part.offset, part.at) == (&whole.metric, whole.offset, whole.at)
                && whole
                    .matchers
                    .iter()
                    .all(|matcher| part.matchers.contains(matcher))
        }
        (Query::Selector(part), Query::Selector(whole)) => {
            part.metric.is_some()
                && (&part.metric, part.offset, part.at) == (&whole.metric, whole.offset, whole.at)
                && whole
                    .matchers
                    .iter()
                    .all(|matcher| part.matchers.contains(matcher))
        }
        (
            Query::Call {
                function,
                arguments,
            },
            Query::Call {
                function: other,
                arguments: others,
            },
        ) => {
            function == other
                && matches!(function.as_str(), "rate" | "increase" | "irate")
                && matches!((arguments.as_slice(), others.as_slice()), ([a], [b]) if is_part(a, b))
        }
        (
            Query::Aggregate {
                operator,
                grouping,
                parameter: None,
                argument,
            },
            Query::Aggregate {
                operator: other_operator,
                grouping: other,
                parameter: None,
                argument: whole,
            },
        ) => {
            operator == other_operator
                && matches!(operator, Sum | Count)
                && match (grouping, other) {
                    (Grouping::By(finer), Grouping::By(coarser)) => {
                        coarser.iter().all(|label| finer.contains(label))
                    }
                    (finer, coarser) => finer == coarser,
                }
                && is_part(argument, whole)
        }
        _ => false,
    }
}
