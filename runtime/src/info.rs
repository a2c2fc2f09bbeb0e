//! Infos: facts told by their labels.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::reference::reference;
use crate::value::{Cell, Value};

#[derive(Debug, Default)]
pub(crate) struct InfoCell(AtomicBool);

impl Cell for InfoCell {
    fn read<'a>(&'a self, _: &'a mut Vec<u64>) -> Option<Value<'a>> {
        self.0.load(Ordering::Relaxed).then_some(Value::Integer(1))
    }
}

reference! {
    /// One series of an info: a small copy, valid as long as the metrics it came from.
    Info,
    /// One series of an info, owned.
    InfoHandle,
    InfoCell;

    /// Says that this is so: exposes the series, with the value 1. Before it nothing is exposed.
    pub fn set(&self) {
        self.cell.0.store(true, Ordering::Relaxed);
    }
}
