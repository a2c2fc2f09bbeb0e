//! The metrics of one instance of generated code, and their exposition.

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, RwLock};

use crate::buckets::Buckets;
use crate::exposition::{Collect, Exposition, Format, Kind, Meta, Single, Writer, escape_label};
use crate::families::Families;
use crate::family::{CounterFamily, FloatCounterFamily, GaugeFamily, HistogramFamily, InfoFamily};
use crate::label::Descriptor;
use crate::open::{OpenLabel, Overflow};
use crate::store::{Shape, Store};
use crate::sync::{read, write};
use crate::value::Value;

/// A set of metrics that are exposed together.
///
/// Registries are independent of each other. A clone is another handle to the same registry.
///
/// Families are exposed in the order of their registration; one that is registered again under the same name takes the
/// place of the former.
///
/// Reading is for everybody: [`scrape`](Self::scrape), [`encode`](Self::encode), [`encode_text`](Self::encode_text).
/// Registering is for generated code, whose names, labels and bounds the compiler has checked; here they are taken as they
/// are, and a wrong one makes an exposition that nobody reads.
#[derive(Clone, Default)]
pub struct Registry {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    families: RwLock<Families>,
    overflow: Overflow,
    process: AtomicBool,
    /// How many bytes the last exposition had.
    size: AtomicUsize,
}

/// Takes a family, and what tells whether a name is that of a family or of its samples.
pub(crate) type Visitor<'v> = dyn FnMut(&dyn Collect, &dyn Fn(&str) -> bool) -> fmt::Result + 'v;

impl Registry {
    /// An empty registry.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers an open label definition. Beyond `max_values` distinct values, counted over all metrics that use the
    /// definition, a value is recorded as `_other`, and `monospec_label_overflow_total` counts it: in each metric, whenever
    /// the series to record it in is looked up. A handle that is kept is looked up once. A value of more than a kibibyte is `_other` too.
    pub fn open_label(&self, max_values: usize) -> OpenLabel {
        OpenLabel::new(max_values)
    }

    /// Registers a counter of events. For generated code: nothing is checked.
    pub fn counter(&self, descriptor: Descriptor<'_>) -> CounterFamily {
        CounterFamily::new(self.store(&descriptor, Shape::Counter))
    }

    /// Registers a counter of fractional amounts, for instance of seconds. For generated code: nothing is checked.
    pub fn float_counter(&self, descriptor: Descriptor<'_>) -> FloatCounterFamily {
        FloatCounterFamily::new(self.store(&descriptor, Shape::FloatCounter))
    }

    /// Registers a gauge. For generated code: nothing is checked.
    pub fn gauge(&self, descriptor: Descriptor<'_>) -> GaugeFamily {
        GaugeFamily::new(self.store(&descriptor, Shape::Gauge))
    }

    /// Registers a histogram with the upper bounds of its buckets, in the unit of the metric, rising. The bucket
    /// without a bound is always added. For generated code: nothing is checked.
    pub fn histogram(&self, descriptor: Descriptor<'_>, bounds: &[f64]) -> HistogramFamily {
        let shape = Shape::Histogram(Buckets::new(bounds));
        HistogramFamily::new(self.store(&descriptor, shape))
    }

    /// Registers an info. Where a format has no infos it is exposed as a gauge. For generated code: nothing is checked.
    pub fn info(&self, descriptor: Descriptor<'_>) -> InfoFamily {
        InfoFamily::new(self.store(&descriptor, Shape::Info))
    }

    /// From now on exposes which spec the program was built from: `monospec_spec_info` with the label `hash`, as
    /// `monospec resolve` prints it.
    pub fn spec_info(&self, hash: &str) {
        self.register(Arc::new(Single {
            meta: Meta {
                name: "monospec_spec_info",
                former_name: None,
                help: "The spec that the program was built from.",
                unit: "",
                kind: Kind::Info,
            },
            labels: format!("hash=\"{}\"", escape_label(hash)),
            value: Value::Integer(1),
        }));
    }

    /// From now on exposes the metrics of the process too, read when they are asked for: `process_cpu_seconds_total`,
    /// `process_max_fds`, `process_open_fds`, `process_resident_memory_bytes`, `process_start_time_seconds`,
    /// `process_threads` and `process_virtual_memory_bytes`. On other systems than Linux there are none.
    pub fn process_metrics(&self) {
        if !self.inner.process.swap(true, Ordering::Relaxed) {
            #[cfg(target_os = "linux")]
            for metric in crate::process::read() {
                write(&self.inner.families).reserve(&metric.meta);
            }
        }
    }

    /// The answer to a scrape that came with these headers, `Accept` and `Accept-Encoding`: in the format that is
    /// preferred, and with the feature `gzip` compressed if that is asked for.
    ///
    /// ```
    /// let registry = monospec_runtime::Registry::new();
    /// let exposition = registry.scrape(Some("application/openmetrics-text;version=1.0.0"), None);
    /// assert_eq!(exposition.content_type, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    /// assert_eq!(exposition.body, b"# EOF\n");
    /// ```
    pub fn scrape(&self, accept: Option<&str>, accept_encoding: Option<&str>) -> Exposition {
        let format = Format::negotiate(accept);
        Exposition::new(format, self.write(format), accept_encoding)
    }

    /// All metrics in a format.
    pub fn encode(&self, format: Format) -> String {
        // It is made of nothing but text.
        String::from_utf8(self.write(format)).unwrap_or_default()
    }

    /// All metrics in the text format: for tests, logs and people.
    pub fn encode_text(&self) -> String {
        self.encode(Format::Text)
    }

    /// Gives `visitor` every family, in the order of the exposition, and what tells whether a name is one of theirs.
    pub(crate) fn visit(&self, visitor: &mut Visitor<'_>) -> fmt::Result {
        let families = read(&self.inner.families);
        let overflow = self.inner.overflow.meta().name;
        let taken = |name: &str| families.taken(name) || name == overflow;
        for family in families.iter() {
            visitor(family, &taken)?;
        }
        visitor(&self.inner.overflow, &taken)?;
        #[cfg(target_os = "linux")]
        if self.inner.process.load(Ordering::Relaxed) {
            for metric in crate::process::read() {
                visitor(&metric, &taken)?;
            }
        }
        Ok(())
    }

    /// Adds a family to the exposition, in the place of the one with the same name if there is one.
    pub(crate) fn register(&self, family: Arc<dyn Collect>) {
        write(&self.inner.families).insert(family);
    }

    fn write(&self, format: Format) -> Vec<u8> {
        // Numbers grow: a little more than the last time.
        let size = self.inner.size.load(Ordering::Relaxed);
        let mut writer = Writer::new(format, size + size / 8);
        // Writing to memory does not fail.
        let _ = self.visit(&mut |family, taken| writer.family(family, taken));
        let body = writer.finish();
        self.inner.size.store(body.len(), Ordering::Relaxed);
        body
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
