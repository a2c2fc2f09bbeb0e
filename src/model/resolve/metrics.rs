//! Metrics: the service's own, the runtime's, and the exporters'.

use std::collections::HashMap;
use std::rc::Rc;

use super::collision;
use super::labels::{self, Shared};
use crate::diagnostics::{Finding, Findings};
use crate::model::Unit;
use crate::model::catalogue::{
    Catalogue, Job, Label, Labels, Limit, Metric, MetricType, Names, Source, Values,
};
use crate::model::names;
use crate::model::unit::Base;
use crate::spec::Place;
use crate::spec::document::{
    Dict, Dimension, Document, Label as LabelDocument, Limit as LimitDocument,
    Metric as MetricDocument, MetricLabels, Quantity,
};
use crate::suggest;

/// Series that exist from the start of one metric: from here on a warning, from there on an error.
const MANY_SERIES: u64 = 1_000;
const TOO_MANY_SERIES: u64 = 10_000;

/// Methods of the generated `Metrics` that are no metric's.
const OWN_METHODS: &[&str] = &["new", "encode_text"];

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
    let mut list = Vec::with_capacity(document.metrics.iter().len());
    for (name, metric) in document.metrics.iter() {
        let source = if metric.external {
            Source::External
        } else {
            Source::Generated
        };
        let at = root.child("metrics").child(name);
        list.push(one(name, metric, source, 0, at, shared, findings));
    }
    let own = list.len();
    for (job_name, exporter) in document.exporters.iter() {
        // The jobs are in the same order, but for exporters that could not be decoded.
        let Some(job) = jobs.iter().skip(1).position(|job| job.name == job_name) else {
            continue;
        };
        let at = root.child("exporters").child(job_name).child("metrics");
        for (name, metric) in exporter.metrics.iter() {
            let at = at.child(name);
            list.push(one(
                name,
                metric,
                Source::Exporter,
                job + 1,
                at,
                shared,
                findings,
            ));
        }
    }
    check_process(document, &list, findings);
    check_rust_names(&list, findings);
    check_target_labels(document, &list, jobs, findings);
    Metrics { list, own }
}

