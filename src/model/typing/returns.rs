//! Whether an expression answers only sometimes.

use super::{Node, Typed};
use crate::promql::{BinaryOp, Query, ValueKind};

/// Series that exist only while an alert is pending or fires.
const NOW_AND_THEN: &[&str] = &["ALERTS", "ALERTS_FOR_STATE"];

impl<'m> Typed<'m> {
    /// The part that answers as long as there are series, and with it the whole; nothing if a comparison decides.
    pub(crate) fn always_answers(&self) -> Option<&Node<'m>> {
        self.answers(&self.nodes[0])
    }

    /// The part that answers as long as there are series, and with it a part.
    pub(crate) fn answers<'t>(&'t self, node: &'t Node<'m>) -> Option<&'t Node<'m>> {
        let child = |i: usize| self.child(node, i).and_then(|child| self.answers(child));
        match node.query {
            Query::Number(_) | Query::Text(_) => Some(node),
            Query::Selector(selector) | Query::Range { selector, .. } => {
                let metric = selector.metric.as_deref().unwrap_or_default();
                (!NOW_AND_THEN.contains(&metric)).then_some(node)
            }
            Query::Subquery { .. } | Query::Negate(_) => child(0).and(Some(node)),
            Query::Aggregate { .. } => child(node.children.len().checked_sub(1)?).and(Some(node)),
            Query::Call { function, .. } => match function.as_str() {
                "absent" | "absent_over_time" => None,
                "scalar" => Some(node),
                _ => node
                    .children
                    .iter()
                    .all(|i| self.answers(&self.nodes[*i]).is_some())
                    .then_some(node),
            },
            Query::Binary {
                operator: BinaryOp::Or,
                ..
            } => child(0).or_else(|| child(1)),
            Query::Binary {
                operator: BinaryOp::Unless,
                ..
            } => None,
            Query::Binary { .. } if node.is_filter() => None,
            Query::Binary { .. } => child(0).and(child(1)).and(Some(node)),
        }
    }
}

impl Node<'_> {
    /// Whether this is a value for each series.
    pub(crate) fn is_vector(&self) -> bool {
        self.query.kind() == ValueKind::Vector
    }

    /// Whether this is a comparison that leaves out what it does not hold for.
    pub(crate) fn is_filter(&self) -> bool {
        matches!(
            self.query,
            Query::Binary {
                operator,
                return_bool: false,
                ..
            } if operator.is_comparison()
        )
    }
}
