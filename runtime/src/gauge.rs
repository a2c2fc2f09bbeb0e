//! Gauges: values that go up and down.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::reference::reference;
use crate::value::{Cell, Value};

/// The bits of a gauge that is not exposed: a NaN that no arithmetic gives, and that `canonical` keeps out.
const REMOVED: u64 = 0x7ff8_6d6f_6e6f_7370;

#[derive(Debug)]
pub(crate) struct GaugeCell(AtomicU64);

impl Default for GaugeCell {
    fn default() -> Self {
        Self(AtomicU64::new(0f64.to_bits()))
    }
}

impl GaugeCell {
    fn set(&self, value: f64) {
        self.0.store(canonical(value), Ordering::Relaxed);
    }

    /// A removed gauge counts from 0 again.
    fn add(&self, amount: f64) {
        self.update(|value| Some(value.unwrap_or(0.0) + amount));
    }

    /// The end of something that was counted with `add(1.0)`; if the gauge was removed in between it stays so.
    fn release(&self) {
        self.update(|value| value.map(|value| value - 1.0));
    }

    fn update(&self, change: impl Fn(Option<f64>) -> Option<f64>) {
        let mut bits = self.0.load(Ordering::Relaxed);
        loop {
            let value = (bits != REMOVED).then(|| f64::from_bits(bits));
            let Some(changed) = change(value) else { return };
            match self.0.compare_exchange_weak(
                bits,
                canonical(changed),
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                Ok(_) => return,
                Err(current) => bits = current,
            }
        }
    }

    fn remove(&self) {
        self.0.store(REMOVED, Ordering::Relaxed);
    }
}

fn canonical(value: f64) -> u64 {
    if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

impl Cell for GaugeCell {
    fn read<'a>(&'a self, _: &'a mut Vec<u64>) -> Option<Value<'a>> {
        let bits = self.0.load(Ordering::Relaxed);
        (bits != REMOVED).then(|| Value::Float(f64::from_bits(bits)))
    }
}

reference! {
    /// One series of a gauge: a small copy, valid as long as the metrics it came from.
    Gauge,
    /// One series of a gauge, owned.
    GaugeHandle,
    GaugeCell;

    /// Sets the value, in the unit of the metric.
    pub fn set(&self, value: f64) {
        self.cell.set(value);
    }

    /// Adds one.
    pub fn inc(&self) {
        self.add(1.0);
    }

    /// Takes one away.
    pub fn dec(&self) {
        self.sub(1.0);
    }

    /// Adds `amount`, in the unit of the metric.
    pub fn add(&self, amount: f64) {
        self.cell.add(amount);
    }

    /// Takes `amount` away, in the unit of the metric.
    pub fn sub(&self, amount: f64) {
        self.cell.add(-amount);
    }

    /// Sets the value to the time of the system's clock, in seconds since 1970-01-01 UTC.
    pub fn set_to_current_time(&self) {
        let now = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_secs_f64(),
            Err(before) => -before.duration().as_secs_f64(),
        };
        self.set(now);
    }

    /// No longer exposes the series, until it is changed again: by [`set`](Self::set), or by the others, which then
    /// start at 0.
    pub fn remove(&self) {
        self.cell.remove();
    }
}

impl<'m> Gauge<'m> {
    /// Adds one now, and takes it away when the guard is dropped.
    pub fn track(self) -> Tracked<'m> {
        Tracked::new(Target::Reference(self))
    }
}

impl GaugeHandle {
    /// Adds one now, and takes it away when the guard is dropped. The guard owns what it needs.
    pub fn track(&self) -> Tracked<'static> {
        Tracked::new(Target::Handle(self.clone()))
    }
}

/// Something that is counted by a gauge until this guard is dropped.
#[derive(Debug)]
#[must_use = "the gauge goes down as soon as this is dropped"]
pub struct Tracked<'m> {
    target: Target<'m>,
}

#[derive(Debug)]
enum Target<'m> {
    Reference(Gauge<'m>),
    Handle(GaugeHandle),
}

impl<'m> Tracked<'m> {
    fn new(target: Target<'m>) -> Self {
        let tracked = Self { target };
        tracked.cell().add(1.0);
        tracked
    }

    fn cell(&self) -> &Arc<GaugeCell> {
        match &self.target {
            Target::Reference(gauge) => gauge.cell,
            Target::Handle(gauge) => &gauge.cell,
        }
    }
}

impl Drop for Tracked<'_> {
    fn drop(&mut self) {
        self.cell().release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn not_a_number_does_not_remove() {
        let cell = GaugeCell::default();
        cell.set(f64::from_bits(REMOVED));
        assert!(matches!(cell.read(&mut Vec::new()), Some(Value::Float(value)) if value.is_nan()));
        cell.remove();
        assert_eq!(cell.read(&mut Vec::new()), None);
        cell.add(-2.0);
        assert_eq!(cell.read(&mut Vec::new()), Some(Value::Float(-2.0)));
    }

    #[test]
    fn what_is_tracked_over_a_removal_does_not_go_below_zero() {
        let handle = GaugeHandle {
            cell: Arc::default(),
        };
        let tracked = handle.track();
        handle.remove();
        drop(tracked);
        assert_eq!(handle.cell.read(&mut Vec::new()), None);
    }
}
