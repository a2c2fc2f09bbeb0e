//! What a series holds, and its value when it is read.

/// What one series holds.
pub(crate) trait Cell: Send + Sync + 'static {
    /// The value, perhaps with numbers that are put into `buckets`; none while the series is not exposed.
    fn read<'a>(&'a self, buckets: &'a mut Vec<u64>) -> Option<Value<'a>>;
}

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
