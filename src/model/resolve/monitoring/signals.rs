//! `signals:`, and those that sections bring.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use super::expressions::Reader;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Labels, MetricType, Named, Series, Source, Values};
use crate::model::names;
use crate::model::signal::{Selection, Shape, Signal};
use crate::model::{Unit, unit};
use crate::promql::{AggregateOp, MatchOp, Matcher, Query, Selector, ValueKind};
use crate::spec::Place;
use crate::spec::document::{Aggregation, Document, Signal as SignalDocument, Time};
use crate::suggest;

/// How far back a signal looks, unless the spec says otherwise.
const WINDOW: Duration = Duration::from_secs(5 * 60);

/// How far back a change of a flag is seen.
const CHANGE_WINDOW: Duration = Duration::from_secs(10 * 60);

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
        .map(|(name, signal)| super::records::record_name(&catalogue.service, name, signal))
        .collect::<BTreeSet<_>>();
    let mut signals = Signals {
        by_name: HashMap::new(),
        order: Vec::new(),
        reader: Reader {
            document,
            catalogue,
            records,
        },
    };
    for signal in standard(catalogue) {
        signals.insert(signal.name.clone(), Some(signal));
    }
    for name in document.signals.failed() {
        signals.insert(name.to_owned(), None);
    }
    for (name, written) in document.signals.iter() {
        let signal = one(name, written, &signals.reader, findings);
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
                document.http.as_ref().is_some_and(|http| match &http.0 {
                    None => true,
                    Some(_) if bound.is_none() => true,
                    Some(http) if name == "in_flight" => http.in_flight.is_some(),
                    Some(http) => http.duration.is_some(),
                })
            }
            "health_status" => document.health.as_ref().is_some_and(|health| {
                let checks = health.0.as_ref().map(|health| &health.checks);
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
fn window_for(interval: Duration) -> Duration {
    WINDOW.max(interval * LEAST_SCRAPES)
}

/// The signals that sections bring, and `up` for every job.
fn standard(catalogue: &Catalogue) -> Vec<Signal> {
    let window = window_for(catalogue.own_job().interval);
    let own = |name: &str, help: &str, unit: Unit, shape: Shape, origin: Place| Signal {
        name: name.to_owned(),
        help: help.to_owned(),
        unit,
        window,
        by: Vec::new(),
        shape,
        job: 0,
        record: false,
        origin,
    };
    let select = |metric: usize, series: Series, matchers: Vec<Matcher>| Selection {
        named: Named { metric, series },
        matchers,
    };
    let mut signals = Vec::new();
    if let Some(http) = &catalogue.http {
        let at = http.origin.clone();
        signals.push(own(
            "request_rate",
            "HTTP requests answered per second.",
            Unit::NUMBER.rate(),
            Shape::Rate {
                of: select(http.requests, Series::Plain, Vec::new()),
            },
            at.clone(),
        ));
        signals.push(own(
            "error_ratio",
            "Share of HTTP requests that were answered with a 5xx status.",
            Unit::RATIO,
            Shape::Ratio {
                part: select(
                    http.requests,
                    Series::Plain,
                    vec![Matcher::new(&http.status, MatchOp::Regex, "5..")],
                ),
                whole: select(http.requests, Series::Plain, Vec::new()),
            },
            at.clone(),
        ));
        for (name, quantile, help) in [
            (
                "latency_p50",
                0.5,
                "Half of the HTTP requests are answered faster than this.",
            ),
            (
                "latency_p95",
                0.95,
                "95 % of the HTTP requests are answered faster than this.",
            ),
            (
                "latency_p99",
                0.99,
                "99 % of the HTTP requests are answered faster than this.",
            ),
        ] {
            if let Some(duration) = http.duration {
                let of = select(duration, Series::Family, Vec::new());
                let unit = catalogue.metrics[duration].unit.clone();
                signals.push(own(
                    name,
                    help,
                    unit,
                    Shape::Quantile { quantile, of },
                    at.clone(),
                ));
            }
        }
        if let Some(in_flight) = http.in_flight {
            signals.push(own(
                "in_flight",
                "HTTP requests being answered now.",
                Unit::NUMBER,
                Shape::Value {
                    of: select(in_flight, Series::Plain, Vec::new()),
                    aggregation: Some(AggregateOp::Sum),
                },
                at.clone(),
            ));
        }
    }
    let runtime = |name: &str| {
        catalogue
            .metrics
            .iter()
            .position(|m| m.source == Source::Runtime && m.name == name)
    };
    if let Some(status) = runtime("feature_flag_status") {
        let on = || {
            let matcher = Matcher::new("enabled", MatchOp::Equal, "true");
            select(status, Series::Plain, vec![matcher])
        };
        let at = Place::root().child("flags");
        signals.push(Signal {
            by: vec!["flag_name".to_owned()],
            ..own(
                "flag_status",
                "Which feature flags are on, in any instance.",
                Unit::NUMBER,
                Shape::Value {
                    of: on(),
                    aggregation: Some(AggregateOp::Max),
                },
                at.clone(),
            )
        });
        signals.push(Signal {
            by: vec!["flag_name".to_owned()],
            window: CHANGE_WINDOW.max(window),
            ..own(
                "flag_changes",
                "Share of the instances in which a feature flag changed.",
                Unit::RATIO,
                Shape::Change { of: on() },
                at,
            )
        });
    }
    if let Some(status) = runtime("health_check_status") {
        signals.push(Signal {
            by: vec!["check".to_owned()],
            ..own(
                "health_status",
                "Which health checks are healthy, in every instance.",
                Unit::NUMBER,
                Shape::Value {
                    of: select(status, Series::Plain, Vec::new()),
                    aggregation: Some(AggregateOp::Min),
                },
                Place::root().child("health"),
            )
        });
    }
    for (index, job) in catalogue.jobs.iter().enumerate() {
        let (name, help) = if index == 0 {
            (
                "up".to_owned(),
                "Whether Prometheus reached the service.".to_owned(),
            )
        } else {
            (
                format!("up({})", job.name),
                format!("Whether Prometheus reached {}.", job.name),
            )
        };
        let mut selector = Selector::new("up");
        if index > 0 {
            selector = selector.with("job", MatchOp::Equal, &job.name);
        }
        signals.push(Signal {
            job: index,
            ..own(
                &name,
                &help,
                Unit::NUMBER,
                Shape::Expression {
                    query: selector.into(),
                    raw: false,
                },
                job.origin.clone(),
            )
        });
    }
    signals
}

fn one(
    name: &str,
    written: &SignalDocument,
    reader: &Reader<'_>,
    findings: &mut Findings,
) -> Option<Signal> {
    let at = Place::root().child("signals").child(name);
    let catalogue = reader.catalogue;
    if !names::is_label_name(name) {
        findings.push(
            Finding::error(
                "bad-name",
                at.key(),
                format!("`{name}` cannot be the name of a signal"),
            )
            .help("letters, digits and `_`, no digit first"),
        );
    }
    if let [named, ..] = catalogue.named(name) {
        findings.push(
            Finding::error(
                "name-collision",
                at.key(),
                format!("a metric is called `{name}` too"),
            )
            .related(
                catalogue.metrics[named.metric].origin.key(),
                "declared here",
            )
            .help("where a signal is expected, one could not tell which is meant"),
        );
    }
    let key = the_one_shape(written, &at, findings)?;
    let window_at = at.child("window");
    let (shape, unit) = shape(key, written, reader, &at, findings)?;
    let job = match &shape {
        Shape::Expression { query, .. } => job_of(query, catalogue),
        Shape::Ratio { whole, .. } => catalogue.metrics[whole.named.metric].job,
        Shape::Value { of, .. }
        | Shape::Rate { of }
        | Shape::Increase { of }
        | Shape::Quantile { of, .. }
        | Shape::Average { of }
        | Shape::Change { of } => catalogue.metrics[of.named.metric].job,
    };
    check_unused_keys(key, written, &at, findings);
    let interval = catalogue.jobs[job].interval;
    let window = written.window.map_or(window_for(interval), |time| time.0);
    check_window(window, interval, &window_at, findings);
    let signal = Signal {
        name: name.to_owned(),
        help: written.help.clone().unwrap_or_default(),
        unit,
        window,
        by: written.by.clone(),
        shape,
        job,
        record: written.record,
        origin: at.clone(),
    };
    // Beside an expression it has no meaning, which was said.
    if !matches!(signal.shape, Shape::Expression { .. }) {
        check_by(&signal, &written.by, catalogue, &at.child("by"), findings);
    }
    Some(signal)
}

/// A window shorter than this many scrapes often holds fewer than two samples.
pub(super) fn check_window(
    window: Duration,
    interval: Duration,
    at: &Place,
    findings: &mut Findings,
) {
    let least = interval * LEAST_SCRAPES;
    if window < least {
        findings.push(
            Finding::error(
                "short-window",
                at.clone(),
                format!(
                    "a window of {} is less than four scrapes, {} apart",
                    Time(window),
                    Time(interval)
                ),
            )
            .help(format!("make it at least {}", Time(least))),
        );
    }
}

/// The keys that say how a signal is computed; exactly one has to be there.
fn the_one_shape(
    written: &SignalDocument,
    at: &Place,
    findings: &mut Findings,
) -> Option<&'static str> {
    let shapes = [
        ("value", written.value.is_some()),
        ("rate", written.rate.is_some()),
        ("increase", written.increase.is_some()),
        ("ratio", written.ratio.is_some()),
        ("quantile", written.quantile.is_some()),
        ("average", written.average.is_some()),
        ("expr", written.expr.is_some()),
    ];
    let mut there = shapes
        .iter()
        .filter(|(_, there)| *there)
        .map(|(key, _)| *key);
    let Some(first) = there.next() else {
        findings.push(Finding::error(
            "missing-key",
            at.key(),
            "one of `value`, `rate`, `increase`, `ratio`, `quantile`, `average` and `expr` is missing",
        ));
        return None;
    };
    if let Some(second) = there.next() {
        findings.push(
            Finding::error(
                "conflicting-keys",
                at.child(second).key(),
                format!("`{second}` and `{first}` exclude each other"),
            )
            .related(at.child(first).key(), "the other one"),
        );
        return None;
    }
    Some(first)
}

fn check_unused_keys(key: &str, written: &SignalDocument, at: &Place, findings: &mut Findings) {
    let pointless = [
        ("of", written.of.is_some(), key == "quantile"),
        ("unit", written.unit.is_some(), key == "expr"),
        ("raw", written.raw, key == "expr"),
        ("agg", written.agg.is_some(), key == "value"),
        ("by", !written.by.is_empty(), key != "expr"),
    ];
    for (word, there, fits) in pointless {
        if there && !fits {
            findings.push(Finding::error(
                "conflicting-keys",
                at.child(word).key(),
                format!("`{word}` has no meaning beside `{key}`"),
            ));
        }
    }
}

fn shape(
    key: &str,
    written: &SignalDocument,
    reader: &Reader<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Option<(Shape, Unit)> {
    let catalogue = reader.catalogue;
    let at_key = at.child(key);
    let mut select = |text: &Option<String>, at: &Place, kinds: &[Kind]| {
        let selection = reader.selection(text.as_deref()?, at, findings)?;
        check_kind(&selection, kinds, catalogue, at, findings).then_some(selection)
    };
    let unit = |of: &Selection| match of.named.series {
        Series::Bucket | Series::Count => Unit::NUMBER,
        _ => catalogue.metrics[of.named.metric].unit.clone(),
    };
    Some(match key {
        "value" => {
            let of = select(&written.value, &at_key, &[Kind::Gauge])?;
            let aggregation = written.agg.map(|aggregation| match aggregation {
                Aggregation::Sum => AggregateOp::Sum,
                Aggregation::Avg => AggregateOp::Avg,
                Aggregation::Min => AggregateOp::Min,
                Aggregation::Max => AggregateOp::Max,
            });
            let unit = unit(&of);
            (Shape::Value { of, aggregation }, unit)
        }
        "rate" => {
            let of = select(&written.rate, &at_key, &[Kind::Counter])?;
            let unit = unit(&of).rate();
            (Shape::Rate { of }, unit)
        }
        "increase" => {
            let of = select(&written.increase, &at_key, &[Kind::Counter])?;
            let unit = unit(&of);
            (Shape::Increase { of }, unit)
        }
        "quantile" => {
            let quantile = written.quantile?;
            if !(0.0..=1.0).contains(&quantile) {
                findings.push(
                    Finding::error("bad-value", at_key, "a quantile lies between 0 and 1")
                        .help("the 95th percentile is `quantile: 0.95`"),
                );
                return None;
            }
            if written.of.is_none() {
                findings.push(
                    Finding::error(
                        "missing-key",
                        at.clone(),
                        "`of` is missing: of which histogram?",
                    )
                    .label("in this entry"),
                );
                return None;
            }
            let of = select(&written.of, &at.child("of"), &[Kind::Histogram])?;
            let unit = unit(&of);
            (Shape::Quantile { quantile, of }, unit)
        }
        "average" => {
            let of = select(&written.average, &at_key, &[Kind::Histogram])?;
            let unit = unit(&of);
            (Shape::Average { of }, unit)
        }
        "ratio" => {
            let ratio = written.ratio.as_ref()?;
            let kinds = &[Kind::Counter, Kind::Gauge];
            let part = select(&Some(ratio.part.clone()), &at_key.child("part"), kinds);
            let whole = select(&Some(ratio.whole.clone()), &at_key.child("whole"), kinds);
            let (part, whole) = (part?, whole?);
            check_ratio(&part, &whole, &written.by, catalogue, &at_key, findings)?;
            (Shape::Ratio { part, whole }, Unit::RATIO)
        }
        _ => {
            let query = reader.expression(written.expr.as_deref()?, &at_key, findings)?;
            if query.kind() != ValueKind::Vector {
                findings.push(Finding::error(
                    "wrong-expression-type",
                    at_key,
                    "a signal is an instant vector: a value for each series",
                ));
                return None;
            }
            let unit = written.unit.as_deref().map_or(Unit::NUMBER, Unit::named);
            let raw = written.raw;
            (Shape::Expression { query, raw }, unit)
        }
    })
}

/// What a selection is, for the functions that take it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Counter,
    Gauge,
    Histogram,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Counter => "a counter",
            Self::Gauge => "a gauge",
            Self::Histogram => "a histogram",
        }
    }
}

