//! Metrics: the service's own, the runtime's, and the exporters'.

use super::labels::Shared;
use super::{collision, limits, metric_labels, names_of, rust_names};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Job, Labels, Metric, MetricType, Names, Source};
use crate::model::unit::Base;
use crate::model::{TOO_MANY_SERIES, Unit, names};
use crate::spec::Place;
use crate::spec::document::{Document, Entry, Metric as MetricDocument};

/// Methods of the generated `Metrics` that are no metric's.
const OWN_METHODS: &[&str] = &["new", "default", "scrape", "encode_text"];

/// Metrics as they are collected.
pub(super) struct Metrics {
    list: Vec<Metric>,
    /// Where the service's own metrics end and the exporters' begin.
    own: usize,
}

/// Resolves `metrics:` and the metrics of `exporters:`.
pub(super) fn resolve(
    document: &Document,
    shared: &Shared,
    jobs: &[Job],
    findings: &mut Findings,
) -> Metrics {
    let root = Place::root();
    let mut list = Vec::with_capacity(document.metrics.entries().len());
    for (name, entry) in document.metrics.entries() {
        let at = root.child("metrics").child(name);
        list.extend(written(name, entry, 0, at, shared, findings));
    }
    let own = list.len();
    #[cfg(feature = "monitoring")]
    for (job_name, exporter) in document.exporters.iter() {
        // The jobs are in the same order, but for exporters that could not be decoded.
        let Some(job) = jobs.iter().skip(1).position(|job| job.name == job_name) else {
            continue;
        };
        let at = root.child("exporters").child(job_name).child("metrics");
        for (name, entry) in exporter.metrics.entries() {
            let at = at.child(name);
            list.extend(written(name, entry, job + 1, at, shared, findings));
        }
    }
    check_process(document, &list, findings);
    rust_names::check(&list, findings);
    metric_labels::check_targets(document, &list, jobs, findings);
    Metrics { list, own }
}

impl Metrics {
    /// The metrics for which code is generated.
    pub(super) fn own(&self) -> &[Metric] {
        &self.list[..self.own]
    }

    /// Adds what the runtime exposes, after the service's own metrics.
    pub(super) fn insert_runtime(&mut self, metrics: Vec<Metric>, findings: &mut Findings) {
        for metric in metrics {
            if let Some(declared) = self.list[..self.own].iter().find(|m| m.name == metric.name) {
                findings.push(
                    Finding::error(
                        "name-collision",
                        declared.origin.key(),
                        format!("`{}` is exposed by the runtime already", metric.name),
                    )
                    .related(metric.origin.clone(), "because of this")
                    .help("leave it out here; it may be used all the same"),
                );
                continue;
            }
            self.list.insert(self.own, metric);
            self.own += 1;
        }
    }

    /// The metrics, and by which names their series are exposed. Within a job no two may share a name.
    pub(super) fn finish(self, findings: &mut Findings) -> (Vec<Metric>, Names) {
        let names = Names::of(&self.list);
        for (name, all) in names.iter() {
            for (i, named) in all.iter().enumerate().skip(1) {
                let metric = &self.list[named.metric];
                let first = all[..i]
                    .iter()
                    .map(|named| &self.list[named.metric])
                    .find(|first| first.job == metric.job);
                if let Some(first) = first {
                    findings.push(collision(
                        metric.origin.key(),
                        &first.origin.key(),
                        "families of series",
                        name,
                        "a histogram exposes `_bucket`, `_sum` and `_count` beside its name",
                    ));
                }
            }
        }
        check_created(&self.list, &names, findings);
        (self.list, names)
    }
}

