//! What is recorded.

use std::sync::LazyLock;

/// One event.
#[derive(Clone, Copy)]
pub(crate) struct Input {
    pub(crate) method: usize,
    pub(crate) result: usize,
    pub(crate) endpoint: &'static str,
    pub(crate) seconds: f64,
}

pub(crate) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
pub(crate) const RESULTS: [&str; 3] = ["ok", "error", "timeout"];
pub(crate) const BUCKETS: [f64; 11] = [
    0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Events to be recorded over and over; a power of two of them.
pub(crate) static INPUTS: LazyLock<Box<[Input]>> = LazyLock::new(|| inputs(1024, &ENDPOINTS[..50]));

/// Enough for 10,000 series of a counter by method, result and endpoint.
static ENDPOINTS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let name = |n: usize| format!("/api/v1/resource{n:03}/{{id}}");
    (0..667).map(|n| &*name(n).leak()).collect()
});

/// Each combination of labels once, at least 10,000 of them.
pub(crate) fn combinations() -> impl Iterator<Item = Input> {
    ENDPOINTS.iter().flat_map(|endpoint| {
        let results = |method| (0..RESULTS.len()).map(move |result| (method, result));
        (0..METHODS.len())
            .flat_map(results)
            .map(|(method, result)| Input {
                method,
                result,
                endpoint,
                seconds: 0.042,
            })
    })
}

fn inputs(count: usize, endpoints: &[&'static str]) -> Box<[Input]> {
    // A linear congruential generator, https://en.wikipedia.org/wiki/Linear_congruential_generator (Knuth's MMIX).
    let mut state = 42u64;
    let mut random = move || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let input = |_| Input {
        method: random() % METHODS.len(),
        result: random() % RESULTS.len(),
        endpoint: endpoints[random() % endpoints.len()],
        // From 1 ms to 16 s, each power of two as often.
        seconds: 0.001 * 2f64.powf(random() as f64 / (1u64 << 31) as f64 * 14.0),
    };
    (0..count).map(input).collect()
}
