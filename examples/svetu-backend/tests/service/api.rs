//! What the service answers, and what it exposes, when all is well.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::service::{FAMILIES, json_of};
use crate::support::{Service, Stores, signal};

/// Takes the timestamp out of a body: the time of day, in UTC, to the second.
fn take_timestamp(body: &mut Value) -> String {
    let timestamp = body
        .as_object_mut()
        .and_then(|body| body.remove("timestamp"));
    let timestamp = timestamp
        .as_ref()
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let shape: String = timestamp
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(shape, "0000-00-00T00:00:00Z");
    timestamp
}

#[test]
fn health_has_the_agreed_shape() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    let live = service.get("/health/live");
    assert_eq!(live.status, 200);
    let mut live = json_of(&live);
    take_timestamp(&mut live);
    assert_eq!(live, json!({ "status": "ok" }));

    let (status, mut ready) = service.ready("ok");
    take_timestamp(&mut ready);
    assert_eq!(status, 200);
    let checks = json!({ "database": "healthy", "redis": "healthy", "disk": "healthy", "opensearch": "healthy" });
    assert_eq!(ready, json!({ "status": "ok", "checks": checks }));
}

#[test]
fn the_disk_needs_as_much_room_as_was_asked_for() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[("DATA_MIN_FREE_MIB", "4294967295")]);
    let (_, body) = service.ready_once_all_is_known("error");
    let checks = json!({ "database": "healthy", "redis": "healthy", "disk": "unhealthy", "opensearch": "healthy" });
    assert_eq!(body["checks"], checks);
}

#[test]
fn every_metric_of_the_spec_is_exposed() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    service.ready("ok");
    let metrics = service.get("/metrics");
    assert_eq!(metrics.status, 200);
    assert!(
        metrics.content_type.starts_with("text/plain"),
        "{}",
        metrics.content_type
    );
    for (name, kind) in FAMILIES {
        let line = format!("# TYPE {name} {kind}");
        assert!(
            metrics.body.lines().any(|l| l == line),
            "{line}\nis not in\n{}",
            metrics.body
        );
    }
    if cfg!(target_os = "linux") {
        assert!(
            metrics
                .body
                .contains("# TYPE process_resident_memory_bytes gauge\n")
        );
        let families = metrics
            .body
            .lines()
            .filter(|line| line.starts_with("# TYPE "))
            .count();
        assert!(families >= 20, "{families}");
    }
    // What is known exists at 0, and neither probes nor scrapes are requests.
    let requests = metrics
        .body
        .lines()
        .filter(|line| line.starts_with("http_requests_total{"));
    assert!(requests.clone().count() >= 6 * 8 * 6, "{}", metrics.body);
    for line in requests {
        assert!(
            line.ends_with("} 0") && !line.contains("/health/") && !line.contains("/metrics"),
            "{line}"
        );
    }
}

#[test]
fn requests_are_recorded_by_route() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    assert_eq!(service.status("GET", "/api/v1/attributes", ""), 200);
    assert_eq!(service.status("GET", "/api/v2/attributes/none", ""), 404);
    assert_eq!(service.status("GET", "/wp-admin/1", ""), 404);
    assert_eq!(service.status("POST", "/api/v2/attributes", ""), 405);
    assert_eq!(service.status("PURGE", "/api/v2/attributes", ""), 405);
    for (method, endpoint, status) in [
        ("GET", "/api/v1/attributes", 200),
        ("GET", "/api/v2/attributes/{name}", 404),
        ("GET", "unmatched", 404),
        ("POST", "/api/v2/attributes", 405),
        ("_OTHER", "/api/v2/attributes", 405),
    ] {
        let series = format!(
            "http_requests_total{{method=\"{method}\",endpoint=\"{endpoint}\",status=\"{status}\"}}"
        );
        assert_eq!(service.value_of(&series), 1.0, "{series}");
        let series = format!(
            "http_request_duration_seconds_count{{method=\"{method}\",endpoint=\"{endpoint}\"}}"
        );
        assert_eq!(service.value_of(&series), 1.0, "{series}");
    }
    assert_eq!(service.value_of("http_requests_in_flight"), 0.0);
    let text = service.get("/metrics").body;
    assert!(!text.contains("wp-admin") && !text.contains("PURGE"));
}

