//! Many requests at once that go wrong in all ways: in the end each was recorded once.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;
use hyper::body::Frame;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::{Layer, Service, service_fn};

use crate::{Recorded, Server, layer, until};

/// Numbers that look random and are the same every time: [SplitMix64](https://prng.di.unimi.it/splitmix64.c).
#[derive(Clone)]
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

/// What a handler or a body comes to after some time.
fn come_to_an_end(random: &mut Random) -> Result<(), &'static str> {
    match random.below(10) {
        0 => std::panic::resume_unwind(Box::new("it panics")),
        1 => Err("it fails"),
        _ => Ok(()),
    }
}

async fn wait(random: &mut Random) {
    for _ in 0..random.below(4) {
        tokio::task::yield_now().await;
    }
}

/// A body of some frames, with pauses between them.
struct Frames(Random);

impl HttpBody for Frames {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        match self.0.below(8) {
            0..4 => Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"frame"))))),
            4..6 => {
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            6 => Poll::Ready(None),
            _ => Poll::Ready(match come_to_an_end(&mut self.0) {
                Ok(()) => None,
                Err(error) => Some(Err(error)),
            }),
        }
    }
}

async fn answer(mut random: Random) -> Result<Response<Frames>, &'static str> {
    wait(&mut random).await;
    come_to_an_end(&mut random)?;
    let mut response = Response::new(Frames(random.clone()));
    let codes = [
        StatusCode::OK,
        StatusCode::NOT_FOUND,
        StatusCode::BAD_GATEWAY,
    ];
    *response.status_mut() = codes[random.below(3) as usize];
    Ok(response)
}

/// Polls this so often, and then gives it up.
async fn patiently<T>(mut polls: u64, mut future: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    poll_fn(move |cx| {
        if polls == 0 {
            return Poll::Ready(None);
        }
        polls -= 1;
        future.as_mut().poll(cx).map(Some)
    })
    .await
}

/// Asserts that so many requests were recorded, each of them as a whole.
async fn assert_each_once(metrics: &crate::metrics::Metrics, sent: u64) {
    let sum = |counts: &crate::Counts| counts.values().sum::<u64>();
    until("all requests have ended", || {
        Recorded::of(metrics).in_flight == 0
    })
    .await;
    until("all requests are recorded", || {
        sum(&Recorded::of(metrics).durations) == sent
    })
    .await;
    let recorded = Recorded::of(metrics);
    let requests: Vec<_> = recorded
        .requests
        .iter()
        .map(|(labels, count)| (labels.as_str(), *count))
        .collect();
    assert_eq!(recorded, Recorded::done(&requests));
    assert_eq!(sum(&recorded.requests), sent, "{recorded:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn requests_that_are_given_up_at_any_point() {
    const REQUESTS: u64 = 20_000;
    let (metrics, layer) = layer();
    let layer =
        layer.route(|request: &Request<u64>| ["/a", "/b", "/c"][(request.body() % 3) as usize]);
    let service = layer.layer(service_fn(|request: Request<u64>| {
        answer(Random(request.into_body()))
    }));
    let mut tasks = tokio::task::JoinSet::new();
    for seed in 0..REQUESTS {
        let mut service = service.clone();
        tasks.spawn(async move {
            let mut random = Random(!seed);
            let mut request = Request::new(seed);
            *request.method_mut() = ["GET", "POST", "get"][random.below(3) as usize]
                .parse()
                .expect("a method");
            let mut future = Box::pin(service.call(request));
            let response = patiently(random.below(12), future.as_mut()).await;
            if random.below(2) == 0 {
                drop(future);
            }
            let Some(Ok(response)) = response else { return };
            let mut body = Box::pin(response.into_body());
            let polls = random.below(20);
            let mut to_the_end = Box::pin(async {
                while let Some(Ok(_)) = poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
                    tokio::task::yield_now().await;
                }
            });
            patiently(polls, to_the_end.as_mut()).await;
        });
    }
    let mut panics = 0;
    while let Some(ended) = tasks.join_next().await {
        panics += u64::from(ended.is_err_and(|error| error.is_panic()));
    }
    assert!((100..REQUESTS / 2).contains(&panics), "{panics} panics");
    assert_each_once(&metrics, REQUESTS).await;
    let recorded = Recorded::of(&metrics);
    for status in ["200", "404", "499", "500", "502"] {
        let ends = |labels: &&String| labels.ends_with(status);
        assert!(
            recorded.requests.keys().any(|labels| ends(&labels)),
            "no {status}: {recorded:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_hang_up_at_any_point() {
    const CLIENTS: u64 = 300;
    let (metrics, layer) = layer();
    let started = Arc::new(AtomicU64::new(0));
    let handler = {
        let started = Arc::clone(&started);
        async move |request: Request<Body>| {
            let seed = started.fetch_add(1, Ordering::Relaxed);
            drop(request);
            match answer(Random(seed)).await {
                Ok(response) => response.map(Body::new),
                Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
            }
        }
    };
    let app = Router::new().route("/{id}", get(handler)).layer(layer);
    let server = Server::start(app).await;
    let mut clients = tokio::task::JoinSet::new();
    for seed in 0..CLIENTS {
        let address = server.address;
        clients.spawn(async move {
            let mut random = Random(!seed);
            let mut stream = TcpStream::connect(address).await.expect("a connection");
            let request = format!("GET /{seed} HTTP/1.1\r\nhost: x\r\n\r\n");
            stream
                .write_all(request.as_bytes())
                .await
                .expect("it is sent");
            for _ in 0..random.below(60) {
                // Whatever comes; an end of it too.
                if stream.read_u8().await.is_err() {
                    break;
                }
            }
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended.expect("a client that did as told");
    }
    // A client that hung up at once may never have been heard; who was, was recorded.
    until("all is quiet", || {
        let sum: u64 = Recorded::of(&metrics).durations.values().sum();
        sum == started.load(Ordering::Relaxed) && sum > CLIENTS / 2
    })
    .await;
    assert_each_once(&metrics, started.load(Ordering::Relaxed)).await;
}
