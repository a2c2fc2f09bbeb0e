//! What asks for memory: not counting, not exposing one more series, and not one more thread or instance.
#![expect(unsafe_code, reason = "an allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::thread;

use monospec_runtime::codegen::v1::{Descriptor, Label, Registry};
use monospec_runtime::{Format, HttpStatus};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

/// The bytes that all threads together have.
static LIVE: AtomicUsize = AtomicUsize::new(0);

fn count() {
    COUNT.with(|count| count.set(count.get() + 1));
}

// SAFETY: all is left to the system's allocator; the count allocates nothing, and has no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        LIVE.fetch_add(layout.size(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        LIVE.fetch_add(size.wrapping_sub(layout.size()), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        LIVE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Values of a label.
fn values(count: usize) -> &'static [&'static str] {
    let values = (0..count).map(|number| &*format!("value {number}").leak());
    values.collect::<Vec<_>>().leak()
}

/// How often memory is asked for in one exposition of `series` counters, as many gauges, and histograms.
fn allocations(format: Format, series: usize) -> usize {
    let registry = Registry::new();
    let labels = [
        Label::closed("a", values(series / 100)),
        Label::closed("b", values(10)),
        Label::closed("c", values(10)),
    ];
    let counters = registry.counter(Descriptor::new("events_total", "Events.").labels(&labels));
    let gauges = registry.gauge(Descriptor::new("levels", "Levels.").labels(&labels));
    let times = Descriptor::new("time_seconds", "Time.").unit("seconds");
    let times = times.former_name("duration_seconds").labels(&labels);
    let times = registry.histogram(times, &[0.1, 1.0, 1e7]);
    for index in 0..series {
        counters.closed(index).add(index as u64 * 1_000_003);
        gauges.closed(index).set(index as f64 / 7.0 * 1e5);
        times.closed(index).observe(index as f64 / 11.0);
    }
    // The first time nothing is known of the size.
    let first = registry.encode(format);
    assert_eq!(
        first.lines().filter(|line| !line.starts_with('#')).count(),
        series * (2 + 2 * 6)
    );
    let before = COUNT.get();
    let second = registry.encode(format);
    let allocations = COUNT.get() - before;
    assert_eq!(first, second);
    allocations
}

/// As above, of metrics whose series are learnt: by open labels, one of them with statuses that come late.
fn allocations_of_learnt(format: Format, series: usize) -> usize {
    let registry = Registry::new();
    let open = registry.open_label(series);
    let one = [Label::open("route", &open)];
    let events = registry.counter(Descriptor::new("events_total", "").labels(&one));
    let late = [
        Label::open("route", &open),
        Label::http_status("status", &[200]),
    ];
    let answers = registry.counter(Descriptor::new("answers_total", "").labels(&late));
    let two = [Label::open("route", &open), Label::open("other", &open)];
    let times = registry.histogram(Descriptor::new("time_seconds", "").labels(&two), &[1.0]);
    for number in 0..series {
        let route = format!("/{number}");
        events.open(0, &[&route]).inc();
        answers.open_status(0, &[&route], HttpStatus(404)).inc();
        times.open(0, &[&route, "/1"]).observe(0.5);
    }
    let first = registry.encode(format);
    let before = COUNT.get();
    let second = registry.encode(format);
    let allocations = COUNT.get() - before;
    assert_eq!(first, second);
    allocations
}

/// The tests look at what all threads do.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn series_cost_no_allocations() {
    let _alone = alone();
    for format in [Format::Text, Format::OpenMetrics] {
        let few = allocations(format, 1_000);
        let many = allocations(format, 10_000);
        assert_eq!(few, many, "{format:?}");
        assert!(many < 50, "{format:?}: {many}");
    }
}

#[test]
fn learnt_series_cost_no_allocations() {
    let _alone = alone();
    for format in [Format::Text, Format::OpenMetrics] {
        let few = allocations_of_learnt(format, 1_000);
        let many = allocations_of_learnt(format, 10_000);
        // Lists that are sorted grow, each by doubling.
        assert!(many <= few + 20, "{format:?}: {few} {many}");
        assert!(many < 70, "{format:?}: {many}");
    }
}

#[test]
fn counting_asks_for_no_memory() {
    let _alone = alone();
    let registry = Registry::new();
    let open = registry.open_label(10);
    let labels = [
        Label::closed("method", &["GET", "POST"]),
        Label::open("route", &open),
        Label::http_status("status", &[200]),
    ];
    let requests = registry.counter(Descriptor::new("requests_total", "").labels(&labels));
    let times = registry.histogram(Descriptor::new("time_seconds", ""), &[0.1, 1.0]);
    let level = registry.gauge(Descriptor::new("level", ""));
    let record = || {
        for status in [200, 404] {
            requests.open_status(1, &["/"], HttpStatus(status)).inc();
        }
        times.closed(0).start_timer().stop();
        drop(level.closed(0).track());
        requests
            .open_status(0, &["/"], HttpStatus(200))
            .handle()
            .inc();
    };
    record();
    let before = COUNT.get();
    (0..1000).for_each(|_| record());
    assert_eq!(COUNT.get() - before, 0);
}

/// Memory for counts is that of 64 threads at most, and is used again.
#[test]
fn memory_is_bounded_with_hundreds_of_threads() {
    let _alone = alone();
    let registry = Registry::new();
    let labels = [
        Label::closed("a", values(100)),
        Label::closed("b", values(100)),
    ];
    let events = registry.counter(Descriptor::new("events_total", "").labels(&labels));
    let count_in = |threads: usize| {
        let all_alive = Barrier::new(threads);
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    (0..10_000).for_each(|index| events.closed(index).inc());
                    all_alive.wait();
                });
            }
        });
        LIVE.load(Ordering::Relaxed)
    };
    let one = count_in(1);
    let many = count_in(600);
    // Ten thousand cells of eight bytes for each of 64 threads, and for all others together.
    let bound = 65 * 10_000 * 8;
    assert!(many < one + bound + bound / 4, "{one} {many}");
    for _ in 0..3 {
        let again = count_in(600);
        assert!(again < many + 100_000, "{many} {again}");
    }
    let text = registry.encode_text();
    let expected = format!(" {}", 1 + 4 * 600);
    let counts = text.lines().filter(|line| line.starts_with("events_total"));
    assert!(
        counts.clone().all(|line| line.ends_with(&expected)),
        "{expected}"
    );
    assert_eq!(counts.count(), 10_000);
}

/// Instances that go give everything back.
#[test]
fn memory_is_bounded_with_a_thousand_instances() {
    let _alone = alone();
    let use_one = || {
        let registry = Registry::new();
        let open = registry.open_label(100);
        let labels = [Label::closed("a", values(1)), Label::open("b", &open)];
        let events = registry.counter(Descriptor::new("events_total", "").labels(&labels));
        let times = registry.histogram(Descriptor::new("time_seconds", "").labels(&labels), &[1.0]);
        for n in 0..50 {
            let value = format!("value {n}");
            events.open(0, &[&value]).inc();
            times.open(0, &[&value]).observe(2.0);
        }
        registry.encode_text();
    };
    let used = |times: usize| {
        (0..times).for_each(|_| use_one());
        LIVE.load(Ordering::Relaxed)
    };
    let few = used(10);
    let many = used(1000);
    // The values of the closed label are leaked, as generated ones are for ever.
    assert!(many < few + 1000 * 64 + 100_000, "{few} {many}");
}
