//! The ways in which a request can end, each recorded once.

use std::convert::Infallible;
use std::future::{Future, pending, ready};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::channel::Channel;
use http_body_util::{BodyExt, Full};
use hyper::body::Frame;
use monospec_runtime::http::{HttpLayer, HttpService};
use tower::{Layer, Service, service_fn};

use crate::metrics::Metrics;
use crate::{Recorded, assert_done, layer};

fn get() -> Request<Body> {
    Request::new(Body::empty())
}

/// A layer around a function.
fn service<F>(
    layer: &HttpLayer<Arc<Metrics>>,
    answer: F,
) -> HttpService<tower::util::ServiceFn<F>, Arc<Metrics>> {
    layer.layer(service_fn(answer))
}

/// Asserts what is recorded between the head of an answer and its end.
fn assert_streaming(metrics: &Metrics) {
    let recorded = Recorded::of(metrics);
    assert_eq!(
        recorded.requests,
        Recorded::done(&[("GET unmatched 200", 1)]).requests
    );
    assert!(recorded.durations.is_empty(), "{recorded:?}");
    assert_eq!(recorded.in_flight, 1);
}

#[tokio::test]
async fn a_streamed_answer_ends_with_its_body() {
    let (metrics, layer) = layer();
    let (mut sender, body) = Channel::<Bytes>::new(4);
    let mut body = Some(body);
    let mut service = service(&layer, |_: Request<Body>| {
        ready(Ok::<_, Infallible>(Response::new(
            body.take().expect("one request"),
        )))
    });
    let response = service.call(get()).await.expect("an answer");
    assert_streaming(&metrics);
    let mut body = response.into_body();
    let mut trailers = HeaderMap::new();
    trailers.insert("checksum", HeaderValue::from_static("7"));
    sender
        .send_data(Bytes::from("a"))
        .await
        .expect("it takes it");
    sender
        .send_trailers(trailers.clone())
        .await
        .expect("it takes it");
    let frame = body.frame().await.expect("a frame").expect("data");
    assert_eq!(frame.into_data().expect("data"), "a");
    let frame = body.frame().await.expect("a frame").expect("trailers");
    assert_eq!(frame.into_trailers().expect("trailers"), trailers);
    assert_streaming(&metrics);
    drop(sender);
    assert!(body.frame().await.is_none());
    assert_done(&metrics, &[("GET unmatched 200", 1)]);
    // The body is still there; its drop is not another end.
    drop(body);
    assert_done(&metrics, &[("GET unmatched 200", 1)]);
}

#[tokio::test]
async fn a_body_that_fails_or_is_dropped_ends_too() {
    let (metrics, layer) = layer();
    for (count, fails) in [(1, true), (2, false)] {
        let (sender, body) = Channel::<Bytes, &str>::new(1);
        let mut body = Some(body);
        let mut service = service(&layer, |_: Request<Body>| {
            ready(Ok::<_, Infallible>(Response::new(
                body.take().expect("one request"),
            )))
        });
        let mut body = service.call(get()).await.expect("an answer").into_body();
        assert_eq!(Recorded::of(&metrics).in_flight, 1);
        if fails {
            sender.abort("broken");
            assert_eq!(body.frame().await.expect("an end").err(), Some("broken"));
        } else {
            drop(body);
        }
        // The status that was sent is the one that counts.
        assert_done(&metrics, &[("GET unmatched 200", count)]);
    }
}

#[tokio::test]
async fn a_body_is_passed_on_as_it_is() {
    let (metrics, layer) = layer();
    let mut service = service(&layer, |_: Request<Body>| {
        ready(Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(
            "four",
        )))))
    });
    let mut body = service.call(get()).await.expect("an answer").into_body();
    assert_eq!(body.size_hint().exact(), Some(4));
    assert!(!body.is_end_stream());
    assert_eq!(Recorded::of(&metrics).in_flight, 1);
    body.frame().await.expect("a frame").expect("data");
    // Nothing is to come, and servers do not ask then.
    assert!(body.is_end_stream());
    assert_eq!(body.size_hint().exact(), Some(0));
    assert_done(&metrics, &[("GET unmatched 200", 1)]);
    drop(body);
    assert_done(&metrics, &[("GET unmatched 200", 1)]);
}

