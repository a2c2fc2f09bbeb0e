//! The metrics as a collector of the [official client](https://docs.rs/prometheus-client).

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Write};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{
    DescriptorEncoder, EncodeLabelSet, LabelSetEncoder, MetricEncoder, NoLabelSet,
};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::exemplar::Exemplar;
use prometheus_client::registry::Unit;

use super::escape::escape;
use super::family::{Family, FamilyType};
use super::{Collect, Meta};
use crate::registry::Registry;
use crate::value::Value;

/// Register a clone of a registry as a collector: the registry of the official client then exposes the same samples as this
/// one does in [OpenMetrics](crate::Format::OpenMetrics). Only bounds of buckets below 0.0001, and those from a million on,
/// are spelled as that client spells its own, and like its own a histogram always has a sum.
///
/// ```
/// let ours = monospec_runtime::Registry::new();
/// let mut official = prometheus_client::registry::Registry::default();
/// official.register_collector(Box::new(ours.clone()));
/// ```
///
/// Generated metrics give theirs with [`Exposed::registry`](crate::codegen::v1::Exposed::registry).
impl Collector for Registry {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.visit(&mut |family, taken| {
            let meta = family.meta();
            for name in [Some(meta.name), meta.former_name].into_iter().flatten() {
                encode_family(&mut encoder, name, family, taken)?;
            }
            Ok(())
        })
    }
}

fn encode_family(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    collect: &dyn Collect,
    taken: &dyn Fn(&str) -> bool,
) -> fmt::Result {
    let meta = collect.meta();
    let family = Family::new(name, &meta, taken);
    // The client appends the unit itself.
    let stem = family.unit.and_then(|unit| {
        let stem = family.name.strip_suffix(unit)?;
        stem.strip_suffix('_')
    });
    let name = stem.unwrap_or(family.name);
    let unit = stem.and(family.unit);
    let unit = unit.map(|unit| Unit::Other(unit.to_owned()));
    let mut encoder = Some(encoder);
    let mut metric = None;
    let mut buckets = Vec::new();
    collect.collect(&mut |labels, value| {
        // With the first series, so that a family without any is not described.
        if let Some(encoder) = encoder.take() {
            metric = Some(describe(encoder, name, unit.as_ref(), &family, &meta)?);
        }
        match &mut metric {
            Some(metric) => encode_series(metric, family.kind, labels, value, &mut buckets),
            None => Ok(()),
        }
    })
}

fn describe<'e>(
    encoder: &'e mut DescriptorEncoder<'_>,
    name: &'e str,
    unit: Option<&'e Unit>,
    family: &Family<'_>,
    meta: &Meta<'_>,
) -> Result<MetricEncoder<'e>, fmt::Error> {
    let kind = match family.kind {
        FamilyType::Counter => MetricType::Counter,
        FamilyType::Gauge => MetricType::Gauge,
        FamilyType::Histogram => MetricType::Histogram,
        FamilyType::Info => MetricType::Info,
        FamilyType::Unknown => MetricType::Unknown,
    };
    // The client writes the help as it gets it.
    let help = escape(meta.help, true);
    encoder.encode_descriptor(name, &help, unit, kind)
}

fn encode_series(
    metric: &mut MetricEncoder<'_>,
    kind: FamilyType,
    labels: &str,
    value: Value<'_>,
    buckets: &mut Vec<(f64, u64)>,
) -> fmt::Result {
    let labels = Rendered(labels);
    if kind == FamilyType::Info {
        return metric.encode_info(&labels);
    }
    if labels.0.is_empty() {
        return encode_value(metric, kind, value, buckets);
    }
    encode_value(&mut metric.encode_family(&labels)?, kind, value, buckets)
}

fn encode_value(
    metric: &mut MetricEncoder<'_>,
    kind: FamilyType,
    value: Value<'_>,
    buckets: &mut Vec<(f64, u64)>,
) -> fmt::Result {
    match value {
        Value::Integer(value) if kind == FamilyType::Counter => {
            metric.encode_counter::<NoLabelSet, _, u64>(&value, None)
        }
        Value::Float(value) if kind == FamilyType::Counter => {
            metric.encode_counter::<NoLabelSet, _, f64>(&value, None)
        }
        Value::Integer(value) => metric.encode_gauge(&value),
        Value::Float(value) => metric.encode_gauge(&value),
        Value::Histogram {
            bounds,
            buckets: counts,
            sum,
        } => {
            buckets.clear();
            let bounds = bounds.iter().copied().chain([f64::INFINITY]);
            buckets.extend(bounds.zip(counts.iter().copied()));
            let count = counts
                .iter()
                .fold(0u64, |sum, count| sum.wrapping_add(*count));
            let exemplars: Option<&HashMap<usize, Exemplar<NoLabelSet, f64>>> = None;
            metric.encode_histogram(sum, count, buckets, exemplars)
        }
    }
}

/// Labels as they stand between the braces.
struct Rendered<'l>(&'l str);

impl EncodeLabelSet for Rendered<'_> {
    fn encode(&self, encoder: &mut LabelSetEncoder<'_>) -> fmt::Result {
        for (name, value) in pairs(self.0) {
            let mut label = encoder.encode_label();
            let mut key = label.encode_label_key()?;
            key.write_str(name)?;
            let mut text = key.encode_label_value()?;
            text.write_str(&value)?;
            text.finish()?;
        }
        Ok(())
    }
}

/// The names of labels and their values, which are not escaped any more: `a="1",b="\""`.
fn pairs(labels: &str) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let mut rest = labels;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once("=\"")?;
        let mut escaped = false;
        let end = after.find(|c| {
            let ends = c == '"' && !escaped;
            escaped = c == '\\' && !escaped;
            ends
        })?;
        rest = after[end + 1..].trim_start_matches(',');
        Some((name, unescape(&after[..end])))
    })
}

fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        plain.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some(c) => c,
                None => c,
            },
            c => c,
        });
    }
    Cow::Owned(plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exposition::escape_label;

    #[test]
    fn labels_are_read_back() {
        for values in [
            ["", ""],
            ["a\"b", "c\\"],
            ["\\\"", "\n,x=\"y\""],
            ["\\n", "é="],
        ] {
            let [a, b] = values.map(escape_label);
            let text = format!("a=\"{a}\",b=\"{b}\"");
            let read: Vec<_> = pairs(&text).collect();
            assert_eq!(read, [("a", values[0].into()), ("b", values[1].into())]);
        }
        assert_eq!(pairs("").count(), 0);
    }
}
