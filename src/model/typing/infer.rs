//! From the words of an expression to the types of its parts.

use std::slice::Iter;

use super::{Node, Type, Typed, calls, operators, series};
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::Expression;
use crate::promql::{LabelList, MatchLabels, Query, SelectorPlaces};

pub(super) fn infer<'m>(written: &'m Expression, catalogue: &'m Catalogue) -> Typed<'m> {
    let mut reader = Reader {
        typed: Typed {
            written,
            catalogue,
            nodes: Vec::with_capacity(written.places.nodes.len()),
        },
        selectors: written.places.selectors.iter(),
        lists: written.places.label_lists.iter(),
    };
    reader.read(&written.query, None);
    reader.typed
}

/// Walks over an expression and its places together.
struct Reader<'m> {
    typed: Typed<'m>,
    selectors: Iter<'m, SelectorPlaces>,
    lists: Iter<'m, LabelList>,
}

impl<'m> Reader<'m> {
    /// Adds a node and those inside it; answers with its index.
    fn read(&mut self, query: &'m Query, parent: Option<usize>) -> usize {
        let at = self.typed.nodes.len();
        let places = &self.typed.written.places;
        self.typed.nodes.push(Node {
            query,
            range: places.nodes.get(at).cloned().unwrap_or_default(),
            parent,
            children: Vec::new(),
            selector: None,
            lists: Vec::new(),
            series: None,
            kind: Type::unknown(),
        });
        // The order is that of `Query::visit_label_lists`.
        match query {
            Query::Binary {
                matching,
                left,
                right,
                ..
            } => {
                let left = self.read(left, Some(at));
                if let Some(matching) = matching {
                    let own = match &matching.labels {
                        MatchLabels::On(labels) | MatchLabels::Ignoring(labels) => labels,
                    };
                    let group = matching.group.labels();
                    let count = [own.as_slice(), group]
                        .iter()
                        .filter(|l| !l.is_empty())
                        .count();
                    self.take_lists(at, count);
                }
                let right = self.read(right, Some(at));
                self.typed.nodes[at].children = vec![left, right];
            }
            Query::Aggregate { grouping, .. } => {
                self.take_lists(at, usize::from(!grouping.labels().is_empty()));
                self.read_children(query, at);
            }
            Query::Selector(selector) | Query::Range { selector, .. } => {
                let (catalogue, raw) = (self.typed.catalogue, self.typed.written.raw);
                let found = series::find(selector, catalogue);
                let node = &mut self.typed.nodes[at];
                node.selector = self.selectors.next();
                node.series = found;
                node.kind = series::of(selector, found, catalogue, raw);
                return at;
            }
            _ => self.read_children(query, at),
        }
        self.typed.nodes[at].kind = self.kind(at);
        at
    }

    fn read_children(&mut self, query: &'m Query, at: usize) {
        for child in query.children() {
            let child = self.read(child, Some(at));
            self.typed.nodes[at].children.push(child);
        }
    }

    fn take_lists(&mut self, at: usize, count: usize) {
        for _ in 0..count {
            self.typed.nodes[at].lists.extend(self.lists.next());
        }
    }

    /// The type of a node whose parts have theirs.
    fn kind(&self, at: usize) -> Type<'m> {
        let nodes = &self.typed.nodes;
        let node = &nodes[at];
        let part = |i: usize| node.children.get(i).map(|child| &nodes[*child]);
        let kind = |i: usize| part(i).map_or_else(Type::unknown, |node| node.kind.clone());
        match node.query {
            Query::Number(value) => Type::number(super::Values::exactly(*value)),
            Query::Text(_) | Query::Selector(_) | Query::Range { .. } => Type::unknown(),
            Query::Subquery { .. } => kind(0),
            Query::Negate(_) => {
                let inner = kind(0);
                Type {
                    values: inner.values.map(|value| -value),
                    nature: super::Nature::Unknown,
                    ..inner
                }
            }
            Query::Call {
                function,
                arguments,
            } => {
                let kinds: Vec<Type<'m>> = (0..node.children.len()).map(kind).collect();
                calls::of(function, arguments, kinds, at)
            }
            Query::Aggregate {
                operator, grouping, ..
            } => {
                let argument = kind(node.children.len().saturating_sub(1));
                operators::aggregate(*operator, grouping, node.query, argument, at)
            }
            Query::Binary { .. } => operators::binary(node.query, kind(0), kind(1), at),
        }
    }
}
