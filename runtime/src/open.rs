//! Open labels: values that are learnt while the program runs, and bounded.

use std::fmt;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::arena::Arena;
use crate::exposition::{Collect, Kind, Meta, Sink, escape_label};
use crate::hash::{Hasher, same};
use crate::sync::lock;
use crate::table::Table;
use crate::value::Value;

/// What stands for the values beyond a bound.
const OTHER: &str = "_other";

/// The longest value that is kept, in bytes: what comes from outside may be of any length.
const MAX_BYTES: usize = 1024;

/// The values of one open label definition in one registry, shared by the metrics that use it.
#[derive(Clone)]
pub struct OpenLabel {
    values: Arc<OpenValues>,
}

impl fmt::Debug for OpenLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenLabel").finish_non_exhaustive()
    }
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

    pub(crate) fn number(self) -> u32 {
        self.0
    }
}

pub(crate) struct OpenValues {
    max_values: usize,
    hasher: Hasher,
    ids: Table<Known>,
    values: Arena<OpenValue>,
    len: AtomicUsize,
}

#[derive(Clone)]
struct Known {
    text: Arc<str>,
    id: ValueId,
}

struct OpenValue {
    text: Arc<str>,
    escaped: Box<str>,
}

impl OpenValues {
    fn new(max_values: usize) -> Self {
        let values = Self {
            max_values,
            hasher: Hasher::new(),
            ids: Table::new(),
            values: Arena::new(),
            len: AtomicUsize::new(0),
        };
        // It takes the first place and does not count.
        let add = || values.push(OTHER);
        let hash = values.hasher.text(OTHER);
        values.ids.find_or_add(hash, |_| false, add);
        values
    }

    /// The id of a value that was seen before.
    #[inline]
    pub(crate) fn find(&self, text: &str) -> Option<ValueId> {
        let is = |known: &Known| same(&known.text, text);
        Some(self.ids.find(self.hasher.text(text), is)?.id)
    }

    /// The id of a value; none if there are already as many as there may be, or if it is too long.
    pub(crate) fn find_or_add(&self, text: &str) -> Option<ValueId> {
        if let Some(known) = self.find(text) {
            return Some(known);
        }
        // Values are added one at a time, and never go.
        let full = || self.len.load(Ordering::Relaxed) >= self.max_values;
        if full() || text.len() > MAX_BYTES {
            return None;
        }
        let add = || {
            let added = (!full()).then(|| self.push(text))?;
            self.len.fetch_add(1, Ordering::Relaxed);
            added
        };
        let is = |known: &Known| same(&known.text, text);
        let known = self.ids.find_or_add(self.hasher.text(text), is, add)?;
        Some(known.id)
    }

    fn push(&self, text: &str) -> Option<Known> {
        let text: Arc<str> = text.into();
        let value = OpenValue {
            escaped: escape_label(&text).into(),
            text: Arc::clone(&text),
        };
        let id = ValueId(u32::try_from(self.values.push(value).0).ok()?);
        Some(Known { text, id })
    }

    pub(crate) fn text(&self, id: ValueId) -> Option<&Arc<str>> {
        Some(&self.values.get(id.0 as usize)?.text)
    }

    pub(crate) fn escaped(&self, id: ValueId) -> &str {
        self.values.get(id.0 as usize).map_or(OTHER, |v| &v.escaped)
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
            unit: "",
            kind: Kind::Counter,
        }
    }

    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result {
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
        assert_eq!(values.text(a).map(|text| &**text), Some("a"));
    }

    #[test]
    fn values_have_a_bound_too() {
        let values = OpenValues::new(2);
        assert!(values.find_or_add(&"a".repeat(MAX_BYTES)).is_some());
        assert_eq!(values.find_or_add(&"b".repeat(MAX_BYTES + 1)), None);
    }

    #[test]
    fn no_value_is_a_bound_too() {
        let values = OpenValues::new(0);
        assert_eq!(values.find_or_add("a"), None);
        assert_eq!(values.find_or_add("_other"), Some(ValueId::OTHER));
    }
}
