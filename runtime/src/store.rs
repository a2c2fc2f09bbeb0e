//! Where the series of one metric live.
//!
//! Series with the same open values lie together in a block. In a block the combinations of closed values, and of the
//! statuses that exist from the start, are dense; other statuses are added when they are first seen. Blocks and cells
//! never go before their metric does. A series that exists is found without a lock.

use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::arena::Sparse;
use crate::block::Block;
use crate::buckets::Buckets;
use crate::cells::CellId;
use crate::hash::Hasher;
use crate::label::Descriptor;
use crate::layout::Layout;
use crate::open::{Overflow, ValueId};
use crate::status::StatusKey;
use crate::table::Table;

/// Open labels of a metric whose ids are looked up without an allocation.
const FEW: usize = 8;

/// The series of one metric.
pub(crate) struct Store {
    pub(crate) name: &'static str,
    pub(crate) former_name: Option<&'static str>,
    pub(crate) help: &'static str,
    pub(crate) shape: Shape,
    pub(crate) layout: Layout,
    /// How many cells a series has.
    pub(crate) cells: usize,
    max_series: usize,
    series: AtomicUsize,
    hasher: Hasher,
    /// The block whose open values are all `_other`; without open labels the only one.
    pub(crate) rest: OnceLock<Block>,
    /// The others, by the value of the open label, or by the number of the combination of several.
    pub(crate) blocks: Sparse<Block>,
    combinations: Table,
    pub(crate) block_count: AtomicUsize,
    /// The places of the blocks, by their open values, as they were when they were last read.
    pub(crate) order: Mutex<Vec<usize>>,
}

/// What the cells of a series hold.
#[derive(Debug)]
pub(crate) enum Shape {
    /// The number of events.
    Counter,
    /// A sum of amounts.
    FloatCounter,
    /// A value, shared by all threads.
    Gauge,
    /// Whether it is exposed, shared by all threads.
    Info,
    /// The sum of the values, and the number of those in each bucket.
    Histogram(Buckets),
}

impl Shape {
    fn cells(&self) -> usize {
        match self {
            Self::Counter | Self::FloatCounter | Self::Gauge | Self::Info => 1,
            Self::Histogram(buckets) => buckets.bounds().len() + 2,
        }
    }

    /// How many series are exposed for one.
    fn weight(&self) -> usize {
        match self {
            Self::Counter | Self::FloatCounter | Self::Gauge | Self::Info => 1,
            // The buckets, the one without a bound, the sum and the count.
            Self::Histogram(buckets) => buckets.bounds().len() + 3,
        }
    }
}

impl Store {
    pub(crate) fn new(descriptor: &Descriptor<'_>, shape: Shape, overflow: &Overflow) -> Self {
        let store = Self {
            name: descriptor.name,
            former_name: descriptor.former_name,
            help: descriptor.help,
            layout: Layout::new(descriptor.labels, overflow),
            cells: shape.cells(),
            shape,
            max_series: descriptor.max_series.unwrap_or(usize::MAX),
            series: AtomicUsize::new(0),
            hasher: Hasher::new(),
            rest: OnceLock::new(),
            blocks: Sparse::new(),
            combinations: Table::new(),
            block_count: AtomicUsize::new(0),
            order: Mutex::default(),
        };
        if store.layout.open.is_empty() {
            store.rest();
        }
        store
    }

    /// The first cell of a series: closed values by their index, open values in written order.
    ///
    /// An open value that is not given is `_other`, and so is a status.
    #[inline]
    pub(crate) fn cell(&self, index: usize, open: &[&str], status: StatusKey) -> CellId {
        assert!(
            index < self.layout.width,
            "{}: no combination of label values has the index {index}",
            self.name
        );
        let block = match self.layout.open.is_empty() {
            true => self.rest(),
            false => self.block_of(open),
        };
        match self.dense_cell(block, index, status) {
            Some(cell) => cell,
            None => self.late_cell(block, index, status),
        }
    }

    #[inline]
    fn dense_cell(&self, block: &Block, index: usize, status: StatusKey) -> Option<CellId> {
        let position = self.layout.position(status)?;
        let series = index * self.layout.start.len() + position;
        Some(block.first().plus(series * self.cells))
    }

    #[inline]
    fn block_of(&self, open: &[&str]) -> &Block {
        let labels = &self.layout.open;
        let known = match (&**labels, open) {
            ([label], [value]) => label.values.find(value).and_then(|id| self.known(&[id])),
            _ => None,
        };
        known.unwrap_or_else(|| self.block_of_any(open))
    }

