//! Where counts live: cells of 64 bits, each with an id that is its own in the whole process.
//!
//! A cell has a part in every [shard](shard). The first threads that count own a shard each, in which nobody else writes:
//! counting is a load, an addition and a store, without a locked instruction. The value of a cell is the sum of its parts,
//! taken when metrics are read. A thread that ends hands its shard with all it holds to the next thread, so that nothing
//! is lost or moved. What is counted by more threads than may own a shard, and what is not a sum of parts (gauges), is
//! in the shared shard, where every change is one atomic operation.

mod local;
mod range;
mod reader;
mod shard;

pub(crate) use local::observe;
use local::{add, plus};
pub(crate) use range::CellRange;
pub(crate) use reader::Reader;
pub(crate) use shard::shared;

/// Adds events to a cell that counts them.
#[inline]
pub(crate) fn count(id: CellId, events: u64) {
    add(id, events, u64::wrapping_add);
}

/// Adds an amount to a cell that holds a sum of floating-point numbers.
#[inline]
pub(crate) fn sum(id: CellId, amount: f64) {
    add(id, amount.to_bits(), plus);
}

/// The number of a cell in the process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CellId(u32);

impl CellId {
    #[inline]
    fn chunk(self) -> usize {
        self.0 as usize / shard::CHUNK_CELLS
    }

    #[inline]
    fn offset(self) -> usize {
        self.0 as usize % shard::CHUNK_CELLS
    }

    /// The cell `offset` after this one, which is of the same range.
    #[inline]
    pub(crate) fn plus(self, offset: usize) -> Self {
        // A range lies within the ids, and so does each of its offsets.
        Self(self.0.wrapping_add(offset as u32))
    }
}