fn check_kind(
    of: &Selection,
    expected: &[Kind],
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) -> bool {
    let metric = &catalogue.metrics[of.named.metric];
    let kind = match (of.named.series, metric.kind) {
        (Series::Family, _) => Some(Kind::Histogram),
        (Series::Bucket | Series::Sum | Series::Count, _) => Some(Kind::Counter),
        (Series::Plain, MetricType::Counter) => Some(Kind::Counter),
        (Series::Plain, MetricType::Gauge | MetricType::Info) => Some(Kind::Gauge),
        // Whoever calls it untyped may mean either.
        (Series::Plain, MetricType::Unknown) => expected.first().copied(),
        (Series::Plain, _) => None,
    };
    if kind.is_some_and(|kind| expected.contains(&kind)) {
        return true;
    }
    let wanted: Vec<&str> = expected.iter().map(|kind| kind.name()).collect();
    let found = kind.map_or("a summary", Kind::name);
    let mut finding = Finding::error(
        "wrong-metric-type",
        at.clone(),
        format!("expected {}, found {found}", wanted.join(" or ")),
    )
    .related(metric.origin.key(), "declared here");
    if kind == Some(Kind::Histogram) {
        finding = finding.help(format!(
            "its counters are `{0}_count`, `{0}_sum` and `{0}_bucket`",
            metric.name
        ));
    }
    findings.push(finding);
    false
}

