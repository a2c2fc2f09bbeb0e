//! Lints of PromQL that was written by hand: what parses, and what its types say otherwise. One file a lint.
//!
//! Each looks at an expression with the [types](crate::model::typing) of its parts. One mistake makes one finding: what is
//! reported elsewhere (an unknown metric, a lost identity) has a type of which nothing is known.

mod absent_of_aggregate;
mod absent_of_comparison;
mod always_true;
mod average_of_quantiles;
mod comparison;
mod dead_alternative;
mod delta_of_counter;
mod dropped_label;
mod empty_range;
mod empty_selection;
mod float_equality;
mod lost_le;
mod many_to_one;
mod matchers;
mod missing_namespace;
mod mixed_units;
mod nan_comparison;
mod negative_offset;
mod never_true;
mod no_buckets;
mod no_match;
mod pointless_matcher;
mod pointless_sort;
mod quantile_range;
mod ranges;
mod rate_of_aggregate;
mod rate_of_gauge;
mod raw_counter;
mod raw_without_job;
mod short_range;
mod subquery_gaps;
mod subquery_step;
#[cfg(test)]
mod tests;
mod unknown_bucket;
mod unset_timestamp;
mod unstable_alert;

use super::Lint;
use crate::model::monitoring::Purpose;
use crate::model::typing::{Node, Typed};
use crate::promql::Query;
use crate::spec::Place;

/// Every lint of expressions.
pub(super) const LINTS: &[Lint] = &[
    absent_of_aggregate::LINT,
    absent_of_comparison::LINT,
    always_true::LINT,
    average_of_quantiles::LINT,
    dead_alternative::LINT,
    delta_of_counter::LINT,
    dropped_label::LINT,
    empty_range::LINT,
    empty_selection::LINT,
    float_equality::LINT,
    lost_le::LINT,
    many_to_one::LINT,
    missing_namespace::LINT,
    mixed_units::LINT,
    nan_comparison::LINT,
    negative_offset::LINT,
    never_true::LINT,
    no_buckets::LINT,
    no_match::LINT,
    pointless_matcher::LINT,
    pointless_sort::LINT,
    quantile_range::LINT,
    rate_of_aggregate::LINT,
    rate_of_gauge::LINT,
    raw_counter::LINT,
    raw_without_job::LINT,
    short_range::LINT,
    subquery_gaps::LINT,
    subquery_step::LINT,
    unknown_bucket::LINT,
    unset_timestamp::LINT,
    unstable_alert::LINT,
];

/// Whether a rule evaluates this, and not a dashboard alone.
fn is_rule(typed: &Typed<'_>) -> bool {
    matches!(
        typed.written.purpose,
        Purpose::Alert | Purpose::Signal { recorded: true }
    )
}

/// Calls of functions for counters, and what they are called with.
fn rates<'t, 'm>(
    typed: &'t Typed<'m>,
) -> impl Iterator<Item = (&'t Node<'m>, &'m str, &'t Node<'m>)> {
    typed.nodes.iter().filter_map(|node| match node.query {
        Query::Call { function, .. } => {
            let name = function.as_str();
            let of_counters = matches!(name, "rate" | "irate" | "increase" | "resets");
            of_counters.then_some((node, name, typed.child(node, 0)?))
        }
        _ => None,
    })
}

/// Where the metric is declared that a part reads.
fn declared(node: &Node<'_>) -> Option<(Place, &'static str)> {
    Some((node.series?.metric.origin.key(), "declared here"))
}
