//! What recording a request costs in axum: nothing, a layer that does nothing, monospec's layer and axum-prometheus.
//!
//! `cargo run --release -p monospec-bench-http` prints a table. Requests go through a router of 20 routes in this process,
//! without sockets, one after the other on one thread, from the request that is there to the end of the answer's body. The
//! candidates take turns, so that what disturbs the machine disturbs all of them; the median of the rounds is told.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::http::Request;
use axum::response::Response;
use axum::routing::get;
use axum_prometheus::PrometheusMetricLayer;
use monospec_runtime::http::HttpLayer;
use tower::layer::layer_fn;
use tower::{Service, ServiceExt};

/// What is generated for the example.
#[expect(dead_code, reason = "only the layer is measured")]
#[path = "../../../generated/metrics.rs"]
mod metrics;

const ROUNDS: usize = 401;
const REQUESTS: usize = 500;

struct Candidate {
    name: &'static str,
    app: Router,
    rounds: Vec<Duration>,
    allocations: u64,
}

fn routes() -> Router {
    let app = (0..19).fold(Router::new(), |app, index| {
        app.route(&format!("/api/v1/things{index}/{{id}}"), get(async || "ok"))
    });
    app.route("/api/v1/users/{id}", get(async || "ok"))
}

fn candidates() -> Vec<Candidate> {
    let recorded = HttpLayer::new(Arc::new(metrics::Metrics::new()));
    let (prometheus, _) = PrometheusMetricLayer::pair();
    let apps = [
        ("no layer", routes()),
        (
            "a layer that does nothing",
            routes().layer(layer_fn(|inner| inner)),
        ),
        ("monospec", routes().layer(recorded)),
        ("axum-prometheus", routes().layer(prometheus)),
    ];
    let candidate = |(name, app): (_, Router)| Candidate {
        name,
        // As a server does, for which axum then has less to do.
        app: app.with_state(()),
        rounds: Vec::with_capacity(ROUNDS),
        allocations: 0,
    };
    apps.into_iter().map(candidate).collect()
}

fn request() -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = axum::http::Uri::from_static("/api/v1/users/7");
    request
}

/// Sends a request and takes the answer to its end, as a server does.
async fn send(app: &mut Router, request: Request<Body>) {
    let app = match ServiceExt::<Request<Body>>::ready(app).await {
        Ok(app) => app,
        Err(never) => match never {},
    };
    let response: Response = match app.call(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let mut body = std::pin::pin!(response.into_body());
    while !body.is_end_stream() {
        let frame = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await;
        if !matches!(frame, Some(Ok(_))) {
            break;
        }
    }
}

async fn round(app: &mut Router) -> Duration {
    let requests: Vec<_> = (0..REQUESTS).map(|_| request()).collect();
    let start = Instant::now();
    for request in requests {
        send(app, request).await;
    }
    start.elapsed()
}

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    // axum-prometheus starts a task.
    let entered = runtime.enter();
    let mut candidates = candidates();
    drop(entered);
    for candidate in &mut candidates {
        // What is made for the first request of a route is not what a request costs.
        runtime.block_on(round(&mut candidate.app));
        let request = request();
        let counted = allocation_counter::measure(|| {
            runtime.block_on(send(&mut candidate.app, request));
        });
        candidate.allocations = counted.count_total;
    }
    for _ in 0..ROUNDS {
        for candidate in &mut candidates {
            let time = runtime.block_on(round(&mut candidate.app));
            candidate.rounds.push(time);
        }
    }
    let mut out = io::stdout().lock();
    writeln!(
        out,
        "| | ns per request | more than without | allocations | more |"
    )?;
    writeln!(out, "| --- | ---: | ---: | ---: | ---: |")?;
    let mut without = None;
    for candidate in &mut candidates {
        candidate.rounds.sort();
        let median = candidate.rounds[ROUNDS / 2].as_nanos() / REQUESTS as u128;
        let (time, allocations) = *without.get_or_insert((median, candidate.allocations));
        writeln!(
            out,
            "| {} | {median} | {} | {} | {} |",
            candidate.name,
            median.saturating_sub(time),
            candidate.allocations,
            candidate.allocations.saturating_sub(allocations),
        )?;
    }
    Ok(())
}
