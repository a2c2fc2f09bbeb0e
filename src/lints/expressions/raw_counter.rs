//! `raw-counter`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{Nature, Node, Typed};
use crate::promql::{AggregateOp, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/concepts/metric_types/#counter>: how large it is says since when the process runs.
pub(super) const LINT: Lint = Lint {
    name: "raw-counter",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let what = match node.query {
            Query::Binary { operator, .. } if operator.is_comparison() => compared(typed, node),
            Query::Aggregate { operator, .. }
                if !matches!(
                    operator,
                    AggregateOp::Count | AggregateOp::Group | AggregateOp::CountValues
                ) =>
            {
                node.children.last().map(|i| &typed.nodes[*i])
            }
            Query::Call { function, .. } => match function.as_str() {
                "avg_over_time" | "sum_over_time" | "stddev_over_time" => typed.child(node, 0),
                "quantile_over_time" | "histogram_quantile" => typed.child(node, 1),
                _ => None,
            },
            _ => None,
        };
        let Some(counter) = what.filter(|node| is_raw(node)) else {
            continue;
        };
        // The wrong way round is another lint's; and where only presence is asked for, values do not matter.
        if is_rated(typed, node) || typed.around(node).any(asks_for_presence) {
            continue;
        }
        let name = counter
            .kind
            .metric
            .map_or_else(String::new, |metric| format!(" `{}`", metric.name));
        reporter.about(typed.written,
            typed.subject(counter),
            format!("the counter{name} is taken as it is"),
            "use `increase(…[1h])` for how often within a time, `rate(…[5m])` for how often per second",
        );
    }
}

/// Whether this is a counter, or several, that nothing was done to yet: what is done to one is reported once.
fn is_raw(node: &Node<'_>) -> bool {
    match node.kind.nature {
        Nature::Counter => true,
        Nature::Counters => matches!(node.query, Query::Binary { .. }),
        _ => false,
    }
}

fn asks_for_presence(node: &Node<'_>) -> bool {
    match node.query {
        Query::Call { function, .. } => function.starts_with("absent"),
        Query::Aggregate { operator, .. } => {
            matches!(operator, AggregateOp::Count | AggregateOp::Group)
        }
        _ => false,
    }
}

/// A side that is compared with a number.
fn compared<'t, 'm>(typed: &'t Typed<'m>, node: &Node<'m>) -> Option<&'t Node<'m>> {
    let (left, right) = (typed.child(node, 0)?, typed.child(node, 1)?);
    match (left.is_vector(), right.is_vector()) {
        (true, false) => Some(left),
        (false, true) => Some(right),
        _ => None,
    }
}

/// Whether a rate is taken of what comes of this.
fn is_rated(typed: &Typed<'_>, node: &Node<'_>) -> bool {
    super::rates(typed).any(|(_, _, argument)| {
        argument.range.start <= node.range.start && node.range.end <= argument.range.end
    })
}
