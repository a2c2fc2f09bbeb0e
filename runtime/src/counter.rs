//! Counters, of events and of seconds.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::number::AtomicFloat;
use crate::reference::reference;
use crate::value::{Cell, Value};

#[derive(Debug, Default)]
pub(crate) struct CounterCell(AtomicU64);

impl Cell for CounterCell {
    fn read<'a>(&'a self, _: &'a mut Vec<u64>) -> Option<Value<'a>> {
        Some(Value::Integer(self.0.load(Ordering::Relaxed)))
    }
}

reference! {
    /// One series of a counter of events: a small copy, valid as long as the metrics it came from.
    Counter,
    /// One series of a counter of events, owned.
    CounterHandle,
    CounterCell;

    /// Counts one event.
    pub fn inc(&self) {
        self.add(1);
    }

    /// Counts `events` at once.
    pub fn add(&self, events: u64) {
        self.cell.0.fetch_add(events, Ordering::Relaxed);
    }
}

#[derive(Debug)]
pub(crate) struct FloatCounterCell(AtomicFloat);

impl Default for FloatCounterCell {
    fn default() -> Self {
        Self(AtomicFloat::new(0.0))
    }
}

impl FloatCounterCell {
    fn add(&self, amount: f64) {
        if amount.is_finite() && amount > 0.0 {
            self.0.add(amount);
        }
    }
}

impl Cell for FloatCounterCell {
    fn read<'a>(&'a self, _: &'a mut Vec<u64>) -> Option<Value<'a>> {
        Some(Value::Float(self.0.get()))
    }
}

reference! {
    /// One series of a counter of fractional amounts, seconds above all: a small copy, valid as long as the metrics it
    /// came from.
    FloatCounter,
    /// One series of a counter of fractional amounts, owned.
    FloatCounterHandle,
    FloatCounterCell;

    /// Adds `amount`, in the unit of the metric. What a counter cannot take, a negative, infinite or undefined amount,
    /// is dropped.
    pub fn add(&self, amount: f64) {
        self.cell.add(amount);
    }

    /// Adds a duration, in seconds.
    pub fn add_duration(&self, duration: Duration) {
        self.add(duration.as_secs_f64());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_never_goes_down() {
        let cell = FloatCounterCell::default();
        for amount in [1.5, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.5] {
            cell.add(amount);
        }
        assert_eq!(cell.read(&mut Vec::new()), Some(Value::Float(2.0)));
    }
}
