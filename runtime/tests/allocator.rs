//! An allocator that counts what it is asked for, with a metric.
#![expect(unsafe_code, reason = "an allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::OnceLock;
use std::thread;

use monospec_runtime::codegen::v1::{CounterHandle, Descriptor, Registry};

struct Counting;

static ALLOCATIONS: OnceLock<CounterHandle> = OnceLock::new();

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(allocations) = ALLOCATIONS.get() {
            allocations.inc();
        }
        // SAFETY: the caller keeps the contract, which is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The first count of a thread asks for memory itself.
#[test]
fn allocations_can_be_counted() {
    let registry = Registry::new();
    let family = registry.counter(Descriptor::new("allocations_total", ""));
    let handle = family.closed(0).handle();
    assert!(ALLOCATIONS.set(handle).is_ok());
    let threads: Vec<_> = (0..100)
        .map(|_| thread::spawn(|| (0..100).map(Box::new).for_each(drop)))
        .collect();
    for thread in threads {
        thread.join().expect("no panic");
    }
    let text = registry.encode_text();
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix("allocations_total "));
    let counted: u64 = line.and_then(|count| count.parse().ok()).expect("a count");
    assert!(counted >= 100 * 100, "{counted}");
}