/// OpenMetrics keeps a name [free](https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#suffixes)
/// for the time when a histogram was created. Counters have one too, but can be exposed without their type.
fn check_created(metrics: &[Metric], names: &Names, findings: &mut Findings) {
    let by_runtime = |m: &&Metric| matches!(m.source, Source::Generated | Source::Runtime);
    let histograms = metrics.iter().filter(|m| m.kind == MetricType::Histogram);
    for histogram in histograms.filter(by_runtime) {
        for name in std::iter::once(&histogram.name).chain(&histogram.renamed_from) {
            let created = format!("{name}_created");
            let called_so = names.get(&created).iter().map(|n| &metrics[n.metric]);
            for metric in called_so.filter(by_runtime) {
                findings.push(
                    Finding::error(
                        "name-collision",
                        metric.origin.key(),
                        format!("`{created}` belongs to the histogram `{name}`"),
                    )
                    .related(histogram.origin.key(), "this one")
                    .help("OpenMetrics keeps it for the time of its creation, and refuses another family"),
                );
            }
        }
    }
}

/// A metric as it is written, or what is certain of one in which something was reported: others refer to that.
fn written(
    name: &str,
    entry: &Entry<MetricDocument>,
    job: usize,
    at: Place,
    shared: &Shared,
    findings: &mut Findings,
) -> Option<Metric> {
    let source = |metric: &MetricDocument| match (job, metric.external) {
        (0, false) => Source::Generated,
        (0, true) => Source::External,
        _ => Source::Exporter,
    };
    match entry {
        Entry::Sound(metric) => Some(one(name, metric, source(metric), job, at, shared, findings)),
        Entry::Doubtful { value, keys } => {
            let mut unheard = Findings::default();
            let mut metric = one(name, value, source(value), job, at, shared, &mut unheard);
            metric.source = Source::Doubtful;
            for key in keys {
                match key.as_str() {
                    "type" => metric.kind = MetricType::Unknown,
                    "labels" => metric.labels = Labels::Any,
                    "buckets" => metric.buckets.clear(),
                    "limit" => metric.limit = None,
                    _ => {}
                }
            }
            Some(metric)
        }
        Entry::Lost => None,
    }
}

fn one(
    name: &str,
    metric: &MetricDocument,
    source: Source,
    job: usize,
    at: Place,
    shared: &Shared,
    findings: &mut Findings,
) -> Metric {
    let own = source == Source::Generated;
    check_name(name, own, &at, findings);

    let mut former = metric.renamed_from.clone();
    if let Some(bad) = former.take_if(|former| !names::is_metric_name(former) || former == name) {
        findings.push(Finding::error(
            "bad-name",
            at.child("renamed_from"),
            format!("`{bad}` cannot be the former name of a metric"),
        ));
    }
    if source == Source::Exporter && metric.external {
        findings.push(Finding::error(
            "conflicting-keys",
            at.child("external").key(),
            "what an exporter exposes is external anyway",
        ));
    }
    let of_name = Unit::of_name(name);
    let unit = match &metric.unit {
        Some(word) => Unit::named(word),
        None => of_name.clone(),
    };
    if own && of_name.base != Base::Number && of_name != unit {
        findings.push(
            Finding::error(
                "unit-mismatch",
                at.child("unit"),
                format!("by its name, `{name}` is {}", of_name.words()),
            )
            .help("record that and leave `unit` out, or name the metric by its unit"),
        );
    }
    let labels = metric_labels::resolve(name, metric, own, &at, shared, findings);
    if own {
        metric_labels::check_status(&labels, &at, findings);
    }
    check_kind(metric, own, &labels, &at, findings);
    let resolved = Metric {
        name: name.to_owned(),
        kind: metric.kind,
        help: metric.help.clone(),
        limit: limits::limit(metric, &unit, &at, findings),
        unit,
        labels,
        buckets: metric.buckets.clone().unwrap_or_default(),
        max_series: metric.max_series,
        renamed_from: former,
        source,
        job,
        method: method(name),
        allow: names_of(&metric.allow),
        origin: at,
    };
    if own {
        check_size(&resolved, findings);
    }
    resolved
}

fn check_name(name: &str, own: bool, at: &Place, findings: &mut Findings) {
    if !names::is_metric_name(name) {
        findings.push(
            Finding::error(
                "bad-name",
                at.key(),
                format!("`{name}` cannot be the name of a metric"),
            )
            .help("letters, digits and `_`, no digit first"),
        );
    } else if own && name.contains(':') {
        findings.push(
            Finding::error("bad-name", at.key(), "colons are for recording rules")
                .help("use `_` instead"),
        );
    } else if own && method(name).is_empty() {
        findings.push(Finding::error(
            "bad-name",
            at.key(),
            "nothing of this name is left for a Rust method",
        ));
    }
}

