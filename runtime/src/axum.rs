//! Routes of axum for what monitoring asks for, under the paths of the spec, ready to be merged. That is done before the
//! [layer for HTTP](crate::http) is added, which leaves these paths out by itself.
//!
//! ```
//! # #[cfg(feature = "health")] {
//! # use monospec_runtime::{Health, codegen::v1::Exposed};
//! use axum::{Router, routing::get};
//! use monospec_runtime::axum::{health_routes, metrics_routes};
//!
//! # fn app(metrics: &impl Exposed, health: &Health) -> Router {
//! Router::new()
//!     .route("/users/{id}", get(|| async { "Ada" }))
//!     .merge(metrics_routes(metrics))
//!     .merge(health_routes(health))
//! # }
//! # }
//! ```

use ::axum::Router;
use ::axum::http::HeaderMap;
use ::axum::http::header::{
    ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, VARY,
};
use ::axum::response::{AppendHeaders, IntoResponse};
use ::axum::routing::get;

use crate::bridge::Exposed;
use crate::registry::Registry;

/// What was so a minute ago is no answer: <https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5>.
const NO_STORE: &str = "no-store";

/// The route that Prometheus scrapes: `GET` (and `HEAD`) of the spec's path, answered in the format and, with the feature
/// `gzip`, the encoding that the request asks for.
///
/// It says what is known of the service; do not serve it to the world.
///
/// The answer is written, and compressed, by the task that serves the request: a few milliseconds for a megabyte, in which
/// its worker does nothing else. If yours is many megabytes, serve [`Registry::scrape`] from a route of your own, in
/// `tokio::task::spawn_blocking`.
pub fn metrics_routes<S>(metrics: &impl Exposed) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    fn path<M: Exposed>(_: &M) -> &'static str {
        M::PATH
    }
    let registry = metrics.registry().clone();
    let scrape = async move |headers: HeaderMap| scrape(&registry, &headers);
    Router::new().route(path(metrics), get(scrape))
}

fn scrape(registry: &Registry, headers: &HeaderMap) -> impl IntoResponse + use<> {
    let accept = joined(headers, ACCEPT);
    let accept_encoding = joined(headers, ACCEPT_ENCODING);
    let exposition = registry.scrape(accept.as_deref(), accept_encoding.as_deref());
    let encoding = exposition.content_encoding;
    (
        [
            (CONTENT_TYPE, exposition.content_type),
            (VARY, "accept, accept-encoding"),
            (CACHE_CONTROL, NO_STORE),
        ],
        AppendHeaders(encoding.map(|encoding| (CONTENT_ENCODING, encoding))),
        exposition.body,
    )
}

/// A list may come in several headers of one name: <https://www.rfc-editor.org/rfc/rfc9110#section-5.3>.
fn joined(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let values = headers.get_all(name).iter();
    let texts: Vec<_> = values.filter_map(|value| value.to_str().ok()).collect();
    (!texts.is_empty()).then(|| texts.join(", "))
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

    let status = StatusCode::from_u16(health.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, NO_STORE),
    ];
    (status, headers, health.body)
}
