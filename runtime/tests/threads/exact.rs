//! What is counted is there in the end, all of it and once.

use std::sync::Arc;
use std::thread;

use monospec_runtime::HttpStatus;

use super::{METHODS, Metrics, samples};

const ROUTES: [&str; 5] = ["/", "/items", "/items/{id}", "/users/{id}", "/search"];

/// Counts as often as it is told to, in every metric.
fn work(metrics: &Metrics, times: usize) {
    for n in 0..times {
        let method = n % METHODS.len();
        // Some statuses do not exist from the start.
        let status = HttpStatus([200, 500, 404, 302][n % 4]);
        let route = ROUTES[n % ROUTES.len()];
        metrics.requests.open_status(method, &[route], status).inc();
        metrics.busy.closed(0).add(0.5);
        let value = [0.05, 0.5, 5.0, 50.0][n % 4];
        metrics.latency.closed(method).observe(value);
        let tracked = metrics.connections.closed(0).track();
        drop(tracked);
    }
}

/// What `work` adds up to when it was done so many times in all.
fn assert_exact(metrics: &Metrics, times: usize) {
    let times = times as f64;
    assert_eq!(metrics.sum("requests_total"), times);
    assert_eq!(metrics.sum("busy_seconds_total"), times * 0.5);
    assert_eq!(metrics.sum("latency_seconds_count"), times);
    let expected = times / 4.0 * (0.05 + 0.5 + 5.0 + 50.0);
    let sum = metrics.sum("latency_seconds_sum");
    assert!(
        (sum - expected).abs() <= expected * 1e-9,
        "{sum} {expected}"
    );
    assert_eq!(metrics.sum("connections"), 0.0);
}

#[test]
fn a_thousand_short_lived_threads() {
    let metrics = Metrics::new();
    for _ in 0..50 {
        thread::scope(|scope| {
            for _ in 0..20 {
                scope.spawn(|| work(&metrics, 240));
            }
        });
    }
    assert_exact(&metrics, 50 * 20 * 240);
}

/// More at once than may own cells: the others share theirs.
#[test]
fn hundreds_of_threads_at_once() {
    let metrics = Metrics::new();
    let barrier = std::sync::Barrier::new(300);
    thread::scope(|scope| {
        for _ in 0..300 {
            scope.spawn(|| {
                work(&metrics, 4);
                // All of them are alive, and have counted.
                barrier.wait();
                work(&metrics, 236);
            });
        }
    });
    assert_exact(&metrics, 300 * 240);
}

#[test]
fn a_thousand_instances_made_and_dropped() {
    for n in 0..1000 {
        let metrics = Metrics::new();
        let other = Metrics::new();
        work(&metrics, 48);
        thread::scope(|scope| {
            scope.spawn(|| work(&other, n % 7 * 12));
        });
        assert_exact(&metrics, 48);
        assert_exact(&other, n % 7 * 12);
    }
}

/// A handle keeps the cells of its metric, so that no instance that comes later gets them.
#[test]
fn a_handle_outlives_its_instance() {
    let metrics = Metrics::new();
    let handle = metrics.latency.closed(0).handle();
    drop(metrics);
    let others: Vec<_> = (0..20).map(|_| Metrics::new()).collect();
    for _ in 0..1000 {
        handle.observe(1.0);
    }
    for other in &others {
        assert_exact(other, 0);
    }
}

#[test]
fn tasks_that_move_between_threads() {
    let metrics = Arc::new(Metrics::new());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(8)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let task = |metrics: Arc<Metrics>| async move {
            for _ in 0..10 {
                work(&metrics, 24);
                tokio::task::yield_now().await;
                let blocking = Arc::clone(&metrics);
                let blocked = tokio::task::spawn_blocking(move || work(&blocking, 24));
                blocked.await.expect("no panic");
            }
        };
        let tasks: Vec<_> = (0..100)
            .map(|_| tokio::spawn(task(Arc::clone(&metrics))))
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
    });
    assert_exact(&metrics, 100 * 10 * 48);
    // The threads of the runtime end, and what they counted stays.
    drop(runtime);
    assert_exact(&metrics, 100 * 10 * 48);
}

#[test]
fn open_values_are_learnt_once_by_many_threads() {
    let metrics = Metrics::new();
    thread::scope(|scope| {
        for start in 0..8 {
            let metrics = &metrics;
            scope.spawn(move || {
                // 150 values, of which 100 have room; each thread begins with another.
                for n in 0..1500 {
                    let route = format!("/{}", (n + start * 20) % 150);
                    let requests = &metrics.requests;
                    requests.open_status(0, &[&route], HttpStatus(200)).inc();
                }
            });
        }
    });
    assert_eq!(metrics.sum("requests_total"), 8.0 * 1500.0);
    let text = metrics.text();
    let get = r#"requests_total{method="GET",route=""#;
    let own = samples(&text)
        .filter(|(series, _)| series.starts_with(get) && series.ends_with(r#"status="200"}"#))
        .count();
    assert_eq!(own, 101, "the hundred and _other");
    let other = format!("{get}_other\",status=\"200\"}}");
    let (_, other) = samples(&text)
        .find(|(series, _)| *series == other)
        .expect("some had no room");
    assert_eq!(metrics.sum("monospec_label_overflow_total"), other);
}
