//! What a reader makes of an exposition.

use std::collections::BTreeMap;
use std::fmt;

/// A sample: its name, its labels, its value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) labels: BTreeMap<String, String>,
    /// As bits, in which NaN is like itself.
    value: u64,
}

impl Sample {
    pub(crate) fn new<'l>(
        name: &str,
        labels: impl IntoIterator<Item = (&'l str, &'l str)>,
        value: f64,
    ) -> Self {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            name: name.to_owned(),
            labels: labels.into_iter().map(owned).collect(),
            value: if value.is_nan() { f64::NAN } else { value }.to_bits(),
        }
    }
}

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = f64::from_bits(self.value);
        write!(f, "{}{:?} {value}", self.name, self.labels)
    }
}

/// What is told of a family.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) kind: String,
    pub(crate) help: String,
    pub(crate) unit: String,
}

impl Told {
    pub(crate) fn new(name: &str, kind: &str, help: &str, unit: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: kind.to_owned(),
            help: help.to_owned(),
            unit: unit.to_owned(),
        }
    }
}

/// In an order of their own.
pub(crate) fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items: Vec<T> = items.into_iter().collect();
    items.sort();
    items
}