    fn block_of_any(&self, open: &[&str]) -> &Block {
        let mut few = [ValueId::OTHER; FEW];
        let mut many = Vec::new();
        let ids = match few.get_mut(..self.layout.open.len()) {
            Some(ids) => ids,
            None => {
                many.resize(self.layout.open.len(), ValueId::OTHER);
                many.as_mut_slice()
            }
        };
        for ((id, label), value) in ids.iter_mut().zip(&self.layout.open).zip(open) {
            match label.values.find_or_add(value) {
                Some(known) => *id = known,
                None => label.count_overflow(),
            }
        }
        if ids.iter().all(|id| *id == ValueId::OTHER) {
            return self.rest();
        }
        self.known(ids)
            .or_else(|| self.add(ids))
            .unwrap_or_else(|| {
                self.count_overflow(ids);
                self.rest()
            })
    }

    /// The block of these open values.
    #[inline]
    fn known(&self, ids: &[ValueId]) -> Option<&Block> {
        let place = match ids {
            [id] => id.place(),
            _ => self
                .combinations
                .find(self.hash(ids), |n| self.is(n, ids))? as usize,
        };
        self.blocks.get(place)
    }

    /// A block for these open values; none if there is no room for it.
    #[cold]
    fn add(&self, ids: &[ValueId]) -> Option<&Block> {
        if !self.has_room(self.block_series()) {
            return None;
        }
        // One at a time, a metric with one open label too, so that room is taken once.
        let add = || {
            self.take(self.block_series()).then_some(())?;
            let place = match ids {
                [id] => id.place(),
                _ => self.block_count.load(Ordering::Relaxed),
            };
            self.blocks
                .get_or_init(place, || self.new_block(place, ids));
            self.block_count.fetch_add(1, Ordering::Relaxed);
            u32::try_from(place).ok()
        };
        let is = |number| self.is(number, ids);
        let place = self.combinations.find_or_add(self.hash(ids), is, add)?;
        self.blocks.get(place as usize)
    }

    fn hash(&self, ids: &[ValueId]) -> u64 {
        self.hasher.numbers(ids.iter().map(|id| id.place() as u32))
    }

    fn is(&self, place: u32, ids: &[ValueId]) -> bool {
        let block = self.blocks.get(place as usize);
        block.is_some_and(|block| *block.open == *ids)
    }

    fn count_overflow(&self, ids: &[ValueId]) {
        for (id, label) in ids.iter().zip(&self.layout.open) {
            if *id != ValueId::OTHER {
                label.count_overflow();
            }
        }
    }

    #[inline]
    fn rest(&self) -> &Block {
        match self.rest.get() {
            Some(rest) => rest,
            None => self.new_rest(),
        }
    }

    #[cold]
    fn new_rest(&self) -> &Block {
        self.rest.get_or_init(|| {
            self.series
                .fetch_add(self.block_series(), Ordering::Relaxed);
            self.new_block(usize::MAX, &vec![ValueId::OTHER; self.layout.open.len()])
        })
    }

    /// The cell of a status that did not exist from the start. In the block of `_other` it is never refused: what there is
    /// of it is bounded by the closed labels and the statuses of HTTP.
    #[cold]
    fn late_cell(&self, block: &Block, index: usize, status: StatusKey) -> CellId {
        if let Some(cell) = block
            .late()
            .and_then(|late| late.find(self.hasher, index, status))
        {
            return cell;
        }
        let rest = self.rest();
        let is_rest = std::ptr::eq(block, rest);
        let weight = self.shape.weight();
        let room = || {
            let room = self.take(weight);
            if !room && is_rest {
                self.series.fetch_add(weight, Ordering::Relaxed);
            }
            room || is_rest
        };
        let late = block.late_or_new();
        match late.find_or_add(self.hasher, index, status, self.cells, room) {
            Some(cell) => cell,
            None => {
                self.count_overflow(&block.open);
                match self.dense_cell(rest, index, status) {
                    Some(cell) => cell,
                    None => self.late_cell(rest, index, status),
                }
            }
        }
    }

    fn new_block(&self, place: usize, open: &[ValueId]) -> Block {
        let series = self.layout.width * self.layout.start.len();
        Block::new(place, open, series * self.cells)
    }

    /// How many series are exposed for a block.
    fn block_series(&self) -> usize {
        self.layout.width * self.layout.start.len() * self.shape.weight()
    }

    /// Whether `more` series may be added, and the block of `_other` with them if it does not exist yet.
    fn has_room(&self, more: usize) -> bool {
        self.series_with(self.series.load(Ordering::Relaxed), more)
            .is_some()
    }

    fn take(&self, more: usize) -> bool {
        self.series
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |series| {
                self.series_with(series, more)
            })
            .is_ok()
    }

    fn series_with(&self, series: usize, more: usize) -> Option<usize> {
        let kept_free = match self.rest.get() {
            Some(_) => 0,
            None => self.block_series(),
        };
        let sum = series.checked_add(more)?;
        (sum.checked_add(kept_free)? <= self.max_series).then_some(sum)
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Store").field(&self.name).finish()
    }
}
