//! What is recorded of every request.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::App;
use crate::metrics::{HttpStatus, Method, Metrics};

/// The route of requests that no route takes.
pub(crate) const UNMATCHED: &str = "unmatched";

/// Has the series of a route exist, at 0, before its first request: `rate` does not see the birth of a series. One method
/// brings all.
pub(crate) fn expect(metrics: &Metrics, route: &str) {
    metrics.http_requests_total(Method::Other, route, HttpStatus(200));
    metrics.http_request_duration_seconds(Method::Other, route);
}

/// Records a request by its method and matched route: a path as it was sent would be a series for everything that anybody
/// can think of.
pub(crate) async fn record(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let method = Method::from(request.method().as_str());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let route = matched.as_ref().map_or(UNMATCHED, MatchedPath::as_str);
    let metrics = &app.metrics;
    // Both are dropped, and so recorded, when the client goes away too.
    let _in_flight = metrics.http_requests_in_flight().track();
    let _timer = metrics
        .http_request_duration_seconds(method, route)
        .start_timer();
    let response = next.run(request).await;
    let status = HttpStatus(response.status().as_u16());
    metrics.http_requests_total(method, route, status).inc();
    response
}
