//! What a series holds, and its value when it is read.

/// What one series holds.
pub(crate) trait Cell: Send + Sync + 'static {
    /// The value; none while the series is not exposed.
    fn read(&self) -> Option<Value<'_>>;
}

/// The value of one series at the moment it was read.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Integer(u64),
    Float(f64),
    Histogram {
        bounds: &'a [f64],
        /// Not cumulated; one more than the bounds.
        buckets: Vec<u64>,
        sum: f64,
    },
}
