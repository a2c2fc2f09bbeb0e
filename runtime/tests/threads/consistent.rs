//! What is read while others count.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use monospec_runtime::HttpStatus;
use monospec_runtime::codegen::v1::{Descriptor, Label, Registry};

use super::{METHODS, Metrics, samples};

/// Ends the threads that count, also when an assertion fails.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn counters_never_fall_and_histograms_agree_with_themselves() {
    let metrics = Metrics::new();
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for worker in 0..4 {
            let (metrics, stop) = (&metrics, &stop);
            scope.spawn(move || {
                let mut n = worker;
                while !stop.load(Ordering::Relaxed) {
                    let route = ["/", "/a", "/b"][n % 3];
                    // Threads come and go meanwhile.
                    thread::scope(|short| {
                        short.spawn(|| {
                            for n in n..n + 500 {
                                let method = n % METHODS.len();
                                let status = HttpStatus(200 + (n % 7) as u16);
                                let requests = &metrics.requests;
                                requests.open_status(method, &[route], status).inc();
                                metrics.busy.closed(0).add(0.001);
                                metrics
                                    .latency
                                    .closed(method)
                                    .observe(0.01 * (n % 2000) as f64);
                            }
                        });
                    });
                    n += 1;
                }
            });
        }
        let _stop = Stop(&stop);
        let mut before: HashMap<String, f64> = HashMap::new();
        for _ in 0..300 {
            let text = metrics.text();
            let now: HashMap<String, f64> = samples(&text)
                .map(|(series, value)| (series.to_owned(), value))
                .collect();
            for (series, value) in &before {
                if !series.starts_with("connections") {
                    let now = now.get(series).copied();
                    assert!(now >= Some(*value), "{series} fell from {value} to {now:?}");
                }
            }
            assert_histograms(&text);
            before = now;
        }
    });
}

/// Buckets rise, and the last is the count.
fn assert_histograms(text: &str) {
    let mut last = 0.0;
    for (series, value) in samples(text).filter(|(series, _)| series.starts_with("latency")) {
        if series.starts_with("latency_seconds_bucket") {
            let first = series.contains(r#"le="0.1""#);
            assert!(first || value >= last, "{series} {value} after {last}");
            last = value;
        } else if series.starts_with("latency_seconds_count") {
            assert_eq!(value, last, "{series}");
        }
    }
}

/// Counting, and learning new values, goes on while a large exposition is written.
#[test]
fn a_scrape_of_a_hundred_thousand_series_stalls_nobody() {
    let registry = Registry::new();
    let name = registry.open_label(200_000);
    let labels = [Label::open("name", &name)];
    let events = registry.counter(Descriptor::new("events_total", "").labels(&labels));
    for n in 0..100_000 {
        events.open(0, &[&n.to_string()]).inc();
    }
    let counted = AtomicU64::new(0);
    let learnt = AtomicU64::new(0);
    let stop = AtomicBool::new(false);
    let during = thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                events.open(0, &["7"]).inc();
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        scope.spawn(|| {
            while !stop.load(Ordering::Relaxed) {
                let n = learnt.fetch_add(1, Ordering::Relaxed);
                events.open(0, &[&format!("new {}", n % 90_000)]).inc();
            }
        });
        let _stop = Stop(&stop);
        let progress = || [&counted, &learnt].map(|count| count.load(Ordering::Relaxed));
        let scrapes = (0..10).map(|_| {
            let before = progress();
            let text = registry.encode_text();
            let after = progress();
            assert!(text.lines().count() > 100_000);
            [after[0] - before[0], after[1] - before[1]]
        });
        scrapes.fold([0, 0], |sum, new| [sum[0] + new[0], sum[1] + new[1]])
    });
    // Whoever waited for a scrape would go on once for each.
    assert!(during.iter().all(|count| *count > 1000), "{during:?}");
}
