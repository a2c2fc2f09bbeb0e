//! The dashboard of a spec that has none: what a person on call looks at first comes first.
//!
//! Now, what clients notice, what runs out, then everything else by what it is about, and what others expose.

mod groups;
mod questions;
mod row;
mod titles;

use std::collections::HashSet;

pub(super) use self::questions::distribution;
use self::row::{Card, Rows};
use super::plans::{Plan, Shown, description};
use super::signals::{Signals, has_open_label};
use crate::model::catalogue::{Catalogue, Labels, Limit, Metric, MetricType, Source, Values};
use crate::model::signal::{Shape, Signal};
use crate::spec::Place;
use crate::spec::document::Document;

const KEY: &str = "overview";

/// Series of a panel, where there could be any number.
const TOP: u32 = 10;
/// Series of a panel, where there can be so many and no more.
const MANY: u64 = 24;
/// Metrics of an exporter that get a panel: who wants to see all of them has a dashboard for it.
const OF_EXPORTER: usize = 12;

/// What a process runs out of, by the names that
/// [client libraries share](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics).
const OF_PROCESS: &[&str] = &["process_cpu_seconds_total", "process_resident_memory_bytes"];

/// Titles of panels that metrics have to be told from.
const TITLES: &[&str] = &[
    "Firing alerts",
    "Instances",
    "Health checks",
    "Feature flags",
    "Error budgets",
    "Burn rates",
    "Request rate",
    "Error ratio",
    "Response time",
    "Requests by status",
    "Requests by route",
    "Error ratio by route",
    "Response time, distribution",
    "Requests in flight",
];

/// Makes it.
pub(super) fn plan(
    document: &Document,
    uid: impl Fn(&str) -> String,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
) -> Plan {
    let place = Place::root().child("service");
    let maker = Maker {
        catalogue,
        signals,
        written: document
            .signals
            .iter()
            .filter_map(|(name, _)| signals.get(name))
            .collect(),
    };
    let mut rows = Rows::new(KEY, place.clone());
    maker.now(&mut rows);
    if !document.slos.is_empty() {
        maker.objectives(&mut rows);
    }
    maker.http(&mut rows);
    maker.own(&mut rows);
    for job in 1..catalogue.jobs.len() {
        maker.exporter(job, &mut rows);
    }
    let name = &catalogue.service.name;
    Plan {
        key: KEY.to_owned(),
        uid: uid(KEY),
        title: name.clone(),
        description: description(&catalogue.service),
        variables: Vec::new(),
        rows: rows.finish(),
        incomplete: false,
        origin: place,
    }
}

struct Maker<'a> {
    catalogue: &'a Catalogue,
    signals: &'a Signals<'a>,
    /// Those that the spec defines.
    written: Vec<&'a Signal>,
}

