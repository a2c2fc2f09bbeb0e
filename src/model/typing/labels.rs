//! Which labels the series of an expression have.

use std::collections::{BTreeMap, BTreeSet};

/// The labels of some series.
#[derive(Clone, Debug, Default)]
pub(crate) struct LabelSet<'m> {
    /// Labels by name.
    pub(crate) known: BTreeMap<&'m str, Fact<'m>>,
    /// Whether there may be others.
    pub(crate) open: bool,
    /// Labels that something inside had, and the node that dropped them.
    pub(crate) lost: BTreeMap<&'m str, usize>,
    /// Labels that a selector wants to be empty: whoever asks for them gets nothing, and knows it.
    pub(crate) empty: BTreeSet<&'m str>,
}

/// What is known about a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fact<'m> {
    /// Whether every series has it.
    pub(crate) always: bool,
    /// The value that all series share.
    pub(crate) pinned: Option<&'m str>,
    /// Whether there are series that differ in nothing else.
    pub(crate) many: bool,
    /// Whether it is known of some series that they do not have it.
    pub(crate) partly: bool,
}

impl<'m> LabelSet<'m> {
    /// Nothing is known about them.
    pub(crate) fn any() -> Self {
        Self {
            open: true,
            ..Self::default()
        }
    }

    /// Whether a series may have this label.
    pub(crate) fn may_have(&self, label: &str) -> bool {
        self.open || self.known.contains_key(label)
    }

    /// What is known about a label.
    pub(crate) fn fact(&self, label: &str) -> Fact<'m> {
        self.known.get(label).copied().unwrap_or_default()
    }

    /// Without what makes series differ: something may have chosen one of them.
    pub(crate) fn chosen(mut self) -> Self {
        for fact in self.known.values_mut() {
            fact.many = false;
        }
        self
    }

    /// Adds a label, or changes what is known about it.
    pub(crate) fn insert(&mut self, label: &'m str, fact: Fact<'m>) {
        self.known.insert(label, fact);
        self.lost.remove(label);
    }

    /// Only these; the others are lost at a node.
    pub(crate) fn only(mut self, kept: &'m [String], at: usize) -> Self {
        let before = std::mem::take(&mut self.known);
        for (label, fact) in before {
            if kept.iter().any(|kept| kept == label) {
                self.known.insert(label, fact);
            } else {
                self.lost.insert(label, at);
            }
        }
        // What nobody knows is reported once, and there afterwards.
        for label in kept {
            self.known.entry(label).or_default();
            self.lost.remove(label.as_str());
        }
        self.open = false;
        self
    }

    /// Without these, lost at a node.
    pub(crate) fn without(mut self, dropped: impl IntoIterator<Item = &'m str>, at: usize) -> Self {
        for label in dropped {
            if self.known.remove(label).is_some() {
                self.lost.insert(label, at);
            }
        }
        self
    }

    /// Of those that have a partner: a label by which they are matched has the value that all partners have.
    pub(crate) fn matched(mut self, partners: &Self, is_matched: impl Fn(&str) -> bool) -> Self {
        for (label, fact) in &mut self.known {
            let theirs = partners.fact(label).pinned;
            if is_matched(label) && fact.pinned.is_none() && theirs.is_some() {
                *fact = Fact {
                    always: true,
                    pinned: theirs,
                    ..Fact::default()
                };
            }
        }
        self
    }

    /// Those of either.
    pub(crate) fn or(mut self, other: Self) -> Self {
        let (open, other_open) = (self.open, other.open);
        self.open |= other.open;
        for (label, fact) in &mut self.known {
            let theirs = other.fact(label);
            fact.always &= theirs.always;
            fact.many = false;
            fact.partly |= theirs.partly || !(other_open || other.known.contains_key(label));
            if fact.pinned != theirs.pinned {
                fact.pinned = None;
            }
        }
        for (label, fact) in other.known {
            self.known.entry(label).or_insert(Fact {
                always: false,
                pinned: None,
                many: false,
                partly: fact.partly || !open,
            });
        }
        for (label, at) in other.lost {
            self.lost.entry(label).or_insert(at);
        }
        self.empty.extend(other.empty);
        let known = &self.known;
        self.lost.retain(|label, _| !known.contains_key(label));
        self
    }
}
