//! Ranges, and how often what they hold is scraped.

use std::ops::Range;
use std::time::Duration;

use crate::model::typing::{Node, Typed};
use crate::promql::{Query, Window};
use crate::spec::Place;

/// The range that a function looks at.
pub(super) struct Sampled {
    /// How long it is.
    pub(super) window: Duration,
    /// How far scrapes are apart.
    pub(super) interval: Duration,
    /// Whether the function compares samples, and needs two of them.
    pub(super) is_difference: bool,
    /// Inside the brackets.
    pub(super) place: Place,
}

/// Functions that need two samples.
const DIFFERENCES: &[&str] = &[
    "changes",
    "delta",
    "deriv",
    "double_exponential_smoothing",
    "holt_winters",
    "idelta",
    "increase",
    "irate",
    "predict_linear",
    "rate",
    "resets",
];

/// Every range of a declared metric that a function looks at.
pub(super) fn ranges(typed: &Typed<'_>) -> Vec<Sampled> {
    let calls = typed.nodes.iter().filter_map(|node| match node.query {
        Query::Call { function, .. } => Some((function.as_str(), node)),
        _ => None,
    });
    calls
        .flat_map(|(function, node)| node.children.iter().map(move |i| (function, *i)))
        .filter_map(|(function, i)| {
            let node = &typed.nodes[i];
            let (Query::Range { window, .. }, Some(series)) = (node.query, node.series) else {
                return None;
            };
            let Window::Duration(window) = window else {
                return None;
            };
            Some(Sampled {
                window: *window,
                interval: typed.catalogue.jobs[series.metric.job].interval,
                is_difference: DIFFERENCES.contains(&function),
                place: brackets(typed, node),
            })
        })
        .collect()
}

/// What stands inside the brackets of a range or a subquery.
pub(super) fn brackets(typed: &Typed<'_>, node: &Node<'_>) -> Place {
    let inner = match (node.selector, typed.child(node, 0)) {
        (Some(selector), _) => selector.whole.end,
        (None, Some(child)) => child.range.end,
        (None, None) => node.range.start,
    };
    let found = typed
        .written
        .text
        .get(inner..node.range.end)
        .and_then(|text| inside(text, inner));
    typed.at(found.unwrap_or_else(|| node.range.clone()))
}

fn inside(text: &str, offset: usize) -> Option<Range<usize>> {
    let open = text.find('[')? + 1;
    let close = open + text[open..].find(']')?;
    Some(offset + open..offset + close)
}
