//! The layer, and the service that it makes of another.

use std::fmt;
use std::task::{Context, Poll};

use ::http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::body::RecordedBody;
use super::future::ResponseFuture;
use super::recording::Recording;
use super::route::{FindRoute, Matched, Route};
use crate::bridge::{HttpMetrics, HttpRequest};

/// A layer of tower that records every request in the metrics that the section `http:` of a spec binds.
///
/// `M` is `Arc<Metrics>` or `&'static Metrics`, with the generated `Metrics`. What is recorded, and where the layer
/// belongs, tells the [module](crate::http).
#[derive(Clone)]
pub struct HttpLayer<M, F = Matched> {
    metrics: M,
    find_route: F,
}

impl<M: HttpMetrics> HttpLayer<M> {
    /// A layer that records into `metrics`, by the routes that axum has matched.
    ///
    /// From now on the series of `unmatched` exist: whoever serves can be asked for what is not there.
    pub fn new(metrics: M) -> Self {
        Self {
            metrics,
            find_route: Matched,
        }
        .expect_routes([Route::UNMATCHED.as_str()])
    }
}

impl<M: HttpMetrics, F> HttpLayer<M, F> {
    /// Finds routes with `find_route`, where it is not axum that matches them. It returns a route as it was declared, as
    /// `&'static str`, `Arc<str>` or `String`, or an option of these.
    ///
    /// ```
    /// # use monospec_runtime::codegen::v1;
    /// # use monospec_runtime::http::HttpLayer;
    /// # fn layer<B: http_body::Body>(metrics: impl v1::HttpMetrics) {
    /// HttpLayer::new(metrics).route(|request: &http::Request<B>| match request.uri().path() {
    ///     "/" => Some("/"),
    ///     path if path.starts_with("/files/") => Some("/files/{name}"),
    ///     _ => None, // `unmatched`
    /// });
    /// # }
    /// ```
    pub fn route<B, G, R>(self, find_route: G) -> HttpLayer<M, G>
    where
        G: Fn(&Request<B>) -> R,
        R: Into<Route>,
    {
        HttpLayer {
            metrics: self.metrics,
            find_route,
        }
    }

    /// Has the series of these routes exist from now on, at 0. A route that is not told so has them from its first request
    /// on, before it is answered; a scrape in between is what `rate` needs to see that one too.
    ///
    /// They are those of every method, or, if the method is an open label, those of `GET`.
    pub fn expect_routes<'r>(self, routes: impl IntoIterator<Item = &'r str>) -> Self {
        for route in routes {
            self.metrics.expect(&HttpRequest::new("GET", route));
        }
        self
    }
}

impl<S, M: Clone, F: Clone> Layer<S> for HttpLayer<M, F> {
    type Service = HttpService<S, M, F>;

    fn layer(&self, inner: S) -> Self::Service {
        HttpService {
            inner,
            layer: self.clone(),
        }
    }
}

impl<M, F> fmt::Debug for HttpLayer<M, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpLayer").finish_non_exhaustive()
    }
}

/// What an [`HttpLayer`] makes of a service.
#[derive(Clone, Debug)]
pub struct HttpService<S, M, F = Matched> {
    inner: S,
    layer: HttpLayer<M, F>,
}

impl<S, M, F, A, B> Service<Request<A>> for HttpService<S, M, F>
where
    S: Service<Request<A>, Response = Response<B>>,
    M: HttpMetrics + Clone,
    F: FindRoute<A>,
    B: Body,
{
    type Response = Response<RecordedBody<B, M>>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, M>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let route = self.layer.find_route.find(&request);
        let named = match route.is_matched() {
            true => route.as_str(),
            false => request.uri().path(),
        };
        let mut recording = (!M::UNRECORDED.contains(&named)).then(|| {
            let metrics = self.layer.metrics.clone();
            Recording::start(metrics, request.method().clone(), route)
        });
        let inner = Recording::run(&mut recording, || self.inner.call(request));
        ResponseFuture::new(inner, recording)
    }
}
