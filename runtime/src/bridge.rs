//! What generated code tells the layers and routes of this crate, so that they need not know the spec. It is here whatever
//! features are on: generated code is the same for all of them.

use std::sync::Arc;

use crate::counter::Counter;
use crate::gauge::Gauge;
use crate::histogram::Histogram;
use crate::layout::expecting;
use crate::registry::Registry;
use crate::status::HttpStatus;

/// What is scraped, and where.
pub trait Exposed {
    /// The path under which Prometheus asks for the metrics. If the spec does not say, it is what
    /// [Prometheus asks for](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config).
    const PATH: &'static str = "/metrics";

    /// The metrics.
    fn registry(&self) -> &Registry;
}

/// What is known of a request before it is answered. What of it a spec has labels for, generated code asks for; later
/// versions may know more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpRequest<'a> {
    method: &'a str,
    route: &'a str,
}

impl<'a> HttpRequest<'a> {
    /// A request by its method as it was sent, and its route as it was declared, never the path that was sent.
    pub const fn new(method: &'a str, route: &'a str) -> Self {
        Self { method, route }
    }

    /// The method, which may be anything: for a label it takes [`http_method`], or an enum with a value for others.
    pub const fn method(&self) -> &'a str {
        self.method
    }

    /// The route, such as `/users/{id}`.
    pub const fn route(&self) -> &'a str {
        self.route
    }
}

/// The metrics that the section `http:` of a spec binds, by what is known of a request. A metric has those of the labels
/// that the spec gives it, and drops the others.
pub trait HttpMetrics {
    /// Paths that nothing is recorded of: what asks for them is the monitoring itself.
    const UNRECORDED: &'static [&'static str];

    /// The counter of requests.
    fn requests(&self, request: &HttpRequest<'_>, status: HttpStatus) -> Counter<'_>;

    /// The histogram of the time to answer, if there is one.
    fn duration(&self, request: &HttpRequest<'_>, status: HttpStatus) -> Option<Histogram<'_>> {
        let _ = (request, status);
        None
    }

    /// The gauge of requests that are being answered, if there is one.
    fn in_flight(&self, request: &HttpRequest<'_>) -> Option<Gauge<'_>> {
        let _ = request;
        None
    }

    /// Has the series of a route exist, at 0 where nothing was recorded: those of all methods and start statuses, as far as
    /// these labels are closed; else those of this method. Nothing is recorded, and so no label value counts as one too many.
    fn expect(&self, request: &HttpRequest<'_>) {
        // One status brings all that exist from the start.
        let status = HttpStatus(200);
        expecting(|| {
            self.requests(request, status);
            self.duration(request, status);
            self.in_flight(request);
        });
    }
}

/// Forwards every item, those with a default too: what overrides one is asked through a pointer as well.
macro_rules! forward {
    ($($pointer:ty),+) => {$(
        impl<T: Exposed> Exposed for $pointer {
            const PATH: &'static str = T::PATH;

            fn registry(&self) -> &Registry {
                T::registry(self)
            }
        }

        impl<T: HttpMetrics> HttpMetrics for $pointer {
            const UNRECORDED: &'static [&'static str] = T::UNRECORDED;

            fn requests(&self, request: &HttpRequest<'_>, status: HttpStatus) -> Counter<'_> {
                T::requests(self, request, status)
            }

            fn duration(&self, request: &HttpRequest<'_>, status: HttpStatus) -> Option<Histogram<'_>> {
                T::duration(self, request, status)
            }

            fn in_flight(&self, request: &HttpRequest<'_>) -> Option<Gauge<'_>> {
                T::in_flight(self, request)
            }

            fn expect(&self, request: &HttpRequest<'_>) {
                T::expect(self, request);
            }
        }
    )+};
}

forward!(Arc<T>, &T);

/// The value of an open label for a method: itself if it is
/// [known](https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/#http-request-method), else `_OTHER`. Methods
/// are case-sensitive ([RFC 9110, 9.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.1)).
pub fn http_method(method: &str) -> &'static str {
    const KNOWN: [&str; 9] = [
        "GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "CONNECT", "TRACE",
    ];
    let known = KNOWN.into_iter().find(|known| *known == method);
    known.unwrap_or("_OTHER")
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::family::{CounterFamily, GaugeFamily, HistogramFamily};
    use crate::label::Descriptor;
    use crate::sync::lock;

    /// Overrides everything, and remembers what it was asked for.
    struct Told {
        registry: Registry,
        requests: CounterFamily,
        duration: HistogramFamily,
        in_flight: GaugeFamily,
        asked: Mutex<Vec<String>>,
    }

    impl Told {
        fn new() -> Self {
            let registry = Registry::new();
            Self {
                requests: registry.counter(Descriptor::new("requests_total", "")),
                duration: registry.histogram(Descriptor::new("duration", ""), &[1.0]),
                in_flight: registry.gauge(Descriptor::new("in_flight", "")),
                registry,
                asked: Mutex::default(),
            }
        }

        fn asked(&self, what: &str, request: &HttpRequest<'_>) {
            let asked = format!("{what} {} {}", request.method(), request.route());
            lock(&self.asked).push(asked);
        }
    }

    impl Exposed for Told {
        const PATH: &'static str = "/told";

        fn registry(&self) -> &Registry {
            &self.registry
        }
    }

    impl HttpMetrics for Told {
        const UNRECORDED: &'static [&'static str] = &["/told"];

        fn requests(&self, request: &HttpRequest<'_>, _: HttpStatus) -> Counter<'_> {
            self.asked("requests", request);
            self.requests.closed(0)
        }

        fn duration(&self, request: &HttpRequest<'_>, _: HttpStatus) -> Option<Histogram<'_>> {
            self.asked("duration", request);
            Some(self.duration.closed(0))
        }

        fn in_flight(&self, request: &HttpRequest<'_>) -> Option<Gauge<'_>> {
            self.asked("in_flight", request);
            Some(self.in_flight.closed(0))
        }

        fn expect(&self, request: &HttpRequest<'_>) {
            self.asked("expect", request);
        }
    }

    #[test]
    fn pointers_forward_everything() {
        fn ask<M: Exposed + HttpMetrics>(metrics: M) {
            assert_eq!(M::PATH, "/told");
            assert_eq!(M::UNRECORDED, ["/told"]);
            let request = HttpRequest::new("GET", "/a");
            metrics.expect(&request);
            metrics.requests(&request, HttpStatus(200)).inc();
            let duration = metrics.duration(&request, HttpStatus(200));
            duration.expect("it has one").observe(0.5);
            metrics.in_flight(&request).expect("it has one").inc();
            assert!(metrics.registry().encode_text().contains("in_flight 1\n"));
        }
        let told = Arc::new(Told::new());
        ask(Arc::clone(&told));
        let asked = [
            "expect GET /a",
            "requests GET /a",
            "duration GET /a",
            "in_flight GET /a",
        ];
        assert_eq!(*lock(&told.asked), asked);
        let told = Told::new();
        ask(&told);
        assert_eq!(*lock(&told.asked), asked);
    }

    #[test]
    fn methods_are_known_or_one() {
        assert_eq!(http_method("PATCH"), "PATCH");
        for odd in ["get", "BREW", "", "_OTHER"] {
            assert_eq!(http_method(odd), "_OTHER");
        }
    }
}
