//! `no-match`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{LabelSet, Node, Typed};
use crate::promql::{BinaryOp, LabelListKind, MatchLabels, Query};
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/operators/#vector-matching>
pub(super) const LINT: Lint = Lint {
    name: "no-match",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        if let Some((reason, place)) = mismatch(typed, node) {
            reporter.about(typed.written,
                place,
                format!("no series of the left has a partner on the right: {reason}"),
                "say with `on (…)` or `ignoring (…)` which labels have to agree, or aggregate both sides alike",
            );
        }
    }
}

/// Why no series of the two sides of an operator belong together.
pub(super) fn mismatch(typed: &Typed<'_>, node: &Node<'_>) -> Option<(String, Place)> {
    let Query::Binary {
        operator, matching, ..
    } = node.query
    else {
        return None;
    };
    let (left, right) = (typed.child(node, 0)?, typed.child(node, 1)?);
    if *operator == BinaryOp::Or || !left.is_vector() || !right.is_vector() {
        return None;
    }
    let (left, right) = (&left.kind.labels, &right.kind.labels);
    let labels = match matching.as_ref().map(|matching| &matching.labels) {
        Some(MatchLabels::On(labels)) => labels.iter().map(String::as_str).collect(),
        Some(MatchLabels::Ignoring(ignored)) => all(left, right, ignored),
        None => all(left, right, &[]),
    };
    let on = matching
        .as_ref()
        .is_some_and(|matching| matches!(matching.labels, MatchLabels::On(_)));
    labels.into_iter().find_map(|label| {
        let reason = disagreement(label, left, right, on)?;
        let written = node
            .lists
            .iter()
            .filter(|list| list.kind == LabelListKind::On)
            .flat_map(|list| &list.labels)
            .find(|(written, _)| written == label);
        let place = match written {
            Some((_, range)) => typed.at(range.clone()),
            None => typed.operator_of(node),
        };
        Some((reason, place))
    })
}

/// The labels of either side, without those that are ignored.
fn all<'m>(left: &LabelSet<'m>, right: &LabelSet<'m>, ignored: &[String]) -> Vec<&'m str> {
    let mut labels: Vec<&str> = left
        .known
        .keys()
        .chain(right.known.keys())
        .copied()
        .collect();
    labels.sort_unstable();
    labels.dedup();
    labels.retain(|label| !ignored.iter().any(|ignored| ignored == label));
    labels
}

fn disagreement(
    label: &str,
    left: &LabelSet<'_>,
    right: &LabelSet<'_>,
    on: bool,
) -> Option<String> {
    if let (Some(a), Some(b)) = (left.fact(label).pinned, right.fact(label).pinned)
        && a != b
    {
        return Some(format!("`{label}` is `{a}` here and `{b}` there"));
    }
    for (has, lacks, side) in [(left, right, "left"), (right, left, "right")] {
        // Of `on`, what was dropped is reported as such.
        let dropped = on && lacks.lost.contains_key(label);
        let fact = has.fact(label);
        if fact.always && !fact.partly && !lacks.may_have(label) && !dropped {
            return Some(format!("only the {side} has `{label}`"));
        }
    }
    None
}
