//! What a selector reads.

use super::{Dimension, Fact, LabelSet, Nature, Type, Values};
use crate::model::catalogue::{
    Catalogue, Discovery, Job, Labels, Metric, MetricType, Relabelling, Series as Kind, Source,
    Values as LabelValues,
};
use crate::model::operator::TARGET_LABELS;
use crate::promql::{MatchOp, Matcher, Selector};

/// What a selector reads, where it is declared.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Series<'m> {
    /// The metric.
    pub(crate) metric: &'m Metric,
    /// Which of its series.
    pub(crate) kind: Kind,
}

/// Metrics of the runtime that are 0 or 1.
const BITS: [&str; 3] = [
    "feature_flag_status",
    "feature_flag_invalid",
    "health_check_status",
];

/// Keys of a scrape job that change or add labels.
const RELABELLING: &[&str] = &["relabel_configs", "metric_relabel_configs", "honor_labels"];

/// What a selector means. The same name may come from several jobs: a `job` matcher tells which, and without one it is the
/// service's own.
pub(super) fn find<'m>(selector: &Selector, catalogue: &'m Catalogue) -> Option<Series<'m>> {
    let candidates = catalogue.named(selector.metric.as_deref()?);
    let metric = |i: usize| &catalogue.metrics[i];
    let pinned = selector
        .matchers_of("job")
        .find(|matcher| matcher.operator == MatchOp::Equal);
    let named = match (pinned, candidates) {
        (Some(job), all) => all
            .iter()
            .find(|named| catalogue.jobs[metric(named.metric).job].name == job.value)?,
        (None, [one]) => one,
        (None, [first, ..]) if metric(first.metric).job == 0 => first,
        (None, _) => return None,
    };
    Some(Series {
        metric: metric(named.metric),
        kind: named.series,
    })
}

/// What comes of a selector.
pub(super) fn of<'m>(
    selector: &'m Selector,
    series: Option<Series<'m>>,
    catalogue: &'m Catalogue,
    raw: bool,
) -> Type<'m> {
    let mut kind = match series {
        // There are no such series, which is reported.
        Some(series) if series.kind == Kind::Family => return Type::unknown(),
        Some(series) => declared(series, selector, catalogue),
        None => automatic(selector, catalogue),
    };
    // Whatever has no matcher of `job` gets one, unless the expression is left as it is.
    let one_job = match selector.matchers_of("job").next() {
        Some(matcher) => matcher.operator == MatchOp::Equal,
        None => !raw,
    };
    if !one_job {
        // Targets of other jobs have other labels.
        for (label, fact) in &mut kind.labels.known {
            fact.always &= fact.pinned.is_none() || *label == "job";
            fact.pinned = None;
        }
    }
    for matcher in &selector.matchers {
        let label = matcher.label.as_str();
        match matcher.operator {
            MatchOp::Equal if matcher.value.is_empty() => {
                kind.labels.known.remove(label);
                kind.labels.empty.insert(label);
            }
            MatchOp::Equal | MatchOp::Regex if is_one(matcher) => {
                let fact = Fact {
                    always: true,
                    pinned: Some(&matcher.value),
                    ..Fact::default()
                };
                // What the metric does not have is reported there, and nowhere else.
                kind.labels.insert(label, fact);
            }
            _ => {
                if let Some(fact) = kind.labels.known.get_mut(label) {
                    fact.many = false;
                }
            }
        }
    }
    if selector.matchers_of("le").next().is_some() {
        kind.buckets = None;
    }
    kind
}

/// Whether a matcher finds one value only.
fn is_one(matcher: &Matcher) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    matcher.operator == MatchOp::Equal
        || !matcher.value.is_empty() && matcher.value.chars().all(plain)
}

fn declared<'m>(series: Series<'m>, selector: &Selector, catalogue: &'m Catalogue) -> Type<'m> {
    let Series { metric, kind } = series;
    let mut labels = target_labels(&catalogue.jobs[metric.job], catalogue);
    match &metric.labels {
        Labels::Any => labels.open = true,
        Labels::Known(own) => {
            let recorded = matches!(metric.source, Source::Generated | Source::Runtime);
            // Its labels tell what a target is: there is one series of each.
            let is_info = metric.kind == MetricType::Info;
            for label in own {
                let (several, always) = match &label.values {
                    LabelValues::Closed { values, .. } => {
                        (values.len() > 1, values.iter().all(|v| !v.text.is_empty()))
                    }
                    LabelValues::Open { max_values } => (recorded && *max_values > 1, true),
                    LabelValues::HttpStatus { .. } => (true, true),
                };
                let fact = Fact {
                    always,
                    many: several && !is_info,
                    ..Fact::default()
                };
                labels.insert(&label.name, fact);
            }
        }
    }
    if kind == Kind::Bucket {
        let bound = Fact {
            always: true,
            many: true,
            ..Fact::default()
        };
        labels.insert("le", bound);
    }
    let quantiles = kind == Kind::Plain && metric.kind == MetricType::Summary;
    if quantiles {
        let quantile = Fact {
            always: true,
            ..Fact::default()
        };
        labels.insert("quantile", quantile);
    }
    // Exporters that know no types expose buckets as plain counters.
    let with_bounds = kind == Kind::Bucket
        || kind == Kind::Plain && metric.labels.known().iter().any(|own| own.name == "le");
    // A metric of which something was reported is not judged again, and some exporters call their counters gauges.
    let nature = match (kind, metric.kind) {
        _ if metric.source == Source::Doubtful => Nature::Unknown,
        (Kind::Plain, MetricType::Gauge) if metric.name.ends_with("_total") => Nature::Unknown,
        (Kind::Bucket | Kind::Sum | Kind::Count, _) | (Kind::Plain, MetricType::Counter) => {
            Nature::Counter
        }
        (Kind::Plain, MetricType::Gauge | MetricType::Info) => Nature::Gauge,
        (Kind::Plain, MetricType::Summary) => Nature::Quantile,
        _ => Nature::Unknown,
    };
    Type {
        labels,
        dimension: match kind {
            Kind::Bucket | Kind::Count => Some(Dimension::SHARE),
            _ if metric.kind == MetricType::Info => Some(Dimension::SHARE),
            _ => Dimension::of(&metric.unit),
        },
        nature,
        values: series.values(),
        metric: Some(metric),
        buckets: (with_bounds && selector.matchers_of("le").next().is_none()).then_some(metric),
    }
}

