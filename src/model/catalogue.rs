//! What exists: the service, its jobs, metrics, flags and health checks.

use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use crate::model::{Unit, names};
use crate::spec::Place;
pub use crate::spec::document::{
    Auth, Dns, DnsRecord, Kubernetes, KubernetesRole, MetricType, Scheme, Tls, Yaml,
};

/// [Where Prometheus asks](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config) unless it is told
/// another path.
pub(crate) const METRICS_PATH: &str = "/metrics";

/// How often jobs are scraped and rules evaluated. Prometheus' own default is a minute; a service of one's own is looked at more often.
pub(crate) const INTERVAL: Duration = Duration::from_secs(15);

/// How long a scrape may take: [Prometheus' own default](https://prometheus.io/docs/prometheus/latest/configuration/configuration/).
pub(crate) const SCRAPE_TIMEOUT: Duration = Duration::from_secs(10);

/// The oldest Prometheus that monospec writes for: that of Debian 12.
pub(crate) const OLDEST_VERSION: (u32, u32) = (2, 42);

/// Everything that exists and can be named. No PromQL, and all that Rust code needs.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Catalogue {
    /// Who is monitored.
    pub service: Service,
    /// Scrape jobs: the service's own first, then the exporters'.
    pub jobs: Vec<Job>,
    /// Every metric: the service's own in written order, those of the runtime, then the exporters'.
    pub metrics: Vec<Metric>,
    /// The metrics that the HTTP middleware feeds.
    pub http: Option<Http>,
    /// Feature flags in written order.
    pub flags: Vec<Flag>,
    /// Health endpoints and checks.
    pub health: Option<Health>,
    /// The Prometheus server.
    pub server: Server,
    /// Metrics by every name under which series of them are exposed.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub names: Names,
}

/// Metrics by every name under which series of them are exposed.
#[derive(Clone, Debug, Default)]
pub struct Names(HashMap<String, Vec<Named>>);

impl Names {
    /// The names of these metrics: each its own, its former one, and those of a histogram's series.
    pub fn of(metrics: &[Metric]) -> Self {
        let mut names: HashMap<String, Vec<Named>> = HashMap::with_capacity(metrics.len());
        for (index, metric) in metrics.iter().enumerate() {
            let kinds: &[Series] = match metric.kind {
                MetricType::Histogram => {
                    &[Series::Family, Series::Bucket, Series::Sum, Series::Count]
                }
                MetricType::Summary => &[Series::Plain, Series::Sum, Series::Count],
                _ => &[Series::Plain],
            };
            for name in std::iter::once(&metric.name).chain(&metric.renamed_from) {
                for series in kinds {
                    let named = Named {
                        metric: index,
                        series: *series,
                    };
                    let name = format!("{name}{}", series.suffix());
                    names.entry(name).or_default().push(named);
                }
            }
        }
        Self(names)
    }

    /// The metrics behind a name, those of the service first.
    pub fn get(&self, name: &str) -> &[Named] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Every name and what is behind it, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[Named])> {
        self.0
            .iter()
            .map(|(name, named)| (name.as_str(), named.as_slice()))
    }
}

/// A metric behind a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Named {
    /// The index in [`Catalogue::metrics`].
    pub metric: usize,
    /// Which of its series have this name.
    pub series: Series,
}

/// The series of a metric that share a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub enum Series {
    /// The metric's own name.
    Plain,
    /// `_bucket` of a histogram, with the label `le`.
    Bucket,
    /// `_sum` of a histogram or summary.
    Sum,
    /// `_count` of a histogram or summary.
    Count,
    /// The name of a histogram as a whole, which no series has.
    Family,
}

impl Series {
    /// What the name of these series adds to the metric's.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Plain | Self::Family => "",
            Self::Bucket => "_bucket",
            Self::Sum => "_sum",
            Self::Count => "_count",
        }
    }
}

