//! What is wrong with an expression by its types, whatever the lints say.

use super::matchers::unknown_label;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::{Expression, Purpose};
use crate::model::names;
use crate::model::typing::{Node, Typed, inside_quotes};
use crate::promql::{AggregateOp, Query, ValueKind, Window, check_pattern};
use crate::suggest;

/// Reports all of it.
pub(super) fn check(expression: &Expression, catalogue: &Catalogue, findings: &mut Findings) {
    let typed = Typed::of(expression, catalogue);
    check_labels(&typed, findings);
    check_label_functions(&typed, findings);
    check_variables(&typed, findings);
    if expression.query.kind() != ValueKind::Vector {
        return; // which is reported
    }
    if expression.purpose == Purpose::Alert {
        check_comparison(&typed, findings);
    }
    // What reads no series has none to tell apart.
    if !expression.raw && !expression.places.selectors.is_empty() {
        check_identity(&typed, findings);
    }
}

/// Labels that nothing inside has. What something had and something else dropped is a lint's business.
fn check_labels(typed: &Typed<'_>, findings: &mut Findings) {
    for used in typed.uses() {
        if !used.is_missing() || used.lost_at().is_some() || used.for_quantile {
            continue;
        }
        let message = match used.of.kind.metric {
            Some(metric) => format!("`{}` has no label `{}`", metric.name, used.label),
            None => format!("nothing here has a label `{}`", used.label),
        };
        let known = used.labels.known.keys().copied();
        let finding = unknown_label(typed.at(used.range.clone()), message, used.label, known);
        findings.push(match used.of.kind.metric {
            Some(metric) => finding.related(metric.origin.key(), "declared here"),
            None => finding,
        });
    }
}

/// What Prometheus refuses only when it evaluates: names of labels that are none, and regular expressions.
fn check_label_functions(typed: &Typed<'_>, findings: &mut Findings) {
    for node in &typed.nodes {
        let (name, pattern) = match node.query {
            Query::Call { function, .. } if function == "label_replace" => (Some(1), Some(4)),
            Query::Call { function, .. } if function == "label_join" => (Some(1), None),
            Query::Aggregate {
                operator: AggregateOp::CountValues,
                ..
            } => (Some(0), None),
            _ => continue,
        };
        let text = |position: Option<usize>| {
            let node = typed.child(node, position?)?;
            match node.query {
                Query::Text(text) => Some((text.as_str(), node)),
                _ => None,
            }
        };
        let place = |node: &Node<'_>| typed.at(inside_quotes(&node.range));
        if let Some((label, node)) = text(name)
            && !names::is_label_name(label)
        {
            findings.push(
                Finding::error(
                    "bad-name",
                    place(node),
                    format!("`{label}` cannot be the name of a label"),
                )
                .help("letters, digits and `_`, no digit first"),
            );
        }
        if let Some((pattern, node)) = text(pattern)
            && let Err(reason) = check_pattern(pattern)
        {
            findings.push(Finding::error(
                "promql-syntax",
                place(node),
                format!("`{pattern}` is not a regular expression: {reason}"),
            ));
        }
    }
}

/// Grafana's variables have no meaning in a rule; but a signal has a window of its own.
fn check_variables(typed: &Typed<'_>, findings: &mut Findings) {
    let written = typed.written;
    let variables = written.query.variables();
    for (place, variable) in written.places.variables.iter().zip(variables) {
        match written.purpose {
            Purpose::Alert => {}
            Purpose::Signal { recorded: true } if variable != Window::RateInterval => {}
            _ => continue,
        }
        findings.push(
            Finding::error(
                "promql-syntax",
                typed.at(place.clone()),
                "only Grafana knows this window",
            )
            .help("write a length of time, such as `[5m]`"),
        );
    }
}

/// An alert is silent most of the time.
fn check_comparison(typed: &Typed<'_>, findings: &mut Findings) {
    let Some(node) = typed.always_answers() else {
        return;
    };
    let finding = if node.parent.is_none() {
        let message = "the expression compares nothing: it fires as long as there are series";
        Finding::error("no-comparison", typed.written.origin.clone(), message)
    } else {
        let message = "this side of `or` compares nothing: it fires as long as there are series";
        Finding::error("no-comparison", typed.at(node.range.clone()), message)
    };
    findings.push(finding.help("add a comparison, such as `> 0`; `or` binds last"));
}

/// Whether this is `absent` of a comparison.
fn asks_what_a_comparison_leaves(typed: &Typed<'_>, node: &Node<'_>) -> bool {
    let inner = match typed.child(node, 0) {
        Some(child) if matches!(child.query, Query::Subquery { .. }) => typed.child(child, 0),
        child => child,
    };
    matches!(node.query, Query::Call { function, .. } if function.starts_with("absent"))
        && inner.is_some_and(Node::is_filter)
}

/// What an expression answers has to tell one deployment from another.
fn check_identity(typed: &Typed<'_>, findings: &mut Findings) {
    let identity = &typed.catalogue.service.identity;
    let labels = &typed.result().labels;
    let lost: Vec<&str> = identity
        .iter()
        .map(String::as_str)
        .filter(|label| !labels.may_have(label) || labels.fact(label).partly)
        .collect();
    let Some(first) = lost.first() else {
        return;
    };
    let dropped_by = labels.lost.get(first).map(|at| &typed.nodes[*at]);
    if dropped_by.is_some_and(|node| asks_what_a_comparison_leaves(typed, node)) {
        return; // which is a mistake already
    }
    let missing = suggest::list(lost.iter().copied());
    let finding = Finding::error(
        "identity-lost",
        dropped_by.map_or_else(|| typed.written.origin.clone(), |node| typed.name_of(node)),
        format!("the result does not have {missing}"),
    )
    .label("one deployment hides another");
    let absent = dropped_by.is_some_and(
        |node| matches!(node.query, Query::Call { function, .. } if function.starts_with("absent")),
    );
    let help = if absent {
        "`absent` has the labels that its selector names with `=`, and none of anything else"
            .to_owned()
    } else {
        format!(
            "keep the identity, as in `sum by ({}) (…)`; `raw: true` leaves the expression as it is",
            identity.join(", ")
        )
    };
    findings.push(finding.help(help));
}
