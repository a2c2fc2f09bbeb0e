//! What cells hold in all shards together.

use std::sync::atomic::Ordering;

use super::CellId;
use super::shard::{self, Chunk};

/// Reads cells, fastest in the order of their ids.
pub(crate) struct Reader {
    number: Option<usize>,
    /// The chunks of this number, of all shards that have it.
    chunks: Vec<&'static Chunk>,
}

impl Reader {
    pub(crate) fn new() -> Self {
        Self {
            number: None,
            chunks: Vec::with_capacity(shard::MOST),
        }
    }

    /// The value of a cell whose parts are whole numbers.
    #[inline]
    pub(crate) fn count(&mut self, id: CellId) -> u64 {
        let parts = self.chunks(id).iter();
        parts.fold(0, |sum, chunk| {
            sum.wrapping_add(chunk.part(id).load(Ordering::Relaxed))
        })
    }

    /// The value of a cell whose parts are floating-point numbers.
    #[inline]
    pub(crate) fn sum(&mut self, id: CellId) -> f64 {
        // The order of the shards is always the same: a sum of what only grows never falls by its rounding.
        let parts = self.chunks(id).iter();
        parts.fold(0.0, |sum, chunk| {
            sum + f64::from_bits(chunk.part(id).load(Ordering::Relaxed))
        })
    }

    #[inline]
    fn chunks(&mut self, id: CellId) -> &[&'static Chunk] {
        let number = id.chunk();
        if self.number != Some(number) {
            self.number = Some(number);
            self.chunks.clear();
            let chunks = shard::all().filter_map(|shard| shard.chunk(number));
            self.chunks.extend(chunks);
        }
        &self.chunks
    }
}
