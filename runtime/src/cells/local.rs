//! The part of a cell that the current thread writes.

use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

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
    /// The thread owns no shard: it has not counted yet, or came when every shard was taken.
    OfNone,
    /// The thread owns this shard.
    Of(&'static Shard),
    /// The thread ends, or is asking for memory: it writes to the shared shard.
    Away,
}

thread_local! {
    static LOCAL: Local = const {
        Local {
            near: [const { Cell::new(None) }; NEAR],
            owner: Cell::new(Owner::OfNone),
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

/// How many shards a thread could own that owns none yet: it looks here before it waits for the others.
static FREE_SHARDS: AtomicUsize = AtomicUsize::new(shard::OWNED);

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
    LOCAL.with(|local| match local.chunk(id.chunk()) {
        Some(chunk) => add_own(chunk.part(id), amount, sum),
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
    /// The chunk of this number in the shard that the thread owns.
    ///
    /// Both may be made here. An allocator that counts what it is asked for meanwhile comes here again, and is sent to the
    /// shared shard.
    fn chunk(&self, number: usize) -> Option<&'static Chunk> {
        let owner = self.owner.replace(Owner::Away);
        let shard = match owner {
            Owner::Of(shard) => Some(shard),
            // None when the thread has begun to end.
            Owner::OfNone if FREE_SHARDS.load(Ordering::Relaxed) > 0 => {
                LEASE.try_with(Lease::take).ok().flatten()
            }
            Owner::OfNone | Owner::Away => None,
        };
        let chunk = shard.map(|shard| shard.chunk_or_new(number));
        if let (Some(near), Some(_)) = (self.near.get(number), chunk) {
            near.set(chunk);
        }
        self.owner.set(shard.map_or(owner, Owner::Of));
        chunk
    }
}

impl Lease {
    fn take(&self) -> Option<&'static Shard> {
        let mut free = lock(&FREE);
        // Where thread-local values are made again after their end, one may be held already.
        let held = self.0.get().or_else(|| free.numbers.pop());
        let number = held.or_else(|| {
            let new = free.end;
            shard::owned(new)?;
            free.end += 1;
            Some(new)
        });
        if self.0.replace(number).is_none() && number.is_some() {
            FREE_SHARDS.fetch_sub(1, Ordering::Relaxed);
        }
        shard::owned(number?)
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        // Destructors that run after this one may count too, and must no longer do so here.
        LOCAL.with(|local| {
            local.owner.set(Owner::Away);
            local.near.iter().for_each(|chunk| chunk.set(None));
        });
        if let Some(number) = self.0.get() {
            lock(&FREE).numbers.push(number);
            FREE_SHARDS.fetch_add(1, Ordering::Relaxed);
        }
    }
}
