//! Infos: facts told by their labels.

use std::sync::atomic::Ordering;

use crate::cells::shared;
use crate::reference::reference;

reference! {
    /// One series of an info: a small copy, valid as long as the metrics it came from.
    Info,
    /// One series of an info, owned.
    InfoHandle;

    /// Says that this is so: exposes the series, with the value 1. Before it nothing is exposed.
    pub fn set(&self) {
        shared(self.cell).store(1, Ordering::Relaxed);
    }
}
