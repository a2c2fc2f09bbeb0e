//! What generated code tells the layers and routes of this crate, so that they need not know the spec. It is here whatever
//! features are on: generated code is the same for all of them.

use std::sync::Arc;

use crate::counter::Counter;
use crate::gauge::Gauge;
use crate::histogram::Histogram;
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

/// The metrics that the section `http:` of a spec binds, by what is known of a request. A metric has those of the labels
/// that the spec gives it, and drops the others.
///
/// `method` is a method of HTTP as it was sent; the implementation makes the label of it, for unknown ones the word of the
/// spec or `_OTHER`. `route` is a route as it was declared, never the path that was sent.
pub trait HttpMetrics {
    /// Paths that nothing is recorded of: what asks for them is the monitoring itself.
    const UNRECORDED: &'static [&'static str];

    /// The counter of requests.
    fn requests(&self, method: &str, route: &str, status: HttpStatus) -> Counter<'_>;

    /// The histogram of the time to answer, if there is one.
    fn duration(&self, method: &str, route: &str, status: HttpStatus) -> Option<Histogram<'_>> {
        let _ = (method, route, status);
        None
    }

    /// The gauge of requests that are being answered, if there is one.
    fn in_flight(&self, method: &str, route: &str) -> Option<Gauge<'_>> {
        let _ = (method, route);
        None
    }

    /// Has the series of a route exist, at 0 where nothing was recorded: those of all methods and start statuses, as far as
    /// these labels are closed; else those of this method.
    fn expect(&self, method: &str, route: &str) {
        // One status brings all that exist from the start.
        let status = HttpStatus(200);
        self.requests(method, route, status);
        self.duration(method, route, status);
        self.in_flight(method, route);
    }
}

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

            fn requests(&self, method: &str, route: &str, status: HttpStatus) -> Counter<'_> {
                T::requests(self, method, route, status)
            }

            fn duration(&self, method: &str, route: &str, status: HttpStatus) -> Option<Histogram<'_>> {
                T::duration(self, method, route, status)
            }

            fn in_flight(&self, method: &str, route: &str) -> Option<Gauge<'_>> {
                T::in_flight(self, method, route)
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
    use super::*;

    #[test]
    fn methods_are_known_or_one() {
        assert_eq!(http_method("PATCH"), "PATCH");
        for odd in ["get", "BREW", "", "_OTHER"] {
            assert_eq!(http_method(odd), "_OTHER");
        }
    }
}
