//! The official client, <https://crates.io/crates/prometheus-client>.

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::{Case, Client};
use crate::input::{BUCKETS, Input, combinations};

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

const METHODS: [Method; 5] = [
    Method::Get,
    Method::Post,
    Method::Put,
    Method::Patch,
    Method::Delete,
];

#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
enum Outcome {
    Ok,
    Error,
    Timeout,
}

const OUTCOMES: [Outcome; 3] = [Outcome::Ok, Outcome::Error, Outcome::Timeout];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Closed {
    method: Method,
    result: Outcome,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Open {
    method: Method,
    result: Outcome,
    endpoint: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OpenTime {
    method: Method,
    endpoint: String,
}

pub(crate) fn client() -> Client {
    let mut registry = Registry::default();
    let plain = Counter::<u64>::default();
    let closed = Family::<Closed, Counter>::default();
    let open = Family::<Open, Counter>::default();
    let histogram = Histogram::new(BUCKETS);
    let new = (|| Histogram::new(BUCKETS)) as fn() -> Histogram;
    let open_histogram = Family::<OpenTime, Histogram>::new_with_constructor(new);
    registry.register("plain", "Without labels", plain.clone());
    registry.register("closed", "With two closed labels", closed.clone());
    registry.register(
        "open",
        "With three labels of which one is open",
        open.clone(),
    );
    registry.register("plain_seconds", "Without labels", histogram.clone());
    registry.register(
        "open_seconds",
        "With two labels of which one is open",
        open_histogram.clone(),
    );
    let mut full = Registry::default();
    let many = Family::<Open, Counter>::default();
    full.register(
        "open",
        "With three labels of which one is open",
        many.clone(),
    );
    for input in combinations() {
        let (method, result, endpoint) = labels(&input);
        let endpoint = endpoint.to_owned();
        let labels = Open {
            method,
            result,
            endpoint,
        };
        many.get_or_create(&labels).inc();
    }
    Client::new("prometheus-client 0.25")
        .case(
            Case::Counter,
            |_| (),
            move |()| {
                plain.inc();
            },
        )
        .case(Case::ClosedCounter, labels, move |&(method, result, _)| {
            closed.get_or_create(&Closed { method, result }).inc();
        })
        .case(
            Case::OpenCounter,
            labels,
            move |&(method, result, endpoint)| {
                let endpoint = endpoint.to_owned();
                let labels = Open {
                    method,
                    result,
                    endpoint,
                };
                open.get_or_create(&labels).inc();
            },
        )
        .case(
            Case::Histogram,
            |input| input.seconds,
            move |seconds| {
                histogram.observe(*seconds);
            },
        )
        .case(
            Case::OpenHistogram,
            |input| (labels(input), input.seconds),
            move |&((method, _, endpoint), seconds)| {
                let endpoint = endpoint.to_owned();
                let labels = OpenTime { method, endpoint };
                open_histogram.get_or_create(&labels).observe(seconds);
            },
        )
        .write_out(move || {
            // The registry keeps the families.
            let _keep = &registry;
            let mut out = String::new();
            // Writing to a string does not fail.
            let _ = text::encode(&mut out, &full);
            out.into_bytes()
        })
}

fn labels(input: &Input) -> (Method, Outcome, &'static str) {
    (
        METHODS[input.method],
        OUTCOMES[input.result],
        input.endpoint,
    )
}
