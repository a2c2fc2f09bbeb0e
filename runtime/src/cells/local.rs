//! The part of a cell that the current thread writes.

use std::cell::Cell;
use std::sync::Mutex;
use std::sync::atomic::Ordering;

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

/// Changes a cell whose value is the sum of its parts: `change` makes the new part of the old one.
#[inline]
pub(crate) fn update(id: CellId, change: impl Fn(u64) -> u64) {
    LOCAL.with(|local| match local.near.get(id.chunk()).map(Cell::get) {
        Some(Some(chunk)) => update_own(chunk, id, change),
        _ => update_far(local, id, change),
    });
}

/// Nobody else writes to this chunk.
#[inline]
fn update_own(chunk: &Chunk, id: CellId, change: impl Fn(u64) -> u64) {
    let part = chunk.part(id);
    part.store(change(part.load(Ordering::Relaxed)), Ordering::Relaxed);
}

#[cold]
#[inline(never)]
fn update_far(local: &Local, id: CellId, change: impl Fn(u64) -> u64) {
    match local.owner() {
        Some(shard) => {
            let chunk = shard.chunk_or_new(id.chunk());
            if let Some(near) = local.near.get(id.chunk()) {
                near.set(Some(chunk));
            }
            update_own(chunk, id, change);
        }
        None => {
            let part = shared(id);
            let mut value = part.load(Ordering::Relaxed);
            while let Err(other) = part.compare_exchange_weak(
                value,
                change(value),
                Ordering::Relaxed,
                Ordering::Relaxed,
            ) {
                value = other;
            }
        }
    }
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
