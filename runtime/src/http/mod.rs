//! Requests, recorded by a layer of tower in the metrics that the section `http:` of a spec binds.
//!
//! ```
//! # mod metrics {
//! #     use monospec_runtime::codegen::v1;
//! #     pub struct Metrics { registry: v1::Registry, requests: v1::CounterFamily }
//! #     impl Metrics {
//! #         pub fn new() -> Self {
//! #             let registry = v1::Registry::new();
//! #             let open = registry.open_label(200);
//! #             let requests = registry.counter(v1::Descriptor::new("http_requests_total", "").labels(&[
//! #                 v1::Label::open("method", &open),
//! #                 v1::Label::open("route", &open),
//! #                 v1::Label::http_status("status", &[200, 404]),
//! #             ]));
//! #             Self { registry, requests }
//! #         }
//! #         pub fn encode_text(&self) -> String { self.registry.encode_text() }
//! #     }
//! #     impl v1::Exposed for Metrics {
//! #         const PATH: &'static str = "/metrics";
//! #         fn registry(&self) -> &v1::Registry { &self.registry }
//! #     }
//! #     impl v1::HttpMetrics for Metrics {
//! #         const UNRECORDED: &'static [&'static str] = &["/metrics"];
//! #         fn requests(&self, request: &v1::HttpRequest<'_>, status: v1::HttpStatus) -> v1::Counter<'_> {
//! #             let method = v1::http_method(request.method());
//! #             self.requests.open_status(0, &[method, request.route()], status)
//! #         }
//! #     }
//! # }
//! # #[cfg(feature = "axum")] {
//! use std::sync::Arc;
//!
//! use axum::{Router, body::Body, http::Request, routing::get};
//! use metrics::Metrics; // generated
//! use monospec_runtime::http::HttpLayer;
//! use tower::ServiceExt;
//!
//! let metrics = Arc::new(Metrics::new());
//! let app: Router = Router::new()
//!     .route("/users/{id}", get(|| async { "Ada" }))
//!     .merge(monospec_runtime::axum::metrics_routes(&metrics))
//!     .layer(HttpLayer::new(Arc::clone(&metrics)).expect_routes(["/users/{id}"]));
//!
//! # let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
//! # runtime.block_on(async {
//! for path in ["/users/7", "/admin.php", "/metrics"] {
//!     let request = Request::get(path).body(Body::empty()).expect("a request");
//!     app.clone().oneshot(request).await.expect("an answer");
//! }
//! # });
//! let text = metrics.encode_text();
//! assert!(text.contains(r#"http_requests_total{method="GET",route="/users/{id}",status="200"} 1"#));
//! assert!(text.contains(r#"http_requests_total{method="GET",route="unmatched",status="404"} 1"#));
//! assert!(!text.contains(r#"route="/metrics""#));
//! # }
//! ```
//!
//! # Where the layer belongs
//!
//! - In axum: `Router::layer`, last of all. It is then outside of all other layers, those that catch panics, time out or
//!   compress among them, and around every route and fallback, those of nested routers too. What is merged later is not
//!   recorded, and a merged router brings its fallback: requests that no route takes are then not recorded either. Nor are
//!   they by a layer given to `Router::route_layer`; and one around the `Router` sees no route.
//! - Elsewhere: around the service, with a function that knows its routes, [`HttpLayer::route`].
//!
//! Once: two layers count every request twice.
//!
//! # What is recorded
//!
//! - **Once each**: a request is counted, its time observed and its place in flight given back exactly once, whatever becomes
//!   of it.
//! - **Counted when its status is known**, with the head of the answer: a download that takes an hour is in the rate of
//!   requests and of errors when it begins. A body that fails later does not change the status that the client was sent.
//! - **Time and in flight end with the body**: with its last frame, its failure, or when it is dropped because the client
//!   went away. That is when the server has taken all of it, which may be before the client has.
//! - **Without an answer** a request is counted as [499](CLIENT_CLOSED_REQUEST) if it is dropped, as it is when the client
//!   goes away or a timeout outside of the layer gives up, and as 500 if the service fails or panics. The panic goes on.
//! - **Upgrades** (WebSocket) are counted when they are answered, and are then no request any longer.
//! - **Labels are bounded**: the route as it was declared or `unmatched`, never the path; a method of the spec or its word
//!   for others. A method that a route does not take (405) is still one of that route.
//!   A route beyond the bound of its label is `_other`, which `monospec_label_overflow_total` counts once for each metric that
//!   records it.
//! - **Nothing of the monitoring itself**: the paths of the spec for metrics and probes are left out.
//! - **From 0**: the series of a route exist before its first request is answered, with
//!   [`expect_routes`](HttpLayer::expect_routes) from the start.

mod body;
mod future;
mod layer;
mod recording;
mod route;

pub use body::RecordedBody;
pub use future::ResponseFuture;
pub use layer::{HttpLayer, HttpService};
pub use recording::CLIENT_CLOSED_REQUEST;
pub use route::{FindRoute, Matched, Route};
