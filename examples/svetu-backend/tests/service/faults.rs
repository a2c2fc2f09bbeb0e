//! What requests get while something that the service depends on is gone, and that they get better without a restart.

use std::time::Instant;

use serde_json::json;

use crate::support::service::json_of;
use crate::support::{PATIENCE, Service, Stores, wait_for};

const COLOUR: &str = "/api/v2/attributes/colour";
const RED: &str = r#"{"value":"red"}"#;

/// Writes until it is answered as it should.
#[track_caller]
fn write(service: &Service, expected: u16) {
    wait_for(PATIENCE, || match service.ask("PUT", COLOUR, RED) {
        answer if answer.status == expected => Ok(()),
        other => Err(format!("{other:?}")),
    });
}

#[test]
fn the_database_may_come_late_go_and_hang() {
    let mut stores = Stores::start();
    stores.postgres.stop();
    let service = Service::start(&stores, &[]);
    let answer = service.ask("PUT", COLOUR, RED);
    assert_eq!(answer.status, 503);
    assert_eq!(answer.body, "the database is not available");
    assert_eq!(service.get("/api/v1/attributes").status, 503);

    stores.postgres.run();
    write(&service, 204);
    assert_eq!(service.get(COLOUR).status, 200);

    stores.postgres.stop();
    write(&service, 503);
    // This is in the cache.
    assert_eq!(service.get(COLOUR).status, 200);
    stores.postgres.run();
    write(&service, 204);

    stores.postgres.pause();
    let start = Instant::now();
    write(&service, 503);
    // The limit of a request is less, and that of the test's client more.
    assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
    assert_eq!(service.get("/metrics").status, 200);
    stores.postgres.resume();
    write(&service, 204);
    assert_eq!(service.value_of("database_connections_active"), 0.0);
}

#[test]
fn without_its_cache_it_is_slower_and_works() {
    let mut stores = Stores::start();
    let service = Service::start(&stores, &[]);
    write(&service, 204);
    let errors = "redis_operations_total{operation=\"get\",result=\"error\"}";
    let hits = "cache_operations_total{operation=\"get\",result=\"hit\"}";
    for fault in ["stopped", "paused"] {
        let before = service.value_of(errors);
        if fault == "stopped" {
            stores.redis.stop();
        } else {
            stores.redis.pause();
        }
        for _ in 0..3 {
            let answer = service.get(COLOUR);
            assert_eq!(
                json_of(&answer),
                json!({ "name": "colour", "value": "red" })
            );
        }
        assert_eq!(service.value_of(errors), before + 3.0, "{fault}");
        if fault == "stopped" {
            stores.redis.run();
        } else {
            stores.redis.resume();
        }
        let before = service.value_of(hits);
        wait_for(PATIENCE, || {
            assert_eq!(service.get(COLOUR).status, 200);
            match service.value_of(hits) {
                now if now > before => Ok(()),
                now => Err(format!("{now} hits")),
            }
        });
    }
}

#[test]
fn what_does_not_fit_is_not_the_service_that_fails() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    let long_name = format!("/api/v2/attributes/{}", "x".repeat(300));
    for (path, body) in [
        (long_name.as_str(), RED),
        (COLOUR, r#"{"value":"a\u0000b"}"#),
        ("/api/v2/attributes/a%00b", RED),
    ] {
        let answer = service.ask("PUT", path, body);
        assert_eq!(answer.status, 422, "{path}");
        assert_eq!(answer.body, "the attribute does not fit into the model");
    }
    assert_eq!(service.status("PUT", COLOUR, RED), 204);
}

#[test]
fn chaos_is_there_if_it_was_asked_for() {
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    assert_eq!(service.status("PUT", "/admin/chaos", "{}"), 404);

    let service = Service::start(&stores, &[("CHAOS", "true")]);
    let chaos = |faults| service.status("PUT", "/admin/chaos", faults);
    assert_eq!(service.status("GET", COLOUR, ""), 404);
    assert_eq!(chaos(r#"{"error_ratio":1.5}"#), 422);
    assert_eq!(chaos(r#"{"delay_ms":3600000}"#), 422);
    assert_eq!(chaos(r#"{"errors":1}"#), 422);
    assert_eq!(chaos(r#"{"error_ratio":1,"delay_ms":10}"#), 204);
    let faults = json_of(&service.get("/admin/chaos"));
    assert_eq!(faults, json!({ "error_ratio": 1.0, "delay_ms": 10 }));
    assert_eq!(service.status("GET", COLOUR, ""), 500);
    // What the service says of itself is not disturbed.
    assert_eq!(service.status("GET", "/admin/flags", ""), 200);
    assert_eq!(service.status("GET", "/health/live", ""), 200);
    assert_eq!(chaos("{}"), 204);
    assert_eq!(service.status("GET", COLOUR, ""), 404);
}