#[test]
fn attributes_are_written_read_and_counted() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    let colour = "/api/v2/attributes/colour";
    assert_eq!(service.status("PUT", colour, r#"{"value":"red"}"#), 204);
    assert_eq!(service.status("PUT", colour, r#"{"value":"blue"}"#), 204);
    assert_eq!(
        json_of(&service.get(colour)),
        json!({ "name": "colour", "value": "blue" })
    );
    assert_eq!(service.status("GET", colour, ""), 200);
    assert_eq!(
        json_of(&service.get("/api/v1/attributes")),
        json!({ "colour": "blue" })
    );
    assert_eq!(
        json_of(&service.get("/api/v2/attributes")),
        json!([{ "name": "colour", "value": "blue" }])
    );
    // The old model takes less than the unified one.
    let long = format!("{{\"value\":\"{}\"}}", "x".repeat(300));
    assert_eq!(
        service.status("PUT", "/api/v2/attributes/story", &long),
        204
    );
    let longer = format!("{{\"value\":\"{}\"}}", "x".repeat(5000));
    assert_eq!(
        service.status("PUT", "/api/v2/attributes/story", &longer),
        422
    );
    assert_eq!(service.status("DELETE", colour, ""), 204);
    assert_eq!(service.status("DELETE", colour, ""), 404);
    for (series, value) in [
        ("dual_write_operations_total{status=\"success\"}", 2.0),
        ("dual_write_operations_total{status=\"failure\"}", 1.0),
        (
            "cache_operations_total{operation=\"get\",result=\"miss\"}",
            1.0,
        ),
        (
            "cache_operations_total{operation=\"get\",result=\"hit\"}",
            1.0,
        ),
        (
            "cache_operations_total{operation=\"set\",result=\"miss\"}",
            1.0,
        ),
        (
            "cache_operations_total{operation=\"delete\",result=\"hit\"}",
            1.0,
        ),
        (
            "redis_operations_total{operation=\"set\",result=\"success\"}",
            1.0,
        ),
        (
            "unified_attributes_usage{version=\"v2\",operation=\"write\"}",
            5.0,
        ),
        (
            "unified_attributes_usage{version=\"v2\",operation=\"read\"}",
            3.0,
        ),
        (
            "unified_attributes_usage{version=\"v1\",operation=\"read\"}",
            0.0,
        ),
        (
            "database_query_duration_seconds_count{query_type=\"update\"}",
            7.0,
        ),
        (
            "database_query_duration_seconds_count{query_type=\"insert\"}",
            3.0,
        ),
        ("database_connections_active", 0.0),
    ] {
        assert_eq!(service.value_of(series), value, "{series}");
    }
}

#[test]
fn flags_are_shown_and_flipped() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[("DUAL_WRITE_ATTRIBUTES", "off")]);
    let flags = || json_of(&service.get("/admin/flags"));
    let expected = |dual| json!({ "USE_UNIFIED_ATTRIBUTES": true, "UNIFIED_ATTRIBUTES_FALLBACK": true, "DUAL_WRITE_ATTRIBUTES": dual });
    assert_eq!(flags(), expected(false));
    let status = "feature_flag_status{flag_name=\"DUAL_WRITE_ATTRIBUTES\",enabled=\"true\"}";
    assert_eq!(service.value_of(status), 0.0);
    assert_eq!(
        service.status("PUT", "/admin/flags/DUAL_WRITE_ATTRIBUTES", "true"),
        204
    );
    assert_eq!(flags(), expected(true));
    assert_eq!(service.value_of(status), 1.0);
    assert_eq!(service.status("PUT", "/admin/flags/NONE", "true"), 404);

    // What was only written to the old model is found through the fallback, and not without it.
    let colour = "/api/v2/attributes/colour";
    assert_eq!(
        service.status("PUT", "/admin/flags/USE_UNIFIED_ATTRIBUTES", "false"),
        204
    );
    assert_eq!(
        service.status("PUT", "/admin/flags/DUAL_WRITE_ATTRIBUTES", "false"),
        204
    );
    assert_eq!(service.status("PUT", colour, r#"{"value":"red"}"#), 204);
    assert_eq!(
        service.status("PUT", "/admin/flags/USE_UNIFIED_ATTRIBUTES", "true"),
        204
    );
    assert_eq!(
        json_of(&service.get("/api/v1/attributes")),
        json!({ "colour": "red" })
    );
    assert_eq!(
        service.status("PUT", "/admin/flags/UNIFIED_ATTRIBUTES_FALLBACK", "false"),
        204
    );
    assert_eq!(service.status("GET", colour, ""), 404);
}

#[test]
fn told_to_end_it_is_first_not_ready() {
    let stores = Stores::start();
    let mut service = Service::start(&stores, &[]);
    service.ready("ok");
    signal("TERM", &[service.process.id()]);
    let (status, _) = service.ready("shutting_down");
    assert_eq!(status, 503);
    assert_eq!(service.status("GET", "/api/v1/attributes", ""), 200);
    let end = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(status) = service
            .process
            .0
            .try_wait()
            .expect("the process can be asked")
        {
            assert!(status.success(), "{status}");
            break;
        }
        assert!(Instant::now() < end, "the service does not end");
        std::thread::sleep(Duration::from_millis(20));
    }
}
