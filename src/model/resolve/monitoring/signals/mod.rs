//! `signals:`, those that sections bring, and metrics that stand for one.

mod checks;
mod kinds;
mod standard;
mod written;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

pub(super) use self::checks::{check_by, check_window, has_open_label, job_of};
pub(super) use self::kinds::histogram;
use super::expressions::Reader;
use crate::diagnostics::{Finding, Findings};
use crate::model::Unit;
use crate::model::catalogue::{Catalogue, MetricType, Named, Series, Source};
use crate::model::signal::{Selection, Shape, Signal};
use crate::spec::Place;
use crate::spec::document::Document;
use crate::suggest;

/// How far back a signal looks, unless the spec says otherwise.
const WINDOW: Duration = Duration::from_secs(5 * 60);

/// A rate needs two samples, also after one was missed and one came late.
const LEAST_SCRAPES: u32 = 4;

/// Every signal by name; `None` for one that has a finding.
pub(super) struct Signals<'a> {
    by_name: HashMap<String, Option<Signal>>,
    /// Names in the order in which people know them.
    order: Vec<String>,
    pub(super) reader: Reader<'a>,
}

pub(super) fn resolve<'a>(
    document: &'a Document,
    catalogue: &'a Catalogue,
    findings: &mut Findings,
) -> Signals<'a> {
    let records = document
        .signals
        .iter()
        .filter(|(_, signal)| signal.record)
        .map(|(name, signal)| super::records::record_name(catalogue, name, signal))
        .chain(super::slos::record_names(document))
        .collect::<BTreeSet<_>>();
    let mut signals = Signals {
        by_name: HashMap::new(),
        order: Vec::new(),
        reader: Reader {
            document,
            catalogue,
            records,
            read: RefCell::default(),
        },
    };
    for signal in standard::signals(catalogue) {
        signals.insert(signal.name.clone(), Some(signal));
    }
    for name in document.signals.failed() {
        signals.insert(name.to_owned(), None);
    }
    for (name, written) in document.signals.iter() {
        let signal = written::signal(name, written, &signals.reader, findings);
        signals.insert(name.to_owned(), signal);
    }
    signals
}

impl Signals<'_> {
    fn insert(&mut self, name: String, signal: Option<Signal>) {
        if self.by_name.insert(name.clone(), signal).is_none() {
            self.order.push(name);
        }
    }

    /// A signal of the spec or of a section, if it holds.
    pub(super) fn get(&self, name: &str) -> Option<&Signal> {
        self.by_name.get(name)?.as_ref()
    }

    /// Every signal that holds.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Signal> {
        self.order
            .iter()
            .filter_map(|name| self.by_name[name].as_ref())
    }

    /// What a word of an alert or a panel means: a signal, `up(job)`, or a metric. What is wrong with it is reported, unless
    /// it was already.
    pub(super) fn find(&self, name: &str, at: &Place, findings: &mut Findings) -> Option<Signal> {
        if let Some(signal) = self.by_name.get(name) {
            return signal.clone();
        }
        let catalogue = self.reader.catalogue;
        match catalogue.named(name) {
            [] => {}
            [first, rest @ ..] => {
                let metric = &catalogue.metrics[first.metric];
                if !rest.is_empty() && metric.job != 0 {
                    findings.push(
                        Finding::error(
                            "ambiguous-metric",
                            at.clone(),
                            format!("several jobs expose `{name}`"),
                        )
                        .help("define a signal that selects one of them by `job`"),
                    );
                    return None;
                }
                return of_metric(name, *first, catalogue, at, findings);
            }
        }
        if self.reader.failed(name) || self.section_failed(name) {
            return None; // a consequence of what was reported
        }
        let known = self
            .order
            .iter()
            .map(String::as_str)
            .chain(catalogue.series_names());
        let near = suggest::nearest(name, known);
        let mut finding = Finding::error(
            "unknown-signal",
            at.clone(),
            format!("no signal and no metric is called `{name}`"),
        )
        .suggest(near);
        if near.is_none() {
            finding = finding.help(format!(
                "there is {}",
                suggest::list(self.order.iter().map(String::as_str))
            ));
        }
        findings.push(finding);
        None
    }
}

impl Signals<'_> {
    /// Whether a signal is missing because the section that brings it has a finding.
    pub(super) fn section_failed(&self, name: &str) -> bool {
        let document = self.reader.document;
        match name {
            "request_rate" | "error_ratio" | "latency_p50" | "latency_p95" | "latency_p99"
            | "in_flight" => {
                let bound = self.reader.catalogue.http.as_ref();
                document
                    .http
                    .as_ref()
                    .is_some_and(|http| match http.sound() {
                        None => true,
                        Some(_) if bound.is_none() => true,
                        Some(http) if name == "in_flight" => http.in_flight.is_some(),
                        Some(http) => http.duration.is_some(),
                    })
            }
            "health_status" => document.health.as_ref().is_some_and(|health| {
                let checks = health.sound().map(|health| &health.checks);
                checks.is_none_or(|checks| checks.failed().next().is_some())
            }),
            "flag_status" | "flag_changes" => document.flags.failed().next().is_some(),
            _ => document
                .exporters
                .failed()
                .any(|job| name == format!("up({job})")),
        }
    }
}

/// Where a signal is expected, a metric's name will do: a gauge for its value, a counter for its rate.
fn of_metric(
    name: &str,
    named: Named,
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) -> Option<Signal> {
    let metric = &catalogue.metrics[named.metric];
    let of = Selection {
        named,
        matchers: Vec::new(),
    };
    if metric.source == Source::Doubtful && metric.kind == MetricType::Unknown {
        return None; // what it is was reported
    }
    let (shape, unit) = match (named.series, metric.kind) {
        (Series::Plain, MetricType::Gauge | MetricType::Unknown) => (
            Shape::Value {
                of,
                aggregation: None,
            },
            metric.unit.clone(),
        ),
        (Series::Plain, MetricType::Counter) => (Shape::Rate { of }, metric.unit.rate()),
        (Series::Count | Series::Bucket, _) => (Shape::Rate { of }, Unit::NUMBER.rate()),
        (Series::Sum, _) => (Shape::Rate { of }, metric.unit.rate()),
        (Series::Family, _) => {
            findings.push(
                Finding::error(
                    "wrong-metric-type",
                    at.clone(),
                    format!("`{name}` is a histogram: what of it is meant?"),
                )
                .related(metric.origin.key(), "declared here")
                .help(format!(
                    "define a signal: `{{ quantile: 0.95, of: {name} }}` or `{{ average: {name} }}`"
                )),
            );
            return None;
        }
        (Series::Plain, kind) => {
            findings.push(
                Finding::error(
                    "wrong-metric-type",
                    at.clone(),
                    format!(
                        "`{name}` is of type {}, which has no one value",
                        kind.as_str()
                    ),
                )
                .related(metric.origin.key(), "declared here")
                .help("define a signal with an `expr`"),
            );
            return None;
        }
    };
    Some(Signal {
        name: name.to_owned(),
        help: metric.help.clone(),
        unit,
        window: window_for(catalogue.jobs[metric.job].interval),
        by: Vec::new(),
        shape,
        job: metric.job,
        record: false,
        origin: metric.origin.clone(),
    })
}

/// The usual window, or the shortest that a slow scrape allows.
pub(super) fn window_for(interval: Duration) -> Duration {
    WINDOW.max(interval * LEAST_SCRAPES)
}
