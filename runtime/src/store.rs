//! Where the series of one metric live.
//!
//! Series with the same open values lie together in a block. In a block the combinations of closed values, and of the
//! statuses that exist from the start, are dense; other statuses are added when they are first seen. Blocks and cells
//! never move and never go, so that a reference to a cell lives as long as its metric.

use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, RwLock};

use crate::arena::Arena;
use crate::block::Block;
use crate::exposition::{Collect, Kind, Meta, Sink};
use crate::label::Descriptor;
use crate::layout::Layout;
use crate::open::{Overflow, ValueId};
use crate::status::{HttpStatus, StatusKey};
use crate::sync::{read, write};
use crate::value::Cell;

/// Open labels of a metric whose ids are looked up without an allocation.
const FEW: usize = 8;

/// The series of one metric.
pub(crate) struct Store<C> {
    name: &'static str,
    former_name: Option<&'static str>,
    help: &'static str,
    unit: &'static str,
    kind: Kind,
    layout: Layout,
    new_cell: Box<dyn Fn() -> C + Send + Sync>,
    /// How many series a cell is exposed as.
    weight: usize,
    max_series: usize,
    series: AtomicUsize,
    /// The block whose open values are all `_other`; without open labels the only one.
    rest: OnceLock<Block<C>>,
    blocks: Arena<Block<C>>,
    by_open: RwLock<HashMap<Box<[ValueId]>, usize>>,
}

impl<C: Cell> Store<C> {
    pub(crate) fn new(
        descriptor: &Descriptor<'_>,
        kind: Kind,
        weight: usize,
        overflow: &Overflow,
        new_cell: impl Fn() -> C + Send + Sync + 'static,
    ) -> Self {
        let store = Self {
            name: descriptor.name,
            former_name: descriptor.former_name,
            help: descriptor.help,
            unit: descriptor.unit,
            kind,
            layout: Layout::new(descriptor.labels, overflow),
            new_cell: Box::new(new_cell),
            weight,
            max_series: descriptor.max_series.unwrap_or(usize::MAX),
            series: AtomicUsize::new(0),
            rest: OnceLock::new(),
            blocks: Arena::new(),
            by_open: RwLock::default(),
        };
        if store.layout.open.is_empty() {
            store.rest();
        }
        store
    }

