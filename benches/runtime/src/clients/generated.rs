//! The code that monospec generates.

mod metrics {
    include!(concat!(env!("OUT_DIR"), "/metrics.rs"));
}

use std::sync::Arc;

use self::metrics::{Method, Metrics, Result};
use super::{Case, Client};
use crate::input::{Input, combinations};

pub(crate) fn client() -> Client {
    let metrics = Arc::new(Metrics::new());
    let full = Metrics::new();
    for input in combinations() {
        let (method, result, endpoint) = labels(&input);
        full.open_total(method, result, endpoint).inc();
    }
    let [plain, closed, open, histogram, open_histogram] = [(); 5].map(|()| Arc::clone(&metrics));
    Client::new("monospec")
        .case(Case::Counter, |_| (), move |()| plain.plain_total().inc())
        .case(Case::ClosedCounter, labels, move |(method, result, _)| {
            closed.closed_total(*method, *result).inc();
        })
        .case(
            Case::OpenCounter,
            labels,
            move |(method, result, endpoint)| {
                open.open_total(*method, *result, endpoint).inc();
            },
        )
        .case(
            Case::Histogram,
            |input| input.seconds,
            move |seconds| {
                histogram.plain_seconds().observe(*seconds);
            },
        )
        .case(
            Case::OpenHistogram,
            |input| (labels(input), input.seconds),
            move |((method, _, endpoint), seconds)| {
                open_histogram
                    .open_seconds(*method, endpoint)
                    .observe(*seconds);
            },
        )
        .write_out(move || full.encode_text())
}

fn labels(input: &Input) -> (Method, Result, &'static str) {
    (
        Method::ALL[input.method],
        Result::ALL[input.result],
        input.endpoint,
    )
}
