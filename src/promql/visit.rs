//! Walks over the tree, in the order in which its parts are written.

use super::functions::function;
use super::operators::BinaryOp;
use super::places::LabelListKind;
use super::query::{
    Group, Grouping, MatchLabels, Matching, Offset, Query, Selector, ValueKind, Window,
};

impl Query {
    /// The direct parts of this query, in source order; a parameter comes before its argument.
    pub fn children(&self) -> Vec<&Query> {
        match self {
            Query::Number(_) | Query::Text(_) | Query::Selector(_) | Query::Range { .. } => {
                Vec::new()
            }
            Query::Subquery { query, .. } => vec![query],
            Query::Call { arguments, .. } => arguments.iter().collect(),
            Query::Aggregate {
                parameter,
                argument,
                ..
            } => parameter
                .iter()
                .map(Box::as_ref)
                .chain([argument.as_ref()])
                .collect(),
            Query::Binary { left, right, .. } => vec![left, right],
            Query::Negate(query) => vec![query],
        }
    }

    /// [`Query::children`], to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Query> {
        match self {
            Query::Number(_) | Query::Text(_) | Query::Selector(_) | Query::Range { .. } => {
                Vec::new()
            }
            Query::Subquery { query, .. } => vec![query],
            Query::Call { arguments, .. } => arguments.iter_mut().collect(),
            Query::Aggregate {
                parameter,
                argument,
                ..
            } => parameter
                .iter_mut()
                .map(Box::as_mut)
                .chain([argument.as_mut()])
                .collect(),
            Query::Binary { left, right, .. } => vec![left, right],
            Query::Negate(query) => vec![query],
        }
    }

    /// Calls `f` with every query in this one: itself first, then its parts from left to right.
    ///
    /// The i-th call belongs to the i-th entry of [`Places::nodes`](super::Places::nodes).
    pub fn visit<'a>(&'a self, f: &mut dyn FnMut(&'a Query)) {
        f(self);
        for child in self.children() {
            child.visit(f);
        }
    }

    /// Calls `f` with every selector, those of range vectors included, in source order.
    ///
    /// The i-th call belongs to the i-th entry of [`Places::selectors`](super::Places::selectors).
    pub fn visit_selectors<'a>(&'a self, f: &mut dyn FnMut(&'a Selector)) {
        self.visit(&mut |query| {
            if let Query::Selector(selector) | Query::Range { selector, .. } = query {
                f(selector);
            }
        });
    }

    /// [`Query::visit_selectors`], with the right to change them.
    pub fn visit_selectors_mut(&mut self, f: &mut dyn FnMut(&mut Selector)) {
        if let Query::Selector(selector) | Query::Range { selector, .. } = self {
            f(selector);
        }
        for child in self.children_mut() {
            child.visit_selectors_mut(f);
        }
    }

    /// Calls `f` with every list of labels that is not empty, and the node that it belongs to.
    ///
    /// The order is: of an aggregation its own list, then those of its parameter and argument (wherever
    /// `by` was written); of a binary operation those of the left, then `on` or `ignoring`, then
    /// `group_left` or `group_right`, then those of the right. The i-th call belongs to the i-th entry of
    /// [`Places::label_lists`](super::Places::label_lists).
    pub fn visit_label_lists<'a>(
        &'a self,
        f: &mut dyn FnMut(&'a Query, LabelListKind, &'a [String]),
    ) {
        match self {
            Query::Binary {
                matching,
                left,
                right,
                ..
            } => {
                left.visit_label_lists(f);
                if let Some(matching) = matching {
                    for (kind, labels) in matching.lists() {
                        report(self, kind, labels, f);
                    }
                }
                right.visit_label_lists(f);
            }
            Query::Aggregate { grouping, .. } => {
                let (kind, labels) = match grouping {
                    Grouping::By(labels) => (LabelListKind::By, labels),
                    Grouping::Without(labels) => (LabelListKind::Without, labels),
                };
                report(self, kind, labels, f);
                for child in self.children() {
                    child.visit_label_lists(f);
                }
            }
            other => {
                for child in other.children() {
                    child.visit_label_lists(f);
                }
            }
        }
    }

    /// The windows of all range vectors and subqueries (range, then step), in source order.
    pub fn windows(&self) -> Vec<Window> {
        let mut all = Vec::new();
        self.collect_windows(&mut all);
        all
    }

    fn collect_windows(&self, all: &mut Vec<Window>) {
        for child in self.children() {
            child.collect_windows(all);
        }
        match self {
            Query::Range { window, .. } => all.push(*window),
            Query::Subquery { range, step, .. } => {
                all.push(*range);
                all.extend(step);
            }
            _ => {}
        }
    }

    /// Grafana's variables, in source order.
    pub fn variables(&self) -> Vec<Window> {
        let mut query = self.clone();
        let mut all = Vec::new();
        query.visit_windows(&mut |window| all.push(*window));
        all.retain(|window| !matches!(window, Window::Duration(_)));
        all
    }

    /// Visits the lengths of time that may be Grafana's to know, in source order: windows, steps and offsets.
    pub(crate) fn visit_windows(&mut self, f: &mut dyn FnMut(&mut Window)) {
        for child in self.children_mut() {
            child.visit_windows(f);
        }
        let offset = match self {
            Query::Selector(selector) => &mut selector.offset,
            Query::Range { selector, window } => {
                f(window);
                &mut selector.offset
            }
            Query::Subquery {
                range,
                step,
                offset,
                ..
            } => {
                f(range);
                step.iter_mut().for_each(&mut *f);
                offset
            }
            _ => return,
        };
        if let Some(Offset::Back(time) | Offset::Ahead(time)) = offset {
            f(time);
        }
    }

    /// What kind of value the query has. A function that monospec does not know makes a vector.
    pub fn kind(&self) -> ValueKind {
        match self {
            Query::Number(_) => ValueKind::Scalar,
            Query::Text(_) => ValueKind::Text,
            Query::Selector(_) | Query::Aggregate { .. } => ValueKind::Vector,
            Query::Range { .. } | Query::Subquery { .. } => ValueKind::Range,
            Query::Call { function: name, .. } => {
                function(name).map_or(ValueKind::Vector, |function| function.result)
            }
            Query::Binary {
                operator,
                left,
                right,
                ..
            } => {
                let scalars = left.kind() == ValueKind::Scalar && right.kind() == ValueKind::Scalar;
                if scalars && !BinaryOp::is_set(*operator) {
                    ValueKind::Scalar
                } else {
                    ValueKind::Vector
                }
            }
            Query::Negate(query) => query.kind(),
        }
    }
}

fn report<'a>(
    node: &'a Query,
    kind: LabelListKind,
    labels: &'a [String],
    f: &mut dyn FnMut(&'a Query, LabelListKind, &'a [String]),
) {
    if !labels.is_empty() {
        f(node, kind, labels);
    }
}

impl Matching {
    fn lists(&self) -> impl Iterator<Item = (LabelListKind, &[String])> {
        let own = match &self.labels {
            MatchLabels::On(labels) => (LabelListKind::On, labels.as_slice()),
            MatchLabels::Ignoring(labels) => (LabelListKind::Ignoring, labels.as_slice()),
        };
        let group = match &self.group {
            Group::None => None,
            Group::Left(labels) => Some((LabelListKind::GroupLeft, labels.as_slice())),
            Group::Right(labels) => Some((LabelListKind::GroupRight, labels.as_slice())),
        };
        [Some(own), group].into_iter().flatten()
    }
}
