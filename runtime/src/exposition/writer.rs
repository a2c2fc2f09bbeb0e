//! Writes families, one line a sample, without an allocation for any of them.

use std::fmt;
use std::ops::Range;

use super::escape::escape;
use super::family::Family;
use super::{Collect, Format, Kind, Meta};
use crate::number::{push_bound, push_float, push_integer};
use crate::value::Value;

/// An exposition that is being written: bytes of UTF-8.
pub(crate) struct Writer {
    out: Vec<u8>,
    format: Format,
    /// What the samples of the family begin with, up to the brace.
    start: String,
    bounds: Bounds,
}

impl Writer {
    /// An exposition of about `size` bytes.
    pub(crate) fn new(format: Format, size: usize) -> Self {
        Self {
            out: Vec::with_capacity(size),
            format,
            start: String::new(),
            bounds: Bounds::default(),
        }
    }

    /// Writes a family under its name and, with the same series, under its former one; nothing if it has no series.
    /// `taken` tells whether a name is that of a family or of its samples.
    pub(crate) fn family(
        &mut self,
        family: &dyn Collect,
        taken: &dyn Fn(&str) -> bool,
    ) -> fmt::Result {
        let meta = family.meta();
        for name in [Some(meta.name), meta.former_name].into_iter().flatten() {
            self.start.clear();
            let suffix = match meta.kind {
                Kind::Histogram => "_bucket{",
                Kind::Counter | Kind::Gauge | Kind::Info => "{",
            };
            self.start.extend([name, suffix]);
            let mut first = true;
            family.collect(&mut |labels, value| {
                if std::mem::take(&mut first) {
                    self.header(name, &meta, taken);
                }
                self.sample(name, labels, value);
                Ok(())
            })?;
        }
        Ok(())
    }

    /// The exposition as a whole.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.format == Format::OpenMetrics {
            push(&mut self.out, "# EOF\n");
        }
        self.out
    }

    fn header(&mut self, name: &str, meta: &Meta<'_>, taken: &dyn Fn(&str) -> bool) {
        match self.format {
            Format::Text => {
                let kind = match meta.kind {
                    // Elsewhere a counter without the suffix is refused, and every format should say the same.
                    Kind::Counter if !name.ends_with("_total") => "untyped",
                    Kind::Counter => "counter",
                    // The format has no infos.
                    Kind::Gauge | Kind::Info => "gauge",
                    Kind::Histogram => "histogram",
                };
                self.line("# HELP ", name, &escape(meta.help, false));
                self.line("# TYPE ", name, kind);
            }
            Format::OpenMetrics => {
                let family = Family::new(name, meta, taken);
                self.line("# TYPE ", family.name, family.kind.as_str());
                self.line("# UNIT ", family.name, family.unit.unwrap_or_default());
                self.line("# HELP ", family.name, &escape(meta.help, true));
            }
        }
    }

    /// Says something of a family, unless there is nothing to say.
    fn line(&mut self, what: &str, name: &str, text: &str) {
        if !text.is_empty() {
            for part in [what, name, " ", text, "\n"] {
                push(&mut self.out, part);
            }
        }
    }

    fn sample(&mut self, name: &str, labels: &str, value: Value<'_>) {
        let out = &mut self.out;
        match value {
            Value::Integer(value) => {
                push_series(out, &self.start, labels);
                push_integer(out, value);
                out.push(b'\n');
            }
            Value::Float(value) => {
                push_series(out, &self.start, labels);
                push_float(out, value);
                out.push(b'\n');
            }
            Value::Histogram {
                bounds,
                buckets,
                sum,
            } => self.histogram(name, labels, bounds, buckets, sum),
        }
    }

    fn histogram(&mut self, name: &str, labels: &str, bounds: &[f64], buckets: &[u64], sum: f64) {
        self.bounds.set(bounds);
        let out = &mut self.out;
        let series = out.len();
        push(out, &self.start);
        push(out, labels);
        if !labels.is_empty() {
            out.push(b',');
        }
        let series = series..out.len();
        let mut count = 0u64;
        for (index, bucket) in buckets.iter().enumerate() {
            if index > 0 {
                out.extend_from_within(series.clone());
            }
            count = count.wrapping_add(*bucket);
            out.extend_from_slice(self.bounds.label(index));
            push_integer(out, count);
            out.push(b'\n');
        }
        if self.format == Format::OpenMetrics && !has_sum(bounds, sum) {
            return;
        }
        push(out, name);
        push_series(out, "_sum{", labels);
        push_float(out, sum);
        out.push(b'\n');
        push(out, name);
        push_series(out, "_count{", labels);
        push_integer(out, count);
        out.push(b'\n');
    }
}

/// Whether OpenMetrics has a sum for a [histogram](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#histogram),
/// and with it a count: it has to rise, as that of negative values does not.
fn has_sum(bounds: &[f64], sum: f64) -> bool {
    sum >= 0.0 && bounds.iter().all(|bound| *bound >= 0.0)
}

fn push(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
}

/// Adds what stands before a value. `start` ends with the brace, which is left out when there are no labels.
fn push_series(out: &mut Vec<u8>, start: &str, labels: &str) {
    if labels.is_empty() {
        push(out, start.strip_suffix('{').unwrap_or(start));
        out.push(b' ');
    } else {
        push(out, start);
        push(out, labels);
        push(out, "} ");
    }
}

/// The bounds of a histogram as labels, kept from one series to the next.
#[derive(Default)]
struct Bounds {
    bounds: Vec<f64>,
    labels: Vec<u8>,
    ranges: Vec<Range<usize>>,
}

impl Bounds {
    fn set(&mut self, bounds: &[f64]) {
        // Once they are set there is the bucket without a bound, at least.
        if !self.ranges.is_empty() && self.bounds == bounds {
            return;
        }
        self.bounds.clear();
        self.bounds.extend_from_slice(bounds);
        self.labels.clear();
        self.ranges.clear();
        for bound in bounds.iter().chain(&[f64::INFINITY]) {
            let start = self.labels.len();
            push(&mut self.labels, "le=\"");
            push_bound(&mut self.labels, *bound);
            push(&mut self.labels, "\"} ");
            self.ranges.push(start..self.labels.len());
        }
    }

    /// The end of what stands before a value: `le="0.5"} `.
    fn label(&self, bucket: usize) -> &[u8] {
        let range = self.ranges.get(bucket).cloned();
        range.map_or(b"le=\"+Inf\"} ", |range| &self.labels[range])
    }
}
