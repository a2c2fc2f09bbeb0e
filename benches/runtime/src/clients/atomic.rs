//! One atomic that everybody adds to: what no client that shares its counters can be faster than.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{CASES, Client};

pub(crate) fn client() -> Client {
    CASES
        .iter()
        .fold(Client::new("bare `fetch_add`"), |client, case| {
            let counter = AtomicU64::new(0);
            client.case(
                *case,
                |input| *input,
                move |_| {
                    counter.fetch_add(1, Ordering::Relaxed);
                },
            )
        })
}
