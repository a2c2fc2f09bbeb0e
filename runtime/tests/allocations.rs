//! An exposition costs the same few allocations whatever the number of its series.
#![expect(unsafe_code, reason = "an allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use monospec_runtime::Format;
use monospec_runtime::codegen::v1::{Descriptor, Label, Registry};

struct Counting;

thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    COUNT.with(|count| count.set(count.get() + 1));
}

// SAFETY: all is left to the system's allocator; the count allocates nothing, and has no destructor.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
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

#[test]
fn series_cost_no_allocations() {
    for format in [Format::Text, Format::OpenMetrics] {
        let few = allocations(format, 1_000);
        let many = allocations(format, 10_000);
        assert_eq!(few, many, "{format:?}");
        assert!(many < 50, "{format:?}: {many}");
    }
}
