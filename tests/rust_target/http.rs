//! What the layer for HTTP finds in the expected code: each metric that a spec binds, with the labels that it has.

use monospec_runtime::codegen::v1::{Exposed, HttpMetrics, HttpRequest, HttpStatus};

#[expect(dead_code, reason = "the layer needs only a part of it")]
#[path = "cases/http/expected.rs"]
mod all;
#[path = "cases/http-labels/expected.rs"]
mod labels;
#[path = "cases/http-least/expected.rs"]
mod least;

/// Records one request and half of another, as the layer does.
fn record(metrics: &impl HttpMetrics, method: &str) {
    let (request, status) = (HttpRequest::new(method, "/a"), HttpStatus(404));
    metrics.expect(&request);
    metrics.requests(&request, status).inc();
    if let Some(duration) = metrics.duration(&request, status) {
        duration.observe(0.5);
    }
    if let Some(in_flight) = metrics.in_flight(&request) {
        in_flight.inc();
    }
}

/// The samples, without those of the process.
fn samples(metrics: &impl Exposed) -> Vec<String> {
    let text = metrics.registry().encode_text();
    let lines = text.lines().filter(|line| {
        let foreign = ["#", "process_", "monospec_"];
        !foreign.iter().any(|prefix| line.starts_with(prefix)) && !line.ends_with(" 0")
    });
    lines.map(str::to_owned).collect()
}

#[test]
fn all_three_are_fed() {
    let metrics = all::Metrics::new();
    record(&metrics, "POST");
    record(&metrics, "BREW");
    let labels = |method| format!("{{method=\"{method}\",endpoint=\"/a\"");
    let (post, other) = (labels("POST"), labels("_OTHER"));
    let count = "http_request_duration_seconds";
    assert_eq!(
        samples(&metrics),
        [
            format!("http_requests_total{post},status=\"404\"}} 1"),
            format!("http_requests_total{other},status=\"404\"}} 1"),
            format!("{count}_bucket{post},le=\"2.5\"}} 1"),
            format!("{count}_bucket{post},le=\"+Inf\"}} 1"),
            format!("{count}_sum{post}}} 0.5"),
            format!("{count}_count{post}}} 1"),
            format!("{count}_bucket{other},le=\"2.5\"}} 1"),
            format!("{count}_bucket{other},le=\"+Inf\"}} 1"),
            format!("{count}_sum{other}}} 0.5"),
            format!("{count}_count{other}}} 1"),
            "http_requests_in_flight 2".to_owned(),
        ]
    );
}

#[test]
fn every_combination_of_a_route_exists_when_it_is_expected() {
    let metrics = all::Metrics::new();
    metrics.expect(&HttpRequest::new("GET", "/a"));
    let text = metrics.encode_text();
    for method in all::Method::ALL {
        for status in [200, 404, 500, 502, 503, 504] {
            let method = method.as_str();
            let zero = format!(
                "http_requests_total{{method=\"{method}\",endpoint=\"/a\",status=\"{status}\"}} 0"
            );
            assert!(text.contains(&zero), "{zero} is not in\n{text}");
        }
    }
}

#[test]
fn an_open_method_is_one_that_is_known() {
    let metrics = least::Metrics::new();
    for method in ["GET", "get", "BREW"] {
        record(&metrics, method);
    }
    assert_eq!(
        samples(&metrics),
        [
            "requests_total{status=\"404\",method=\"GET\",route=\"/a\"} 1",
            "requests_total{status=\"404\",method=\"_OTHER\",route=\"/a\"} 2",
        ]
    );
}

#[test]
fn each_metric_has_its_own_labels() {
    let metrics = labels::Metrics::new();
    record(&metrics, "POST");
    assert_eq!(
        samples(&metrics),
        [
            r#"requests{code="404",path="/a",from="other"} 1"#,
            r#"duration_bucket{path="/a",code="404",from="POST",le="2.5"} 1"#,
            r#"duration_bucket{path="/a",code="404",from="POST",le="+Inf"} 1"#,
            r#"duration_sum{path="/a",code="404",from="POST"} 0.5"#,
            r#"duration_count{path="/a",code="404",from="POST"} 1"#,
            r#"in_flight{from="POST",path="/a"} 1"#,
        ]
    );
}

#[test]
fn what_monitoring_asks_for_is_not_recorded() {
    assert_eq!(
        all::Metrics::UNRECORDED,
        [
            all::METRICS_PATH,
            all::HEALTH_LIVE_PATH,
            all::HEALTH_READY_PATH
        ]
    );
    assert_eq!(labels::Metrics::UNRECORDED, [labels::METRICS_PATH]);
    // The spec does not say where, and nobody but Prometheus asks there.
    assert_eq!(least::Metrics::UNRECORDED, ["/metrics"]);
}