/// The Prometheus server.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Server {
    /// The oldest version that has to understand the artefacts: major and minor.
    pub version: (u32, u32),
    /// Where people reach it, without a slash at its end.
    pub external_url: Option<String>,
    /// How often rules are evaluated.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::time"))]
    pub evaluation_interval: Duration,
    /// Labels that it adds to what it sends elsewhere.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::pairs"))]
    pub external_labels: Vec<(String, String)>,
    /// Addresses of Alertmanagers.
    pub alertmanagers: Vec<String>,
    /// Further keys of prometheus.yml.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::pairs"))]
    pub extra: Vec<(String, Yaml)>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            version: OLDEST_VERSION,
            external_url: None,
            evaluation_interval: INTERVAL,
            external_labels: Vec::new(),
            alertmanagers: Vec::new(),
            extra: Vec::new(),
        }
    }
}

/// Who is monitored.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Service {
    /// Its name; the name of its job.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// The team that owns it.
    pub owner: Option<String>,
    /// Where runbooks are, with `{alert}`.
    pub runbook_url: Option<String>,
    /// Grafana's address, without a slash at its end.
    pub grafana_url: Option<String>,
    /// Its namespace in Kubernetes, a label of its alerts.
    pub namespace: Option<String>,
    /// The target labels that every aggregation keeps.
    pub identity: Vec<String>,
}

/// A scrape job.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Job {
    /// Its name, the label `job` of its series.
    pub name: String,
    /// How often it is scraped.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::time"))]
    pub interval: Duration,
    /// How its targets are found and scraped; nothing if somebody else does.
    pub scrape: Option<Scrape>,
    /// The namespace in Kubernetes that all of its targets have as a label; nothing if there are several, or nobody knows.
    pub namespace: Option<String>,
    /// Where it is declared.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub origin: Place,
}

/// How targets are found and scraped.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Scrape {
    /// How they are found.
    pub discovery: Discovery,
    /// How long a scrape may take.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::time"))]
    pub timeout: Duration,
    /// The path of the metrics.
    pub path: String,
    /// `http` or `https`.
    pub scheme: Scheme,
    /// What is made of what discovery tells about a target, before its static labels.
    #[cfg_attr(feature = "monitoring", serde(skip_serializing_if = "Vec::is_empty"))]
    pub relabelling: Vec<Relabelling>,
    /// Static labels of the targets.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::pairs"))]
    pub labels: Vec<(String, String)>,
    /// Certificates.
    pub tls: Option<Tls>,
    /// Credentials.
    pub auth: Option<Auth>,
    /// Further keys of the job.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::pairs"))]
    pub extra: Vec<(String, Yaml)>,
}

impl Scrape {
    /// By an object of the Prometheus operator alone, with nothing said about it.
    pub(crate) fn by_operator() -> Self {
        Self {
            discovery: Discovery::Operator,
            timeout: SCRAPE_TIMEOUT,
            path: METRICS_PATH.to_owned(),
            scheme: Scheme::Http,
            relabelling: Vec::new(),
            labels: Vec::new(),
            tls: None,
            auth: None,
            extra: Vec::new(),
        }
    }
}

/// How targets are found.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub enum Discovery {
    /// By address.
    Static(Vec<String>),
    /// By DNS.
    Dns(Dns),
    /// In files.
    File(Vec<String>),
    /// Through the Kubernetes API.
    Kubernetes(Kubernetes),
    /// By an object of the Prometheus operator alone.
    Operator,
}

/// A rule about what discovery [tells](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#kubernetes_sd_config)
/// about a target in a label `__meta_…`.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub enum Relabelling {
    /// Only targets that have this value there are scraped.
    Keep(&'static str, String),
    /// The series have that value, too, in the second label.
    Copy(&'static str, &'static str),
}