impl Maker<'_> {
    /// A panel of signals that sections bring, if they are there.
    fn standard(&self, key: &str, title: &str, names: &[&str]) -> Option<Card> {
        let shown: Vec<Signal> = names
            .iter()
            .filter_map(|name| self.signals.get(name).cloned())
            .collect();
        (!shown.is_empty()).then(|| Card::new(key, title, Shown::Signals(shown)))
    }

    /// Whether anybody has to get up.
    fn now(&self, rows: &mut Rows) {
        let signal = |name| self.signals.get(name).cloned();
        let cards = [
            Some(Card::new("firing-alerts", "Firing alerts", Shown::Alerts)),
            signal("up").map(|up| Card::new("instances-up", "Instances", Shown::Up(up))),
            signal("health_status")
                .map(|health| Card::new("health-checks", "Health checks", Shown::Health(health))),
            signal("flag_status")
                .map(|flags| Card::new("feature-flags", "Feature flags", Shown::Flags(flags))),
        ];
        rows.row(
            "now",
            "Now",
            cards.into_iter().flatten().map(|card| vec![card]),
        );
    }

    /// What is promised, and whether it can still be kept.
    fn objectives(&self, rows: &mut Rows) {
        let cards = [
            Card::new("error-budgets", "Error budgets", Shown::Budgets),
            Card::new("burn-rates", "Burn rates", Shown::BurnRates),
        ];
        rows.row("objectives", "Objectives", cards.map(|card| vec![card]));
    }

    /// Rate, errors and duration of requests.
    fn http(&self, rows: &mut Rows) {
        let Some(http) = &self.catalogue.http else {
            return;
        };
        let by = |card: Card, label: &str| card.by(label, self.is_open(http.requests, label));
        let cards = [
            self.standard("request-rate", "Request rate", &["request_rate"]),
            self.standard("error-ratio", "Error ratio", &["error_ratio"]),
            self.standard(
                "response-time",
                "Response time",
                &["latency_p50", "latency_p95", "latency_p99"],
            ),
            self.standard(
                "requests-by-status",
                "Requests by status",
                &["request_rate"],
            )
            .map(|card| by(card, &http.status).stacked()),
            self.standard("requests-by-route", "Requests by route", &["request_rate"])
                .map(|card| by(card, &http.route)),
            self.standard("errors-by-route", "Error ratio by route", &["error_ratio"])
                .map(|card| by(card, &http.route)),
        ];
        let mut all: Vec<Vec<Card>> = cards.into_iter().flatten().map(|card| vec![card]).collect();
        let last = [
            http.duration.map(|duration| {
                let shown = Shown::Heatmap(distribution(duration, self.catalogue));
                Card::new("response-times", "Response time, distribution", shown)
            }),
            self.standard("requests-in-flight", "Requests in flight", &["in_flight"]),
        ];
        all.push(last.into_iter().flatten().collect());
        let written = self.written.iter().filter(|signal| self.is_of_http(signal));
        let names: Vec<_> = written.clone().map(|signal| named(signal)).collect();
        let titles = titles::of(&names, TITLES);
        all.extend(written.map(|signal| vec![self.written(signal, &titles[signal.name.as_str()])]));
        rows.row("http", "HTTP", all);
    }

    /// What the service can run out of, and everything else that it tells.
    fn own(&self, rows: &mut Rows) {
        let metrics: Vec<(usize, &Metric)> = self
            .catalogue
            .metrics
            .iter()
            .enumerate()
            .filter(|(_, metric)| matches!(metric.source, Source::Generated | Source::External))
            .filter(|(index, _)| !self.is_http(*index))
            .collect();
        let written: Vec<&Signal> = self
            .written
            .iter()
            .filter(|signal| signal.job == 0 && !self.is_of_http(signal))
            .copied()
            .collect();
        let names: Vec<_> = metrics
            .iter()
            .map(|(index, _)| self.named(*index))
            .chain(written.iter().map(|signal| named(signal)))
            .collect();
        let titles = titles::of(&names, TITLES);
        let title = |name: &str| titles[name].as_str();

        let limits: HashSet<&str> = metrics
            .iter()
            .filter_map(|(_, metric)| match &metric.limit {
                Some(Limit::Gauge(name)) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let scarce = |metric: &Metric| {
            matches!(metric.limit, Some(Limit::Number(..)))
                || OF_PROCESS.contains(&metric.name.as_str())
        };
        let saturation = metrics.iter().filter_map(|&(index, metric)| {
            if let Some(share) = questions::share(index, self.catalogue) {
                let title = format!("{}, share of limit", title(&metric.name));
                let key = format!("{}-share", metric.name);
                return Some(vec![Card::new(&key, &title, Shown::Signals(vec![share]))]);
            }
            scarce(metric).then(|| self.metric(index, &metric.name, title(&metric.name)))
        });
        rows.row("saturation", "Saturation", saturation);

        // A signal stands with the metric that it reads.
        let written = written.iter().map(|signal| {
            let of = self.first_metric(signal);
            let of = of.map_or(signal.name.as_str(), |metric| self.name(metric));
            (of, vec![self.written(signal, title(&signal.name))])
        });
        let rest = metrics
            .iter()
            .filter(|(_, metric)| !scarce(metric) && !limits.contains(metric.name.as_str()));
        let rest = rest.map(|&(index, metric)| {
            let cards = self.metric(index, &metric.name, title(&metric.name));
            (metric.name.as_str(), cards)
        });
        let all = written.chain(rest).filter(|(_, cards)| !cards.is_empty());
        for group in groups::of(all.collect()) {
            rows.row(&format!("group/{}", group.key), &group.title, group.members);
        }
    }

    /// What somebody else exposes.
    fn exporter(&self, job: usize, rows: &mut Rows) {
        let name = &self.catalogue.jobs[job].name;
        let up = self.signals.get(&format!("up({name})")).cloned();
        let up = up.map(|up| vec![Card::new(&format!("up@{name}"), "Instances", Shown::Up(up))]);
        let metrics: Vec<usize> = (0..self.catalogue.metrics.len())
            .filter(|&index| self.catalogue.metrics[index].job == job)
            .collect();
        let written: Vec<&Signal> = self
            .written
            .iter()
            .filter(|signal| signal.job == job)
            .copied()
            .collect();
        let names: Vec<_> = written
            .iter()
            .map(|signal| named(signal))
            .chain(metrics.iter().map(|&index| self.named(index)))
            .collect();
        let titles = titles::of(&names, &["Instances"]);
        let written = written
            .iter()
            .map(|signal| vec![self.written(signal, &titles[signal.name.as_str()])]);
        let metrics = metrics
            .iter()
            .map(|&index| {
                let metric = self.name(index);
                self.metric(index, &format!("{metric}@{name}"), &titles[metric])
            })
            .filter(|cards| !cards.is_empty())
            .take(OF_EXPORTER);
        let all = up.into_iter().chain(written).chain(metrics);
        rows.collapsed(&format!("exporter/{name}"), &titles::words(name), all);
    }

    /// What one wants to see of a metric: of a histogram also how its observations spread.
    fn metric(&self, index: usize, key: &str, title: &str) -> Vec<Card> {
        let metric = &self.catalogue.metrics[index];
        let Some(signal) = questions::usual(index, self.catalogue) else {
            return Vec::new();
        };
        let shown = Shown::Signals(vec![signal]);
        if metric.kind == MetricType::Histogram {
            let spread = Shown::Heatmap(distribution(index, self.catalogue));
            let line = Card::new(key, &format!("{title}, 95th percentile"), shown);
            let spread = Card::new(
                &format!("{key}-distribution"),
                &format!("{title}, distribution"),
                spread,
            );
            return match self.is_told(index) {
                true => vec![spread],
                false => vec![line, spread],
            };
        }
        if self.is_told(index) {
            return Vec::new();
        }
        let title = match questions::moment(metric) {
            Some(moment) => format!(
                "{}, time since",
                titles::of_metric(moment, &self.catalogue.service.name)
            ),
            None => title.to_owned(),
        };
        let card = Card::new(key, &title, shown);
        let bounded = match (&metric.labels, metric.kind) {
            (_, MetricType::Counter) => metric.closed_series() <= MANY,
            (Labels::Any, _) => false,
            (Labels::Known(labels), _) => {
                let open = labels.iter().any(|label| self.is_open(index, &label.name));
                !open && metric.closed_series() <= MANY
            }
        };
        vec![match (bounded, questions::has_outcomes(metric)) {
            (false, _) => card.top(TOP),
            (true, true) => card.stacked(),
            (true, false) => card,
        }]
    }

    /// A signal of the spec.
    fn written(&self, signal: &Signal, title: &str) -> Card {
        let key = format!("signal-{}", signal.name);
        let card = Card::new(&key, title, Shown::Signals(vec![signal.clone()]));
        let rate = match &signal.shape {
            Shape::Rate { of } if !signal.by.is_empty() => Some(of.named.metric),
            _ => None,
        };
        let parts = rate.is_some_and(|of| questions::has_outcomes(&self.catalogue.metrics[of]));
        match (has_open_label(signal, &signal.by, self.catalogue), parts) {
            (true, _) => card.top(TOP),
            (false, true) => card.stacked(),
            (false, false) => card,
        }
    }

    /// Whether a signal of the spec asks of a metric what would be asked of it here.
    fn is_told(&self, index: usize) -> bool {
        let kind = self.catalogue.metrics[index].kind;
        self.written.iter().any(|signal| match &signal.shape {
            Shape::Rate { of } => kind == MetricType::Counter && of.is_all(index),
            Shape::Quantile { of, .. } => of.is_all(index),
            _ => false,
        })
    }

    fn is_http(&self, index: usize) -> bool {
        self.catalogue.http.as_ref().is_some_and(|http| {
            index == http.requests || http.duration == Some(index) || http.in_flight == Some(index)
        })
    }

    fn is_of_http(&self, signal: &Signal) -> bool {
        let of = signal.selection();
        of.is_some_and(|of| self.is_http(of.named.metric))
    }

    fn is_open(&self, metric: usize, label: &str) -> bool {
        let labels = self.catalogue.metrics[metric].labels.known();
        let label = labels.iter().find(|known| known.name == label);
        label.is_some_and(|label| matches!(label.values, Values::Open { .. }))
    }

    /// The first metric that a signal reads.
    fn first_metric(&self, signal: &Signal) -> Option<usize> {
        if let Some(of) = signal.selection() {
            return Some(of.named.metric);
        }
        let Shape::Expression { query, .. } = &signal.shape else {
            return None;
        };
        let mut first = None;
        query.visit_selectors(&mut |selector| {
            let named = selector.metric.as_deref();
            let named = named.and_then(|name| self.catalogue.named(name).first());
            first = first.or(named.map(|named| named.metric));
        });
        first
    }

    fn name(&self, metric: usize) -> &str {
        &self.catalogue.metrics[metric].name
    }

    /// A metric's name, and its title if nothing else has it.
    fn named(&self, metric: usize) -> (&str, String) {
        let name = self.name(metric);
        (name, titles::of_metric(name, &self.catalogue.service.name))
    }
}

/// A signal's name, and its title if nothing else has it: nothing in the name of a signal is only there for Prometheus.
fn named(signal: &Signal) -> (&str, String) {
    (&signal.name, titles::words(&signal.name))
}
