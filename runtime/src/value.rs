//! The value of a series when it is read.

/// The value of one series at the moment it was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Integer(u64),
    Float(f64),
    Histogram {
        bounds: &'a [f64],
        /// Not cumulated; one more than the bounds.
        buckets: &'a [u64],
        sum: f64,
    },
}
