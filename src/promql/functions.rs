//! The functions of PromQL: what they take, what they answer, and which Prometheus has them.

use std::ops::RangeInclusive;

use super::query::ValueKind::{self, Range, Scalar, Text, Vector};
use super::versions::Availability::{self, Always, Before, Experimental, Since};

/// A function.
pub(super) struct Function {
    /// The kinds of its arguments; the last one is that of all further ones, too.
    pub(super) arguments: &'static [ValueKind],
    /// How many arguments it takes.
    pub(super) count: RangeInclusive<usize>,
    /// The kind of its result.
    pub(super) result: ValueKind,
    /// Who has it.
    pub(super) availability: Availability,
}

type Row = (
    &'static str,
    &'static [ValueKind],
    RangeInclusive<usize>,
    ValueKind,
    Availability,
);

/// Any number of arguments.
const MANY: usize = usize::MAX;

/// All of them by name, as `promql/parser/functions.go` of each release has them from 2.42 to 3.16.
#[rustfmt::skip]
const FUNCTIONS: &[Row] = &[
    ("abs", &[Vector], 1..=1, Vector, Always),
    ("absent", &[Vector], 1..=1, Vector, Always),
    ("absent_over_time", &[Range], 1..=1, Vector, Always),
    ("acos", &[Vector], 1..=1, Vector, Always),
    ("acosh", &[Vector], 1..=1, Vector, Always),
    ("asin", &[Vector], 1..=1, Vector, Always),
    ("asinh", &[Vector], 1..=1, Vector, Always),
    ("atan", &[Vector], 1..=1, Vector, Always),
    ("atanh", &[Vector], 1..=1, Vector, Always),
    ("avg_over_time", &[Range], 1..=1, Vector, Always),
    ("ceil", &[Vector], 1..=1, Vector, Always),
    ("changes", &[Range], 1..=1, Vector, Always),
    ("clamp", &[Vector, Scalar, Scalar], 3..=3, Vector, Always),
    ("clamp_max", &[Vector, Scalar], 2..=2, Vector, Always),
    ("clamp_min", &[Vector, Scalar], 2..=2, Vector, Always),
    ("cos", &[Vector], 1..=1, Vector, Always),
    ("cosh", &[Vector], 1..=1, Vector, Always),
    ("count_over_time", &[Range], 1..=1, Vector, Always),
    ("day_of_month", &[Vector], 0..=1, Vector, Always),
    ("day_of_week", &[Vector], 0..=1, Vector, Always),
    ("day_of_year", &[Vector], 0..=1, Vector, Always),
    ("days_in_month", &[Vector], 0..=1, Vector, Always),
    ("deg", &[Vector], 1..=1, Vector, Always),
    ("delta", &[Range], 1..=1, Vector, Always),
    ("deriv", &[Range], 1..=1, Vector, Always),
    ("double_exponential_smoothing", &[Range, Scalar, Scalar], 3..=3, Vector, Experimental),
    ("end", &[], 0..=0, Scalar, Experimental),
    ("exp", &[Vector], 1..=1, Vector, Always),
    ("first_over_time", &[Range], 1..=1, Vector, Since(3, 14)),
    ("floor", &[Vector], 1..=1, Vector, Always),
    ("histogram_avg", &[Vector], 1..=1, Vector, Since(2, 51)),
    ("histogram_count", &[Vector], 1..=1, Vector, Always),
    ("histogram_fraction", &[Scalar, Scalar, Vector], 3..=3, Vector, Always),
    ("histogram_quantile", &[Scalar, Vector], 2..=2, Vector, Always),
    ("histogram_quantiles", &[Vector, Text, Scalar, Scalar], 3..=12, Vector, Experimental),
    ("histogram_stddev", &[Vector], 1..=1, Vector, Since(2, 47)),
    ("histogram_stdvar", &[Vector], 1..=1, Vector, Since(2, 47)),
    ("histogram_sum", &[Vector], 1..=1, Vector, Always),
    ("holt_winters", &[Range, Scalar, Scalar], 3..=3, Vector, Before(3, 0)),
    ("hour", &[Vector], 0..=1, Vector, Always),
    ("idelta", &[Range], 1..=1, Vector, Always),
    ("increase", &[Range], 1..=1, Vector, Always),
    ("info", &[Vector, Vector], 1..=2, Vector, Experimental),
    ("integral", &[Range, Scalar], 1..=2, Vector, Experimental),
    ("irate", &[Range], 1..=1, Vector, Always),
    ("label_join", &[Vector, Text, Text, Text], 3..=MANY, Vector, Always),
    ("label_replace", &[Vector, Text, Text, Text, Text], 5..=5, Vector, Always),
    ("last_over_time", &[Range], 1..=1, Vector, Always),
    ("ln", &[Vector], 1..=1, Vector, Always),
    ("log10", &[Vector], 1..=1, Vector, Always),
    ("log2", &[Vector], 1..=1, Vector, Always),
    ("mad_over_time", &[Range], 1..=1, Vector, Experimental),
    ("max_of", &[Scalar, Scalar], 2..=2, Scalar, Experimental),
    ("max_over_time", &[Range], 1..=1, Vector, Always),
    ("min_of", &[Scalar, Scalar], 2..=2, Scalar, Experimental),
    ("min_over_time", &[Range], 1..=1, Vector, Always),
    ("minute", &[Vector], 0..=1, Vector, Always),
    ("month", &[Vector], 0..=1, Vector, Always),
    ("pi", &[], 0..=0, Scalar, Always),
    ("predict_linear", &[Range, Scalar], 2..=2, Vector, Always),
    ("present_over_time", &[Range], 1..=1, Vector, Always),
    ("quantile_over_time", &[Scalar, Range], 2..=2, Vector, Always),
    ("rad", &[Vector], 1..=1, Vector, Always),
    ("range", &[], 0..=0, Scalar, Experimental),
    ("rate", &[Range], 1..=1, Vector, Always),
    ("resets", &[Range], 1..=1, Vector, Always),
    ("round", &[Vector, Scalar], 1..=2, Vector, Always),
    ("scalar", &[Vector], 1..=1, Scalar, Always),
    ("sgn", &[Vector], 1..=1, Vector, Always),
    ("sin", &[Vector], 1..=1, Vector, Always),
    ("sinh", &[Vector], 1..=1, Vector, Always),
    ("sort", &[Vector], 1..=1, Vector, Always),
    ("sort_by_label", &[Vector, Text], 1..=MANY, Vector, Experimental),
    ("sort_by_label_desc", &[Vector, Text], 1..=MANY, Vector, Experimental),
    ("sort_desc", &[Vector], 1..=1, Vector, Always),
    ("sqrt", &[Vector], 1..=1, Vector, Always),
    ("start", &[], 0..=0, Scalar, Experimental),
    ("start_timestamp", &[Vector], 1..=1, Vector, Experimental),
    ("stddev_over_time", &[Range], 1..=1, Vector, Always),
    ("stdvar_over_time", &[Range], 1..=1, Vector, Always),
    ("step", &[], 0..=0, Scalar, Experimental),
    ("sum_over_time", &[Range], 1..=1, Vector, Always),
    ("tan", &[Vector], 1..=1, Vector, Always),
    ("tanh", &[Vector], 1..=1, Vector, Always),
    ("time", &[], 0..=0, Scalar, Always),
    ("timestamp", &[Vector], 1..=1, Vector, Always),
    ("ts_of_first_over_time", &[Range], 1..=1, Vector, Experimental),
    ("ts_of_last_over_time", &[Range], 1..=1, Vector, Experimental),
    ("ts_of_max_over_time", &[Range], 1..=1, Vector, Experimental),
    ("ts_of_min_over_time", &[Range], 1..=1, Vector, Experimental),
    ("vector", &[Scalar], 1..=1, Vector, Always),
    ("year", &[Vector], 0..=1, Vector, Always),
];

/// The function that is called so; letter case counts.
pub(super) fn function(name: &str) -> Option<Function> {
    let i = FUNCTIONS.binary_search_by_key(&name, |row| row.0).ok()?;
    let (_, arguments, count, result, availability) = FUNCTIONS[i].clone();
    Some(Function {
        arguments,
        count,
        result,
        availability,
    })
}

/// The names of all functions.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|row| row.0)
}
