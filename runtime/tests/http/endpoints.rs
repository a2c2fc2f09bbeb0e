//! The routes for what monitoring asks for.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderMap, Request, StatusCode};
use monospec_runtime::axum::{health_routes, metrics_routes};
use monospec_runtime::{CheckResult, Format};
use tower::ServiceExt;

use crate::metrics::{self, HealthChecks, Metrics, start_health};
use crate::{assert_done, layer, until};

async fn send(app: &Router, method: &str, path: &str) -> (StatusCode, HeaderMap, String) {
    let request = Request::builder().method(method).uri(path);
    let request = request.body(Body::empty()).expect("a request");
    let response = app.clone().oneshot(request).await.expect("infallible");
    let (head, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX)
        .await
        .expect("a body");
    let body = String::from_utf8(body.into()).expect("a text");
    (head.status, head.headers, body)
}

struct Checks;

impl HealthChecks for Checks {
    async fn database(&self) -> CheckResult {
        Ok(())
    }
}

#[tokio::test]
async fn metrics_are_served_under_the_path_of_the_spec() {
    let metrics = Metrics::new();
    // In an app with a state, for which it does not care.
    let app: Router = Router::<String>::new()
        .merge(metrics_routes(&metrics))
        .with_state("state".to_owned());
    let (status, headers, body) = send(&app, "GET", metrics::METRICS_PATH).await;
    assert_eq!(status, 200);
    assert_eq!(headers[CONTENT_TYPE], Format::Text.content_type());
    assert!(body.contains("\nhttp_requests_in_flight 0\n"), "{body}");
    let (status, headers, body) = send(&app, "HEAD", metrics::METRICS_PATH).await;
    assert_eq!((status, body.as_str()), (StatusCode::OK, ""));
    assert_ne!(headers[CONTENT_LENGTH], "0");
    let (status, headers, _) = send(&app, "POST", metrics::METRICS_PATH).await;
    assert_eq!(status, 405);
    assert_eq!(headers[ALLOW], "GET,HEAD");
}

/// A list of formats may come in several headers.
#[tokio::test]
async fn metrics_are_served_in_the_format_that_is_asked_for() {
    let app: Router = Router::new().merge(metrics_routes(&Metrics::new()));
    let request = Request::builder()
        .uri(metrics::METRICS_PATH)
        .header("accept", "text/plain;version=0.0.4;q=0.5")
        .header("accept", "application/openmetrics-text;version=1.0.0")
        .body(Body::empty())
        .expect("a request");
    let response = app.oneshot(request).await.expect("infallible");
    let headers = response.headers();
    assert_eq!(headers[CONTENT_TYPE], Format::OpenMetrics.content_type());
    assert_eq!(headers["vary"], "accept, accept-encoding");
    assert_eq!(headers[CACHE_CONTROL], "no-store");
    assert!(!headers.contains_key("content-encoding"));
}

#[tokio::test]
async fn probes_are_answered_and_not_cached() {
    let (metrics, layer) = layer();
    let health = start_health(&metrics, Checks);
    let app: Router = Router::new()
        .merge(metrics_routes(&metrics))
        .merge(health_routes(&health))
        .layer(layer);
    until("all checks have run", || health.ready().status == 200).await;
    let expect = async |method, path, expected: u16, word: &str| {
        let (status, headers, body) = send(&app, method, path).await;
        assert_eq!(status, expected, "{path}: {body}");
        assert_eq!(headers[CONTENT_TYPE], "application/json");
        assert_eq!(headers[CACHE_CONTROL], "no-store");
        match method {
            "HEAD" => assert_eq!(body, ""),
            _ => assert!(
                body.starts_with(&format!("{{\"status\":\"{word}\",")),
                "{body}"
            ),
        }
    };
    for method in ["GET", "HEAD"] {
        expect(method, metrics::HEALTH_LIVE_PATH, 200, "ok").await;
        expect(method, metrics::HEALTH_READY_PATH, 200, "ok").await;
    }
    health.shutdown();
    for method in ["GET", "HEAD"] {
        expect(method, metrics::HEALTH_LIVE_PATH, 200, "ok").await;
        expect(method, metrics::HEALTH_READY_PATH, 503, "shutting_down").await;
    }
    send(&app, "GET", metrics::METRICS_PATH).await;
    assert_done(&metrics, &[]);
}

#[tokio::test]
async fn the_routes_need_nobody_else() {
    let (metrics, health) = {
        let metrics = Arc::new(Metrics::new());
        let health = start_health(&metrics, Checks);
        (metrics_routes(&metrics), health_routes(&health))
    };
    let app: Router = metrics.merge(health);
    let mut ready = false;
    for _ in 0..1000 {
        ready = send(&app, "GET", metrics::HEALTH_READY_PATH).await.0 == 200;
        if ready {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert!(ready, "the checks do not run any longer");
    assert_eq!(send(&app, "GET", metrics::METRICS_PATH).await.0, 200);
}
