//! Which labels a result still has.

use std::collections::BTreeSet;

use super::operators::{AggregateOp, BinaryOp};
use super::query::{
    Group, Grouping, MatchLabels, MatchOp, Matcher, Matching, Query, Selector, ValueKind,
};

/// The labels of a vector's series, without `__name__`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Labels {
    /// No others than these.
    Known(BTreeSet<String>),
    /// Nothing is known about them.
    Any,
}

impl Labels {
    /// No labels at all.
    pub const NONE: Labels = Labels::Known(BTreeSet::new());

    /// These and no others.
    pub fn known<L: Into<String>>(labels: impl IntoIterator<Item = L>) -> Labels {
        Labels::Known(labels.into_iter().map(Into::into).collect())
    }

    /// Whether a series may have this label.
    pub fn may_have(&self, label: &str) -> bool {
        match self {
            Labels::Known(labels) => labels.contains(label),
            Labels::Any => true,
        }
    }

    /// Those among `kept`. Of unknown labels all of `kept`.
    fn only(self, kept: &[String]) -> Labels {
        Labels::known(kept.iter().filter(|label| self.may_have(label)).cloned())
    }

    fn without<'a>(mut self, dropped: impl IntoIterator<Item = &'a str>) -> Labels {
        if let Labels::Known(labels) = &mut self {
            for label in dropped {
                labels.remove(label);
            }
        }
        self
    }

    fn plus(mut self, label: &str) -> Labels {
        if let Labels::Known(labels) = &mut self {
            labels.insert(label.to_owned());
        }
        self
    }

    /// Those that both have; what is unknown counts as having them.
    fn common(self, other: Labels) -> Labels {
        match (self, other) {
            (Labels::Known(a), Labels::Known(b)) => Labels::Known(&a & &b),
            (Labels::Known(labels), Labels::Any) | (Labels::Any, Labels::Known(labels)) => {
                Labels::Known(labels)
            }
            (Labels::Any, Labels::Any) => Labels::Any,
        }
    }
}

/// The labels on which a text about the result may count, given those of each selector's series.
///
/// Of `a or b` these are the labels that both sides have: a series of either may come. `__name__` is
/// never among them. The rules are those of Prometheus' engine: an operation with `on` and no group keeps
/// the labels of `on` only; with a group it keeps all of the side with many series, and takes those in
/// the group's list from the other; `absent` has what its selector pins with `=`.
pub fn output_labels(query: &Query, of: &dyn Fn(&Selector) -> Labels) -> Labels {
    labels(query, of).without(["__name__"])
}

fn labels(query: &Query, of: &dyn Fn(&Selector) -> Labels) -> Labels {
    match query {
        Query::Number(_) | Query::Text(_) => Labels::NONE,
        Query::Selector(selector) | Query::Range { selector, .. } => of(selector),
        Query::Subquery { query, .. } | Query::Negate(query) => labels(query, of),
        Query::Aggregate {
            operator,
            grouping,
            parameter,
            argument,
        } => {
            let inner = labels(argument, of);
            if operator.keeps_series() {
                return inner;
            }
            let grouped = match grouping {
                Grouping::By(kept) => inner.only(kept),
                Grouping::Without(dropped) => inner.without(dropped.iter().map(String::as_str)),
            };
            match (operator, parameter.as_deref()) {
                (AggregateOp::CountValues, Some(Query::Text(label))) => grouped.plus(label),
                (AggregateOp::CountValues, _) => Labels::Any,
                _ => grouped,
            }
        }
        Query::Binary {
            operator,
            matching,
            left,
            right,
            ..
        } => match (left.kind(), right.kind()) {
            (ValueKind::Scalar, ValueKind::Scalar) => Labels::NONE,
            (ValueKind::Scalar, _) => labels(right, of),
            (_, ValueKind::Scalar) => labels(left, of),
            _ => {
                let (left, right) = (labels(left, of), labels(right, of));
                of_binary(*operator, matching.as_ref(), left, right)
            }
        },
        Query::Call {
            function,
            arguments,
        } => of_call(function, arguments, of),
    }
}

fn of_binary(
    operator: BinaryOp,
    matching: Option<&Matching>,
    left: Labels,
    right: Labels,
) -> Labels {
    match operator {
        BinaryOp::And | BinaryOp::Unless => return left,
        BinaryOp::Or => return left.common(right),
        _ => {}
    }
    let Some(matching) = matching else {
        return left;
    };
    let (many, one, taken) = match &matching.group {
        Group::Left(taken) => (left, right, taken),
        Group::Right(taken) => (right, left, taken),
        Group::None => {
            return match &matching.labels {
                MatchLabels::On(kept) => left.only(kept),
                MatchLabels::Ignoring(dropped) => left.without(dropped.iter().map(String::as_str)),
            };
        }
    };
    // A label that the one side does not have is dropped from the many.
    let mut result = many.without(taken.iter().map(String::as_str));
    for label in taken.iter().filter(|label| one.may_have(label)) {
        result = result.plus(label);
    }
    result
}

