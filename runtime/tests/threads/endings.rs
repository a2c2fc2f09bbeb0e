//! What is counted while a thread ends.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;

use monospec_runtime::codegen::v1::CounterHandle;

use super::Metrics;

/// Counts when it is dropped.
struct Last(CounterHandle);

impl Drop for Last {
    fn drop(&mut self) {
        self.0.inc();
    }
}

thread_local! {
    static EARLY: RefCell<Option<Last>> = const { RefCell::new(None) };
    static LATE: RefCell<Option<Last>> = const { RefCell::new(None) };
}

/// Destructors of a thread run one after the other, some of them after the thread has handed on its cells.
#[test]
fn destructors_of_threads_count() {
    let metrics = Arc::new(Metrics::new());
    for _ in 0..200 {
        let metrics = Arc::clone(&metrics);
        let thread = thread::spawn(move || {
            let counter = metrics.requests.open_status(0, &["/"], 200.into()).handle();
            EARLY.with_borrow_mut(|last| *last = Some(Last(counter.clone())));
            // The first count of the thread, between the two.
            counter.inc();
            LATE.with_borrow_mut(|last| *last = Some(Last(counter)));
        });
        thread.join().expect("no panic");
    }
    assert_eq!(metrics.sum("requests_total"), 600.0);
}

/// A thread whose first count is in a destructor.
#[test]
fn a_thread_may_count_for_the_first_time_when_it_ends() {
    let metrics = Metrics::new();
    let handle = metrics.requests.open_status(0, &["/"], 200.into()).handle();
    for _ in 0..200 {
        let last = Last(handle.clone());
        let thread = thread::spawn(move || EARLY.with_borrow_mut(|early| *early = Some(last)));
        thread.join().expect("no panic");
    }
    assert_eq!(metrics.sum("requests_total"), 200.0);
}