/// Part and whole have to be of one kind and one unit; of one family, the part's matchers include the whole's.
fn check_ratio(
    part: &Selection,
    whole: &Selection,
    by: &[String],
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) -> Option<()> {
    let metric = |selection: &Selection| &catalogue.metrics[selection.named.metric];
    let (p, w) = (metric(part), metric(whole));
    let gauge = |m: MetricType| m == MetricType::Gauge;
    if gauge(p.kind) != gauge(w.kind) {
        findings.push(
            Finding::error(
                "wrong-metric-type",
                at.child("part"),
                format!("a {} is no part of a {}", p.kind.as_str(), w.kind.as_str()),
            )
            .related(p.origin.key(), "the part")
            .related(w.origin.key(), "the whole"),
        );
        return None;
    }
    if p.unit != w.unit {
        findings.push(
            Finding::error(
                "unit-mismatch",
                at.child("part"),
                format!(
                    "the part is in {}, the whole in {}",
                    p.unit.in_words(),
                    w.unit.in_words()
                ),
            )
            .related(p.origin.key(), "the part")
            .related(w.origin.key(), "the whole"),
        );
        return None;
    }
    if p.job != w.job {
        findings.push(
            Finding::error(
                "label-mismatch",
                at.child("part"),
                "part and whole come from different jobs, so that no series of the one has a partner in the other",
            )
            .help("an `expr` with `on (…)` can join them"),
        );
        return None;
    }
    if part.named != whole.named {
        return Some(());
    }
    if let Some(missing) = whole.matchers.iter().find(|m| !part.matchers.contains(m)) {
        findings.push(
            Finding::error(
                "not-a-part",
                at.child("part"),
                format!("the whole is restricted to `{missing}`, the part is not"),
            )
            .related(at.child("whole"), "the whole")
            .help("more would be counted than there is; give the part every matcher of the whole"),
        );
        return None;
    }
    let only_part = part.matchers.iter().filter(|m| !whole.matchers.contains(m));
    for matcher in only_part {
        if by.contains(&matcher.label) {
            findings.push(
                Finding::error(
                    "not-a-part",
                    at.child("part"),
                    format!(
                        "`by` keeps `{}`, which only the part restricts: every share would be 0 or 1",
                        matcher.label
                    ),
                )
                .help("leave the label out of `by`"),
            );
            return None;
        }
    }
    Some(())
}

