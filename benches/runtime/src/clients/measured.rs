//! <https://crates.io/crates/measured>.

use lasso::ThreadedRodeo;
use measured::metric::histogram::Thresholds;
use measured::text::BufferedTextEncoder;
use measured::{
    Counter, CounterVec, FixedCardinalityLabel, Histogram, HistogramVec, LabelGroup, MetricGroup,
};

use super::{Case, Client};
use crate::input::{BUCKETS, Input, combinations};

#[derive(Clone, Copy, Debug, PartialEq, FixedCardinalityLabel)]
#[label(rename_all = "SHOUTY_SNAKE_CASE")]
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

#[derive(Clone, Copy, Debug, PartialEq, FixedCardinalityLabel)]
enum Outcome {
    Ok,
    Error,
    Timeout,
}

const OUTCOMES: [Outcome; 3] = [Outcome::Ok, Outcome::Error, Outcome::Timeout];

#[derive(Clone, Copy, Debug, PartialEq, LabelGroup)]
#[label(set = ClosedSet)]
struct Closed {
    method: Method,
    result: Outcome,
}

#[derive(Clone, Copy, Debug, PartialEq, LabelGroup)]
#[label(set = OpenSet)]
struct Open<'a> {
    method: Method,
    result: Outcome,
    #[label(dynamic_with = ThreadedRodeo, default)]
    endpoint: &'a str,
}

#[derive(Clone, Copy, Debug, PartialEq, LabelGroup)]
#[label(set = OpenTimeSet)]
struct OpenTime<'a> {
    method: Method,
    #[label(dynamic_with = ThreadedRodeo, default)]
    endpoint: &'a str,
}

/// What is written out.
#[derive(MetricGroup)]
#[metric(new())]
struct Full {
    /// With three labels of which one is open.
    #[metric(init = CounterVec::default())]
    open_total: CounterVec<OpenSet>,
}

pub(crate) fn client() -> Client {
    let plain = Counter::new();
    let closed = CounterVec::<ClosedSet>::default();
    let open = CounterVec::<OpenSet>::default();
    let buckets = || Thresholds::with_buckets(BUCKETS);
    let histogram = Histogram::with_metadata(buckets());
    let open_histogram = HistogramVec::<OpenTimeSet, 11>::with_metadata(buckets());
    let full = Full::new();
    for input in combinations() {
        full.open_total.inc(labels(&input));
    }
    Client::new("measured 0.0.25")
        .case(Case::Counter, |_| (), move |()| plain.inc())
        .case(
            Case::ClosedCounter,
            labels,
            move |&Open { method, result, .. }| {
                closed.inc(Closed { method, result });
            },
        )
        .case(Case::OpenCounter, labels, move |labels| open.inc(*labels))
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
            move |&(
                Open {
                    method, endpoint, ..
                },
                seconds,
            )| {
                open_histogram.observe(OpenTime { method, endpoint }, seconds);
            },
        )
        .write_out(move || {
            let mut encoder = BufferedTextEncoder::new();
            // Writing to memory does not fail.
            let _ = full.collect_group_into(&mut encoder);
            encoder.finish().into()
        })
}

fn labels(input: &Input) -> Open<'static> {
    Open {
        method: METHODS[input.method],
        result: OUTCOMES[input.result],
        endpoint: input.endpoint,
    }
}
