//! What a scrape reads: families of series in the formats of Prometheus.

mod accept;
mod escape;
mod family;
#[cfg(feature = "gzip")]
mod gzip;
#[cfg(feature = "prometheus-client")]
mod official;
mod response;
mod single;
mod writer;

use std::fmt;

pub(crate) use self::escape::escape_label;
pub use self::response::{Exposition, Format};
pub(crate) use self::single::Single;
pub(crate) use self::writer::Writer;
use crate::value::Value;

/// What is said of a family before its samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meta<'a> {
    pub(crate) name: &'a str,
    pub(crate) former_name: Option<&'a str>,
    pub(crate) help: &'a str,
    /// The base unit, for instance `seconds`; empty for none.
    pub(crate) unit: &'a str,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
    Info,
}

/// Takes a series: its labels as they stand between the braces, and its value.
pub(crate) type Sink<'s> = dyn FnMut(&str, Value<'_>) -> fmt::Result + 's;

/// A family of series that can be read.
pub(crate) trait Collect: Send + Sync {
    fn meta(&self) -> Meta<'_>;

    /// Gives every series to `sink`, and ends with the first error of it.
    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result;
}
