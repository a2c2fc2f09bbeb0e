//! Histograms, and timers that observe into them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::number::AtomicFloat;
use crate::reference::reference;
use crate::value::{Cell, Value};

#[derive(Debug)]
pub(crate) struct HistogramCell {
    bounds: Arc<[f64]>,
    /// One more than the bounds: the last takes what is above all of them.
    buckets: Box<[AtomicU64]>,
    sum: AtomicFloat,
}

impl HistogramCell {
    /// An empty histogram over `bounds`, which rise.
    pub(crate) fn new(bounds: Arc<[f64]>) -> Self {
        Self {
            buckets: (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect(),
            sum: AtomicFloat::new(0.0),
            bounds,
        }
    }

    fn observe(&self, value: f64) {
        if value.is_nan() {
            return;
        }
        let bucket = self.bounds.partition_point(|bound| *bound < value);
        self.sum.add(value);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
    }
}

impl Cell for HistogramCell {
    fn read<'a>(&'a self, buckets: &'a mut Vec<u64>) -> Option<Value<'a>> {
        buckets.clear();
        let counts = self.buckets.iter();
        buckets.extend(counts.map(|bucket| bucket.load(Ordering::Relaxed)));
        Some(Value::Histogram {
            bounds: &self.bounds,
            buckets,
            sum: self.sum.get(),
        })
    }
}

/// The bounds of a histogram as it needs them: finite, rising, each once. The bucket above them is always there.
pub(crate) fn clean_bounds(bounds: &[f64]) -> Arc<[f64]> {
    let mut bounds: Vec<f64> = bounds.iter().copied().filter(|b| b.is_finite()).collect();
    bounds.sort_by(f64::total_cmp);
    bounds.dedup();
    bounds.into()
}

reference! {
    /// One series of a histogram: a small copy, valid as long as the metrics it came from.
    Histogram,
    /// One series of a histogram, owned.
    HistogramHandle,
    HistogramCell;

    /// Counts `value`, in the unit of the metric, in the first bucket whose bound is not below it. NaN is dropped: it
    /// would make the sum undefined for ever.
    pub fn observe(&self, value: f64) {
        self.cell.observe(value);
    }

    /// Observes a duration, in seconds.
    pub fn observe_duration(&self, duration: Duration) {
        self.observe(duration.as_secs_f64());
    }
}

impl<'m> Histogram<'m> {
    /// Starts to measure time, observed in seconds when the timer is dropped or stopped.
    pub fn start_timer(self) -> Timer<'m> {
        Timer::new(Target::Reference(self))
    }
}

impl HistogramHandle {
    /// Starts to measure time, observed in seconds when the timer is dropped or stopped. The timer owns what it needs.
    pub fn start_timer(&self) -> Timer<'static> {
        Timer::new(Target::Handle(self.clone()))
    }
}

/// A measurement of time that is observed once, at its end.
#[derive(Debug)]
#[must_use = "the time is observed as soon as this is dropped"]
pub struct Timer<'m> {
    target: Target<'m>,
    start: Instant,
    running: bool,
}

#[derive(Debug)]
enum Target<'m> {
    Reference(Histogram<'m>),
    Handle(HistogramHandle),
}

impl<'m> Timer<'m> {
    fn new(target: Target<'m>) -> Self {
        Self {
            target,
            start: Instant::now(),
            running: true,
        }
    }

    /// Observes the time since the start now, and tells it.
    pub fn stop(mut self) -> Duration {
        self.finish()
    }

    /// Ends the measurement without observing it.
    pub fn discard(mut self) {
        self.running = false;
    }

    fn finish(&mut self) -> Duration {
        let elapsed = self.start.elapsed();
        self.running = false;
        match &self.target {
            Target::Reference(histogram) => histogram.observe_duration(elapsed),
            Target::Handle(histogram) => histogram.observe_duration(elapsed),
        }
        elapsed
    }
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        if self.running {
            self.finish();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_belongs_to_its_bucket() {
        let cell = HistogramCell::new(clean_bounds(&[1.0, 2.0]));
        for value in [1.0, 1.5, 2.0, 2.5, f64::NAN, f64::NEG_INFINITY] {
            cell.observe(value);
        }
        let mut buckets = Vec::new();
        let Some(Value::Histogram { buckets, .. }) = cell.read(&mut buckets) else {
            panic!("a histogram is always exposed");
        };
        assert_eq!(buckets, [2, 2, 1]);
    }

    #[test]
    fn bounds_are_put_in_order() {
        let bounds = clean_bounds(&[2.0, f64::INFINITY, 1.0, f64::NAN, 2.0]);
        assert_eq!(*bounds, [1.0, 2.0]);
    }
}
