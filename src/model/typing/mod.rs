//! Types of hand-written PromQL: what the catalogue says of every part of an expression.
//!
//! Whatever is not certain is left open, and nothing is said about it: a metric that nobody declares has any labels, any
//! values and no unit.

mod calls;
mod dimension;
mod infer;
mod labels;
mod operators;
mod returns;
mod series;
mod uses;
mod values;

use std::ops::Range;

pub(crate) use self::dimension::Dimension;
pub(crate) use self::labels::{Fact, LabelSet};
pub(crate) use self::series::{Series, target_labels};
pub(crate) use self::uses::inside_quotes;
pub(crate) use self::values::Values;
use crate::model::catalogue::{Catalogue, Metric};
use crate::model::monitoring::Expression;
use crate::promql::{LabelList, Query, SelectorPlaces};
use crate::spec::Place;

/// An expression with the type of each of its parts.
#[derive(Debug)]
pub(crate) struct Typed<'m> {
    /// What was written.
    pub(crate) written: &'m Expression,
    /// What exists.
    pub(crate) catalogue: &'m Catalogue,
    /// The parts, each before those inside it; the first is the whole.
    pub(crate) nodes: Vec<Node<'m>>,
}

/// A part of an expression.
#[derive(Debug)]
pub(crate) struct Node<'m> {
    /// What it says.
    pub(crate) query: &'m Query,
    /// Where in the text it stands.
    pub(crate) range: Range<usize>,
    /// What it is a part of.
    pub(crate) parent: Option<usize>,
    /// Its own parts, in source order.
    pub(crate) children: Vec<usize>,
    /// The places of its selector.
    pub(crate) selector: Option<&'m SelectorPlaces>,
    /// Its lists of labels, in source order.
    pub(crate) lists: Vec<&'m LabelList>,
    /// What its selector reads, if that is declared.
    pub(crate) series: Option<Series<'m>>,
    /// What comes of it.
    pub(crate) kind: Type<'m>,
}

/// What comes of a part of an expression.
#[derive(Clone, Debug)]
pub(crate) struct Type<'m> {
    /// The labels of its series.
    pub(crate) labels: LabelSet<'m>,
    /// What its values measure.
    pub(crate) dimension: Option<Dimension<'m>>,
    /// How its values move.
    pub(crate) nature: Nature,
    /// Which values there can be.
    pub(crate) values: Values,
    /// The one metric that all of it comes from.
    pub(crate) metric: Option<&'m Metric>,
    /// The histogram of whose observations these are the counts, by `le`.
    pub(crate) buckets: Option<&'m Metric>,
}

/// How values move over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Nature {
    /// That is not known.
    Unknown,
    /// Up and down.
    Gauge,
    /// Up, and back to 0 when a process starts again.
    Counter,
    /// As counters do that were added up: whoever starts again takes only its part away.
    Counters,
    /// Quantiles, which cannot be added up.
    Quantile,
}

impl Type<'_> {
    /// Of what nothing is known.
    pub(crate) fn unknown() -> Self {
        Self {
            labels: LabelSet::any(),
            dimension: None,
            nature: Nature::Unknown,
            values: Values::ANY,
            metric: None,
            buckets: None,
        }
    }

    /// A number without labels.
    pub(crate) fn number(values: Values) -> Self {
        Self {
            labels: LabelSet::default(),
            values,
            ..Self::unknown()
        }
    }
}

impl<'m> Typed<'m> {
    /// Finds the type of every part.
    pub(crate) fn of(written: &'m Expression, catalogue: &'m Catalogue) -> Self {
        infer::infer(written, catalogue)
    }

    /// What comes of the whole.
    pub(crate) fn result(&self) -> &Type<'m> {
        &self.nodes[0].kind
    }

    /// A part of a part, by its position.
    pub(crate) fn child(&self, node: &Node<'m>, position: usize) -> Option<&Node<'m>> {
        node.children.get(position).map(|i| &self.nodes[*i])
    }

    /// What a part is a part of.
    pub(crate) fn parent(&self, node: &Node<'m>) -> Option<&Node<'m>> {
        node.parent.map(|i| &self.nodes[i])
    }

    /// What a part is inside of, the nearest first.
    pub(crate) fn around<'t>(&'t self, node: &'t Node<'m>) -> impl Iterator<Item = &'t Node<'m>> {
        std::iter::successors(self.parent(node), |node| self.parent(node))
    }

    /// The place of some bytes of the text.
    pub(crate) fn at(&self, range: Range<usize>) -> Place {
        self.written.origin.within(range)
    }

    /// The place of the name of a called function or an aggregation, or of an operator.
    pub(crate) fn name_of(&self, node: &Node<'m>) -> Place {
        let start = node.range.start;
        let length = match node.query {
            Query::Call { function, .. } => function.len(),
            Query::Aggregate { operator, .. } => operator.as_str().len(),
            _ => return self.operator_of(node),
        };
        self.at(start..start + length)
    }

    /// The place of an operator between two operands.
    pub(crate) fn operator_of(&self, node: &Node<'m>) -> Place {
        let (Query::Binary { operator, .. }, [left, right]) =
            (node.query, node.children.as_slice())
        else {
            return self.at(node.range.clone());
        };
        let between = self.nodes[*left].range.end..self.nodes[*right].range.start;
        let found = find_word(
            self.written.text.get(between.clone()).unwrap_or_default(),
            operator.as_str(),
        );
        match found {
            Some(start) => {
                let start = between.start + start;
                self.at(start..start + operator.as_str().len())
            }
            None => self.at(node.range.clone()),
        }
    }

    /// The name of the metric that a part reads, where it is one selector; the part itself otherwise.
    pub(crate) fn subject(&self, node: &Node<'m>) -> Place {
        let metric = node.selector.and_then(|places| places.metric.clone());
        self.at(metric.unwrap_or_else(|| node.range.clone()))
    }
}

/// Where the first word stands after parentheses, spaces and comments, if it is this one.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|c: char| c == ')' || c.is_whitespace());
        match rest.strip_prefix('#') {
            Some(comment) => rest = &comment[comment.find('\n')?..],
            None => break,
        }
    }
    let start = rest.get(..word.len())?;
    start
        .eq_ignore_ascii_case(word)
        .then(|| text.len() - rest.len())
}
