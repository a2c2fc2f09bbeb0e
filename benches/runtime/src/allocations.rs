//! Counts allocations while it is asked to, and costs next to nothing else: clients that allocate must not pay for being
//! watched.
#![allow(
    unsafe_code,
    reason = "an allocator cannot be written without; it hands everything to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

struct Counting;

static WATCHED: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicU64 = AtomicU64::new(0);

/// How often memory is asked for, here or in any other thread, while this runs.
pub(crate) fn count(run: impl FnOnce()) -> u64 {
    let before = COUNT.load(Ordering::Relaxed);
    WATCHED.store(true, Ordering::Relaxed);
    run();
    WATCHED.store(false, Ordering::Relaxed);
    COUNT.load(Ordering::Relaxed) - before
}

fn watch() {
    if WATCHED.load(Ordering::Relaxed) {
        COUNT.fetch_add(1, Ordering::Relaxed);
    }
}

// SAFETY: every method does what the system's allocator does, with the same arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        watch();
        // SAFETY: the caller promises what `System` asks for.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller promises what `System` asks for.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        watch();
        // SAFETY: the caller promises what `System` asks for.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
