//! Histograms, and timers that observe into them.

use std::time::{Duration, Instant};

use crate::cells::observe;
use crate::reference::reference;
use crate::store::Shape;

reference! {
    /// One series of a histogram: a small copy, valid as long as the metrics it came from. It must not be used in a signal
    /// handler.
    Histogram,
    /// One series of a histogram, owned.
    HistogramHandle;

    /// Counts `value`, in the unit of the metric, in the first bucket whose bound is not below it. NaN is dropped, and what
    /// is infinite is counted but not added up: either would make the sum undefined for ever.
    #[inline]
    pub fn observe(&self, value: f64) {
        let Shape::Histogram(buckets) = &self.store.shape else {
            return;
        };
        if !value.is_nan() {
            let finite = if value.is_finite() { value } else { 0.0 };
            observe(self.cell.plus(2 * buckets.find(value)), finite);
        }
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
