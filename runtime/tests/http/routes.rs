//! The labels of a request in axum.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use axum::routing::{any, get};
use monospec_runtime::http::HttpLayer;
use tokio::sync::Notify;
use tower::ServiceExt;

use crate::{Recorded, assert_done, layer, until};

/// Sends requests, each a method and a path, to the end.
async fn send(app: &Router, requests: &[&str]) {
    for request in requests {
        let (method, path) = request.split_once(' ').expect("a method and a path");
        let request = Request::builder().method(method).uri(path);
        let request = request.body(Body::empty()).expect("a request");
        let response = app.clone().oneshot(request).await.expect("infallible");
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        body.expect("a body");
    }
}

async fn ok() -> &'static str {
    "ok"
}

#[tokio::test]
async fn the_route_is_the_one_that_matched() {
    let (metrics, layer) = layer();
    let inner = Router::new()
        .route("/posts/{post}", get(ok))
        .nest("/deep", Router::new().route("/{*rest}", get(ok)))
        .fallback(|| async { StatusCode::GONE });
    let app = Router::new()
        .route("/", get(ok))
        .route("/users/{id}", get(ok).put(ok))
        .nest("/users/{id}", inner)
        .nest_service("/files", any(ok))
        .merge(Router::new().route("/merged", get(ok)))
        .layer(layer);
    send(
        &app,
        &[
            "GET /",
            "GET /users/1",
            "PUT /users/2",
            "GET /users/1/posts/2",
            "GET /users/1/deep/a/b",
            "GET /merged?q=%22",
            // The route is there, but not for this method.
            "POST /users/1",
            "BREW /users/1",
            // Nothing is there, be it for the fallback of a nested router or for nobody.
            "GET /users/1/nothing",
            "GET /admin.php",
            "POST /%7D%22%0A",
            // A service that finds routes itself tells none.
            "GET /files/a/b",
        ],
    )
    .await;
    assert_done(
        &metrics,
        &[
            ("GET / 200", 1),
            ("GET /users/{id} 200", 1),
            ("PUT /users/{id} 200", 1),
            ("GET /users/{id}/posts/{post} 200", 1),
            ("GET /users/{id}/deep/{*rest} 200", 1),
            ("GET /merged 200", 1),
            ("POST /users/{id} 405", 1),
            ("_OTHER /users/{id} 405", 1),
            ("GET unmatched 410", 1),
            ("GET unmatched 404", 1),
            ("POST unmatched 404", 1),
            ("GET unmatched 200", 1),
        ],
    );
}

#[tokio::test]
async fn unknown_methods_are_one() {
    let (metrics, layer) = layer();
    let app = Router::new().route("/a", any(ok)).layer(layer);
    let long = format!("{} /a", "X".repeat(300));
    send(
        &app,
        &[
            "GET /a",
            "get /a",
            "BREW /a",
            "PATCH /a",
            "CONNECT /a",
            "_OTHER /a",
            &long,
        ],
    )
    .await;
    assert_done(&metrics, &[("GET /a 200", 1), ("_OTHER /a 200", 6)]);
}

#[tokio::test]
async fn head_is_a_method_of_its_own() {
    let (metrics, layer) = layer();
    let app = Router::new().route("/a", get(ok)).layer(layer);
    send(&app, &["HEAD /a", "HEAD /b"]).await;
    assert_done(&metrics, &[("HEAD /a 200", 1), ("HEAD unmatched 404", 1)]);
}

#[tokio::test]
async fn what_monitoring_asks_for_is_not_recorded() {
    let (metrics, layer) = layer();
    let probes = Router::new()
        .route("/metrics", get(ok))
        .route("/live", get(ok))
        .route("/ready", get(ok));
    let app = probes
        .clone()
        .nest("/nested", probes)
        .route("/{other}", get(ok))
        .layer(layer);
    send(
        &app,
        &[
            "GET /metrics",
            "HEAD /live",
            "GET /ready?verbose",
            "POST /metrics",
            // Only called like one of them.
            "GET /nested/metrics",
            "GET /metrics2",
        ],
    )
    .await;
    assert_done(
        &metrics,
        &[("GET /nested/metrics 200", 1), ("GET /{other} 200", 1)],
    );
}

