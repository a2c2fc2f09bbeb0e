//! A model with every kind of panel, made by hand.

use std::time::Duration;

use monospec::artifacts::Mark;
use monospec::model::catalogue::{Job, Labels, Metric, MetricType, Names, Server, Service, Source};
use monospec::model::monitoring::{
    Content, Dashboard, Monitoring, Panel, PanelQuery, PanelType, Row, Severity, Threshold,
    Variable,
};
use monospec::model::{Catalogue, Model, Outputs, Unit};
use monospec::promql;
use monospec::spec::Place;

/// A model with these dashboards.
pub(crate) fn model(dashboards: Vec<Dashboard>) -> Model {
    let job = |name: &str, seconds| Job {
        name: name.to_owned(),
        interval: Duration::from_secs(seconds),
        scrape: None,
        namespace: None,
        origin: Place::root(),
    };
    let metrics = vec![
        metric("http_requests_total", MetricType::Counter, 0),
        metric("http_request_duration_seconds", MetricType::Histogram, 0),
        metric("minio_cluster_drives", MetricType::Gauge, 1),
    ];
    Model {
        environment: None,
        catalogue: Catalogue {
            service: Service {
                name: "svetu-backend".to_owned(),
                description: None,
                owner: None,
                runbook_url: None,
                grafana_url: None,
                namespace: None,
                identity: vec!["job".to_owned()],
            },
            jobs: vec![job("svetu-backend", 10), job("minio", 15)],
            names: Names::of(&metrics),
            metrics,
            server: Server {
                external_url: None,
                version: (2, 42),
                evaluation_interval: Duration::from_secs(15),
                external_labels: Vec::new(),
                alertmanagers: Vec::new(),
                extra: Vec::new(),
            },
            http: None,
            flags: Vec::new(),
            health: None,
        },
        kubernetes: None,
        monitoring: Monitoring {
            dashboards,
            ..Monitoring::default()
        },
        outputs: Outputs {
            grafana: Some("generated/grafana/{dashboard}.json".to_owned()),
            ..Outputs::default()
        },
        mark: Mark {
            spec: "spec/monospec.yaml".to_owned(),
        },
    }
}

fn metric(name: &str, kind: MetricType, job: usize) -> Metric {
    Metric {
        name: name.to_owned(),
        kind,
        help: String::new(),
        unit: Unit::of_name(name),
        labels: Labels::Any,
        buckets: Vec::new(),
        limit: None,
        max_series: None,
        renamed_from: None,
        source: Source::External,
        job,
        method: name.to_owned(),
        allow: Vec::new(),
        origin: Place::root(),
    }
}

/// The dashboard of the example: every kind of panel, several rows.
pub(crate) fn overview() -> Dashboard {
    let requests = || {
        let expr = "sum by (job) (rate(http_requests_total[$__rate_interval]))";
        query("request_rate", expr, "/s").legend("requests")
    };
    let errors = || {
        let expr = r#"topk(10, sum by (endpoint) (rate(http_requests_total{status=~"5.."}[$__rate_interval])) / sum by (endpoint) (rate(http_requests_total[$__rate_interval])))"#;
        query("error_ratio", expr, "ratio")
            .legend("{{endpoint}}")
            .range(0.0, 1.0)
            .threshold(0.05, Severity::Critical)
    };
    let p95 = || {
        let expr = "histogram_quantile(0.95, sum by (job, le) (rate(http_request_duration_seconds_bucket[$__rate_interval])))";
        query("latency_p95", expr, "seconds")
            .legend("p95")
            .min(0.0)
            .threshold(0.5, Severity::Warning)
            .threshold(1.0, Severity::Critical)
    };
    let hits = || {
        let expr = r#"sum(rate(cache_operations_total{result="hit"}[$__rate_interval])) / sum(rate(cache_operations_total[$__rate_interval]))"#;
        query("cache_hit_ratio", expr, "ratio")
            .legend("hit ratio")
            .range(0.0, 1.0)
            .threshold(0.5, Severity::Warning)
            .threshold(0.2, Severity::Critical)
            .below()
    };
    let connections = || {
        query(
            "database_connections_active",
            "database_connections_active",
            "",
        )
        .legend("{{instance}}")
        .range(0.0, 100.0)
        .threshold(90.0, Severity::Critical)
    };
    let flags =
        query("flag_status", "feature_flag_status{enabled=\"true\"}", "").legend("{{flag_name}}");
    let health = query("health_status", "health_check_status", "").legend("{{check}}");
    let memory = query("memory", "process_resident_memory_bytes", "bytes").legend("{{instance}}");
    let states = |query: Query, on: &str, off: &str, off_is_bad| Content::States {
        query: Box::new(query.0),
        on: on.to_owned(),
        off: off.to_owned(),
        off_is_bad,
    };
    Dashboard {
        key: "overview".to_owned(),
        uid: "svetu-backend-overview".to_owned(),
        title: "Svetu backend".to_owned(),
        description: "The service at a glance.".to_owned(),
        variables: vec![
            variable("endpoint", "http_request_duration_seconds"),
            variable("method", "http_requests_total"),
            variable("drive", "minio_cluster_drives"),
        ],
        rows: vec![
            row(
                "State",
                vec![
                    panel("Firing Alerts", Content::Alerts),
                    panel("Feature Flags Status", states(flags, "On", "Off", false)),
                    panel(
                        "Service Health Status",
                        states(health, "Healthy", "Unhealthy", true),
                    ),
                ],
            ),
            row(
                "Traffic",
                vec![
                    panel("Request Rate & Duration", lines(vec![requests(), p95()])),
                    panel("Error Rate by Endpoint", lines(vec![errors()])),
                    panel("Request Rate", lines(vec![requests()])),
                    panel("Requests Now", series(PanelType::Stat, vec![requests()])),
                    panel("Latency Now", series(PanelType::Stat, vec![p95()])),
                    panel("Both Now", series(PanelType::Stat, vec![requests(), p95()])),
                ],
            ),
            row(
                "Stores",
                vec![
                    panel("Cache Hit Rate", lines(vec![hits()])),
                    panel(
                        "Database Connections",
                        series(PanelType::Gauge, vec![connections()]),
                    ),
                    panel("Connections Over Time", lines(vec![connections()])),
                    panel("Memory", lines(vec![memory])),
                ],
            ),
        ],
        origin: Place::root(),
    }
}

