//! `many-to-one`

use super::no_match::mismatch;
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{LabelSet, Typed};
use crate::promql::{Group, MatchLabels, Query};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/operators/#many-to-one-and-one-to-many-vector-matches>
pub(super) const LINT: Lint = Lint {
    name: "many-to-one",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Binary {
            operator,
            matching: Some(matching),
            ..
        } = node.query
        else {
            continue;
        };
        let (Some(left), Some(right)) = (typed.child(node, 0), typed.child(node, 1)) else {
            continue;
        };
        let vectors = left.is_vector() && right.is_vector();
        if operator.is_set() || !vectors || mismatch(typed, node).is_some() {
            continue;
        }
        let left = several(&left.kind.labels, &matching.labels);
        let right = several(&right.kind.labels, &matching.labels);
        let (side, label, help) = match (&matching.group, left, right) {
            (Group::None, None, Some(label)) => (
                "right",
                label,
                "aggregate it, or let the right have several with `group_right`",
            ),
            (Group::None, Some(label), None) => (
                "left",
                label,
                "aggregate it, or let the left have several with `group_left`",
            ),
            (Group::None, Some(label), Some(_)) => ("left", label, "aggregate both sides"),
            (Group::Left(_), _, Some(label)) => ("right", label, "aggregate it"),
            (Group::Right(_), Some(label), _) => ("left", label, "aggregate it"),
            _ => continue,
        };
        reporter.about(
            typed.written,
            typed.operator_of(node),
            format!("the {side} has several series for one of the other side, by `{label}`"),
            help,
        );
    }
}

/// A label by which series differ that is not among those that have to agree.
fn several<'m>(labels: &LabelSet<'m>, matching: &MatchLabels) -> Option<&'m str> {
    let ignored = |label: &str| match matching {
        MatchLabels::On(labels) => !labels.iter().any(|on| on == label),
        MatchLabels::Ignoring(labels) => labels.iter().any(|ignored| ignored == label),
    };
    labels
        .known
        .iter()
        .find(|(label, fact)| fact.many && ignored(label))
        .map(|(label, _)| *label)
}
