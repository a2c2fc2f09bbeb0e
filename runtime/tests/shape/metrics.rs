//! References, handles, and what they record.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use monospec_runtime::{
    Counter, CounterHandle, FloatCounter, FloatCounterHandle, Gauge, GaugeHandle, Histogram,
    HistogramHandle, HttpStatus, Info, InfoHandle, Timer, Tracked,
};

use crate::generated::{
    CacheOperationsOperation as Operation, CacheOperationsResult as Outcome, Method, Metrics,
    OutboundCallsLabels,
};
use crate::{lines, value};

#[test]
fn references_are_small_copies_and_handles_go_anywhere() {
    fn reference<T: Copy + Send + Sync>() {
        assert!(size_of::<T>() <= 2 * size_of::<usize>());
    }
    fn handle<T: Clone + Send + Sync + 'static>() {}
    fn guard<T: Send + Sync>() {}
    reference::<Counter<'_>>();
    reference::<FloatCounter<'_>>();
    reference::<Gauge<'_>>();
    reference::<Histogram<'_>>();
    reference::<Info<'_>>();
    handle::<CounterHandle>();
    handle::<FloatCounterHandle>();
    handle::<GaugeHandle>();
    handle::<HistogramHandle>();
    handle::<InfoHandle>();
    handle::<Arc<Metrics>>();
    guard::<Timer<'_>>();
    guard::<Tracked<'_>>();
}

#[test]
fn instances_are_independent() {
    let (first, second) = (Metrics::new(), Metrics::default());
    let series = r#"cache_operations_total{operation="get",result="hit"}"#;
    first
        .cache_operations_total(Operation::Get, Outcome::Hit)
        .add(2);
    first.queue_length("a").set(1.0);
    assert_eq!(value(&first.encode_text(), series), 2.0);
    assert_eq!(value(&second.encode_text(), series), 0.0);
    assert_eq!(lines(&second.encode_text(), "queue_length"), [""; 0]);
}

