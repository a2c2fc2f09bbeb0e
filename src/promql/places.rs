//! Where the words of an expression stand.

use std::ops::Range;

use super::versions::Requirement;

/// The places of an expression's parts, as byte ranges of the text that was parsed.
///
/// Every list is in the order of a visitor of the tree, so that places and parts can be walked together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    /// Every query, in the order of [`Query::visit`](super::Query::visit): without the parentheses around
    /// it, with its offset, window and sign.
    pub nodes: Vec<Range<usize>>,
    /// Every selector, in the order of [`Query::visit_selectors`](super::Query::visit_selectors).
    pub selectors: Vec<SelectorPlaces>,
    /// Every list of labels that is not empty, in the order of
    /// [`Query::visit_label_lists`](super::Query::visit_label_lists).
    pub label_lists: Vec<LabelList>,
    /// What not every Prometheus understands, in the order in which it was read.
    pub requirements: Vec<Requirement>,
    /// Grafana's variables, such as `$__rate_interval`, in source order: they have no meaning in a rule.
    pub variables: Vec<Range<usize>>,
}

/// Where a selector and its words stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectorPlaces {
    /// The metric and the braces, without window and offset.
    pub whole: Range<usize>,
    /// The metric's name, without quotes where it has them.
    pub metric: Option<Range<usize>>,
    /// The matchers, in the order of [`Selector::matchers`](super::Selector::matchers).
    pub matchers: Vec<MatcherPlaces>,
}

/// Where a matcher's words stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatcherPlaces {
    /// The label's name, without quotes where it has them.
    pub label: Range<usize>,
    /// `=`, `!=`, `=~` or `!~`.
    pub operator: Range<usize>,
    /// The value as it is written, without the quotes.
    pub value: Range<usize>,
}

/// A list of labels and where each of them stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelList {
    /// The word before the parenthesis.
    pub kind: LabelListKind,
    /// Each label and its place, without quotes where it has them.
    pub labels: Vec<(String, Range<usize>)>,
}

/// The word that a list of labels belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LabelListKind {
    /// `by`
    By,
    /// `without`
    Without,
    /// `on`
    On,
    /// `ignoring`
    Ignoring,
    /// `group_left`
    GroupLeft,
    /// `group_right`
    GroupRight,
}
