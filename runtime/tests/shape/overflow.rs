//! What happens beyond the bounds of open labels.

use std::thread;

use monospec_runtime::HttpStatus;
use monospec_runtime::codegen::v1;

use crate::generated::{Method, Metrics, OutboundCallsLabels};
use crate::{lines, value};

const ENDPOINTS: &str = r#"monospec_label_overflow_total{label="endpoint"}"#;

#[test]
fn values_beyond_the_bound_are_other() {
    let metrics = Metrics::new();
    // The definition takes three, and two metrics share it.
    for endpoint in ["/a", "/b"] {
        metrics
            .http_requests_total(Method::Get, endpoint, HttpStatus(200))
            .inc();
    }
    metrics
        .http_request_duration_seconds(Method::Get, "/c")
        .observe(1.0);
    for endpoint in ["/d", "/e", "/d"] {
        metrics
            .http_requests_total(Method::Get, endpoint, HttpStatus(200))
            .inc();
    }
    metrics
        .http_requests_total(Method::Get, "/c", HttpStatus(200))
        .inc();
    let text = metrics.encode_text();
    let count = |endpoint: &str| {
        let labels = format!(r#"{{method="GET",endpoint="{endpoint}",status="200"}}"#);
        value(&text, &format!("http_requests_total{labels}"))
    };
    assert_eq!(
        ["/a", "/b", "/c", "_other"].map(count),
        [1.0, 1.0, 1.0, 3.0]
    );
    assert!(!text.contains("/d"));
    assert_eq!(value(&text, ENDPOINTS), 3.0);
}

#[test]
fn a_value_that_is_called_so_is_no_overflow() {
    let metrics = Metrics::new();
    metrics
        .http_requests_total(Method::Get, "_other", HttpStatus(200))
        .inc();
    let text = metrics.encode_text();
    assert_eq!(value(&text, ENDPOINTS), 0.0);
    // And what of it was not recorded yet exists too.
    let post = r#"http_requests_total{method="POST",endpoint="_other",status="504"}"#;
    assert_eq!(value(&text, post), 0.0);
}

/// Series of `_other` say that something had no room.
#[test]
fn a_late_status_brings_no_other() {
    let metrics = Metrics::new();
    for status in [200, 400, 499] {
        metrics
            .http_requests_total(Method::Get, "/", status.into())
            .inc();
    }
    assert!(!metrics.encode_text().contains(r#"endpoint="_other""#));
}

#[test]
fn series_beyond_the_bound_are_other_in_all_their_open_labels() {
    let metrics = Metrics::new();
    let call = |host, operation| {
        metrics
            .outbound_calls_total(OutboundCallsLabels { host, operation })
            .inc();
    };
    call("a", "x");
    call("b", "x");
    call("a", "y");
    call("a", "x");
    call("b", "y");
    let text = metrics.encode_text();
    assert_eq!(
        lines(&text, "outbound_calls_total"),
        [
            r#"outbound_calls_total{host="a",operation="x"} 2"#,
            r#"outbound_calls_total{host="b",operation="x"} 1"#,
            r#"outbound_calls_total{host="_other",operation="_other"} 2"#,
        ]
    );
    for label in ["host", "operation"] {
        let series = format!(r#"monospec_label_overflow_total{{label="{label}"}}"#);
        assert_eq!(value(&text, &series), 2.0);
    }
}

/// A metric with an open label and a status, of which no more than `max_series` may be exposed.
fn bounded(registry: &v1::Registry, max_series: usize) -> v1::CounterFamily {
    let route = registry.open_label(1_000);
    registry.counter(
        v1::Descriptor::new("requests_total", "")
            .max_series(max_series)
            .labels(&[
                v1::Label::open("route", &route),
                v1::Label::http_status("status", &[200, 500]),
            ]),
    )
}

#[test]
fn a_new_status_beyond_the_bound_keeps_its_status() {
    let registry = v1::Registry::new();
    let requests = bounded(&registry, 5);
    requests.open_status(0, &["/a"], HttpStatus(200)).inc();
    requests.open_status(0, &["/a"], HttpStatus(501)).inc();
    requests.open_status(0, &["/a"], HttpStatus(502)).inc();
    requests.open_status(0, &["/a"], HttpStatus(501)).inc();
    assert_eq!(
        lines(&registry.encode_text(), "requests_total"),
        [
            r#"requests_total{route="/a",status="200"} 1"#,
            r#"requests_total{route="/a",status="500"} 0"#,
            r#"requests_total{route="/a",status="501"} 2"#,
            r#"requests_total{route="_other",status="200"} 0"#,
            r#"requests_total{route="_other",status="500"} 0"#,
            r#"requests_total{route="_other",status="502"} 1"#,
        ]
        .map(str::to_owned)
        .as_slice()
    );
}

#[test]
fn the_bound_holds_when_many_threads_bring_new_values() {
    let registry = v1::Registry::new();
    let requests = bounded(&registry, 50);
    thread::scope(|scope| {
        for thread in 0..4 {
            let requests = &requests;
            scope.spawn(move || {
                for number in 0..100 {
                    let route = format!("/{thread}/{number}");
                    requests.open_status(0, &[&route], HttpStatus(200)).inc();
                }
            });
        }
    });
    let text = registry.encode_text();
    let series = lines(&text, "requests_total");
    assert_eq!(series.len(), 50);
    let other = value(&text, r#"requests_total{route="_other",status="200"}"#);
    assert_eq!(other, 400.0 - 24.0);
    let overflow = r#"monospec_label_overflow_total{label="route"}"#;
    assert_eq!(value(&text, overflow), other);
}

#[test]
fn buckets_count_as_series() {
    let registry = v1::Registry::new();
    let route = registry.open_label(1_000);
    let latency = registry.histogram(
        v1::Descriptor::new("latency_seconds", "")
            .unit("seconds")
            .max_series(12)
            .labels(&[v1::Label::open("route", &route)]),
        &[1.0],
    );
    for route in ["/a", "/b", "/c"] {
        latency.open(0, &[route]).observe(0.5);
    }
    let text = registry.encode_text();
    assert_eq!(lines(&text, "latency_seconds").len(), 12);
    assert_eq!(
        value(&text, r#"latency_seconds_count{route="_other"}"#),
        1.0
    );
}