fn of_call(function: &str, arguments: &[Query], of: &dyn Fn(&Selector) -> Labels) -> Labels {
    let argument = |i: usize| {
        arguments
            .get(i)
            .map_or(Labels::Any, |query| labels(query, of))
    };
    match function {
        "time" | "pi" | "scalar" | "vector" | "start" | "end" | "step" | "range" | "max_of"
        | "min_of" => Labels::NONE,
        "minute" | "hour" | "month" | "year" | "day_of_month" | "day_of_week" | "day_of_year"
        | "days_in_month"
            if arguments.is_empty() =>
        {
            Labels::NONE
        }
        "absent" | "absent_over_time" => match arguments.first() {
            Some(Query::Selector(selector) | Query::Range { selector, .. }) => {
                pinned(&selector.matchers)
            }
            _ => Labels::NONE,
        },
        "histogram_quantile" => argument(1).without(["le"]),
        "histogram_fraction" => argument(2).without(["le"]),
        "histogram_quantiles" => match arguments.get(1) {
            Some(Query::Text(label)) => argument(0).without(["le"]).plus(label),
            _ => Labels::Any,
        },
        "quantile_over_time" => argument(1),
        "label_replace" => match (arguments.get(1), arguments.get(2)) {
            (Some(Query::Text(label)), Some(Query::Text(empty))) if empty.is_empty() => {
                argument(0).without([label.as_str()])
            }
            (Some(Query::Text(label)), _) => argument(0).plus(label),
            _ => Labels::Any,
        },
        "label_join" => match arguments.get(1) {
            Some(Query::Text(label)) => argument(0).plus(label),
            _ => Labels::Any,
        },
        name if keeps_labels(name) => argument(0),
        _ => Labels::Any,
    }
}

/// Whether each result has the labels of a series of the first argument.
fn keeps_labels(function: &str) -> bool {
    const SUFFIX: &str = "_over_time";
    const NAMES: &[&str] = &[
        "abs",
        "acos",
        "acosh",
        "asin",
        "asinh",
        "atan",
        "atanh",
        "ceil",
        "changes",
        "clamp",
        "clamp_max",
        "clamp_min",
        "cos",
        "cosh",
        "day_of_month",
        "day_of_week",
        "day_of_year",
        "days_in_month",
        "deg",
        "delta",
        "deriv",
        "double_exponential_smoothing",
        "exp",
        "floor",
        "histogram_avg",
        "histogram_count",
        "histogram_stddev",
        "histogram_stdvar",
        "histogram_sum",
        "holt_winters",
        "hour",
        "idelta",
        "increase",
        "integral",
        "irate",
        "ln",
        "log10",
        "log2",
        "minute",
        "month",
        "predict_linear",
        "rad",
        "rate",
        "resets",
        "round",
        "sgn",
        "sin",
        "sinh",
        "sort",
        "sort_by_label",
        "sort_by_label_desc",
        "sort_desc",
        "sqrt",
        "start_timestamp",
        "tan",
        "tanh",
        "timestamp",
        "year",
    ];
    const OVER_TIME: &[&str] = &[
        "avg",
        "count",
        "first",
        "last",
        "mad",
        "max",
        "min",
        "present",
        "stddev",
        "stdvar",
        "sum",
        "ts_of_first",
        "ts_of_last",
        "ts_of_max",
        "ts_of_min",
    ];
    match function.strip_suffix(SUFFIX) {
        Some(name) => OVER_TIME.contains(&name),
        None => NAMES.contains(&function),
    }
}

/// The labels with one `=` matcher and no other condition: what `absent` can know.
fn pinned(matchers: &[Matcher]) -> Labels {
    let mut seen = BTreeSet::new();
    let mut pinned = BTreeSet::new();
    for matcher in matchers
        .iter()
        .filter(|matcher| matcher.label != "__name__")
    {
        let equal = matcher.operator == MatchOp::Equal;
        if equal && seen.insert(&matcher.label) {
            if !matcher.value.is_empty() {
                pinned.insert(matcher.label.clone());
            }
        } else {
            pinned.remove(&matcher.label);
        }
    }
    Labels::Known(pinned)
}
