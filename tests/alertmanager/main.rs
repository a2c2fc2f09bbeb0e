//! What a real Alertmanager makes of `notify:`: who hears of what, and in which words.
#![cfg(all(feature = "cli", unix))]

#[path = "../support/alertmanager.rs"]
mod alertmanager;
#[path = "../support/folder.rs"]
mod folder;
mod hostile;
mod http;
mod mail;
mod messages;
mod newer;
mod routes;
mod server;

use std::time::{Duration, Instant};

/// How long something may take that happens at all.
const PATIENCE: Duration = Duration::from_secs(60);

/// What is there as soon as it is.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what} never came");
        std::thread::sleep(Duration::from_millis(50));
    }
}
