//! Counters, of events and of seconds.

use std::time::Duration;

use crate::cells::{count, sum};
use crate::reference::reference;

reference! {
    /// One series of a counter of events: a small copy, valid as long as the metrics it came from. It must not be used in a
    /// signal handler.
    Counter,
    /// One series of a counter of events, owned.
    CounterHandle;

    /// Counts one event.
    #[inline]
    pub fn inc(&self) {
        self.add(1);
    }

    /// Counts `events` at once.
    #[inline]
    pub fn add(&self, events: u64) {
        count(self.cell, events);
    }
}

reference! {
    /// One series of a counter of fractional amounts, seconds above all: a small copy, valid as long as the metrics it
    /// came from. It must not be used in a signal handler.
    FloatCounter,
    /// One series of a counter of fractional amounts, owned.
    FloatCounterHandle;

    /// Adds `amount`, in the unit of the metric. What a counter cannot take, a negative, infinite or undefined amount,
    /// is dropped.
    #[inline]
    pub fn add(&self, amount: f64) {
        if amount.is_finite() && amount > 0.0 {
            sum(self.cell, amount);
        }
    }

    /// Adds a duration, in seconds.
    #[inline]
    pub fn add_duration(&self, duration: Duration) {
        self.add(duration.as_secs_f64());
    }
}
