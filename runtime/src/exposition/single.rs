//! Families of one series whose value is known.

use std::fmt;

use super::{Collect, Meta, Sink};
use crate::value::Value;

/// A family of one series.
pub(crate) struct Single {
    pub(crate) meta: Meta<'static>,
    /// As they stand between the braces.
    pub(crate) labels: String,
    pub(crate) value: Value<'static>,
}

impl Collect for Single {
    fn meta(&self) -> Meta<'_> {
        self.meta
    }

    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result {
        sink(&self.labels, self.value)
    }
}
