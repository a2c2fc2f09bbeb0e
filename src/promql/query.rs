//! The tree of a query.

use std::time::Duration;

use super::operators::{AggregateOp, BinaryOp};

/// A PromQL expression.
///
/// Parentheses are not part of the tree: printing puts them where precedence needs them. `sum(x)` and
/// `sum by () (x)` mean the same and are the same tree, and so are a number and its negative sign:
/// `-5` is `Number(-5.0)`.
///
/// Two trees are equal when they have the same shape and words; NaN equals NaN here, so that what is
/// printed and read again compares equal.
#[derive(Debug, Clone)]
pub enum Query {
    /// A scalar, such as `0.5`. A duration where a number is expected is its seconds.
    Number(f64),
    /// A string, decoded: the argument of functions such as `label_replace`.
    Text(String),
    /// An instant vector, such as `up{job="api"}`.
    Selector(Selector),
    /// A range vector, such as `up[5m]`.
    Range {
        /// Which series.
        selector: Selector,
        /// How far back.
        window: Window,
    },
    /// An instant vector evaluated over a range, such as `(a / b)[1h:5m]`.
    Subquery {
        /// What is evaluated at every step.
        query: Box<Query>,
        /// How far back.
        range: Window,
        /// The distance of two evaluations; the server's evaluation interval where absent.
        step: Option<Window>,
        /// The shift in time.
        offset: Option<Offset>,
        /// The fixed moment of evaluation.
        at: Option<At>,
    },
    /// A function's call, such as `rate(up[5m])`.
    Call {
        /// The function's name.
        function: String,
        /// Its arguments, as written.
        arguments: Vec<Query>,
    },
    /// An aggregation, such as `sum by (job) (up)`.
    Aggregate {
        /// What is computed of every group.
        operator: AggregateOp,
        /// How the groups are made.
        grouping: Grouping,
        /// The `5` of `topk(5, up)`; there if and only if the operator takes one.
        parameter: Option<Box<Query>>,
        /// What is aggregated.
        argument: Box<Query>,
    },
    /// Two operands and an operator, such as `a / on (job) b`.
    Binary {
        /// The operator.
        operator: BinaryOp,
        /// Whether a comparison answers 0 or 1 instead of filtering.
        return_bool: bool,
        /// Which series of the two sides belong together; all labels must be equal where absent.
        matching: Option<Matching>,
        /// The operand on the left.
        left: Box<Query>,
        /// The operand on the right.
        right: Box<Query>,
    },
    /// The negative of a vector or scalar: `-up`.
    Negate(Box<Query>),
}

/// Which series are read: a metric's name and label matchers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Selector {
    /// The metric, if it is named exactly; also `{__name__="m"}` and `{"m"}` end up here.
    pub metric: Option<String>,
    /// The matchers as written, without the one that names the metric.
    pub matchers: Vec<Matcher>,
    /// The shift in time.
    pub offset: Option<Offset>,
    /// The fixed moment of evaluation.
    pub at: Option<At>,
}

/// One condition on a label.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Matcher {
    /// The label's name.
    pub label: String,
    /// How it is compared.
    pub operator: MatchOp,
    /// The value or the (anchored) regular expression, decoded.
    pub value: String,
}

/// How a label is compared with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatchOp {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `=~`: the anchored regular expression matches.
    Regex,
    /// `!~`: the anchored regular expression does not match.
    NotRegex,
}

/// A length of time: how far back a range vector or subquery reaches, or an offset.
///
/// Besides a duration these are Grafana's built-in variables, which only a dashboard can expand: a rule
/// must not contain them (see [`Query::windows`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Window {
    /// A fixed time, in whole milliseconds.
    Duration(Duration),
    /// `$__rate_interval`
    RateInterval,
    /// `$__interval`
    Interval,
    /// `$__range`
    Range,
}

/// A shift of the evaluation time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Offset {
    /// `offset 5m`: into the past.
    Back(Window),
    /// `offset -5m`: into the future.
    Ahead(Window),
}

