//! What a scrape reads, to the letter.

use monospec_runtime::codegen::v1;
use monospec_runtime::{HttpStatus, TEXT_CONTENT_TYPE};

use crate::generated::{CacheOperationsOperation, CacheOperationsResult, Method, Metrics};
use crate::{lines, value};

#[test]
fn everything_closed_is_there_from_the_start() {
    let expected = r#"# HELP cache_operations_total Cache operations.
# TYPE cache_operations_total counter
cache_operations_total{operation="get",result="hit"} 0
cache_operations_total{operation="get",result="miss"} 0
cache_operations_total{operation="set",result="hit"} 0
cache_operations_total{operation="set",result="miss"} 0
cache_operations_total{operation="delete",result="hit"} 0
cache_operations_total{operation="delete",result="miss"} 0
# HELP http_responses_total Responses by status.
# TYPE http_responses_total counter
http_responses_total{status="200"} 0
http_responses_total{status="500"} 0
# HELP database_connections_active Connections in use.
# TYPE database_connections_active gauge
database_connections_active 0
# HELP db_connections Connections in use.
# TYPE db_connections gauge
db_connections 0
# HELP gc_pause_seconds_total Time in pauses.
# TYPE gc_pause_seconds_total counter
gc_pause_seconds_total 0
# HELP monospec_label_overflow_total Label values recorded as _other because a bound was reached.
# TYPE monospec_label_overflow_total counter
monospec_label_overflow_total{label="endpoint"} 0
monospec_label_overflow_total{label="host"} 0
monospec_label_overflow_total{label="operation"} 0
monospec_label_overflow_total{label="version"} 0
"#;
    assert_eq!(Metrics::new().encode_text(), expected);
    assert_eq!(
        TEXT_CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8"
    );
}

#[test]
fn an_open_value_brings_all_its_series() {
    let metrics = Metrics::new();
    // Merely obtained.
    let _ = metrics.http_requests_total(Method::Get, "/items/{id}", HttpStatus(200));
    let _ = metrics.http_request_duration_seconds(Method::Post, "/");
    let text = metrics.encode_text();
    let mut expected = Vec::new();
    for method in Method::ALL {
        for status in [200, 404, 500, 502, 503, 504] {
            let method = method.as_str();
            expected.push(format!(
                r#"http_requests_total{{method="{method}",endpoint="/items/{{id}}",status="{status}"}} 0"#
            ));
        }
    }
    assert_eq!(lines(&text, "http_requests_total"), expected);
    let histogram = r#"http_request_duration_seconds_bucket{method="GET",endpoint="/",le="0.005"} 0
http_request_duration_seconds_bucket{method="GET",endpoint="/",le="0.1"} 0
http_request_duration_seconds_bucket{method="GET",endpoint="/",le="1"} 0
http_request_duration_seconds_bucket{method="GET",endpoint="/",le="+Inf"} 0
http_request_duration_seconds_sum{method="GET",endpoint="/"} 0
http_request_duration_seconds_count{method="GET",endpoint="/"} 0
http_request_duration_seconds_bucket{method="POST",endpoint="/",le="0.005"} 0
"#;
    assert!(text.contains(histogram), "{text}");
}

#[test]
fn histograms_are_cumulative() {
    let metrics = Metrics::new();
    for value in [0.005, 0.05, 0.5, 0.75, 5.0, f64::NAN] {
        metrics
            .http_request_duration_seconds(Method::Other, "/")
            .observe(value);
    }
    let expected = r#"http_request_duration_seconds_bucket{method="_OTHER",endpoint="/",le="0.005"} 1
http_request_duration_seconds_bucket{method="_OTHER",endpoint="/",le="0.1"} 2
http_request_duration_seconds_bucket{method="_OTHER",endpoint="/",le="1"} 4
http_request_duration_seconds_bucket{method="_OTHER",endpoint="/",le="+Inf"} 5
http_request_duration_seconds_sum{method="_OTHER",endpoint="/"} 6.305
http_request_duration_seconds_count{method="_OTHER",endpoint="/"} 5
"#;
    let text = metrics.encode_text();
    assert!(text.contains(expected), "{text}");
}

#[test]
fn statuses_are_sorted_and_unknown_ones_are_other() {
    let metrics = Metrics::new();
    for (status, times) in [(599, 1), (301, 2), (0, 3), (600, 4), (500, 5), (100, 6)] {
        metrics.http_responses_total(status.into()).add(times);
    }
    assert_eq!(
        lines(&metrics.encode_text(), "http_responses_total"),
        [
            r#"http_responses_total{status="100"} 6"#,
            r#"http_responses_total{status="200"} 0"#,
            r#"http_responses_total{status="301"} 2"#,
            r#"http_responses_total{status="500"} 5"#,
            r#"http_responses_total{status="599"} 1"#,
            r#"http_responses_total{status="_other"} 7"#,
        ]
    );
}

