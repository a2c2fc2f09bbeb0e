//! Writes families, one line a sample, without an allocation for any of them.

use std::fmt;
use std::ops::Range;

use super::escape::push_escaped;
use super::family::Family;
use super::{Collect, Format, Kind, Meta};
use crate::number::{push_bound, push_float, push_integer};
use crate::value::Value;

/// An exposition that is being written.
pub(crate) struct Writer {
    out: String,
    format: Format,
    /// What samples begin with, for the family that is being written.
    start: String,
    bounds: Bounds,
}

impl Writer {
    /// An exposition of about `size` bytes.
    pub(crate) fn new(format: Format, size: usize) -> Self {
        Self {
            out: String::with_capacity(size),
            format,
            start: String::new(),
            bounds: Bounds::default(),
        }
    }

    /// Writes a family under its name and, with the same series, under its former one; nothing if it has no series.
    /// `taken` tells whether a name is that of a family.
    pub(crate) fn family(
        &mut self,
        family: &dyn Collect,
        taken: &dyn Fn(&str) -> bool,
    ) -> fmt::Result {
        let meta = family.meta();
        for name in [Some(meta.name), meta.former_name].into_iter().flatten() {
            self.start.clear();
            self.start.push_str(name);
            let suffix = if meta.kind == Kind::Histogram {
                "_bucket{"
            } else {
                "{"
            };
            self.start.push_str(suffix);
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
    pub(crate) fn finish(mut self) -> String {
        if self.format == Format::OpenMetrics {
            self.out.push_str("# EOF\n");
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
                self.help(name, meta.help, false);
                self.line("# TYPE ", name, kind);
            }
            Format::OpenMetrics => {
                let family = Family::new(name, meta, taken);
                self.line("# TYPE ", family.name, family.kind.as_str());
                if let Some(unit) = family.unit {
                    self.line("# UNIT ", family.name, unit);
                }
                self.help(family.name, meta.help, true);
            }
        }
    }

    fn help(&mut self, name: &str, help: &str, quotes: bool) {
        if !help.is_empty() {
            self.out.extend(["# HELP ", name, " "]);
            push_escaped(&mut self.out, help, quotes);
            self.out.push('\n');
        }
    }

    fn line(&mut self, what: &str, name: &str, word: &str) {
        self.out.extend([what, name, " ", word, "\n"]);
    }

    fn sample(&mut self, name: &str, labels: &str, value: Value<'_>) {
        let out = &mut self.out;
        match value {
            Value::Integer(value) => {
                push_series(out, &self.start, labels);
                push_integer(out, value);
                out.push('\n');
            }
            Value::Float(value) => {
                push_series(out, &self.start, labels);
                push_float(out, value);
                out.push('\n');
            }
            Value::Histogram {
                bounds,
                buckets,
                sum,
            } => {
                self.bounds.set(bounds);
                let series = out.len();
                out.push_str(&self.start);
                out.push_str(labels);
                if !labels.is_empty() {
                    out.push(',');
                }
                let series = series..out.len();
                let mut count = 0u64;
                for (index, bucket) in buckets.iter().enumerate() {
                    if index > 0 {
                        out.extend_from_within(series.clone());
                    }
                    count = count.wrapping_add(*bucket);
                    out.push_str(self.bounds.label(index));
                    push_integer(out, count);
                    out.push('\n');
                }
                out.push_str(name);
                push_series(out, "_sum{", labels);
                push_float(out, sum);
                out.push('\n');
                out.push_str(name);
                push_series(out, "_count{", labels);
                push_integer(out, count);
                out.push('\n');
            }
        }
    }
}

/// Adds what stands before a value. `start` ends with the brace, which is left out when there are no labels.
fn push_series(out: &mut String, start: &str, labels: &str) {
    if labels.is_empty() {
        out.push_str(start.strip_suffix('{').unwrap_or(start));
        out.push(' ');
    } else {
        out.push_str(start);
        out.push_str(labels);
        out.push_str("} ");
    }
}

/// The bounds of a histogram as labels, kept from one series to the next.
#[derive(Default)]
struct Bounds {
    bounds: Vec<f64>,
    labels: String,
    ranges: Vec<Range<usize>>,
}

impl Bounds {
    fn set(&mut self, bounds: &[f64]) {
        // The bucket without a bound makes sure that there is something once they are set.
        if !self.ranges.is_empty() && self.bounds == bounds {
            return;
        }
        self.bounds.clear();
        self.bounds.extend_from_slice(bounds);
        self.labels.clear();
        self.ranges.clear();
        for bound in bounds.iter().chain(&[f64::INFINITY]) {
            let start = self.labels.len();
            self.labels.push_str("le=\"");
            push_bound(&mut self.labels, *bound);
            self.labels.push_str("\"} ");
            self.ranges.push(start..self.labels.len());
        }
    }

    /// The end of a series: `le="0.5"} `.
    fn label(&self, bucket: usize) -> &str {
        let range = self.ranges.get(bucket).cloned();
        range.map_or("le=\"+Inf\"} ", |range| &self.labels[range])
    }
}
