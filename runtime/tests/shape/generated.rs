//! Written by hand in the form in which code is generated: enums for closed labels, metrics as methods, flags, and the
//! trait of the health checks. It stands on `codegen::v1` and nothing else.

#[rustfmt::skip]
// In a program nothing is reachable from outside, and this file may be called like the module in it.
#[allow(unreachable_pub, clippy::module_inception)]
mod generated {
    use ::monospec_runtime::codegen::v1;

    /// The method of a request.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum Method { Get, Post, Other }

    impl Method {
        /// Every value, in the order of the spec.
        pub const ALL: &'static [Self] = &[Self::Get, Self::Post, Self::Other];

        /// The value of the label.
        pub const fn as_str(self) -> &'static str {
            match self { Self::Get => "GET", Self::Post => "POST", Self::Other => "_OTHER" }
        }
    }

    impl ::core::convert::From<&str> for Method {
        fn from(text: &str) -> Self {
            match text { "GET" => Self::Get, "POST" => Self::Post, _ => Self::Other }
        }
    }

    /// The label `operation` of `cache_operations_total`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum CacheOperationsOperation { Get, Set, Delete }

    impl CacheOperationsOperation {
        /// Every value, in the order of the spec.
        pub const ALL: &'static [Self] = &[Self::Get, Self::Set, Self::Delete];

        /// The value of the label.
        pub const fn as_str(self) -> &'static str {
            match self { Self::Get => "get", Self::Set => "set", Self::Delete => "delete" }
        }
    }

    impl ::core::str::FromStr for CacheOperationsOperation {
        type Err = v1::UnknownLabelValue;

        fn from_str(text: &str) -> ::core::result::Result<Self, Self::Err> {
            match text {
                "get" => Ok(Self::Get),
                "set" => Ok(Self::Set),
                "delete" => Ok(Self::Delete),
                _ => Err(v1::UnknownLabelValue::new("operation")),
            }
        }
    }

    /// The label `result` of `cache_operations_total`.
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub enum CacheOperationsResult { Hit, Miss }

    /// The open labels of `outbound_calls_total`.
    #[derive(Clone, Copy, Debug)]
    pub struct OutboundCallsLabels<'a> {
        /// The label `host`.
        pub host: &'a str,
        /// The label `operation`.
        pub operation: &'a str,
    }

    /// The metrics of the service.
    #[derive(Debug)]
    pub struct Metrics {
        registry: v1::Registry,
        cache_operations_total: v1::CounterFamily,
        http_requests_total: v1::CounterFamily,
        http_request_duration_seconds: v1::HistogramFamily,
        http_responses_total: v1::CounterFamily,
        outbound_calls_total: v1::CounterFamily,
        database_connections_active: v1::GaugeFamily,
        queue_length: v1::GaugeFamily,
        gc_pause_seconds_total: v1::FloatCounterFamily,
        build_info: v1::InfoFamily,
    }

    impl Metrics {
        /// Metrics of their own, all at 0.
        pub fn new() -> Self {
            let registry = v1::Registry::new();
            let endpoint = registry.open_label(3);
            let host = registry.open_label(100);
            let outbound_calls_operation = registry.open_label(100);
            let build_info_version = registry.open_label(100);
            Self {
                cache_operations_total: registry.counter(v1::Descriptor::new("cache_operations_total", "Cache operations.")
                    .labels(&[v1::Label::closed("operation", &["get", "set", "delete"]), v1::Label::closed("result", &["hit", "miss"])])),
                http_requests_total: registry.counter(v1::Descriptor::new("http_requests_total", "HTTP requests answered.")
                    .labels(&[
                        v1::Label::closed("method", &["GET", "POST", "_OTHER"]), v1::Label::open("endpoint", &endpoint),
                        v1::Label::http_status("status", &[200, 404, 500, 502, 503, 504]),
                    ])),
                http_request_duration_seconds: registry.histogram(v1::Descriptor::new("http_request_duration_seconds", "Time to answer an HTTP request.").unit("seconds")
                    .labels(&[v1::Label::closed("method", &["GET", "POST", "_OTHER"]), v1::Label::open("endpoint", &endpoint)]), &[0.005, 0.1, 1.0]),
                http_responses_total: registry.counter(v1::Descriptor::new("http_responses_total", "Responses by status.")
                    .labels(&[v1::Label::http_status("status", &[200, 500])])),
                outbound_calls_total: registry.counter(v1::Descriptor::new("outbound_calls_total", "Calls to others.").max_series(3)
                    .labels(&[v1::Label::open("host", &host), v1::Label::open("operation", &outbound_calls_operation)])),
                database_connections_active: registry.gauge(v1::Descriptor::new("database_connections_active", "Connections in use.").former_name("db_connections")),
                queue_length: registry.gauge(v1::Descriptor::new("queue_length", "Jobs that wait.")
                    .labels(&[v1::Label::open("host", &host)])),
                gc_pause_seconds_total: registry.float_counter(v1::Descriptor::new("gc_pause_seconds_total", "Time in pauses.").unit("seconds")),
                build_info: registry.info(v1::Descriptor::new("build_info", "What is running.")
                    .labels(&[v1::Label::open("version", &build_info_version)])),
                registry,
            }
        }

        /// Cache operations.
        pub fn cache_operations_total(&self, operation: CacheOperationsOperation, result: CacheOperationsResult) -> v1::Counter<'_> {
            self.cache_operations_total.closed(operation as usize * 2 + result as usize)
        }

        /// HTTP requests answered.
        pub fn http_requests_total(&self, method: Method, endpoint: &str, status: v1::HttpStatus) -> v1::Counter<'_> {
            self.http_requests_total.open_status(method as usize, &[endpoint], status)
        }

        /// Time to answer an HTTP request.
        pub fn http_request_duration_seconds(&self, method: Method, endpoint: &str) -> v1::Histogram<'_> {
            self.http_request_duration_seconds.open(method as usize, &[endpoint])
        }

        /// Responses by status.
        pub fn http_responses_total(&self, status: v1::HttpStatus) -> v1::Counter<'_> {
            self.http_responses_total.status(0, status)
        }

        /// Calls to others.
        pub fn outbound_calls_total(&self, labels: OutboundCallsLabels<'_>) -> v1::Counter<'_> {
            self.outbound_calls_total.open(0, &[labels.host, labels.operation])
        }

        /// Connections in use.
        pub fn database_connections_active(&self) -> v1::Gauge<'_> {
            self.database_connections_active.closed(0)
        }

        /// Jobs that wait.
        pub fn queue_length(&self, host: &str) -> v1::Gauge<'_> {
            self.queue_length.open(0, &[host])
        }

        /// Time in pauses.
        pub fn gc_pause_seconds_total(&self) -> v1::FloatCounter<'_> {
            self.gc_pause_seconds_total.closed(0)
        }

        /// What is running.
        pub fn build_info(&self, version: &str) -> v1::Info<'_> {
            self.build_info.open(0, &[version])
        }

        /// All metrics in the text format of Prometheus.
        pub fn encode_text(&self) -> ::std::string::String {
            self.registry.encode_text()
        }

        /// The answer to a scrape.
        pub fn scrape(&self, accept: ::core::option::Option<&str>, accept_encoding: ::core::option::Option<&str>) -> v1::Exposition {
            self.registry.scrape(accept, accept_encoding)
        }

        /// Exposes the metrics of the process too.
        pub fn process_metrics(&self) {
            self.registry.process_metrics();
        }
    }

    impl ::core::default::Default for Metrics {
        fn default() -> Self { Self::new() }
    }

    const FLAGS: &[v1::Flag] = &[
        v1::Flag::new("USE_UNIFIED_ATTRIBUTES", true),
        v1::Flag::new("DUAL_WRITE_ATTRIBUTES", false),
    ];

    /// The feature flags.
    #[derive(Clone, Debug)]
    pub struct Flags { flags: v1::Flags }

    impl Flags {
        /// The flags as the environment says.
        pub fn from_env(metrics: &Metrics) -> Self {
            Self { flags: v1::Flags::from_env(&metrics.registry, FLAGS) }
        }

        /// The flags as `source` says.
        pub fn from_source(metrics: &Metrics, source: impl FnMut(&str) -> ::core::option::Option<::std::string::String>) -> Self {
            Self { flags: v1::Flags::from_source(&metrics.registry, FLAGS, source) }
        }

        /// The flags as the spec says.
        pub fn with_defaults(metrics: &Metrics) -> Self {
            Self { flags: v1::Flags::with_defaults(&metrics.registry, FLAGS) }
        }

        /// Serve unified attributes.
        pub fn use_unified_attributes(&self) -> bool { self.flags.get(0) }

        /// Turns `USE_UNIFIED_ATTRIBUTES` on or off.
        pub fn set_use_unified_attributes(&self, enabled: bool) { self.flags.set(0, enabled); }

        /// Write both forms of attributes.
        pub fn dual_write_attributes(&self) -> bool { self.flags.get(1) }

        /// All of them, by name.
        pub fn all(&self) -> &v1::Flags { &self.flags }
    }

    /// The health checks of the service.
    #[cfg(feature = "health")]
    pub trait HealthChecks: Send + Sync + 'static {
        /// The check `database`, which is critical.
        fn database(&self) -> impl ::core::future::Future<Output = v1::CheckResult> + Send;

        /// The check `opensearch`.
        fn opensearch(&self) -> impl ::core::future::Future<Output = v1::CheckResult> + Send;
    }

    /// Starts the checks on the current tokio runtime.
    #[cfg(feature = "health")]
    pub fn start_health<C: HealthChecks>(metrics: &Metrics, checks: C) -> v1::Health {
        let checks = ::std::sync::Arc::new(checks);
        v1::HealthBuilder::new(&metrics.registry)
            .check(
                v1::Check::new("database", ::core::time::Duration::from_millis(15_000), ::core::time::Duration::from_millis(2_000))
                    .critical().failure_threshold(3).success_threshold(1),
                { let checks = checks.clone(); move || { let checks = checks.clone(); async move { checks.database().await } } },
            )
            .check(
                v1::Check::new("opensearch", ::core::time::Duration::from_millis(15_000), ::core::time::Duration::from_millis(2_000))
                    .failure_threshold(1).success_threshold(1),
                { let checks = checks.clone(); move || { let checks = checks.clone(); async move { checks.opensearch().await } } },
            )
            .start()
    }
}

#[allow(unreachable_pub)]
pub use generated::*;
