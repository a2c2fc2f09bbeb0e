//! Recording rules.

use std::collections::HashSet;
use std::time::Duration;

use super::signals::{Signals, window_for};
use crate::model::catalogue::{Catalogue, Job, MetricType};
use crate::model::monitoring::Record;
use crate::model::signal::{Asked, Audience};
use crate::promql;
use crate::spec::document::{Document, Signal, Time};

/// One for each signal with `record: true`.
pub(super) fn resolve(
    document: &Document,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
) -> Vec<Record> {
    let asked = Asked {
        catalogue,
        by: Audience::Rule,
        window: None,
        labels: &[],
    };
    let written = document.signals.iter().filter(|(_, signal)| signal.record);
    let records: Vec<Record> = written
        .filter_map(|(name, written)| {
            let signal = signals.get(name)?;
            Some(Record {
                name: record_name(catalogue, name, written),
                query: signal.query(&asked),
                labels: of_namespace(&catalogue.jobs[signal.job]),
                origin: signal.origin.clone(),
            })
        })
        .collect();
    in_order(records)
}

/// What tells a record from that of another environment: aggregations do not keep it.
fn of_namespace(job: &Job) -> Vec<(String, String)> {
    let label = job.namespace_label();
    let owned = label.map(|(label, value)| (label.to_owned(), value.to_owned()));
    owned.into_iter().collect()
}

/// Records before those that read them, otherwise as they are written; a record that reads itself over others comes last.
fn in_order(mut waiting: Vec<Record>) -> Vec<Record> {
    let mut ordered: Vec<Record> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let names: HashSet<String> = waiting.iter().map(|record| record.name.clone()).collect();
        let (ready, later): (Vec<Record>, Vec<Record>) = waiting.into_iter().partition(|record| {
            let mut reads_waiting = false;
            record.query.visit_selectors(&mut |selector| {
                let name = selector.metric.as_ref();
                reads_waiting |= name.is_some_and(|name| names.contains(name));
            });
            !reads_waiting
        });
        if ready.is_empty() {
            ordered.extend(later);
            break;
        }
        ordered.extend(ready);
        waiting = later;
    }
    ordered
}

/// `95` of 0.95 and `99_9` of 0.999, in decimal: times a hundred, 0.57 would become 56.99999999999999.
fn percentile(quantile: f64) -> String {
    let digits = quantile.to_string();
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let (percent, rest) = fraction.split_at(fraction.len().min(2));
    let number = format!("{whole}{percent:0<2}");
    let number = number.trim_start_matches('0');
    let number = if number.is_empty() { "0" } else { number };
    if rest.is_empty() {
        number.to_owned()
    } else {
        format!("{number}_{rest}")
    }
}

/// `level:metric:operation`, as [Prometheus advises](https://prometheus.io/docs/practices/rules/#naming): the labels that
/// are kept, the signal, and what was done.
pub(super) fn record_name(catalogue: &Catalogue, signal: &str, written: &Signal) -> String {
    let (gauge, interval) = read(catalogue, written);
    let mut level = catalogue.service.identity.clone();
    level.extend(written.by.iter().cloned());
    let window = written.window.unwrap_or(Time(window_for(interval)));
    let operation = if written.ratio.is_some() && gauge {
        "ratio".to_owned()
    } else if written.ratio.is_some() {
        format!("ratio_rate{window}")
    } else if written.rate.is_some() {
        format!("rate{window}")
    } else if written.increase.is_some() {
        format!("increase{window}")
    } else if let Some(quantile) = written.quantile {
        format!("p{}_rate{window}", percentile(quantile))
    } else if written.average.is_some() {
        format!("mean{window}")
    } else {
        written.agg.map_or("value", |agg| agg.as_str()).to_owned()
    };
    format!("{}:{signal}:{operation}", level.join("_"))
}

/// Whether what a signal reads is a gauge, and how often it is scraped.
fn read(catalogue: &Catalogue, written: &Signal) -> (bool, Duration) {
    let whole = written.ratio.as_ref().map(|ratio| &ratio.whole);
    let shapes = [
        &written.rate,
        &written.increase,
        &written.of,
        &written.average,
    ];
    let text = shapes.into_iter().find_map(Option::as_ref).or(whole);
    let metric = text.and_then(|text| {
        let selector = promql::parse_selector(text).ok()?.selector;
        let job = selector.matchers_of("job").next();
        let named = catalogue.named(selector.metric.as_deref()?).iter();
        let mut metrics = named.map(|named| &catalogue.metrics[named.metric]);
        metrics.find(|metric| job.is_none_or(|job| catalogue.jobs[metric.job].name == job.value))
    });
    let job = metric.map_or(0, |metric| metric.job);
    let gauge = metric.is_some_and(|metric| metric.kind == MetricType::Gauge);
    (gauge, catalogue.jobs[job].interval)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_exact_decimals() {
        for (quantile, name) in [
            (0.95, "95"),
            (0.999, "99_9"),
            (0.57, "57"),
            (0.29, "29"),
            (0.5, "50"),
            (0.05, "5"),
            (0.0, "0"),
            (1.0, "100"),
        ] {
            assert_eq!(percentile(quantile), name);
        }
    }
}