    /// The cell of one series: closed values by their index, open values in written order.
    ///
    /// An open value that is not given is `_other`, and so is a status.
    pub(crate) fn cell(&self, index: usize, open: &[&str], status: Option<HttpStatus>) -> &Arc<C> {
        assert!(
            index < self.layout.width,
            "{}: no combination of label values has the index {index}",
            self.name
        );
        let status = status
            .filter(|_| self.layout.has_status)
            .map_or(StatusKey::OTHER, HttpStatus::key);
        if self.layout.open.is_empty() {
            return self.rest_cell(index, status);
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
        for ((id, layout), value) in ids.iter_mut().zip(&self.layout.open).zip(open) {
            match layout.values.id(value) {
                Some(known) => *id = known,
                None => layout.count_overflow(),
            }
        }
        if ids.iter().all(|id| *id == ValueId::OTHER) {
            return self.rest_cell(index, status);
        }
        let cell = self
            .block(ids)
            .and_then(|block| self.block_cell(block, index, status));
        if let Some(cell) = cell {
            return cell;
        }
        for (id, layout) in ids.iter().zip(&self.layout.open) {
            if *id != ValueId::OTHER {
                layout.count_overflow();
            }
        }
        self.rest_cell(index, status)
    }

    /// The block of these open values; none if there is no room for it.
    fn block(&self, ids: &[ValueId]) -> Option<&Block<C>> {
        {
            let by_open = read(&self.by_open);
            if let Some(place) = by_open.get(ids) {
                return self.blocks.get(*place);
            }
            if !self.has_room(self.block_series()) {
                return None;
            }
        }
        let mut by_open = write(&self.by_open);
        if let Some(place) = by_open.get(ids) {
            return self.blocks.get(*place);
        }
        if !self.take(self.block_series()) {
            return None;
        }
        let (place, block) = self.blocks.push(self.new_block(ids));
        by_open.insert(ids.into(), place);
        Some(block)
    }

    fn rest(&self) -> &Block<C> {
        self.rest.get_or_init(|| {
            self.series
                .fetch_add(self.block_series(), Ordering::Relaxed);
            self.new_block(&vec![ValueId::OTHER; self.layout.open.len()])
        })
    }

    /// The cell for what has no open values of its own. It is never refused: what there is of it is bounded by the
    /// closed labels and the statuses of HTTP.
    fn rest_cell(&self, index: usize, status: StatusKey) -> &Arc<C> {
        let rest = self.rest();
        if let Some(cell) = self.dense_cell(rest, index, status) {
            return cell;
        }
        let Ok(cell) = rest.late().cell(index, status, || {
            self.series.fetch_add(self.weight, Ordering::Relaxed);
            Ok::<_, Infallible>(Arc::new((self.new_cell)()))
        });
        cell
    }

    /// The cell of a block with open values of its own; none if there is no room for a status that is new to it.
    fn block_cell<'s>(
        &'s self,
        block: &'s Block<C>,
        index: usize,
        status: StatusKey,
    ) -> Option<&'s Arc<C>> {
        if let Some(cell) = self.dense_cell(block, index, status) {
            return Some(cell);
        }
        let added = block.late().cell(index, status, || {
            let room = self.take(self.weight);
            room.then(|| Arc::new((self.new_cell)())).ok_or(())
        });
        added.ok()
    }

    fn dense_cell<'s>(
        &self,
        block: &'s Block<C>,
        index: usize,
        status: StatusKey,
    ) -> Option<&'s Arc<C>> {
        let position = self
            .layout
            .start
            .iter()
            .position(|start| *start == status)?;
        block.dense.get(index * self.layout.start.len() + position)
    }

    fn new_block(&self, open: &[ValueId]) -> Block<C> {
        let cells = self.layout.width * self.layout.start.len();
        Block {
            open: open.into(),
            dense: (0..cells).map(|_| Arc::new((self.new_cell)())).collect(),
            late: OnceLock::new(),
        }
    }

    fn block_series(&self) -> usize {
        self.layout.width * self.layout.start.len() * self.weight
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

impl<C: Cell> Collect for Store<C> {
    fn meta(&self) -> Meta<'_> {
        Meta {
            name: self.name,
            former_name: self.former_name,
            help: self.help,
            unit: self.unit,
            kind: self.kind,
        }
    }

    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result {
        let mut blocks: Vec<_> = self
            .rest
            .get()
            .into_iter()
            .chain(self.blocks.iter())
            .collect();
        blocks.sort_by_cached_key(|block| {
            let texts = block.open.iter().zip(&self.layout.open);
            texts
                .map(|(id, layout)| layout.values.text(*id))
                .collect::<Vec<_>>()
        });
        let mut labels = String::new();
        let mut buckets = Vec::new();
        let mut cells: Vec<(StatusKey, &Arc<C>)> = Vec::new();
        for block in blocks {
            for index in 0..self.layout.width {
                cells.clear();
                let dense = &block.dense[index * self.layout.start.len()..];
                cells.extend(self.layout.start.iter().copied().zip(dense));
                if let Some(late) = block.late.get() {
                    let places = read(&late.places);
                    let of_index =
                        places.range((index, StatusKey::FIRST)..=(index, StatusKey::OTHER));
                    cells.extend(of_index.filter_map(|((_, status), place)| {
                        Some((*status, late.cells.get(*place)?))
                    }));
                    cells.sort_by_key(|(status, _)| *status);
                }
                for (status, cell) in &cells {
                    if let Some(value) = cell.read(&mut buckets) {
                        self.layout.render(&mut labels, index, &block.open, *status);
                        sink(&labels, value)?;
                    }
                }
            }
        }
        Ok(())
    }
}
