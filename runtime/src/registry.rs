//! The metrics of one instance of generated code, and their exposition.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use crate::buckets::Buckets;
use crate::exposition::{Collect, write_family};
use crate::family::{CounterFamily, FloatCounterFamily, GaugeFamily, HistogramFamily, InfoFamily};
use crate::label::Descriptor;
use crate::open::{OpenLabel, Overflow};
use crate::store::{Shape, Store};
use crate::sync::{read, write};

/// A set of metrics that are exposed together.
///
/// Registries are independent of each other. A clone is another handle to the same registry.
///
/// Families are exposed in the order of their registration; one that is registered again under the same name takes the
/// place of the former.
#[derive(Clone, Default)]
pub struct Registry {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    families: RwLock<Vec<Arc<dyn Collect>>>,
    overflow: Overflow,
    process: AtomicBool,
}

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers an open label definition. Beyond `max_values` distinct values, counted over all metrics that use the
    /// definition, a value is recorded as `_other`, and `monospec_label_overflow_total` counts it.
    pub fn open_label(&self, max_values: usize) -> OpenLabel {
        OpenLabel::new(max_values)
    }

    /// Registers a counter of events.
    pub fn counter(&self, descriptor: Descriptor<'_>) -> CounterFamily {
        CounterFamily::new(self.store(&descriptor, Shape::Counter))
    }

    /// Registers a counter of fractional amounts, for instance of seconds.
    pub fn float_counter(&self, descriptor: Descriptor<'_>) -> FloatCounterFamily {
        FloatCounterFamily::new(self.store(&descriptor, Shape::FloatCounter))
    }

    /// Registers a gauge.
    pub fn gauge(&self, descriptor: Descriptor<'_>) -> GaugeFamily {
        GaugeFamily::new(self.store(&descriptor, Shape::Gauge))
    }

    /// Registers a histogram with the upper bounds of its buckets, in the unit of the metric, rising. The bucket
    /// without a bound is always added.
    pub fn histogram(&self, descriptor: Descriptor<'_>, bounds: &[f64]) -> HistogramFamily {
        let buckets = Buckets::new(bounds);
        HistogramFamily::new(self.store(&descriptor, Shape::Histogram(buckets)))
    }

    /// Registers an info, exposed as a gauge.
    pub fn info(&self, descriptor: Descriptor<'_>) -> InfoFamily {
        InfoFamily::new(self.store(&descriptor, Shape::Info))
    }

    /// From now on exposes the metrics of the process too, read when they are asked for: `process_cpu_seconds_total`,
    /// `process_max_fds`, `process_open_fds`, `process_resident_memory_bytes`, `process_start_time_seconds`,
    /// `process_threads` and `process_virtual_memory_bytes`. On other systems than Linux there are none.
    pub fn process_metrics(&self) {
        self.inner.process.store(true, Ordering::Relaxed);
    }

    /// All metrics in the text format of Prometheus, version 0.0.4. Its content type is
    /// [`TEXT_CONTENT_TYPE`](crate::TEXT_CONTENT_TYPE).
    pub fn encode_text(&self) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = self.write_text(&mut text);
        text
    }

    /// Writes all metrics in the text format of Prometheus, version 0.0.4.
    ///
    /// # Errors
    ///
    /// Whatever `out` fails with.
    pub fn write_text(&self, out: &mut impl fmt::Write) -> fmt::Result {
        let families = read(&self.inner.families).clone();
        for family in &families {
            write_family(out, family.as_ref())?;
        }
        write_family(out, &self.inner.overflow)?;
        #[cfg(target_os = "linux")]
        if self.inner.process.load(Ordering::Relaxed) {
            for metric in crate::process::read() {
                write_family(out, &metric)?;
            }
        }
        Ok(())
    }

    /// Adds a family to the exposition, in the place of the one with the same name if there is one.
    pub(crate) fn register(&self, family: Arc<dyn Collect>) {
        let mut families = write(&self.inner.families);
        let name = family.meta().name;
        match families.iter().position(|known| known.meta().name == name) {
            Some(place) => families[place] = family,
            None => families.push(family),
        }
    }

    fn store(&self, descriptor: &Descriptor<'_>, shape: Shape) -> Arc<Store> {
        let store = Arc::new(Store::new(descriptor, shape, &self.inner.overflow));
        self.register(Arc::clone(&store) as Arc<dyn Collect>);
        store
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}
