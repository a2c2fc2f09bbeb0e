//! TiKV's client, <https://crates.io/crates/prometheus>.

use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, Opts, Registry, TextEncoder,
};

use super::{Case, Client};
use crate::input::{BUCKETS, Input, METHODS, RESULTS, combinations};

pub(crate) fn client() -> Client {
    match metrics() {
        Ok(client) => client,
        Err(error) => unreachable!("names and labels are right: {error}"),
    }
}

fn metrics() -> prometheus::Result<Client> {
    let plain = IntCounter::new("plain_total", "Without labels.")?;
    let closed = IntCounterVec::new(
        Opts::new("closed_total", "With two closed labels."),
        &["method", "result"],
    )?;
    let open = || {
        let opts = Opts::new("open_total", "With three labels of which one is open.");
        IntCounterVec::new(opts, &["method", "result", "endpoint"])
    };
    let (many, open) = (open()?, open()?);
    let opts = |name| HistogramOpts::new(name, "Time.").buckets(BUCKETS.to_vec());
    let histogram = Histogram::with_opts(opts("plain_seconds"))?;
    let open_histogram = HistogramVec::new(opts("open_seconds"), &["method", "endpoint"])?;
    let full = Registry::new();
    full.register(Box::new(many.clone()))?;
    for input in combinations() {
        many.with_label_values(&labels(&input)).inc();
    }
    Ok(Client::new("prometheus 0.14")
        .case(Case::Counter, |_| (), move |()| plain.inc())
        .case(Case::ClosedCounter, labels, move |[method, result, _]| {
            closed.with_label_values(&[method, result]).inc();
        })
        .case(Case::OpenCounter, labels, move |labels| {
            open.with_label_values(labels).inc();
        })
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
            move |([method, _, endpoint], seconds)| {
                open_histogram
                    .with_label_values(&[method, endpoint])
                    .observe(*seconds);
            },
        )
        .write_out(move || {
            TextEncoder::new()
                .encode_to_string(&full.gather())
                .unwrap_or_default()
                .into_bytes()
        }))
}

fn labels(input: &Input) -> [&'static str; 3] {
    [METHODS[input.method], RESULTS[input.result], input.endpoint]
}
