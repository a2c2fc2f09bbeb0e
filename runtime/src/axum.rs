//! Routes of axum for what monitoring asks for, under the paths of the spec, ready to be merged. That is done before the
//! [layer for HTTP](crate::http) is added, which leaves these paths out by itself.
//!
//! ```
//! # #[cfg(feature = "health")] {
//! # use monospec_runtime::{Health, codegen::v1::Exposition};
//! use axum::{Router, routing::get};
//! use monospec_runtime::axum::{health_routes, metrics_routes};
//!
//! # fn app(metrics: &impl Exposition, health: &Health) -> Router {
//! Router::new()
//!     .route("/users/{id}", get(|| async { "Ada" }))
//!     .merge(metrics_routes(metrics))
//!     .merge(health_routes(health))
//! # }
//! # }
//! ```

use ::axum::Router;
use ::axum::http::header::CONTENT_TYPE;
use ::axum::response::IntoResponse;
use ::axum::routing::get;

use crate::bridge::Exposition;
use crate::exposition::TEXT_CONTENT_TYPE;
use crate::registry::Registry;

/// The route that Prometheus scrapes: `GET` (and `HEAD`) of the spec's path.
///
/// It says what is known of the service; do not serve it to the world.
pub fn metrics_routes<S>(metrics: &impl Exposition) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn path<M: Exposition>(_: &M) -> &'static str {
        M::PATH
    }
    let registry = metrics.registry().clone();
    Router::new().route(path(metrics), get(async move || exposition(&registry)))
}

fn exposition(registry: &Registry) -> impl IntoResponse + use<> {
    ([(CONTENT_TYPE, TEXT_CONTENT_TYPE)], registry.encode_text())
}

/// The routes of the probes: `GET` (and `HEAD`) of the spec's paths, never cached.
#[cfg(feature = "health")]
pub fn health_routes<S>(health: &crate::Health) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    let (live, ready) = (health.clone(), health.clone());
    Router::new()
        .route(health.live_path(), get(async move || probe(live.live())))
        .route(health.ready_path(), get(async move || probe(ready.ready())))
}

#[cfg(feature = "health")]
fn probe(health: crate::HealthResponse) -> impl IntoResponse {
    use ::axum::http::StatusCode;
    use ::axum::http::header::CACHE_CONTROL;

    let status = StatusCode::from_u16(health.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (CONTENT_TYPE, "application/json"),
        // What was so a minute ago is no answer: https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5
        (CACHE_CONTROL, "no-store"),
    ];
    (status, headers, health.body)
}