/// A family of series.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Metric {
    /// The name under which it is exposed.
    pub name: String,
    /// What it is.
    pub kind: MetricType,
    /// What it tells.
    pub help: String,
    /// What its numbers measure.
    pub unit: Unit,
    /// Its own labels, in written order.
    pub labels: Labels,
    /// Upper bounds of a histogram, ascending, without infinity.
    pub buckets: Vec<f64>,
    /// How large a gauge can get.
    pub limit: Option<Limit>,
    /// How many series it may have.
    pub max_series: Option<usize>,
    /// A former name under which it is exposed too.
    pub renamed_from: Option<String>,
    /// Who records it.
    pub source: Source,
    /// The index of its job in [`Catalogue::jobs`].
    pub job: usize,
    /// The method of the generated code, such as `http_requests_total` or `r#type`.
    pub method: String,
    /// Lints that do not apply to it.
    pub allow: Vec<String>,
    /// Where it is declared.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub origin: Place,
}

/// Who records a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub enum Source {
    /// The generated code.
    Generated,
    /// The runtime, because of `flags:` or `health:`.
    Runtime,
    /// Something else in the service.
    External,
    /// Another job.
    Exporter,
    /// Who knows: something of its declaration was reported, and only what else is certain is here.
    Doubtful,
}

/// The labels of a metric.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub enum Labels {
    /// Whatever the exporter sends.
    Any,
    /// These.
    Known(Vec<Rc<Label>>),
}

/// A label. Metrics that share a definition share this.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Label {
    /// Its name in the exposition.
    pub name: String,
    /// What it tells.
    pub help: Option<String>,
    /// What it can be.
    pub values: Values,
    /// The key of a shared definition.
    pub key: Option<String>,
    /// The enum of the generated code, such as `CacheOperationsResult`.
    pub type_name: String,
    /// The argument of the generated methods, such as `operation` or `r#type`.
    pub argument: String,
    /// Where it is defined.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub origin: Place,
}

/// What a label can be.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub enum Values {
    /// One of these; `other` stands for every other value, and is the last of them.
    Closed {
        /// The values, in written order.
        values: Vec<Value>,
        /// Whether the last one stands for every other.
        other: bool,
    },
    /// Anything, up to so many.
    Open {
        /// How many values are told apart.
        max_values: usize,
    },
    /// A status code of HTTP.
    HttpStatus {
        /// The codes whose series exist from the start.
        start: Vec<u16>,
    },
}

/// A value of a closed label.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Value {
    /// As it is exposed.
    pub text: String,
    /// The variant of the generated code.
    pub variant: String,
}

/// How large a gauge can get.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub enum Limit {
    /// A number in the gauge's unit, and as it is written.
    Number(f64, String),
    /// The name of another gauge of the same job and labels.
    Gauge(String),
}

/// The metrics that the HTTP middleware feeds, by index in [`Catalogue::metrics`], and their labels by name.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Http {
    /// Answered requests.
    pub requests: usize,
    /// Time to answer.
    pub duration: Option<usize>,
    /// Requests being answered.
    pub in_flight: Option<usize>,
    /// The label of the method.
    pub method: String,
    /// The label of the matched route.
    pub route: String,
    /// The label of the status code.
    pub status: String,
    /// Where it is declared.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub origin: Place,
}

/// A feature flag.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Flag {
    /// Its name, and the environment variable that sets it.
    pub name: String,
    /// The method of the generated code, such as `use_unified_attributes`.
    pub method: String,
    /// Its value unless the environment says otherwise.
    pub default: bool,
    /// What it switches.
    pub help: String,
    /// Who may remove it.
    pub owner: Option<String>,
    /// The day from which it should be gone, `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// Lints that do not apply to it.
    pub allow: Vec<String>,
    /// Where it is declared.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub origin: Place,
}

/// Health endpoints and checks.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Health {
    /// The path of the liveness probe.
    pub live: String,
    /// The path of the readiness probe.
    pub ready: String,
    /// With what they are asked from outside, unless the system's authorities vouch for the service.
    pub tls: Option<Tls>,
    /// The checks, in written order.
    pub checks: Vec<Check>,
}

