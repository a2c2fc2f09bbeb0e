//! Many threads count at once while others read: nothing is lost, and what is read is consistent.

mod consistent;
mod endings;
mod exact;

use monospec_runtime::codegen::v1::{
    CounterFamily, Descriptor, FloatCounterFamily, GaugeFamily, HistogramFamily, Label, Registry,
};

/// One metric of each kind.
struct Metrics {
    registry: Registry,
    requests: CounterFamily,
    busy: FloatCounterFamily,
    latency: HistogramFamily,
    connections: GaugeFamily,
}

const METHODS: &[&str] = &["GET", "POST", "_OTHER"];

impl Metrics {
    fn new() -> Self {
        let registry = Registry::new();
        let route = registry.open_label(100);
        let method = Label::closed("method", METHODS);
        let by_route = [
            method,
            Label::open("route", &route),
            Label::http_status("status", &[200, 500]),
        ];
        Self {
            requests: registry.counter(Descriptor::new("requests_total", "").labels(&by_route)),
            busy: registry.float_counter(Descriptor::new("busy_seconds_total", "")),
            latency: registry.histogram(
                Descriptor::new("latency_seconds", "").labels(&[method]),
                &[0.1, 1.0, 10.0],
            ),
            connections: registry.gauge(Descriptor::new("connections", "")),
            registry,
        }
    }

    fn text(&self) -> String {
        self.registry.encode_text()
    }

    /// The sum of all samples with this name.
    fn sum(&self, name: &str) -> f64 {
        samples(&self.text())
            .filter(|(series, _)| series.split('{').next() == Some(name))
            .map(|(_, value)| value)
            .sum()
    }
}

/// Every series of an exposition with its value.
fn samples(text: &str) -> impl Iterator<Item = (&str, f64)> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let (series, value) = line.rsplit_once(' ').expect("a sample has a value");
        (series, value.parse().expect("a value is a number"))
    })
}
