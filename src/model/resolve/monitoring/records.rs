//! Recording rules.

use super::signals::Signals;
use crate::model::catalogue::{Catalogue, Service};
use crate::model::monitoring::Record;
use crate::model::signal::{Asked, Audience};
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
    written
        .filter_map(|(name, written)| {
            let signal = signals.iter().find(|signal| signal.name == name)?;
            Some(Record {
                name: record_name(&catalogue.service, name, written),
                query: signal.query(&asked),
                origin: signal.origin.clone(),
            })
        })
        .collect()
}

/// `level:metric:operation`, as [Prometheus advises](https://prometheus.io/docs/practices/rules/#naming): the labels that
/// are kept, the signal, and what was done.
pub(super) fn record_name(service: &Service, signal: &str, written: &Signal) -> String {
    let mut level = service.identity.clone();
    level.extend(written.by.iter().cloned());
    let window = written
        .window
        .map_or_else(|| "5m".to_owned(), |window: Time| window.to_string());
    let operation = if written.ratio.is_some() {
        format!("ratio_rate{window}")
    } else if written.rate.is_some() {
        format!("rate{window}")
    } else if written.increase.is_some() {
        format!("increase{window}")
    } else if let Some(quantile) = written.quantile {
        format!("p{}_rate{window}", quantile * 100.0).replace('.', "_")
    } else if written.average.is_some() {
        format!("mean{window}")
    } else {
        written.agg.map_or("value", |agg| agg.as_str()).to_owned()
    };
    format!("{}:{signal}:{operation}", level.join("_"))
}