/// A health check.
#[derive(Clone, Debug)]
#[cfg_attr(feature = "monitoring", derive(serde::Serialize))]
pub struct Check {
    /// Its name in the exposition and in answers.
    pub name: String,
    /// The method of the generated trait.
    pub method: String,
    /// Whether the service is not ready without it.
    pub critical: bool,
    /// What is checked.
    pub help: Option<String>,
    /// How often it runs.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::time"))]
    pub interval: Duration,
    /// How long it may take.
    #[cfg_attr(feature = "monitoring", serde(serialize_with = "super::json::time"))]
    pub timeout: Duration,
    /// Failures in a row until it counts as unhealthy.
    pub failure_threshold: u32,
    /// Successes in a row until it counts as healthy again.
    pub success_threshold: u32,
    /// Where it is declared.
    #[cfg_attr(feature = "monitoring", serde(skip))]
    pub origin: Place,
}

impl Catalogue {
    /// The metrics behind a name, those of the service first: its own name, its former one, or that of a histogram's series.
    pub fn named(&self, name: &str) -> &[Named] {
        self.names.get(name)
    }

    /// Every name under which series are exposed, in no order.
    pub fn series_names(&self) -> impl Iterator<Item = &str> {
        let names = self.names.iter().map(|(name, _)| name);
        names.filter(|name| names::is_metric_name(name))
    }

    /// The service's own job.
    pub fn own_job(&self) -> &Job {
        &self.jobs[0]
    }

    /// The path under which the service answers to scrapes: the same in all environments, even where only some are scraped.
    pub fn metrics_path(&self) -> &str {
        let scrape = self.own_job().scrape.as_ref();
        scrape.map_or(METRICS_PATH, |scrape| scrape.path.as_str())
    }

    /// The metrics for which code is generated.
    pub fn generated(&self) -> impl Iterator<Item = &Metric> {
        self.metrics
            .iter()
            .filter(|m| m.source == Source::Generated)
    }
}

impl Service {
    /// Whether aggregations keep this label of targets.
    pub fn keeps(&self, label: &str) -> bool {
        self.identity.iter().any(|kept| kept == label)
    }
}

#[cfg(feature = "monitoring")]
impl Scrape {
    /// Whether a label of a series stays where its target has one of that name.
    pub(crate) fn honours_labels(&self) -> bool {
        let honours = ("honor_labels".to_owned(), Yaml::Bool(true));
        self.extra.contains(&honours)
    }
}

impl Labels {
    /// The labels, if they are known.
    pub fn known(&self) -> &[Rc<Label>] {
        match self {
            Self::Any => &[],
            Self::Known(labels) => labels,
        }
    }
}

impl Metric {
    /// The struct in which the generated method takes its labels: there is one if the order of arguments could be mistaken,
    /// that is, if there are two or more open labels.
    pub fn labels_type(&self) -> Option<String> {
        let open = |label: &&Rc<Label>| matches!(label.values, Values::Open { .. });
        (self.labels.known().iter().filter(open).count() > 1)
            .then(|| names::upper_camel(names::stem(&self.name)) + "Labels")
    }

    /// How many series of the closed labels exist for each combination of open values: buckets, sum and count included.
    pub fn closed_series(&self) -> u64 {
        let combinations = self
            .labels
            .known()
            .iter()
            .map(|label| match &label.values {
                Values::Closed { values, .. } => values.len() as u64,
                Values::HttpStatus { start } => start.len() as u64,
                Values::Open { .. } => 1,
            })
            .fold(1, u64::saturating_mul);
        let each = match self.kind {
            MetricType::Histogram => self.buckets.len() as u64 + 3,
            _ => 1,
        };
        combinations.saturating_mul(each)
    }
}
