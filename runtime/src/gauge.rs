//! Gauges: values that go up and down.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::cells::shared;
use crate::reference::reference;

/// The bits of a gauge that is not exposed: a NaN that no arithmetic gives, and that `canonical` keeps out.
const REMOVED: u64 = 0x7ff8_6d6f_6e6f_7370;

/// The value that the bits of a gauge mean; none while it is not exposed.
pub(crate) fn value(bits: u64) -> Option<f64> {
    (bits != REMOVED).then(|| f64::from_bits(bits))
}

fn canonical(value: f64) -> u64 {
    if value.is_nan() {
        f64::NAN.to_bits()
    } else {
        value.to_bits()
    }
}

fn set(gauge: &AtomicU64, value: f64) {
    gauge.store(canonical(value), Ordering::Relaxed);
}

/// A removed gauge counts from 0 again.
fn add(gauge: &AtomicU64, amount: f64) {
    update(gauge, |value| Some(value.unwrap_or(0.0) + amount));
}

/// The end of something that was counted with `add(1.0)`; if the gauge was removed in between it stays so.
fn release(gauge: &AtomicU64) {
    update(gauge, |value| value.map(|value| value - 1.0));
}

fn remove(gauge: &AtomicU64) {
    gauge.store(REMOVED, Ordering::Relaxed);
}

fn update(gauge: &AtomicU64, change: impl Fn(Option<f64>) -> Option<f64>) {
    let mut bits = gauge.load(Ordering::Relaxed);
    while let Some(changed) = change(value(bits)).map(canonical)
        && let Err(current) =
            gauge.compare_exchange_weak(bits, changed, Ordering::Relaxed, Ordering::Relaxed)
    {
        bits = current;
    }
}

reference! {
    /// One series of a gauge: a small copy, valid as long as the metrics it came from.
    Gauge,
    /// One series of a gauge, owned.
    GaugeHandle;

    /// Sets the value, in the unit of the metric.
    #[inline]
    pub fn set(&self, value: f64) {
        set(shared(self.cell), value);
    }

    /// Adds one.
    #[inline]
    pub fn inc(&self) {
        self.add(1.0);
    }

    /// Takes one away.
    #[inline]
    pub fn dec(&self) {
        self.sub(1.0);
    }

    /// Adds `amount`, in the unit of the metric.
    #[inline]
    pub fn add(&self, amount: f64) {
        add(shared(self.cell), amount);
    }

    /// Takes `amount` away, in the unit of the metric.
    #[inline]
    pub fn sub(&self, amount: f64) {
        add(shared(self.cell), -amount);
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
        remove(shared(self.cell));
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
        add(tracked.cell(), 1.0);
        tracked
    }

    fn cell(&self) -> &AtomicU64 {
        shared(match &self.target {
            Target::Reference(gauge) => gauge.cell,
            Target::Handle(gauge) => gauge.cell,
        })
    }
}

impl Drop for Tracked<'_> {
    fn drop(&mut self) {
        release(self.cell());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(gauge: &AtomicU64) -> Option<f64> {
        value(gauge.load(Ordering::Relaxed))
    }

    #[test]
    fn not_a_number_does_not_remove() {
        let gauge = AtomicU64::new(0);
        set(&gauge, f64::from_bits(REMOVED));
        assert!(read(&gauge).is_some_and(f64::is_nan));
        remove(&gauge);
        assert_eq!(read(&gauge), None);
        add(&gauge, -2.0);
        assert_eq!(read(&gauge), Some(-2.0));
    }

    #[test]
    fn what_is_tracked_over_a_removal_does_not_go_below_zero() {
        let gauge = AtomicU64::new(0);
        add(&gauge, 1.0);
        remove(&gauge);
        release(&gauge);
        assert_eq!(read(&gauge), None);
    }
}