impl Metrics {
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
        (self.list, names)
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
    let unit = match &metric.unit {
        Some(word) => Unit::named(word),
        None => Unit::of_name(name),
    };
    let labels = labels(name, metric, own, &at, shared, findings);
    check_kind(metric, own, &labels, &at, findings);
    let resolved = Metric {
        name: name.to_owned(),
        kind: metric.kind,
        help: metric.help.clone(),
        limit: limit(metric, &unit, &at, findings),
        unit,
        labels,
        buckets: metric.buckets.clone().unwrap_or_default(),
        max_series: metric.max_series,
        renamed_from: former,
        source,
        job,
        method: method(name),
        allow: metric
            .allow
            .iter()
            .map(|(lint, _)| lint.to_owned())
            .collect(),
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

fn labels(
    metric_name: &str,
    metric: &MetricDocument,
    own: bool,
    at: &Place,
    shared: &Shared,
    findings: &mut Findings,
) -> Labels {
    let at = at.child("labels");
    match &metric.labels {
        None => Labels::Known(Vec::new()),
        Some(MetricLabels::Any) => {
            if own {
                findings.push(
                    Finding::error(
                        "bad-value",
                        at,
                        "the labels of a metric of the service are not any",
                    )
                    .help("list them, or say that something else exposes it: `external: true`"),
                );
            }
            Labels::Any
        }
        // With one that is not known, nothing can be said about them.
        Some(MetricLabels::Shared(keys)) => {
            by_key(keys, &at, shared, findings).map_or(Labels::Any, Labels::Known)
        }
        Some(MetricLabels::InPlace(definitions)) => {
            Labels::Known(in_place(metric_name, definitions, own, &at, findings))
        }
    }
}

fn by_key(
    keys: &[String],
    at: &Place,
    shared: &Shared,
    findings: &mut Findings,
) -> Option<Vec<Rc<Label>>> {
    let mut all_known = true;
    let mut labels: Vec<Rc<Label>> = Vec::with_capacity(keys.len());
    for (i, key) in keys.iter().enumerate() {
        let at = at.index(i);
        match shared.get(key) {
            Some(Some(label)) => {
                if labels.iter().any(|l| l.name == label.name) {
                    findings.push(Finding::error(
                        "duplicate-value",
                        at,
                        format!("the metric has a label `{}` already", label.name),
                    ));
                    continue;
                }
                labels.push(Rc::clone(label));
            }
            Some(None) => all_known = false, // reported where it is defined
            None => {
                all_known = false;
                let known = shared.keys().map(String::as_str);
                let near = suggest::nearest(key, known);
                let mut finding = Finding::error(
                    "unknown-label",
                    at,
                    format!("no label is defined under the key `{key}`"),
                )
                .label("not under `labels:`")
                .suggest(near);
                if near.is_none() {
                    finding = finding.help(format!(
                        "define it under `labels:`, or in place: `labels: {{ {key}: [a, b] }}`"
                    ));
                }
                findings.push(finding);
            }
        }
    }
    all_known.then_some(labels)
}

fn in_place(
    metric_name: &str,
    definitions: &Dict<LabelDocument>,
    own: bool,
    at: &Place,
    findings: &mut Findings,
) -> Vec<Rc<Label>> {
    definitions
        .iter()
        .map(|(key, label)| {
            let at = at.child(key);
            if label.0.name.is_some() {
                findings.push(Finding::error(
                    "conflicting-keys",
                    at.child("name").key(),
                    "a label defined in place is called by its key",
                ));
            }
            let names = labels::Names {
                name: key,
                name_at: at.key(),
                type_name: names::upper_camel(stem(metric_name)) + &names::upper_camel(key),
                own,
            };
            Rc::new(labels::resolve(&label.0, names, None, at, findings))
        })
        .collect()
}

/// A metric's name without `_total` and unit.
fn stem(name: &str) -> &str {
    let name = name.strip_suffix("_total").unwrap_or(name);
    match Unit::of_name(name).base {
        Base::Number => name,
        _ => name.rsplit_once('_').map_or(name, |(stem, _)| stem),
    }
}

fn limit(
    metric: &MetricDocument,
    unit: &Unit,
    at: &Place,
    findings: &mut Findings,
) -> Option<Limit> {
    let limit = metric.limit.as_ref()?;
    let at = at.child("limit");
    if metric.kind != MetricType::Gauge {
        findings.push(Finding::error(
            "conflicting-keys",
            at.key(),
            format!("a {} has no capacity", metric.kind.as_str()),
        ));
        return None;
    }
    match limit {
        LimitDocument::Gauge(name) => Some(Limit::Gauge(name.clone())),
        LimitDocument::Quantity(quantity) => {
            if !fits(quantity, unit) {
                findings.push(Finding::error(
                    "unit-mismatch",
                    at,
                    format!(
                        "`{}` is no capacity of something in {}",
                        quantity.text,
                        unit.in_words()
                    ),
                ));
                return None;
            }
            if quantity.value <= 0.0 {
                findings.push(Finding::error("bad-value", at, "a capacity is above zero"));
                return None;
            }
            Some(Limit::Number(quantity.value))
        }
    }
}

/// Whether a quantity measures what the unit does.
pub(in crate::model::resolve) fn fits(quantity: &Quantity, unit: &Unit) -> bool {
    let dimension = match (quantity.dimension, &unit.base) {
        (Dimension::Number, _) => true,
        (Dimension::Percent, base) => matches!(base, Base::Ratio | Base::Percent),
        (Dimension::Time, base) => *base == Base::Seconds,
        (Dimension::Bytes, base) => *base == Base::Bytes,
    };
    // A bare number is taken in the unit of what it is compared with.
    let bare = quantity.dimension == Dimension::Number && !quantity.rate;
    dimension && (bare || quantity.rate == unit.per_second)
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
    } else if series > MANY_SERIES {
        findings.push(
            Finding::warning(
                "many-series",
                metric.origin.key(),
                format!("`{}` has {series} series from the start", metric.name),
            )
            .label(format!("more than {MANY_SERIES}")),
        );
    }
}

fn check_rust_names(metrics: &[Metric], findings: &mut Findings) {
    let mut methods: HashMap<&str, &Metric> = HashMap::new();
    let mut types: HashMap<&str, &Rc<Label>> = HashMap::new();
    let generated = metrics.iter().filter(|m| m.source == Source::Generated);
    for metric in generated {
        if let Some(first) = methods.insert(&metric.method, metric) {
            findings.push(collision(
                metric.origin.key(),
                &first.origin.key(),
                "methods of the Rust code",
                &metric.method,
                "rename one of the metrics",
            ));
        }
        let mut arguments: HashMap<&str, &Rc<Label>> = HashMap::new();
        let named = |label: &&Rc<Label>| names::is_label_name(&label.name);
        for label in metric.labels.known().iter().filter(named) {
            if let Some(first) = arguments.insert(&label.argument, label) {
                findings.push(collision(
                    label.origin.key(),
                    &first.origin.key(),
                    "arguments of one method",
                    &label.argument,
                    "rename one of the labels",
                ));
                continue;
            }
            if !matches!(label.values, Values::Closed { .. }) {
                continue;
            }
            if RUST_TYPES.contains(&label.type_name.as_str()) {
                findings.push(
                    Finding::error(
                        "name-collision",
                        label.origin.key(),
                        format!(
                            "the generated code has a type `{}` of its own",
                            label.type_name
                        ),
                    )
                    .help("rename the key; `name:` keeps the label's name"),
                );
            }
            match types.get(label.type_name.as_str()) {
                Some(first) if !Rc::ptr_eq(first, label) => findings.push(collision(
                    label.origin.key(),
                    &first.origin.key(),
                    "types of the Rust code",
                    &label.type_name,
                    "define the label once, under `labels:`, or rename one",
                )),
                _ => {
                    types.insert(&label.type_name, label);
                }
            }
        }
    }
}

/// A label of the targets wins over a metric's own of that name, which Prometheus renames to `exported_…`.
fn check_target_labels(
    document: &Document,
    metrics: &[Metric],
    jobs: &[Job],
    findings: &mut Findings,
) {
    let identity = document
        .service
        .0
        .as_ref()
        .and_then(|s| s.identity.as_ref());
    let mut reported: Vec<&Place> = Vec::new();
    for metric in metrics.iter().filter(|m| m.job == 0) {
        for label in metric.labels.known() {
            let name = &label.name;
            if names::RESERVED_LABELS.contains(&name.as_str()) || reported.contains(&&label.origin)
            {
                continue; // reported
            }
            let scraped = jobs[0]
                .scrape
                .as_ref()
                .is_some_and(|scrape| scrape.labels.iter().any(|(target, _)| target == name));
            let root = Place::root();
            let other = if scraped {
                root.child("scrape").child("labels").child(name).key()
            } else if identity.is_some_and(|identity| identity.contains(name)) {
                root.child("service").child("identity")
            } else {
                continue;
            };
            reported.push(&label.origin);
            findings.push(
                Finding::error(
                    "reserved-label",
                    label.origin.key(),
                    format!("the targets have a label `{name}` already"),
                )
                .related(other, "of the targets")
                .help("Prometheus would rename the metric's own, and nothing would find it"),
            );
        }
    }
}

/// Types that the generated code has beside the labels'.
const RUST_TYPES: &[&str] = &["Metrics", "Flags", "HealthChecks", "HttpStatus"];

/// A limit that is a gauge has to exist, in the same job, with the same labels.
pub(super) fn check_limits(catalogue: &Catalogue, document: &Document, findings: &mut Findings) {
    for metric in &catalogue.metrics {
        let Some(Limit::Gauge(name)) = &metric.limit else {
            continue;
        };
        let at = metric.origin.child("limit");
        let same_job = |m: &&Metric| m.job == metric.job && m.name == *name;
        let Some(limit) = catalogue.metrics.iter().find(same_job) else {
            if document.metrics.failed().any(|failed| failed == name) {
                continue;
            }
            let known = catalogue
                .metrics
                .iter()
                .filter(|m| m.job == metric.job && m.kind == MetricType::Gauge);
            findings.push(
                Finding::error("unknown-metric", at, format!("no gauge is called `{name}`"))
                    .suggest(suggest::nearest(name, known.map(|m| m.name.as_str()))),
            );
            continue;
        };
        let names = |m: &Metric| {
            let mut names: Vec<String> = m.labels.known().iter().map(|l| l.name.clone()).collect();
            names.sort();
            names
        };
        if limit.kind != MetricType::Gauge {
            findings.push(
                Finding::error("wrong-metric-type", at, format!("`{name}` is not a gauge"))
                    .related(limit.origin.child("type"), "declared here"),
            );
        } else if limit.unit != metric.unit {
            findings.push(
                Finding::error(
                    "unit-mismatch",
                    at,
                    format!(
                        "`{name}` is in {} and `{}` in {}",
                        limit.unit.in_words(),
                        metric.name,
                        metric.unit.in_words()
                    ),
                )
                .related(limit.origin.key(), "declared here"),
            );
        } else if names(limit) != names(metric) {
            findings.push(
                Finding::error(
                    "label-mismatch",
                    at,
                    format!(
                        "`{name}` does not have the same labels as `{}`",
                        metric.name
                    ),
                )
                .related(limit.origin.key(), "declared here")
                .help("a capacity is compared series by series"),
            );
        }
    }
}
