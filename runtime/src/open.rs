//! Open labels: values that are learnt while the program runs, and bounded.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use crate::arena::Arena;
use crate::exposition::{Collect, Kind, Meta, Sink, escape_label};
use crate::sync::{lock, read, write};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ValueId(u32);

impl ValueId {
    pub(crate) const OTHER: Self = Self(0);
}

#[derive(Debug)]
pub(crate) struct OpenValues {
    max_values: usize,
    ids: RwLock<HashMap<Arc<str>, ValueId>>,
    values: Arena<OpenValue>,
}

#[derive(Debug)]
struct OpenValue {
    text: Arc<str>,
    escaped: Box<str>,
}

impl OpenValue {
    fn new(text: Arc<str>) -> Self {
        Self {
            escaped: escape_label(&text).into(),
            text,
        }
    }
}

impl OpenValues {
    fn new(max_values: usize) -> Self {
        let other: Arc<str> = OTHER.into();
        let values = Arena::new();
        values.push(OpenValue::new(Arc::clone(&other)));
        Self {
            max_values,
            ids: RwLock::new(HashMap::from([(other, ValueId::OTHER)])),
            values,
        }
    }

    /// The id of a value; none if there are already as many as there may be.
    pub(crate) fn id(&self, text: &str) -> Option<ValueId> {
        {
            let ids = read(&self.ids);
            if let Some(id) = ids.get(text) {
                return Some(*id);
            }
            if ids.len() > self.max_values {
                return None;
            }
        }
        let mut ids = write(&self.ids);
        if let Some(id) = ids.get(text) {
            return Some(*id);
        }
        // One of them is `_other`, which does not count.
        if ids.len() > self.max_values {
            return None;
        }
        let text: Arc<str> = text.into();
        let (index, _) = self.values.push(OpenValue::new(Arc::clone(&text)));
        let id = ValueId(u32::try_from(index).ok()?);
        ids.insert(text, id);
        Some(id)
    }

    pub(crate) fn text(&self, id: ValueId) -> &str {
        self.values.get(id.0 as usize).map_or(OTHER, |v| &v.text)
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
        let a = values.id("a").expect("there is room");
        let b = values.id("b").expect("there is room");
        assert_ne!(a, b);
        assert_eq!(values.id("a"), Some(a));
        assert_eq!(values.id("c"), None);
        assert_eq!(values.id("b"), Some(b));
        assert_eq!(values.id("_other"), Some(ValueId::OTHER));
        assert_eq!(values.text(a), "a");
    }

    #[test]
    fn no_value_is_a_bound_too() {
        let values = OpenValues::new(0);
        assert_eq!(values.id("a"), None);
        assert_eq!(values.id("_other"), Some(ValueId::OTHER));
    }
}
