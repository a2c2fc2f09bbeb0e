//! The part of a cell that the current thread writes.

use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::shard::{self, Chunk, Shard};
use super::{CellId, shared};
use crate::sync::lock;

/// Chunks that a thread finds without asking its shard: 131,072 cells.
const NEAR: usize = 256;

/// What a thread knows about itself. It has no destructor and can so be used until the very end of the thread.
struct Local {
    near: [Cell<Option<&'static Chunk>>; NEAR],
    owner: Cell<Owner>,
}

#[derive(Clone, Copy)]
enum Owner {
    /// The thread has not counted yet.
    New,
    /// The thread owns this shard.
    Of(&'static Shard),
    /// The thread ends, or came when every shard was taken: it writes to the shared one.
    OfNone,
}

thread_local! {
    static LOCAL: Local = const {
        Local {
            near: [const { Cell::new(None) }; NEAR],
            owner: Cell::new(Owner::New),
        }
    };

    static LEASE: Lease = const { Lease(Cell::new(None)) };
}

/// The number of the shard that a thread owns, which goes back when the thread ends.
struct Lease(Cell<Option<usize>>);

/// Shards without an owner, and how many there are in all.
struct Free {
    numbers: Vec<usize>,
    end: usize,
}

static FREE: Mutex<Free> = Mutex::new(Free {
    numbers: Vec::new(),
    end: 0,
});

/// Adds to a cell whose value is the sum of its parts: `sum` makes the new part of the old one and `amount`.
///
/// It captures nothing, so that all that a call needs fits into registers.
#[inline]
pub(crate) fn add(id: CellId, amount: u64, sum: fn(u64, u64) -> u64) {
    LOCAL.with(|local| match local.near.get(id.chunk()).map(Cell::get) {
        Some(Some(chunk)) => add_own(chunk.part(id), amount, sum),
        _ => add_far(id, amount, sum),
    });
}

/// Counts a value in a cell of events, and adds it to the next one, which holds their sum.
#[inline]
pub(crate) fn observe(id: CellId, value: f64) {
    // The first of a pair has an even number, and so both are in the same chunk.
    let (count, sum) = (id, id.plus(1));
    LOCAL.with(|local| match local.near.get(id.chunk()).map(Cell::get) {
        Some(Some(chunk)) => {
            add_own(chunk.part(count), 1, u64::wrapping_add);
            add_own(chunk.part(sum), value.to_bits(), plus);
        }
        _ => {
            add_far(count, 1, u64::wrapping_add);
            add_far(sum, value.to_bits(), plus);
        }
    });
}

/// The bits of a sum of two floating-point numbers, of their bits.
#[inline]
pub(super) fn plus(a: u64, b: u64) -> u64 {
    (f64::from_bits(a) + f64::from_bits(b)).to_bits()
}

/// Nobody else writes to this part.
#[inline]
fn add_own(part: &AtomicU64, amount: u64, sum: fn(u64, u64) -> u64) {
    part.store(sum(part.load(Ordering::Relaxed), amount), Ordering::Relaxed);
}

#[cold]
#[inline(never)]
fn add_far(id: CellId, amount: u64, sum: fn(u64, u64) -> u64) {
    LOCAL.with(|local| match local.owner() {
        Some(shard) => {
            let chunk = shard.chunk_or_new(id.chunk());
            if let Some(near) = local.near.get(id.chunk()) {
                near.set(Some(chunk));
            }
            add_own(chunk.part(id), amount, sum);
        }
        None => {
            let part = shared(id);
            let mut old = part.load(Ordering::Relaxed);
            while let Err(current) = part.compare_exchange_weak(
                old,
                sum(old, amount),
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                old = current;
            }
        }
    });
}

impl Local {
    /// The shard that this thread owns.
    fn owner(&self) -> Option<&'static Shard> {
        if let Owner::New = self.owner.get() {
            // The lease is gone when the thread has begun to end.
            let shard = LEASE.try_with(Lease::take).ok().flatten();
            self.owner.set(shard.map_or(Owner::OfNone, Owner::Of));
        }
        match self.owner.get() {
            Owner::Of(shard) => Some(shard),
            Owner::New | Owner::OfNone => None,
        }
    }
}

impl Lease {
    fn take(&self) -> Option<&'static Shard> {
        let mut free = lock(&FREE);
        let number = match free.numbers.pop() {
            Some(number) => number,
            None => {
                shard::owned(free.end)?;
                free.end += 1;
                free.end - 1
            }
        };
        self.0.set(Some(number));
        shard::owned(number)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(number) = self.0.get() {
            // Destructors that run after this one may count too, and must no longer do so here.
            LOCAL.with(|local| {
                local.owner.set(Owner::OfNone);
                local.near.iter().for_each(|chunk| chunk.set(None));
            });
            lock(&FREE).numbers.push(number);
        }
    }
}