/// What the runtime exposes anyway cannot be generated, too.
fn check_process(document: &Document, metrics: &[Metric], findings: &mut Findings) {
    if document.include.iter().any(|name| name == "std:process") {
        return; // declared twice, which is reported
    }
    let generated = metrics.iter().filter(|m| m.source == Source::Generated);
    for metric in generated.filter(|m| PROCESS_METRICS.contains(&m.name.as_str())) {
        findings.push(
            Finding::error(
                "name-collision",
                metric.origin.key(),
                format!("`{}` is exposed by the runtime already", metric.name),
            )
            .help("`include: [std:process]` declares it"),
        );
    }
}

/// What the runtime tells about its process.
const PROCESS_METRICS: &[&str] = &[
    "process_cpu_seconds_total",
    "process_open_fds",
    "process_max_fds",
    "process_resident_memory_bytes",
    "process_virtual_memory_bytes",
    "process_threads",
    "process_start_time_seconds",
];

fn method(name: &str) -> String {
    let mut method = names::snake_identifier(name);
    if OWN_METHODS.contains(&method.as_str()) {
        method.push('_');
    }
    method
}

fn check_kind(
    metric: &MetricDocument,
    own: bool,
    labels: &Labels,
    at: &Place,
    findings: &mut Findings,
) {
    if own && matches!(metric.kind, MetricType::Summary | MetricType::Unknown) {
        findings.push(
            Finding::error(
                "bad-value",
                at.child("type"),
                format!(
                    "a metric of the service cannot be of type {}",
                    metric.kind.as_str()
                ),
            )
            .label("only what somebody else exposes can")
            .help("use a histogram, or a gauge"),
        );
    }
    if own
        && metric.kind == MetricType::Info
        && matches!(labels, Labels::Known(labels) if labels.is_empty())
    {
        findings.push(Finding::error(
            "missing-key",
            at.clone(),
            "an info without labels says nothing: `labels` is missing",
        ));
    }
    match (&metric.buckets, metric.kind) {
        (None, MetricType::Histogram) if own => findings.push(
            Finding::error(
                "missing-key",
                at.clone(),
                "a histogram needs its bounds: `buckets` is missing",
            )
            .help("for requests: `buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]`"),
        ),
        (Some(_), kind) if kind != MetricType::Histogram => findings.push(Finding::error(
            "conflicting-keys",
            at.child("buckets").key(),
            format!("a {} has no buckets", kind.as_str()),
        )),
        (Some(buckets), _) => check_buckets(buckets, &at.child("buckets"), findings),
        _ => {}
    }
    if metric.max_series == Some(0) {
        findings.push(Finding::error(
            "bad-value",
            at.child("max_series"),
            "a metric without any series says nothing",
        ));
    }
}

fn check_buckets(buckets: &[f64], at: &Place, findings: &mut Findings) {
    if buckets.is_empty() {
        findings.push(Finding::error(
            "bad-value",
            at.clone(),
            "a histogram needs at least one bound",
        ));
    }
    for (i, bound) in buckets.iter().enumerate() {
        if !bound.is_finite() {
            findings.push(
                Finding::error("bad-value", at.index(i), format!("{bound} is not a bound"))
                    .help("the bucket without an upper bound is there anyway"),
            );
        } else if i > 0 && *bound <= buckets[i - 1] {
            findings.push(
                Finding::error("bad-value", at.index(i), "bounds have to ascend")
                    .label(format!("not above {}", buckets[i - 1])),
            );
        }
    }
}

fn check_size(metric: &Metric, findings: &mut Findings) {
    let series = metric.closed_series();
    if series > TOO_MANY_SERIES {
        findings.push(
            Finding::error(
                "too-many-series",
                metric.origin.key(),
                format!(
                    "`{}` would have {series} series from the start",
                    metric.name
                ),
            )
            .label(format!("more than {TOO_MANY_SERIES}"))
            .help("every combination of closed labels exists at 0; leave out a label, or values"),
        );
    }
}
