//! Where the series of one metric live.
//!
//! Series with the same open values lie together in a block. In a block the combinations of closed values, and of the
//! statuses that exist from the start, are dense; other statuses are added when they are first seen. Blocks and cells
//! never go before their metric does. A series that exists is found without a lock.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use crate::arena::Sparse;
use crate::block::Block;
use crate::buckets::Buckets;
use crate::cells::CellId;
use crate::hash::{Hasher, same};
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
    pub(crate) unit: &'static str,
    pub(crate) shape: Shape,
    pub(crate) layout: Layout,
    /// How many cells a series has.
    pub(crate) cells: usize,
    max_series: usize,
    series: AtomicUsize,
    hasher: Hasher,
    /// The block whose open values are all `_other`; without open labels the only one.
    pub(crate) rest: OnceLock<Block>,
    /// The others, as they came.
    pub(crate) blocks: Sparse<Block>,
    /// With one open label: its values that have a block.
    one: Table<Known>,
    /// With several: the places of the blocks by their values.
    several: Table<usize>,
    pub(crate) block_count: AtomicUsize,
    /// The places of the blocks, by their open values, as they were when they were last read.
    pub(crate) order: Mutex<Vec<usize>>,
}

/// A value of an open label, and the first cell of the series that have it.
#[derive(Clone)]
struct Known {
    text: Arc<str>,
    first: CellId,
    place: usize,
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
    /// For each bucket the number of the values in it, and their sum: in pairs, so that an observation writes to one place.
    Histogram(Buckets),
}

impl Shape {
    fn cells(&self) -> usize {
        match self {
            Self::Counter | Self::FloatCounter | Self::Gauge | Self::Info => 1,
            Self::Histogram(buckets) => 2 * (buckets.bounds().len() + 1),
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
            unit: descriptor.unit,
            layout: Layout::new(descriptor.labels, overflow),
            cells: shape.cells(),
            shape,
            max_series: descriptor.max_series.unwrap_or(usize::MAX),
            series: AtomicUsize::new(0),
            hasher: Hasher::new(),
            rest: OnceLock::new(),
            blocks: Sparse::new(),
            one: Table::new(),
            several: Table::new(),
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
    pub(crate) fn cell(&self, index: usize, open: &[&str], status: StatusKey) -> CellId {
        assert!(
            index < self.layout.width,
            "{}: no combination of label values has the index {index}",
            self.name
        );
        let block = match self.layout.open.is_empty() {
            true => self.rest(),
            false => self.block(open),
        };
        match self.dense_cell(block.first(), index, status) {
            Some(cell) => cell,
            None => self.late_cell(block, index, status),
        }
    }

    /// The cell of a series with one open label, if that exists and did so since the value was first seen.
    #[inline]
    pub(crate) fn cell_of_one(
        &self,
        index: usize,
        text: &str,
        status: StatusKey,
    ) -> Option<CellId> {
        let first = self.known(text)?.first;
        match index < self.layout.width {
            true => self.dense_cell(first, index, status),
            false => None,
        }
    }

    /// The cell of a series that exists from the start, in the block that begins with `first`.
    #[inline]
    fn dense_cell(&self, first: CellId, index: usize, status: StatusKey) -> Option<CellId> {
        let position = self.layout.position(status)?;
        let series = index * self.layout.start.len() + position;
        Some(first.plus(series * self.cells))
    }

    #[inline(never)]
    fn known(&self, text: &str) -> Option<&Known> {
        let hash = self.hasher.text(text);
        self.one.find(hash, |known| same(&known.text, text))
    }

    /// The block of these open values, which is made if there is room.
    fn block(&self, open: &[&str]) -> &Block {
        if let [text] = open
            && let Some(known) = self.known(text)
            && let Some(block) = self.blocks.get(known.place)
        {
            return block;
        }
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
        let place = match &*ids {
            [id] => self.place_of_one(*id),
            ids => self.place_of_several(ids),
        };
        match place.and_then(|place| self.blocks.get(place)) {
            Some(block) => block,
            None => {
                self.count_overflow(ids);
                self.rest()
            }
        }
    }

    /// Where the block of the value of the one open label is.
    fn place_of_one(&self, id: ValueId) -> Option<usize> {
        let text = self.layout.open[0].values.text(id)?;
        let hash = self.hasher.text(text);
        let is = |known: &Known| same(&known.text, text);
        if let Some(known) = self.one.find(hash, is) {
            return Some(known.place);
        }
        if !self.has_room(self.block_series()) {
            return None;
        }
        let add = || {
            let block = self.add(&[id])?;
            Some(Known {
                text: Arc::clone(text),
                first: block.first(),
                place: block.place,
            })
        };
        Some(self.one.find_or_add(hash, is, add)?.place)
    }

    /// Where the block of the values of several open labels is.
    fn place_of_several(&self, ids: &[ValueId]) -> Option<usize> {
        let hash = self.hasher.numbers(ids.iter().map(|id| id.number()));
        let is = |place: &usize| self.blocks.get(*place).is_some_and(|b| *b.open == *ids);
        if let Some(place) = self.several.find(hash, is) {
            return Some(*place);
        }
        if !self.has_room(self.block_series()) {
            return None;
        }
        let add = || Some(self.add(ids)?.place);
        self.several.find_or_add(hash, is, add).copied()
    }

    /// A block for these open values; none if there is no room for it. One is added at a time.
    fn add(&self, ids: &[ValueId]) -> Option<&Block> {
        self.take(self.block_series()).then(|| {
            let place = self.block_count.fetch_add(1, Ordering::Relaxed);
            self.blocks
                .get_or_init(place, || self.new_block(place, ids))
        })
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
        if !is_rest && !self.has_room(weight) {
            return self.overflown(block, index, status);
        }
        let room = || {
            let room = self.take(weight);
            if !room && is_rest {
                self.series.fetch_add(weight, Ordering::Relaxed);
            }
            room || is_rest
        };
        let late = block.late_or_new();
        late.find_or_add(self.hasher, index, status, self.cells, room)
            .unwrap_or_else(|| self.overflown(block, index, status))
    }

    /// The cell in the block of `_other` for a status that had no room in this one.
    fn overflown(&self, block: &Block, index: usize, status: StatusKey) -> CellId {
        self.count_overflow(&block.open);
        let rest = self.rest();
        match self.dense_cell(rest.first(), index, status) {
            Some(cell) => cell,
            None => self.late_cell(rest, index, status),
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

    /// Whether there seems to be room for `more` series, so that nobody waits only to be refused.
    fn has_room(&self, more: usize) -> bool {
        self.series_with(self.series.load(Ordering::Relaxed), more)
            .is_some()
    }

    /// Whether `more` series may be added, and the block of `_other` with them if it does not exist yet; they are then taken.
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
