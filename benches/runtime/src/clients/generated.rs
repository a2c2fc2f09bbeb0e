//! The code that monospec generates.

mod metrics {
    include!(concat!(env!("OUT_DIR"), "/metrics.rs"));
}

use std::sync::Arc;

use monospec_runtime::codegen::v1;

use self::metrics::{Method, Metrics, Result};
use super::{Case, Client};
use crate::input::{Input, METHODS, RESULTS, combinations};

pub(crate) fn client() -> Client {
    let metrics = Arc::new(Metrics::new());
    let full = full();
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
        .write_out(move || full.scrape(None, None).body)
}

/// As `Metrics` has it, but without the metrics of the process, which no other client here reads.
fn full() -> v1::Registry {
    let registry = v1::Registry::new();
    let endpoint = registry.open_label(1000);
    let labels = [
        v1::Label::closed("method", &METHODS),
        v1::Label::closed("result", &RESULTS),
        v1::Label::open("endpoint", &endpoint),
    ];
    let help = "With three labels of which one is open.";
    let counter = registry.counter(v1::Descriptor::new("open_total", help).labels(&labels));
    for input in combinations() {
        let index = input.method * RESULTS.len() + input.result;
        counter.open(index, &[input.endpoint]).inc();
    }
    registry
}

fn labels(input: &Input) -> (Method, Result, &'static str) {
    (
        Method::ALL[input.method],
        Result::ALL[input.result],
        input.endpoint,
    )
}
