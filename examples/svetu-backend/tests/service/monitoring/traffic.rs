//! Requests, so that every series that needs one is there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::support::ask;

/// Asks every route of the service, for what it has, for what it has not and for what it refuses. Most reads hit the cache,
/// and some writes reach only one of the models.
pub(crate) fn round(address: &str) {
    let long = format!("{{\"value\":\"{}\"}}", "x".repeat(300));
    let too_long = format!("{{\"value\":\"{}\"}}", "x".repeat(5000));
    let colour = "/api/v2/attributes/colour";
    let story = "/api/v2/attributes/story";
    for (method, path, body, status) in [
        ("PUT", colour, r#"{"value":"red"}"#, 204),
        ("GET", colour, "", 200),
        ("GET", colour, "", 200),
        ("GET", colour, "", 200),
        ("GET", colour, "", 200),
        ("GET", "/api/v2/attributes/none", "", 404),
        ("PUT", story, long.as_str(), 204),
        ("PUT", story, too_long.as_str(), 422),
        ("PUT", story, "not JSON", 400),
        ("GET", "/api/v1/attributes", "", 200),
        ("GET", "/api/v2/attributes", "", 200),
        ("POST", "/api/v2/attributes", "", 405),
        ("PURGE", "/api/v2/attributes", "", 405),
        ("DELETE", story, "", 204),
        ("DELETE", story, "", 404),
        ("GET", "/admin/flags", "", 200),
        ("PUT", "/admin/flags/DUAL_WRITE_ATTRIBUTES", "true", 204),
        ("PUT", "/admin/flags/NONE", "true", 404),
        ("GET", "/wp-admin", "", 404),
        ("GET", "/health/live", "", 200),
        ("GET", "/metrics", "", 200),
    ] {
        let answer = ask(address, method, path, body).expect("the service answers");
        assert_eq!(answer.status, status, "{method} {path}: {answer:?}");
    }
}

/// Rounds of requests, until it is stopped or dropped.
pub(crate) struct Traffic {
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Traffic {
    pub(crate) fn start(address: &str) -> Self {
        let stopped = Arc::new(AtomicBool::new(false));
        let address = address.to_owned();
        let seen = Arc::clone(&stopped);
        let thread = thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                round(&address);
                thread::sleep(Duration::from_millis(200));
            }
        });
        Self {
            stopped,
            thread: Some(thread),
        }
    }

    /// Stops, and fails if a request was not answered as it should.
    pub(crate) fn stop(mut self) {
        self.end().expect("every answer was as expected");
    }

    fn end(&mut self) -> thread::Result<()> {
        self.stopped.store(true, Ordering::Relaxed);
        self.thread.take().map_or(Ok(()), JoinHandle::join)
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        // If it failed, it said so itself, and the test has failed already.
        let _ = self.end();
    }
}
