//! The layer for HTTP and the routes of axum, on generated code, by what is exposed in the end.

mod endpoints;
mod ends;
mod random;
mod routes;
mod wire;

/// What is generated for a spec that binds all three metrics and has probes.
#[path = "../../../tests/rust_target/cases/http/expected.rs"]
mod metrics;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use metrics::Metrics;
use monospec_runtime::http::HttpLayer;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Counts by labels, such as `GET /a 200`; only those above 0.
type Counts = BTreeMap<String, u64>;

/// What is exposed of requests.
#[derive(Debug, PartialEq)]
struct Recorded {
    requests: Counts,
    durations: Counts,
    in_flight: u64,
}

impl Recorded {
    fn of(metrics: &Metrics) -> Self {
        let text = metrics.encode_text();
        let counts = |name: &str| -> Counts {
            let samples = text.lines().filter_map(|line| {
                let (labels, value) = line
                    .strip_prefix(name)?
                    .strip_prefix('{')?
                    .split_once("} ")?;
                let values: Vec<_> = labels.split('"').skip(1).step_by(2).collect();
                Some((values.join(" "), value.parse().expect("a count")))
            });
            samples.filter(|(_, count)| *count != 0).collect()
        };
        let mut in_flight = text
            .lines()
            .filter_map(|line| line.strip_prefix("http_requests_in_flight "));
        Self {
            requests: counts("http_requests_total"),
            durations: counts("http_request_duration_seconds_count"),
            in_flight: in_flight
                .next()
                .and_then(|value| value.parse().ok())
                .expect("a gauge that is not below 0"),
        }
    }

    /// As it has to be when all is done: the time of every request that was counted is observed, and none is in flight.
    fn done(requests: &[(&str, u64)]) -> Self {
        let mut durations = Counts::new();
        for (labels, count) in requests {
            let (method_and_route, _) = labels.rsplit_once(' ').expect("three labels");
            *durations.entry(method_and_route.to_owned()).or_default() += count;
        }
        let requests = requests
            .iter()
            .map(|(labels, count)| ((*labels).to_owned(), *count));
        Self {
            requests: requests.collect(),
            durations,
            in_flight: 0,
        }
    }
}

/// Asserts that these requests were recorded, by labels such as `GET /a 200`, each of them as a whole.
fn assert_done(metrics: &Metrics, requests: &[(&str, u64)]) {
    assert_eq!(Recorded::of(metrics), Recorded::done(requests));
}

/// Waits until this is so. What a server does after its answer, its client does not see.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(30);
    while !is_so() {
        assert!(Instant::now() < end, "it never came to this: {what}");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Waits until these requests are recorded, and asserts it.
async fn settle(metrics: &Metrics, requests: &[(&str, u64)]) {
    let done = Recorded::done(requests);
    let end = Instant::now() + Duration::from_secs(30);
    while Recorded::of(metrics) != done && Instant::now() < end {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert_done(metrics, requests);
}

/// New metrics, and a layer that records into them.
fn layer() -> (Arc<Metrics>, HttpLayer<Arc<Metrics>>) {
    let metrics = Arc::new(Metrics::new());
    let layer = HttpLayer::new(Arc::clone(&metrics));
    (metrics, layer)
}

/// A server of HTTP/1.1 on a free port of the loopback, which ends with this.
struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    async fn start(app: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let task = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("it serves");
        });
        Self { address, task }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}