#[tokio::test]
async fn series_exist_before_the_answer() {
    let (metrics, layer) = layer();
    let exists = |route: &str, at: &str| {
        let text = metrics.encode_text();
        let series = [
            format!(
                "http_requests_total{{method=\"GET\",endpoint=\"{route}\",status=\"200\"}} {at}"
            ),
            format!(
                "http_requests_total{{method=\"_OTHER\",endpoint=\"{route}\",status=\"503\"}} 0"
            ),
            format!(
                "http_request_duration_seconds_count{{method=\"GET\",endpoint=\"{route}\"}} {at}"
            ),
        ];
        series
            .iter()
            .all(|series| text.lines().any(|line| line == series))
    };
    assert!(exists("unmatched", "0"));
    assert!(!exists("/expected", "0"));
    let layer = layer.expect_routes(["/expected"]);
    assert!(exists("/expected", "0"));

    let release = Arc::new(Notify::new());
    let handler = {
        let release = Arc::clone(&release);
        async move || release.notified().await
    };
    let app = Router::new().route("/slow/{id}", get(handler)).layer(layer);
    assert!(!exists("/slow/{id}", "0"));
    let request = tokio::spawn(async move { send(&app, &["GET /slow/1"]).await });
    until("the handler runs", || Recorded::of(&metrics).in_flight == 1).await;
    assert!(exists("/slow/{id}", "0"));
    release.notify_one();
    request.await.expect("the request ends");
    assert!(exists("/slow/{id}", "1"));
    assert_done(&metrics, &[("GET /slow/{id} 200", 1)]);
}

/// A route beyond the bound of its label counts once for each metric that records it as `_other`; that series are made to
/// exist beforehand does not count.
#[tokio::test]
async fn a_route_that_is_one_too_many_counts_once_for_each_metric() {
    let (metrics, layer) = layer();
    let layer = layer.route(|request: &Request<Body>| request.uri().path().to_owned());
    let overflow = || {
        let text = metrics.encode_text();
        let name = r#"monospec_label_overflow_total{label="endpoint"} "#;
        let mut counts = text.lines().filter_map(|line| line.strip_prefix(name));
        counts.next().expect("it is exposed").to_owned()
    };
    // `unmatched` has taken one of the 20 places.
    let routes: Vec<_> = (1..20).map(|route| format!("/{route}")).collect();
    let layer = layer.expect_routes(routes.iter().map(String::as_str));
    let layer = layer.expect_routes(["/expected"]);
    assert_eq!(overflow(), "0");
    let app = Router::new().fallback(ok).layer(layer);
    send(&app, &["GET /1", "GET /more"]).await;
    // The requests and their time; what is in flight has no labels.
    assert_eq!(overflow(), "2");
    assert_done(&metrics, &[("GET /1 200", 1), ("GET _other 200", 1)]);
}

#[tokio::test]
async fn who_routes_without_axum_tells_the_route() {
    let (metrics, layer) = layer();
    let layer = layer.route(|request: &Request<Body>| match request.uri().path() {
        "/" => Some("/"),
        "/metrics" => Some("/metrics"),
        path => path.starts_with("/files/").then_some("/files/{name}"),
    });
    let app = Router::new().fallback(ok).layer(layer);
    send(&app, &["GET /", "GET /files/a", "GET /b", "GET /metrics"]).await;
    assert_done(
        &metrics,
        &[
            ("GET / 200", 1),
            ("GET /files/{name} 200", 1),
            ("GET unmatched 200", 1),
        ],
    );
}

#[tokio::test]
async fn metrics_may_be_static() {
    let metrics: &'static _ = Box::leak(Box::new(crate::metrics::Metrics::new()));
    let app = Router::new()
        .route("/a", get(ok))
        .layer(HttpLayer::new(metrics));
    send(&app, &["GET /a"]).await;
    assert_done(metrics, &[("GET /a 200", 1)]);
}
