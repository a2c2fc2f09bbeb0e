//! Where an expression counts on a label.

use std::ops::Range;

use super::{LabelSet, Node, Typed};
use crate::promql::{Group, LabelListKind, Query};

/// A label that something inside has to have.
pub(crate) struct Use<'t, 'm> {
    /// Its name.
    pub(crate) label: &'m str,
    /// Where it is written.
    pub(crate) range: Range<usize>,
    /// The labels that there are.
    pub(crate) labels: &'t LabelSet<'m>,
    /// Whose labels these are.
    pub(crate) of: &'t Node<'m>,
    /// Whether it is the label of buckets that a quantile asks for: what has none is reported there.
    pub(crate) for_quantile: bool,
}

impl Use<'_, '_> {
    /// Whether the label is not there, against what is expected. The name of the metric is a label, too, for all but an operation.
    pub(crate) fn is_missing(&self) -> bool {
        self.label != "__name__"
            && !self.labels.may_have(self.label)
            && !self.labels.empty.contains(self.label)
    }

    /// The node that dropped it, if something inside had it.
    pub(crate) fn lost_at(&self) -> Option<usize> {
        self.labels
            .lost
            .get(self.label)
            .copied()
            .filter(|_| self.is_missing())
    }
}

impl<'m> Typed<'m> {
    /// Every label that an expression counts on: in `by`, `without`, `on`, `ignoring`, `group_left`, and where a label is made of
    /// others.
    pub(crate) fn uses(&self) -> Vec<Use<'_, 'm>> {
        let mut all = Vec::new();
        for node in &self.nodes {
            match node.query {
                Query::Aggregate { .. } => {
                    let Some(argument) = node.children.last().map(|i| &self.nodes[*i]) else {
                        continue;
                    };
                    let inside_quantile = self.around(node).any(|outer| {
                        matches!(outer.query, Query::Call { function, .. } if function == "histogram_quantile")
                    });
                    for (label, range) in node.lists.iter().flat_map(|list| &list.labels) {
                        all.push(Use {
                            label,
                            range: range.clone(),
                            labels: &argument.kind.labels,
                            of: argument,
                            for_quantile: inside_quantile && label == "le",
                        });
                    }
                }
                Query::Binary { matching, .. } => {
                    let (Some(left), Some(right)) = (self.child(node, 0), self.child(node, 1))
                    else {
                        continue;
                    };
                    let one = match matching.as_ref().map(|matching| &matching.group) {
                        Some(Group::Right(_)) => left,
                        _ => right,
                    };
                    for list in &node.lists {
                        for (label, range) in &list.labels {
                            let of = match list.kind {
                                LabelListKind::GroupLeft | LabelListKind::GroupRight => one,
                                // `on` asks both sides for it, `ignoring` either of them.
                                LabelListKind::On if lost(left, label) => left,
                                LabelListKind::On if lost(right, label) => right,
                                _ if left.kind.labels.may_have(label) => left,
                                _ => right,
                            };
                            all.push(Use {
                                label,
                                range: range.clone(),
                                labels: &of.kind.labels,
                                of,
                                for_quantile: false,
                            });
                        }
                    }
                }
                Query::Call {
                    function,
                    arguments,
                } => {
                    let sources = match function.as_str() {
                        "label_replace" => 3..4,
                        "label_join" => 3..arguments.len(),
                        _ => continue,
                    };
                    let Some(inner) = self.child(node, 0) else {
                        continue;
                    };
                    for i in sources {
                        let (Some(Query::Text(label)), Some(place)) =
                            (arguments.get(i), self.child(node, i))
                        else {
                            continue;
                        };
                        // No label at all: the usual way to set one to something fixed.
                        if label.is_empty() {
                            continue;
                        }
                        all.push(Use {
                            label,
                            range: inside_quotes(&place.range),
                            labels: &inner.kind.labels,
                            of: inner,
                            for_quantile: false,
                        });
                    }
                }
                _ => {}
            }
        }
        all
    }
}

/// Whether something inside had a label, and it is no longer there.
fn lost(node: &Node<'_>, label: &str) -> bool {
    let labels = &node.kind.labels;
    labels.lost.contains_key(label) && !labels.may_have(label)
}

/// The bytes of a string without its quotes.
pub(crate) fn inside_quotes(range: &Range<usize>) -> Range<usize> {
    range.start + 1..range.end.saturating_sub(1).max(range.start + 1)
}
