//! What an alert asks beside its comparison: enough traffic, and series that exist.

use super::comparisons::number;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::condition::Direction;
use crate::model::namespace::NAMESPACE;
use crate::model::resolve::limits::fits;
use crate::model::signal::{Asked, Signal};
use crate::promql::{BinaryOp, MatchOp, Query};
use crate::spec::Place;
use crate::spec::document::Quantity;

/// `and` traffic of at least so much.
pub(super) fn with_traffic(
    query: Query,
    signal: &Signal,
    asked: &Asked<'_>,
    least: &Quantity,
    at: &Place,
    findings: &mut Findings,
) -> Query {
    let (Some(traffic), Some(unit)) = (signal.traffic(asked), signal.traffic_unit(asked.catalogue))
    else {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.key(),
                format!("`{}` has no traffic that could be too little", signal.name),
            )
            .help("`min_traffic` belongs to ratios of counters, quantiles and averages"),
        );
        return query;
    };
    if !fits(least, &unit) {
        findings.push(
            Finding::error(
                "unit-mismatch",
                at.clone(),
                format!(
                    "the traffic is {}, and `{}` is {}",
                    unit.words(),
                    least.text,
                    least.words()
                ),
            )
            .help("for example `1/s` or `10/m`"),
        );
        return query;
    }
    query.and(traffic.greater_equal(number(least, least.value)))
}

/// `or` a series that is 0, as long as there is none: then `$value` tells the truth.
pub(super) fn with_missing(
    query: Query,
    signal: &Signal,
    catalogue: &Catalogue,
    condition: Option<(Direction, &Quantity)>,
    at: &Place,
    findings: &mut Findings,
) -> Query {
    let zero = matches!(condition, Some((Direction::Equals, quantity)) if quantity.value == 0.0);
    let absent = match &query {
        Query::Binary { left, .. } if zero => {
            // What is missing has the labels that are asked for: this one tells who hears of it.
            let keeps_it = signal.job == 0 && catalogue.service.keeps(NAMESPACE);
            let namespace = catalogue.service.namespace.as_deref();
            absent(left, namespace.filter(|_| keeps_it))
        }
        _ => None,
    };
    let Some(absent) = absent else {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.key(),
                "`when_missing: fire` belongs to `equals: 0` of something that is not aggregated",
            )
            .help(format!(
                "what is missing has no value; for `{}` write an `expr` with `absent()`",
                signal.name
            )),
        );
        return query;
    };
    query.or(Query::number(0.0).times(absent))
}

/// 1 where there is no series of a selector (in a namespace); of a renamed metric, none of either name.
fn absent(query: &Query, namespace: Option<&str>) -> Option<Query> {
    match query {
        Query::Selector(selector) => {
            let mut selector = selector.clone();
            if let Some(namespace) = namespace
                && selector.matchers_of(NAMESPACE).next().is_none()
            {
                selector = selector.with(NAMESPACE, MatchOp::Equal, namespace);
            }
            Some(Query::call("absent", [selector.into()]))
        }
        Query::Binary {
            operator: BinaryOp::Or,
            left,
            right,
            ..
        } => Some(absent(left, namespace)?.and(absent(right, namespace)?)),
        _ => None,
    }
}
