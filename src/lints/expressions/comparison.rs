//! Comparisons whose outcome the types tell.

use crate::model::monitoring::Purpose;
use crate::model::typing::{Nature, Node, Typed, Values};
use crate::promql::{BinaryOp, Query};
use crate::spec::Place;

/// Two sides and an operator between them.
pub(super) struct Comparison<'t, 'm> {
    typed: &'t Typed<'m>,
    node: &'t Node<'m>,
    operator: BinaryOp,
    left: &'t Node<'m>,
    right: &'t Node<'m>,
}

/// Every comparison of an expression that asks for something.
pub(super) fn comparisons<'t, 'm>(typed: &'t Typed<'m>) -> Vec<Comparison<'t, 'm>> {
    // An alert that fires in any case is reported as such.
    if typed.written.purpose == Purpose::Alert && typed.always_answers().is_some() {
        return Vec::new();
    }
    let is_nan = |node: &Node<'_>| matches!(node.query, Query::Number(value) if value.is_nan());
    typed
        .nodes
        .iter()
        .filter_map(|node| {
            let Query::Binary { operator, .. } = node.query else {
                return None;
            };
            let (left, right) = (typed.child(node, 0)?, typed.child(node, 1)?);
            let vectors = left.is_vector() || right.is_vector();
            (operator.is_comparison() && vectors && !is_nan(left) && !is_nan(right)).then_some(
                Comparison {
                    typed,
                    node,
                    operator: *operator,
                    left,
                    right,
                },
            )
        })
        .collect()
}

impl<'t, 'm> Comparison<'t, 'm> {
    /// Whether it holds always or never. `count(x == 0) > 0` asks whether there is anything to count: that is no mistake.
    pub(super) fn holds(&self) -> Option<bool> {
        let holds = self
            .left
            .kind
            .values
            .compare(self.operator, self.right.kind.values)?;
        let answers = || {
            [self.left, self.right]
                .iter()
                .all(|side| self.typed.answers(side).is_some())
        };
        (!holds || answers()).then_some(holds)
    }

    /// The number that is compared with, or the operator.
    pub(super) fn place(&self) -> Place {
        let number = [self.right, self.left]
            .into_iter()
            .find(|side| matches!(side.query, Query::Number(_)));
        match number {
            Some(side) => self.typed.at(side.range.clone()),
            None => self.typed.operator_of(self.node),
        }
    }

    /// Which values there can be.
    pub(super) fn reason(&self) -> String {
        let known = |side: &Node<'_>| !matches!(side.query, Query::Number(_));
        let sides = [(self.left, "left"), (self.right, "right")];
        let reasons: Vec<String> = sides
            .into_iter()
            .filter(|(side, _)| known(side))
            .filter_map(|(side, name)| {
                let metric = side.kind.metric.map(|metric| &metric.name);
                let what = match (side.query, metric) {
                    (_, Some(metric)) if side.kind.nature == Nature::Quantile => {
                        format!("a quantile of `{metric}`")
                    }
                    (Query::Selector(selector), _) => {
                        format!("`{}`", selector.metric.as_deref().unwrap_or_default())
                    }
                    _ => format!("the {name} side"),
                };
                Some(format!("{what} {}", bounds(side.kind.values)?))
            })
            .collect();
        reasons.join(", ")
    }
}

/// The bounds in a sentence.
fn bounds(values: Values) -> Option<String> {
    let Values { least, most, .. } = values;
    Some(match (least.is_finite(), most.is_finite()) {
        (true, true) if least == most => format!("is {least}"),
        (true, true) => format!("lies between {least} and {most}"),
        (true, false) => format!("is never below {least}"),
        (false, true) => format!("is never above {most}"),
        (false, false) => return None,
    })
}