#[tokio::test]
async fn an_empty_answer_ends_with_its_head() {
    let (metrics, layer) = layer();
    let mut service = service(&layer, |_: Request<Body>| {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        ready(Ok::<_, Infallible>(response))
    });
    let response = service.call(get()).await.expect("an answer");
    assert_done(&metrics, &[("GET unmatched 204", 1)]);
    drop(response);
    assert_done(&metrics, &[("GET unmatched 204", 1)]);
}

#[tokio::test]
async fn a_service_that_fails_is_an_internal_error() {
    let (metrics, layer) = layer();
    let mut service = service(&layer, |_: Request<Body>| {
        ready(Err::<Response<Body>, _>("no answer"))
    });
    assert_eq!(service.call(get()).await.err(), Some("no answer"));
    assert_done(&metrics, &[("GET unmatched 500", 1)]);
}

#[tokio::test]
async fn a_request_that_is_given_up_was_closed_by_its_client() {
    let (metrics, layer) = layer();
    let mut service = service(&layer, |_: Request<Body>| {
        pending::<Result<Response<Body>, Infallible>>()
    });
    drop(service.call(get()));
    assert_done(&metrics, &[("GET unmatched 499", 1)]);
    let mut context = Context::from_waker(Waker::noop());
    let mut future = Box::pin(service.call(get()));
    assert!(future.as_mut().poll(&mut context).is_pending());
    assert_eq!(Recorded::of(&metrics).in_flight, 1);
    drop(future);
    assert_done(&metrics, &[("GET unmatched 499", 2)]);
}

/// Fails in a way that is not reported.
fn panic<T>(at: &str) -> T {
    std::panic::resume_unwind(Box::new(at.to_owned()))
}

/// Runs this, which panics, and tells where.
fn caught<T>(part: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(part)).err().expect("a panic");
    *panic.downcast().expect("a place")
}

#[test]
fn panics_go_on_and_are_internal_errors() {
    let (metrics, layer) = layer();
    let mut context = Context::from_waker(Waker::noop());

    let mut service_fn = service(&layer, |_: Request<Body>| {
        panic::<std::future::Ready<Result<Response<Body>, Infallible>>>("call")
    });
    assert_eq!(caught(|| service_fn.call(get())), "call");
    assert_done(&metrics, &[("GET unmatched 500", 1)]);

    let mut service_fn = service(
        &layer,
        async |_: Request<Body>| -> Result<Response<Body>, Infallible> { panic("poll") },
    );
    // Caught while the future lives on, as `CatchPanic` does.
    let mut future = Box::pin(service_fn.call(get()));
    assert_eq!(caught(|| future.as_mut().poll(&mut context)), "poll");
    drop(future);
    assert_done(&metrics, &[("GET unmatched 500", 2)]);
    // Dropped by the panic itself.
    let unwound = caught(|| pin!(service_fn.call(get())).poll(&mut context).is_ready());
    assert_eq!(unwound, "poll");
    assert_done(&metrics, &[("GET unmatched 500", 3)]);
}

/// A body that panics when it is asked.
struct Panics;

impl HttpBody for Panics {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        panic("frame")
    }
}

#[tokio::test]
async fn a_body_that_panics_ends_when_it_is_dropped() {
    let (metrics, layer) = layer();
    let mut service = service(&layer, |_: Request<Body>| {
        ready(Ok::<_, Infallible>(Response::new(Panics)))
    });
    let mut body = service.call(get()).await.expect("an answer").into_body();
    let mut context = Context::from_waker(Waker::noop());
    assert_eq!(
        caught(|| Pin::new(&mut body).poll_frame(&mut context).is_ready()),
        "frame"
    );
    drop(body);
    assert_done(&metrics, &[("GET unmatched 200", 1)]);
}