#[test]
fn every_combination_has_a_series_of_its_own() {
    let metrics = Metrics::new();
    let mut count = 0;
    for operation in Operation::ALL {
        for outcome in [Outcome::Hit, Outcome::Miss] {
            count += 1;
            metrics
                .cache_operations_total(*operation, outcome)
                .add(count);
        }
    }
    let text = metrics.encode_text();
    let mut count = 0.0;
    for operation in Operation::ALL {
        for outcome in ["hit", "miss"] {
            count += 1.0;
            let operation = operation.as_str();
            let series =
                format!(r#"cache_operations_total{{operation="{operation}",result="{outcome}"}}"#);
            assert_eq!(value(&text, &series), count);
        }
    }
}

#[test]
fn open_labels_stand_where_they_were_written() {
    let metrics = Metrics::new();
    let labels = OutboundCallsLabels {
        host: "h",
        operation: "o",
    };
    metrics.outbound_calls_total(labels).inc();
    let series = r#"outbound_calls_total{host="h",operation="o"}"#;
    assert_eq!(value(&metrics.encode_text(), series), 1.0);
}

#[test]
fn label_values_are_read_back() {
    for method in Method::ALL {
        assert_eq!(Method::from(method.as_str()), *method);
    }
    assert_eq!(Method::from("BREW"), Method::Other);
    for operation in Operation::ALL {
        assert_eq!(operation.as_str().parse(), Ok(*operation));
    }
    let error = "secret".parse::<Operation>().expect_err("no such value");
    assert_eq!(error.label(), "operation");
    assert_eq!(
        error.to_string(),
        "not one of the values of the label `operation`"
    );
}

#[test]
fn a_handle_records_what_its_reference_would() {
    let metrics = Metrics::new();
    let handle = metrics
        .cache_operations_total(Operation::Set, Outcome::Miss)
        .handle();
    let clone = handle.clone();
    thread::spawn(move || clone.add(4))
        .join()
        .expect("no panic");
    handle.inc();
    metrics
        .cache_operations_total(Operation::Set, Outcome::Miss)
        .inc();
    let series = r#"cache_operations_total{operation="set",result="miss"}"#;
    assert_eq!(value(&metrics.encode_text(), series), 6.0);
    drop(metrics);
    handle.inc();
}

#[test]
fn gauges_go_up_and_down() {
    let metrics = Metrics::new();
    let gauge = metrics.database_connections_active();
    let read = || value(&metrics.encode_text(), "database_connections_active");
    gauge.set(10.0);
    gauge.inc();
    gauge.add(0.5);
    gauge.dec();
    gauge.handle().sub(20.0);
    assert_eq!(read(), -9.5);
    gauge.set(0.0);
    {
        let _first = gauge.track();
        let owned: Tracked<'static> = gauge.handle().track();
        assert_eq!(read(), 2.0);
        thread::spawn(move || drop(owned)).join().expect("no panic");
        assert_eq!(read(), 1.0);
    }
    assert_eq!(read(), 0.0);
    gauge.set_to_current_time();
    assert!(read() > 1.7e9);
}

#[test]
fn what_is_tracked_ends_with_a_panic() {
    let metrics = Metrics::new();
    let panicked = thread::scope(|scope| {
        let work = || {
            let _tracked = metrics.database_connections_active().track();
            std::panic::resume_unwind(Box::new("ends the thread without a message"));
        };
        scope.spawn(work).join()
    });
    assert!(panicked.is_err());
    assert_eq!(
        value(&metrics.encode_text(), "database_connections_active"),
        0.0
    );
}

#[test]
fn a_removed_gauge_is_not_exposed_until_it_is_set() {
    let metrics = Metrics::new();
    metrics.queue_length("a").set(3.0);
    metrics.queue_length("b").set(4.0);
    metrics.queue_length("a").remove();
    let text = metrics.encode_text();
    assert_eq!(
        lines(&text, "queue_length"),
        [r#"queue_length{host="b"} 4"#]
    );
    metrics.queue_length("a").set(5.0);
    let text = metrics.encode_text();
    assert_eq!(
        lines(&text, "queue_length"),
        [r#"queue_length{host="a"} 5"#, r#"queue_length{host="b"} 4"#]
    );
    metrics.database_connections_active().remove();
    let text = metrics.encode_text();
    assert!(!text.contains("connections"), "{text}");
}

#[test]
fn seconds_are_counted() {
    let metrics = Metrics::new();
    let pauses = metrics.gc_pause_seconds_total();
    pauses.add(0.25);
    pauses.add(-1.0);
    pauses.add(f64::NAN);
    pauses.add(f64::INFINITY);
    pauses.handle().add_duration(Duration::from_millis(500));
    assert_eq!(
        value(&metrics.encode_text(), "gc_pause_seconds_total"),
        0.75
    );
}

#[test]
fn no_value_makes_a_sum_undefined() {
    let metrics = Metrics::new();
    let histogram = metrics.http_request_duration_seconds(Method::Get, "/");
    for value in [f64::NAN, f64::INFINITY, 0.5, f64::NEG_INFINITY] {
        histogram.observe(value);
    }
    let text = metrics.encode_text();
    let of = |name: &str| {
        let labels = r#"{method="GET",endpoint="/"}"#;
        value(
            &text,
            &format!("http_request_duration_seconds_{name}{labels}"),
        )
    };
    // NaN is not even counted: it is in no bucket.
    assert_eq!((of("sum"), of("count")), (0.5, 3.0));
}

#[test]
fn timers_observe_once() {
    let metrics = Metrics::new();
    let histogram = metrics.http_request_duration_seconds(Method::Get, "/");
    let count = || {
        let series = r#"http_request_duration_seconds_count{method="GET",endpoint="/"}"#;
        value(&metrics.encode_text(), series)
    };
    drop(histogram.start_timer());
    assert_eq!(count(), 1.0);
    let stopped = histogram.start_timer();
    thread::sleep(Duration::from_millis(2));
    assert!(stopped.stop() >= Duration::from_millis(2));
    assert_eq!(count(), 2.0);
    histogram.start_timer().discard();
    assert_eq!(count(), 2.0);
    let owned: Timer<'static> = histogram.handle().start_timer();
    thread::spawn(move || drop(owned)).join().expect("no panic");
    assert_eq!(count(), 3.0);
}

#[test]
fn infos_are_exposed_when_set() {
    let metrics = Metrics::new();
    let info = metrics.build_info("1.2.3");
    assert!(!metrics.encode_text().contains("build_info"));
    info.set();
    info.handle().set();
    let text = metrics.encode_text();
    assert_eq!(
        lines(&text, "build_info"),
        [r#"build_info{version="1.2.3"} 1"#]
    );
    assert_eq!(
        lines(&text, "# TYPE build_info"),
        ["# TYPE build_info gauge"]
    );
}

#[test]
fn many_threads_lose_no_count() {
    const THREADS: usize = 8;
    const ROUNDS: usize = 2_000;
    let metrics = Metrics::new();
    thread::scope(|scope| {
        for number in 0..THREADS {
            let metrics = &metrics;
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let endpoint = ["/a", "/b", "/c"][(number + round) % 3];
                    // Of these 418 is first seen by all threads at about the same time.
                    let status = HttpStatus([200, 418][round % 2]);
                    metrics
                        .http_requests_total(Method::Post, endpoint, status)
                        .inc();
                    metrics
                        .http_request_duration_seconds(Method::Get, endpoint)
                        .observe(0.5);
                    metrics.gc_pause_seconds_total().add(0.5);
                    metrics.database_connections_active().inc();
                }
            });
        }
    });
    let text = metrics.encode_text();
    let all = (THREADS * ROUNDS) as f64;
    let sum = |prefix: &str| -> f64 {
        let samples = lines(&text, prefix).into_iter();
        let values = samples.filter_map(|line| line.rsplit_once(' ')?.1.parse::<f64>().ok());
        values.sum()
    };
    assert_eq!(sum("http_requests_total"), all);
    assert_eq!(sum("http_request_duration_seconds_count"), all);
    assert_eq!(sum("http_request_duration_seconds_sum"), all / 2.0);
    assert_eq!(sum("gc_pause_seconds_total"), all / 2.0);
    assert_eq!(sum("database_connections_active"), all);
    let brewed = lines(&text, "http_requests_total").into_iter();
    assert_eq!(brewed.filter(|line| line.contains(r#""418""#)).count(), 3);
}

/// Ends the threads that look at it, with a failed assertion too.
struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[test]
fn a_histogram_agrees_with_itself_while_it_is_written() {
    let metrics = Metrics::new();
    let stopped = AtomicBool::new(false);
    let histogram = metrics.http_request_duration_seconds(Method::Get, "/");
    let mut last = 0.0;
    thread::scope(|scope| {
        let stop = Stop(&stopped);
        for value in [0.001, 0.05, 2.0] {
            let stopped = &stopped;
            scope.spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    histogram.observe(value);
                }
            });
        }
        let consistent = || {
            let text = metrics.encode_text();
            let series =
                |rest: &str| value(&text, &format!("http_request_duration_seconds_{rest}"));
            let labels = r#"method="GET",endpoint="/""#;
            let buckets: Vec<f64> = ["0.005", "0.1", "1.0", "+Inf"]
                .iter()
                .map(|bound| series(&format!(r#"bucket{{{labels},le="{bound}"}}"#)))
                .collect();
            let count = series(&format!("count{{{labels}}}"));
            (buckets.is_sorted() && buckets[3] == count, count)
        };
        let reads: Vec<_> = (0..200).map(|_| consistent()).collect();
        drop(stop);
        for (consistent, count) in reads {
            assert!(consistent);
            assert!(count >= last, "{count} after {last}");
            last = count;
        }
    });
}
