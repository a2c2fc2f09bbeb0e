//! What is recorded of one request, from its arrival to the end of the answer's body.

use std::time::Instant;

use ::http::{Method, StatusCode};

use super::route::Route;
use crate::bridge::{HttpMetrics, HttpRequest};
use crate::gauge::Tracked;
use crate::status::HttpStatus;

/// As what a request is counted that nobody waits for any longer: the client went away, or a timeout outside of the layer
/// gave up. It is [nginx's](https://nginx.org/en/docs/dev/development_guide.html#http_request_finalization) code for that.
pub const CLIENT_CLOSED_REQUEST: HttpStatus = HttpStatus(499);

const INTERNAL_SERVER_ERROR: HttpStatus = HttpStatus(500);

/// A guard: whatever becomes of the request, it is counted once, its time is observed once, and it is in flight until this
/// is dropped.
pub(super) struct Recording<M: HttpMetrics> {
    metrics: M,
    method: Method,
    route: Route,
    start: Instant,
    answer: Answer,
    _in_flight: Option<Tracked<'static>>,
}

#[derive(Clone, Copy)]
enum Answer {
    /// There is none yet, and without one the request is counted as this.
    Pending(HttpStatus),
    /// The request is counted.
    Given(HttpStatus),
}

impl<M: HttpMetrics> Recording<M> {
    pub(super) fn start(metrics: M, method: Method, route: Route) -> Self {
        let start = Instant::now();
        // Before the handler runs: a series that is born with its first count is invisible to `rate`.
        let request = HttpRequest::new(method.as_str(), route.as_str());
        metrics.expect(&request);
        let in_flight = metrics.in_flight(&request);
        Self {
            _in_flight: in_flight.map(|gauge| gauge.handle().track()),
            metrics,
            method,
            route,
            start,
            answer: Answer::Pending(CLIENT_CLOSED_REQUEST),
        }
    }

    /// Runs a part of the service. If it panics, the request is counted as an internal error when this is dropped: who
    /// catches the panic answers so, and who does not closes the connection.
    pub(super) fn run<T>(recording: &mut Option<Self>, part: impl FnOnce() -> T) -> T {
        let mut set = |status| {
            if let Some(recording) = recording {
                recording.answer = Answer::Pending(status);
            }
        };
        set(INTERNAL_SERVER_ERROR);
        let result = part();
        set(CLIENT_CLOSED_REQUEST);
        result
    }

    /// Counts the request: its status is known. The time goes on.
    pub(super) fn answered(&mut self, status: StatusCode) {
        self.count(HttpStatus(status.as_u16()));
    }

    fn count(&mut self, status: HttpStatus) {
        self.answer = Answer::Given(status);
        self.metrics.requests(&self.request(), status).inc();
    }

    fn request(&self) -> HttpRequest<'_> {
        HttpRequest::new(self.method.as_str(), self.route.as_str())
    }
}

impl<M: HttpMetrics> Drop for Recording<M> {
    fn drop(&mut self) {
        let status = match self.answer {
            Answer::Given(status) => status,
            Answer::Pending(status) => {
                self.count(status);
                status
            }
        };
        if let Some(duration) = self.metrics.duration(&self.request(), status) {
            duration.observe_duration(self.start.elapsed());
        }
    }
}
