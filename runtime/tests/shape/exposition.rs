//! What a scrape reads, to the letter.

use monospec_runtime::codegen::v1;
use monospec_runtime::{Format, HttpStatus};

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
http_request_duration_seconds_bucket{method="GET",endpoint="/",le="1.0"} 0
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
http_request_duration_seconds_bucket{method="_OTHER",endpoint="/",le="1.0"} 4
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
    let labels = [v1::Label::closed("path", &["C:\\", "\"", "\n"])];
    let descriptor = v1::Descriptor::new("jobs", "A \"job\" in C:\\spool,\nor elsewhere.")
        .former_name("jobs_total")
        .labels(&labels);
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
    let descriptor = v1::Descriptor::new("calls_total", "");
    registry.counter(descriptor).closed(0).add(u64::MAX);
    assert_eq!(
        registry.encode_text(),
        "# TYPE calls_total counter\ncalls_total 18446744073709551615\n"
    );
}

#[test]
fn a_scrape_is_answered_in_the_format_it_asks_for() {
    let metrics = Metrics::new();
    metrics
        .cache_operations_total(CacheOperationsOperation::Delete, CacheOperationsResult::Hit)
        .inc();
    let text = metrics.scrape(None, None);
    assert_eq!(
        text.content_type,
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(text.content_encoding, None);
    assert_eq!(text.body, metrics.encode_text().into_bytes());
    let openmetrics = metrics.scrape(Some("application/openmetrics-text;version=1.0.0"), None);
    assert_eq!(
        openmetrics.content_type,
        "application/openmetrics-text; version=1.0.0; charset=utf-8"
    );
    assert!(openmetrics.body.ends_with(b"\n# EOF\n"));
    let nothing = v1::Registry::new();
    assert_eq!(nothing.encode(Format::Text), "");
    assert_eq!(nothing.encode(Format::OpenMetrics), "# EOF\n");
}

#[test]
fn openmetrics_has_the_same_samples_and_tells_more() {
    let registry = v1::Registry::new();
    let descriptor =
        v1::Descriptor::new("pause_seconds_total", "Time in \"pauses\",\nin C:\\.").unit("seconds");
    registry.float_counter(descriptor).closed(0).add(1.5);
    registry
        .counter(v1::Descriptor::new("jobs", "").former_name("jobs_total"))
        .closed(0)
        .inc();
    let labels = [v1::Label::closed("version", &["1"])];
    registry
        .info(v1::Descriptor::new("build_info", "").labels(&labels))
        .closed(0)
        .set();
    registry.spec_info("0123456789abcdef");
    let times = v1::Descriptor::new("time_seconds", "Time.")
        .unit("seconds")
        .labels(&labels);
    registry
        .histogram(times, &[0.5, 1.0, 1e6])
        .closed(0)
        .observe(0.75);
    registry
        .gauge(v1::Descriptor::new("weight", "").unit("grams"))
        .closed(0)
        .set(0.5);
    registry
        .gauge(v1::Descriptor::new("unused", ""))
        .closed(0)
        .remove();
    let samples = [
        "pause_seconds_total 1.5",
        "jobs 1",
        "jobs_total 1",
        r#"build_info{version="1"} 1"#,
        r#"monospec_spec_info{hash="0123456789abcdef"} 1"#,
        r#"time_seconds_bucket{version="1",le="0.5"} 0"#,
        r#"time_seconds_bucket{version="1",le="1.0"} 1"#,
        r#"time_seconds_bucket{version="1",le="1e+06"} 1"#,
        r#"time_seconds_bucket{version="1",le="+Inf"} 1"#,
        r#"time_seconds_sum{version="1"} 0.75"#,
        r#"time_seconds_count{version="1"} 1"#,
        "weight 0.5",
    ];
    let split = |format| -> (Vec<String>, Vec<String>) {
        let text = registry.encode(format);
        text.lines()
            .map(str::to_owned)
            .partition(|line| line.starts_with('#'))
    };
    let (told, text) = split(Format::Text);
    assert_eq!(text, samples);
    assert_eq!(
        told,
        [
            r#"# HELP pause_seconds_total Time in "pauses",\nin C:\\."#,
            "# TYPE pause_seconds_total counter",
            "# TYPE jobs untyped",
            "# TYPE jobs_total counter",
            "# TYPE build_info gauge",
            "# HELP monospec_spec_info The spec that the program was built from.",
            "# TYPE monospec_spec_info gauge",
            "# HELP time_seconds Time.",
            "# TYPE time_seconds histogram",
            "# TYPE weight gauge",
        ]
    );
    let (told, openmetrics) = split(Format::OpenMetrics);
    assert_eq!(openmetrics, samples);
    assert_eq!(
        told,
        [
            "# TYPE pause_seconds counter",
            "# UNIT pause_seconds seconds",
            r#"# HELP pause_seconds Time in \"pauses\",\nin C:\\."#,
            "# TYPE jobs unknown",
            // As a counter it would be the family `jobs`, which is there already.
            "# TYPE jobs_total unknown",
            "# TYPE build info",
            "# TYPE monospec_spec info",
            "# HELP monospec_spec The spec that the program was built from.",
            "# TYPE time_seconds histogram",
            "# UNIT time_seconds seconds",
            "# HELP time_seconds Time.",
            "# TYPE weight gauge",
            "# EOF",
        ]
    );
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