#[test]
fn open_values_are_sorted_and_escaped() {
    let metrics = Metrics::new();
    for (host, length) in [
        ("z", 1.0),
        ("a\\b\"c\nd", f64::INFINITY),
        ("", -2.5),
        ("é", f64::NAN),
    ] {
        metrics.queue_length(host).set(length);
    }
    metrics.queue_length("b").set(f64::NEG_INFINITY);
    metrics.queue_length("c").set(1e6);
    let expected = r#"# HELP queue_length Jobs that wait.
# TYPE queue_length gauge
queue_length{host=""} -2.5
queue_length{host="a\\b\"c\nd"} +Inf
queue_length{host="b"} -Inf
queue_length{host="c"} 1e+06
queue_length{host="z"} 1
queue_length{host="é"} NaN
"#;
    let text = metrics.encode_text();
    assert!(text.contains(expected), "{text}");
}

#[test]
fn help_is_escaped_and_types_are_what_parsers_take() {
    let registry = v1::Registry::new();
    let descriptor = v1::Descriptor {
        name: "jobs",
        help: "A \"job\" in C:\\spool,\nor elsewhere.",
        unit: "",
        former_name: Some("jobs_total"),
        max_series: None,
        labels: &[v1::Label::closed("path", &["C:\\", "\"", "\n"])],
    };
    let jobs = registry.counter(descriptor);
    jobs.closed(1).inc();
    let expected = r#"# HELP jobs A "job" in C:\\spool,\nor elsewhere.
# TYPE jobs untyped
jobs{path="C:\\"} 0
jobs{path="\""} 1
jobs{path="\n"} 0
# HELP jobs_total A "job" in C:\\spool,\nor elsewhere.
# TYPE jobs_total counter
jobs_total{path="C:\\"} 0
jobs_total{path="\""} 1
jobs_total{path="\n"} 0
"#;
    assert_eq!(registry.encode_text(), expected);
}

#[test]
fn without_help_there_is_no_line_for_it() {
    let registry = v1::Registry::new();
    let descriptor = v1::Descriptor {
        name: "calls_total",
        help: "",
        unit: "",
        former_name: None,
        max_series: None,
        labels: &[],
    };
    registry.counter(descriptor).closed(0).add(u64::MAX);
    assert_eq!(
        registry.encode_text(),
        "# TYPE calls_total counter\ncalls_total 18446744073709551615\n"
    );
}

#[test]
fn writing_is_encoding() {
    let metrics = Metrics::new();
    metrics
        .cache_operations_total(CacheOperationsOperation::Delete, CacheOperationsResult::Hit)
        .inc();
    let mut text = String::new();
    metrics
        .write_text(&mut text)
        .expect("a string takes anything");
    assert_eq!(text, metrics.encode_text());
    assert!(v1::Registry::new().encode_text().is_empty());
}

#[test]
fn a_writer_that_fails_is_told_of() {
    struct Full;
    impl std::fmt::Write for Full {
        fn write_str(&mut self, _: &str) -> std::fmt::Result {
            Err(std::fmt::Error)
        }
    }
    assert!(Metrics::new().write_text(&mut Full).is_err());
}

#[test]
fn the_process_is_exposed_when_asked_for() {
    let metrics = Metrics::new();
    assert_eq!(lines(&metrics.encode_text(), "process_"), [""; 0]);
    metrics.process_metrics();
    let text = metrics.encode_text();
    if cfg!(not(target_os = "linux")) {
        assert_eq!(lines(&text, "process_"), [""; 0]);
        return;
    }
    let types = lines(&text, "# TYPE process_");
    assert_eq!(
        types,
        [
            "# TYPE process_cpu_seconds_total counter",
            "# TYPE process_max_fds gauge",
            "# TYPE process_open_fds gauge",
            "# TYPE process_resident_memory_bytes gauge",
            "# TYPE process_start_time_seconds gauge",
            "# TYPE process_threads gauge",
            "# TYPE process_virtual_memory_bytes gauge",
        ]
    );
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .expect("after 1970")
        .as_secs_f64();
    let age = now - value(&text, "process_start_time_seconds");
    // The kernel rounds the boot to seconds.
    assert!((-2.0..3600.0).contains(&age), "{age}");
    assert!((0.0..3600.0).contains(&value(&text, "process_cpu_seconds_total")));
    assert!(value(&text, "process_threads") >= 1.0);
    assert!(value(&text, "process_open_fds") >= 3.0);
    assert!(value(&text, "process_max_fds") >= value(&text, "process_open_fds"));
    let resident = value(&text, "process_resident_memory_bytes");
    assert!(resident > 100_000.0);
    assert!(value(&text, "process_virtual_memory_bytes") >= resident);
}
