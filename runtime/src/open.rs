//! Open labels: values that are learnt while the program runs, and bounded.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::arena::Arena;
use crate::exposition::{Collect, Kind, Meta, escape_label};
use crate::hash::Hasher;
use crate::sync::lock;
use crate::table::Table;
use crate::value::Value;

/// What stands for the values beyond a bound.
const OTHER: &str = "_other";

/// The values of one open label definition in one registry, shared by the metrics that use it.
#[derive(Clone, Debug)]
pub struct OpenLabel {
    values: Arc<OpenValues>,
}

impl OpenLabel {
    pub(crate) fn new(max_values: usize) -> Self {
        Self {
            values: Arc::new(OpenValues::new(max_values)),
        }
    }

    pub(crate) fn values(&self) -> Arc<OpenValues> {
        Arc::clone(&self.values)
    }
}

/// A value, by the order in which it was first seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ValueId(u32);

impl ValueId {
    pub(crate) const OTHER: Self = Self(0);

    /// Where it is among the values.
    #[inline]
    pub(crate) fn place(self) -> usize {
        self.0 as usize
    }
}

#[derive(Debug)]
pub(crate) struct OpenValues {
    max_values: usize,
    hasher: Hasher,
    table: Table,
    values: Arena<OpenValue>,
    len: AtomicUsize,
}

#[derive(Debug)]
struct OpenValue {
    text: Box<str>,
    escaped: Box<str>,
}

impl OpenValue {
    fn new(text: &str) -> Self {
        Self {
            escaped: escape_label(text).into(),
            text: text.into(),
        }
    }
}

impl OpenValues {
    fn new(max_values: usize) -> Self {
        let values = Self {
            max_values,
            hasher: Hasher::new(),
            table: Table::new(),
            values: Arena::new(),
            len: AtomicUsize::new(0),
        };
        // It takes the first place and does not count.
        let hash = values.hasher.text(OTHER);
        let add = || u32::try_from(values.values.push(OpenValue::new(OTHER)).0).ok();
        values.table.find_or_add(hash, |_| false, add);
        values
    }

    /// The id of a value that was seen before.
    #[inline]
    pub(crate) fn find(&self, text: &str) -> Option<ValueId> {
        let is = |number| self.is(number, text);
        self.table.find(self.hasher.text(text), is).map(ValueId)
    }

    /// The id of a value; none if there are already as many as there may be.
    pub(crate) fn find_or_add(&self, text: &str) -> Option<ValueId> {
        if let Some(known) = self.find(text) {
            return Some(known);
        }
        // Values are added one at a time, and never go.
        let full = || self.len.load(Ordering::Relaxed) >= self.max_values;
        if full() {
            return None;
        }
        let add = || {
            if full() {
                return None;
            }
            self.len.fetch_add(1, Ordering::Relaxed);
            u32::try_from(self.values.push(OpenValue::new(text)).0).ok()
        };
        let is = |number| self.is(number, text);
        let number = self.table.find_or_add(self.hasher.text(text), is, add);
        number.map(ValueId)
    }

    #[inline]
    fn is(&self, number: u32, text: &str) -> bool {
        let value = self.values.get(number as usize);
        value.is_some_and(|value| *value.text == *text)
    }

    pub(crate) fn text(&self, id: ValueId) -> &str {
        self.values.get(id.place()).map_or(OTHER, |v| &v.text)
    }

    pub(crate) fn escaped(&self, id: ValueId) -> &str {
        self.values.get(id.place()).map_or(OTHER, |v| &v.escaped)
    }
}

/// How often a value fell to `_other` because of a bound, by name of the label.
#[derive(Debug, Default)]
pub(crate) struct Overflow {
    counts: Mutex<Vec<(&'static str, Arc<AtomicU64>)>>,
}

impl Overflow {
    /// The count of one label name, exposed from now on.
    pub(crate) fn of(&self, label: &'static str) -> Arc<AtomicU64> {
        let mut counts = lock(&self.counts);
        if let Some((_, count)) = counts.iter().find(|(name, _)| *name == label) {
            return Arc::clone(count);
        }
        let count = Arc::new(AtomicU64::new(0));
        counts.push((label, Arc::clone(&count)));
        count
    }
}

impl Collect for Overflow {
    fn meta(&self) -> Meta<'_> {
        Meta {
            name: "monospec_label_overflow_total",
            former_name: None,
            help: "Label values recorded as _other because a bound was reached.",
            kind: Kind::Counter,
        }
    }

    fn collect(&self, sink: &mut dyn FnMut(&str, Value<'_>) -> fmt::Result) -> fmt::Result {
        let counts = lock(&self.counts).clone();
        for (label, count) in counts {
            let label = format!("label=\"{}\"", escape_label(label));
            sink(&label, Value::Integer(count.load(Ordering::Relaxed)))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bounded_and_keep_their_id() {
        let values = OpenValues::new(2);
        let a = values.find_or_add("a").expect("there is room");
        let b = values.find_or_add("b").expect("there is room");
        assert_ne!(a, b);
        assert_eq!(values.find_or_add("a"), Some(a));
        assert_eq!(values.find_or_add("c"), None);
        assert_eq!(values.find_or_add("b"), Some(b));
        assert_eq!(values.find_or_add("_other"), Some(ValueId::OTHER));
        assert_eq!(values.text(a), "a");
    }

    #[test]
    fn no_value_is_a_bound_too() {
        let values = OpenValues::new(0);
        assert_eq!(values.find_or_add("a"), None);
        assert_eq!(values.find_or_add("_other"), Some(ValueId::OTHER));
    }
}