/// A dashboard with one panel.
pub(crate) fn single(content: Content) -> Dashboard {
    Dashboard {
        rows: vec![row("Row", vec![panel("Panel", content)])],
        ..overview()
    }
}

/// Lines over time.
pub(crate) fn lines(queries: Vec<Query>) -> Content {
    series(PanelType::Timeseries, queries)
}

pub(crate) fn series(kind: PanelType, queries: Vec<Query>) -> Content {
    Content::Series {
        kind,
        stacked: false,
        queries: queries.into_iter().map(|query| query.0).collect(),
    }
}

fn variable(label: &str, metric: &str) -> Variable {
    Variable {
        label: label.to_owned(),
        metric: metric.to_owned(),
    }
}

fn row(title: &str, panels: Vec<Panel>) -> Row {
    Row {
        title: title.to_owned(),
        id: id(title) + 1_000_000,
        collapsed: false,
        panels,
    }
}

fn panel(title: &str, content: Content) -> Panel {
    Panel {
        key: title.to_owned(),
        id: id(title),
        title: title.to_owned(),
        description: format!("What {title} shows."),
        content,
        width: None,
        height: None,
        origin: Place::root(),
    }
}

/// A number from a title; the real ids are hashes.
fn id(title: &str) -> u32 {
    title
        .bytes()
        .fold(1, |id, byte| (id * 31 + u32::from(byte)) % 999_983)
}

/// A panel's query, made step by step.
pub(crate) struct Query(PanelQuery);

pub(crate) fn query(signal: &str, expr: &str, unit: &str) -> Query {
    let mut query = promql::parse(expr).expect(expr).query;
    query.visit_selectors_mut(&mut |selector| {
        for (label, value) in [("job", "$job"), ("instance", "$instance")] {
            let matcher = promql::Matcher::new(label, promql::MatchOp::Regex, value);
            selector.matchers.push(matcher);
        }
    });
    Query(PanelQuery {
        signal: signal.to_owned(),
        query,
        legend: signal.to_owned(),
        unit: Unit::named(unit),
        interval: Duration::from_secs(10),
        min: None,
        max: None,
        thresholds: Vec::new(),
        bad_below: false,
    })
}

impl From<Query> for PanelQuery {
    fn from(query: Query) -> Self {
        query.0
    }
}

impl Query {
    pub(crate) fn legend(mut self, legend: &str) -> Self {
        self.0.legend = legend.to_owned();
        self
    }

    pub(crate) fn min(mut self, min: f64) -> Self {
        self.0.min = Some(min);
        self
    }

    pub(crate) fn range(mut self, min: f64, max: f64) -> Self {
        (self.0.min, self.0.max) = (Some(min), Some(max));
        self
    }

    pub(crate) fn threshold(mut self, value: f64, severity: Severity) -> Self {
        self.0.thresholds.push(Threshold { value, severity });
        self
    }

    pub(crate) fn below(mut self) -> Self {
        self.0.bad_below = true;
        self
    }
}