/// Labels in `by` have to be labels of the metric.
pub(super) fn check_by(
    signal: &Signal,
    by: &[String],
    catalogue: &Catalogue,
    at: &Place,
    findings: &mut Findings,
) {
    if by.is_empty() {
        return;
    }
    let Some(of) = signal.selection() else {
        findings.push(Finding::error(
            "conflicting-keys",
            at.key(),
            format!(
                "`by` has no meaning for `{}`, which is an expression",
                signal.name
            ),
        ));
        return;
    };
    let metric = &catalogue.metrics[of.named.metric];
    let Labels::Known(labels) = &metric.labels else {
        return;
    };
    for (i, label) in by.iter().enumerate() {
        let at = at.index(i);
        if catalogue.service.identity.contains(label) {
            findings.push(Finding::error(
                "duplicate-value",
                at,
                format!("`{label}` is kept anyway: it is part of the identity"),
            ));
        } else if by[..i].contains(label) {
            findings.push(Finding::error(
                "duplicate-value",
                at,
                format!("`{label}` is listed twice"),
            ));
        } else if label != "instance" && !labels.iter().any(|l| l.name == *label) {
            let known = labels.iter().map(|l| l.name.as_str());
            let near = suggest::nearest(label, known.clone());
            let finding = Finding::error(
                "unknown-label",
                at,
                format!("`{}` has no label `{label}`", metric.name),
            )
            .related(metric.origin.key(), "declared here")
            .suggest(near);
            findings.push(match near {
                Some(_) => finding,
                None => finding.help(format!("there is {}", suggest::list(known))),
            });
        } else if let Shape::Ratio { part, whole } = &signal.shape {
            let restricts = |s: &Selection| s.matchers.iter().any(|m| m.label == *label);
            if restricts(part) && !restricts(whole) {
                findings.push(Finding::error(
                    "not-a-part",
                    at,
                    format!(
                        "only the part of `{}` restricts `{label}`: every share would be 0 or 1",
                        signal.name
                    ),
                ));
            }
        }
    }
}

/// Whether one of these labels is open for this signal.
pub(super) fn has_open_label(signal: &Signal, labels: &[String], catalogue: &Catalogue) -> bool {
    let Some(of) = signal.selection() else {
        return false;
    };
    let metric = &catalogue.metrics[of.named.metric];
    metric
        .labels
        .known()
        .iter()
        .any(|label| labels.contains(&label.name) && matches!(label.values, Values::Open { .. }))
}

/// The job of the first metric that an expression reads; the service's own if it reads none.
pub(super) fn job_of(query: &Query, catalogue: &Catalogue) -> usize {
    let mut job = None;
    query.visit_selectors(&mut |selector| {
        let named = selector.metric.as_deref().map(|name| catalogue.named(name));
        if let (None, Some([named, ..])) = (job, named) {
            job = Some(catalogue.metrics[named.metric].job);
        }
    });
    job.unwrap_or(0)
}

/// Whether a value can be of this unit at all: a share is never above 1.
pub(super) fn possible(unit: &Unit, value: f64) -> bool {
    match (&unit.base, unit.per_second) {
        (unit::Base::Ratio, false) => (0.0..=1.0).contains(&value),
        (unit::Base::Percent, false) => (0.0..=100.0).contains(&value),
        _ => true,
    }
}