/// A fixed moment of evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum At {
    /// `@ start()`: the start of the range that is evaluated.
    Start,
    /// `@ end()`: its end.
    End,
    /// `@ 1609746000`: milliseconds since the Unix epoch.
    Millis(i64),
}

/// How an aggregation makes its groups.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// Only these labels stay; none makes one group of everything.
    By(Vec<String>),
    /// All but these labels stay.
    Without(Vec<String>),
}

/// Which series of two vectors belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// The labels that are compared.
    pub labels: MatchLabels,
    /// Whether one side may have several series for one of the other.
    pub group: Group,
    /// Values for series that have no partner (experimental in Prometheus 3).
    pub fill: Fill,
}

/// The labels that decide whether two series belong together.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum MatchLabels {
    /// `on (…)`: these.
    On(Vec<String>),
    /// `ignoring (…)`: all but these.
    Ignoring(Vec<String>),
}

/// Which side of a binary operation may have several series for one of the other.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Group {
    /// Neither.
    #[default]
    None,
    /// `group_left (…)`: the left; these labels are taken from the right.
    Left(Vec<String>),
    /// `group_right (…)`: the right; these labels are taken from the left.
    Right(Vec<String>),
}

/// What stands in for a missing partner in a binary operation: `fill (0)`, `fill_left (0)`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fill {
    /// In place of a missing series on the left.
    pub left: Option<f64>,
    /// In place of a missing series on the right.
    pub right: Option<f64>,
}

/// What kind of value a query has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// A number without labels.
    Scalar,
    /// One value for each series.
    Vector,
    /// Several values for each series: the argument of `rate` and its like.
    Range,
    /// A string.
    Text,
}

impl MatchOp {
    /// How PromQL writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            MatchOp::Equal => "=",
            MatchOp::NotEqual => "!=",
            MatchOp::Regex => "=~",
            MatchOp::NotRegex => "!~",
        }
    }
}

impl Grouping {
    /// The labels of `by` or `without`.
    pub fn labels(&self) -> &[String] {
        match self {
            Grouping::By(labels) | Grouping::Without(labels) => labels,
        }
    }
}

impl Group {
    /// The labels of `group_left` or `group_right`.
    pub fn labels(&self) -> &[String] {
        match self {
            Group::None => &[],
            Group::Left(labels) | Group::Right(labels) => labels,
        }
    }
}

impl PartialEq for Fill {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => same_number(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        same(self.left, other.left) && same(self.right, other.right)
    }
}

fn same_number(a: f64, b: f64) -> bool {
    a == b || a.is_nan() && b.is_nan()
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        use Query::*;
        match (self, other) {
            (Number(a), Number(b)) => same_number(*a, *b),
            (Text(a), Text(b)) => a == b,
            (Selector(a), Selector(b)) => a == b,
            (Negate(a), Negate(b)) => a == b,
            (
                Range { selector, window },
                Range {
                    selector: s,
                    window: w,
                },
            ) => selector == s && window == w,
            (
                Subquery {
                    query,
                    range,
                    step,
                    offset,
                    at,
                },
                Subquery {
                    query: q,
                    range: r,
                    step: s,
                    offset: o,
                    at: a,
                },
            ) => query == q && range == r && step == s && offset == o && at == a,
            (
                Call {
                    function,
                    arguments,
                },
                Call {
                    function: f,
                    arguments: a,
                },
            ) => function == f && arguments == a,
            (
                Aggregate {
                    operator,
                    grouping,
                    parameter,
                    argument,
                },
                Aggregate {
                    operator: o,
                    grouping: g,
                    parameter: p,
                    argument: a,
                },
            ) => operator == o && grouping == g && parameter == p && argument == a,
            (
                Binary {
                    operator,
                    return_bool,
                    matching,
                    left,
                    right,
                },
                Binary {
                    operator: o,
                    return_bool: b,
                    matching: m,
                    left: l,
                    right: r,
                },
            ) => operator == o && return_bool == b && matching == m && left == l && right == r,
            _ => false,
        }
    }
}