impl Series<'_> {
    /// Whether each of them is 0 or 1.
    pub(crate) fn is_bit(self) -> bool {
        self.metric.source == Source::Runtime && BITS.contains(&self.metric.name.as_str())
    }

    /// Which values they can have. A gauge that is called a ratio may exceed 1: of several processors more than one is busy.
    pub(crate) fn values(self) -> Values {
        let Self { metric, kind } = self;
        let own = matches!(metric.source, Source::Generated | Source::Runtime);
        match (kind, metric.kind) {
            (Kind::Bucket | Kind::Count, _) | (Kind::Plain, MetricType::Counter) => Values::NATURAL,
            (Kind::Sum, _) if own && metric.buckets.first().is_some_and(|bound| *bound >= 0.0) => {
                Values::NATURAL
            }
            (Kind::Plain, MetricType::Info) => Values::exactly(1.0),
            (Kind::Plain, MetricType::Gauge) if self.is_bit() => Values::SHARE,
            (Kind::Plain, MetricType::Gauge) if metric.source == Source::Runtime => Values::NATURAL,
            _ => Values::ANY,
        }
    }
}

/// What Prometheus says of each target itself, and anything else that nobody declares.
fn automatic<'m>(selector: &'m Selector, catalogue: &'m Catalogue) -> Type<'m> {
    let job = match selector
        .matchers_of("job")
        .find(|matcher| matcher.operator == MatchOp::Equal)
    {
        Some(matcher) => catalogue.jobs.iter().find(|job| job.name == matcher.value),
        None => catalogue.jobs.first(),
    };
    let (values, dimension) = match selector.metric.as_deref() {
        Some("up") => (Values::SHARE, Some(Dimension::SHARE)),
        Some("scrape_duration_seconds") => (Values::NATURAL, Some(Dimension::SECONDS)),
        Some("scrape_samples_scraped" | "scrape_series_added") => (Values::NATURAL, None),
        Some("scrape_samples_post_metric_relabeling") => (Values::NATURAL, None),
        _ => return Type::unknown(),
    };
    Type {
        labels: job.map_or_else(LabelSet::any, |job| target_labels(job, catalogue)),
        dimension,
        nature: Nature::Gauge,
        values,
        ..Type::unknown()
    }
}

/// The labels that every target of a job has.
pub(crate) fn target_labels<'m>(job: &'m Job, catalogue: &'m Catalogue) -> LabelSet<'m> {
    let mut labels = LabelSet::default();
    let named = |name: Option<&'m str>| Fact {
        always: true,
        pinned: name,
        ..Fact::default()
    };
    for label in &catalogue.service.identity {
        labels.insert(label, Fact::default());
    }
    if let Some(scrape) = &job.scrape {
        for rule in &scrape.relabelling {
            if let Relabelling::Copy(_, label) = rule {
                labels.insert(label, named(None));
            }
        }
        for (label, value) in &scrape.labels {
            labels.insert(label, named(Some(value)));
        }
    }
    labels.insert("instance", named(None));
    labels.insert("job", named(Some(&job.name)));
    if let Some((label, namespace)) = job.namespace_label() {
        labels.insert(label, named(Some(namespace)));
    }
    if let Some(Discovery::Operator) = job.scrape.as_ref().map(|scrape| &scrape.discovery) {
        for label in TARGET_LABELS {
            labels.insert(label, Fact::default());
        }
    }
    // Files bring labels of their own, relabelling makes some, and so does whoever else scrapes an exporter.
    labels.open = match &job.scrape {
        None => !std::ptr::eq(job, catalogue.own_job()),
        Some(scrape) => {
            let relabels = |(key, _): &(String, _)| RELABELLING.contains(&key.as_str());
            matches!(scrape.discovery, Discovery::File(_)) || scrape.extra.iter().any(relabels)
        }
    };
    labels
}
