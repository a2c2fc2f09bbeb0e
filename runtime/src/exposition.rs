//! The text format of Prometheus, version 0.0.4.

use std::borrow::Cow;
use std::fmt;

use crate::number::write_float;
use crate::value::Value;

/// The `Content-Type` of the text exposition.
pub const TEXT_CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// What is said of a family before its samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Meta<'a> {
    pub(crate) name: &'a str,
    pub(crate) former_name: Option<&'a str>,
    pub(crate) help: &'a str,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Counter,
    Gauge,
    Histogram,
}

/// A family of series that can be read.
pub(crate) trait Collect: Send + Sync {
    fn meta(&self) -> Meta<'_>;

    /// Gives every series to `sink`: its labels, rendered, and its value.
    fn collect(&self, sink: &mut dyn FnMut(&str, Value<'_>) -> fmt::Result) -> fmt::Result;
}

/// Writes a family under its name and, with the same samples, under its former one; nothing if it has no samples.
pub(crate) fn write_family(out: &mut dyn fmt::Write, family: &dyn Collect) -> fmt::Result {
    let meta = family.meta();
    for name in std::iter::once(meta.name).chain(meta.former_name) {
        let mut first = true;
        family.collect(&mut |labels, value| {
            if std::mem::take(&mut first) {
                write_header(out, name, &meta)?;
            }
            write_sample(out, name, labels, &value)
        })?;
    }
    Ok(())
}

fn write_header(out: &mut dyn fmt::Write, name: &str, meta: &Meta<'_>) -> fmt::Result {
    if !meta.help.is_empty() {
        writeln!(out, "# HELP {name} {}", escape(meta.help, false))?;
    }
    let kind = match meta.kind {
        // Parsers of OpenMetrics refuse a counter without the suffix, and both formats should say the same.
        Kind::Counter if !name.ends_with("_total") => "untyped",
        Kind::Counter => "counter",
        Kind::Gauge => "gauge",
        Kind::Histogram => "histogram",
    };
    writeln!(out, "# TYPE {name} {kind}")
}

fn write_sample(
    out: &mut dyn fmt::Write,
    name: &str,
    labels: &str,
    value: &Value<'_>,
) -> fmt::Result {
    match value {
        Value::Integer(value) => {
            write_name(out, name, "", labels)?;
            writeln!(out, " {value}")
        }
        Value::Float(value) => {
            write_name(out, name, "", labels)?;
            write_value(out, *value)
        }
        Value::Histogram {
            bounds,
            buckets,
            sum,
        } => {
            let separator = if labels.is_empty() { "" } else { "," };
            let mut count = 0u64;
            for (index, bucket) in buckets.iter().enumerate() {
                count = count.wrapping_add(*bucket);
                write!(out, "{name}_bucket{{{labels}{separator}le=\"")?;
                let bound = bounds.get(index).copied().unwrap_or(f64::INFINITY);
                write_float(out, bound)?;
                writeln!(out, "\"}} {count}")?;
            }
            write_name(out, name, "_sum", labels)?;
            write_value(out, *sum)?;
            write_name(out, name, "_count", labels)?;
            writeln!(out, " {count}")
        }
    }
}

fn write_name(out: &mut dyn fmt::Write, name: &str, suffix: &str, labels: &str) -> fmt::Result {
    if labels.is_empty() {
        write!(out, "{name}{suffix}")
    } else {
        write!(out, "{name}{suffix}{{{labels}}}")
    }
}

fn write_value(out: &mut dyn fmt::Write, value: f64) -> fmt::Result {
    out.write_char(' ')?;
    write_float(out, value)?;
    out.write_char('\n')
}

/// A label's value as it stands between quotes.
pub(crate) fn escape_label(text: &str) -> Cow<'_, str> {
    escape(text, true)
}

fn escape(text: &str, quotes: bool) -> Cow<'_, str> {
    let special = |c: char| c == '\\' || c == '\n' || (quotes && c == '"');
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            c if special(c) => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_must_be_is_escaped() {
        assert!(matches!(escape_label("/items/{id}"), Cow::Borrowed(_)));
        assert_eq!(escape_label("a\\b\"c\nd\té"), "a\\\\b\\\"c\\nd\té");
        assert_eq!(escape("a\\b\"c\nd", false), "a\\\\b\"c\\nd");
    }
}
