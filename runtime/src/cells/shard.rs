//! The parts of cells that belong together: those of one thread, or those that all threads share.

use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;

use super::CellId;
use crate::arena::Sparse;

/// How many parts are made at once: a page of memory.
pub(super) const CHUNK_CELLS: usize = 512;

/// How many shards have an owner. Beyond, threads share one: memory stays bounded however many there are.
pub(super) const OWNED: usize = 64;

/// How many shards there may be: those, and the one that is shared.
pub(super) const MOST: usize = OWNED + 1;

/// Neighbouring parts. Aligned to two lines of the cache, which processors fetch together, so that no two threads write to
/// the same.
#[repr(align(128))]
pub(super) struct Chunk([AtomicU64; CHUNK_CELLS]);

impl Chunk {
    /// The part of a cell that has one here.
    #[inline]
    pub(super) fn part(&self, id: CellId) -> &AtomicU64 {
        &self.0[id.offset()]
    }

    pub(super) fn parts(&self) -> &[AtomicU64; CHUNK_CELLS] {
        &self.0
    }
}

/// Parts of all cells; those that were never written are not there, and 0.
pub(super) struct Shard {
    chunks: Sparse<Box<Chunk>>,
}

impl Shard {
    pub(super) const fn new() -> Self {
        Self {
            chunks: Sparse::new(),
        }
    }

    pub(super) fn chunk(&self, number: usize) -> Option<&Chunk> {
        self.chunks.get(number).map(Box::as_ref)
    }

    pub(super) fn chunk_or_new(&self, number: usize) -> &Chunk {
        self.chunks.get_or_init(number, || {
            Box::new(Chunk([const { AtomicU64::new(0) }; CHUNK_CELLS]))
        })
    }
}

/// The shards that threads own, in the order of their first use. They are never freed: there are few, and cells outlive
/// threads.
static SHARDS: [OnceLock<Box<Shard>>; OWNED] = [const { OnceLock::new() }; OWNED];

static SHARED: Shard = Shard::new();

/// The shard of this number, if there are as many.
pub(super) fn owned(number: usize) -> Option<&'static Shard> {
    let shard = SHARDS.get(number)?;
    Some(shard.get_or_init(|| Box::new(Shard::new())))
}

/// Every shard.
pub(super) fn all() -> impl Iterator<Item = &'static Shard> {
    let owned = SHARDS.iter().map_while(OnceLock::get).map(Box::as_ref);
    std::iter::once(&SHARED).chain(owned)
}

/// Makes the chunks of the shared shard that hold these cells, so that to write there never asks for memory.
pub(super) fn share(cells: Range<usize>) {
    let chunks = cells.start / CHUNK_CELLS..cells.end.div_ceil(CHUNK_CELLS);
    chunks.for_each(|number| {
        SHARED.chunk_or_new(number);
    });
}

/// The part of a cell that all threads share.
#[inline]
pub(crate) fn shared(id: CellId) -> &'static AtomicU64 {
    SHARED.chunk_or_new(id.chunk()).part(id)
}
