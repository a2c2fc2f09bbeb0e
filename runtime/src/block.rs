//! The series that share their open values.

use std::sync::OnceLock;

use crate::arena::Arena;
use crate::cells::{CellId, CellRange};
use crate::hash::Hasher;
use crate::layout::Layout;
use crate::open::ValueId;
use crate::status::StatusKey;
use crate::table::Table;

/// The series of one combination of open values: dense those that exist from the start, and the others as they come.
pub(crate) struct Block {
    /// Where it is among the blocks of its metric.
    pub(crate) place: usize,
    pub(crate) open: Box<[ValueId]>,
    cells: CellRange,
    /// The labels of the dense series, rendered when they are first read.
    labels: OnceLock<Labels>,
    late: OnceLock<Box<Late>>,
}

/// The series of statuses that did not exist from the start.
pub(crate) struct Late {
    table: Table<LateCell>,
    series: Arena<LateSeries>,
}

#[derive(Clone, Copy)]
struct LateCell {
    index: usize,
    status: StatusKey,
    cell: CellId,
}

pub(crate) struct LateSeries {
    pub(crate) index: usize,
    pub(crate) status: StatusKey,
    cells: CellRange,
    labels: OnceLock<Box<str>>,
}

/// Texts in one piece of memory, with where each ends.
struct Labels {
    text: Box<str>,
    ends: Box<[usize]>,
}

impl Block {
    pub(crate) fn new(place: usize, open: &[ValueId], cells: usize) -> Self {
        Self {
            place,
            open: open.into(),
            cells: CellRange::new(cells),
            labels: OnceLock::new(),
            late: OnceLock::new(),
        }
    }

    /// The first cell of the dense series, which follow each other.
    #[inline]
    pub(crate) fn first(&self) -> CellId {
        self.cells.first()
    }

    pub(crate) fn late(&self) -> Option<&Late> {
        self.late.get().map(Box::as_ref)
    }

    pub(crate) fn late_or_new(&self) -> &Late {
        self.late.get_or_init(|| {
            Box::new(Late {
                table: Table::new(),
                series: Arena::new(),
            })
        })
    }

    /// The labels of every dense series, in the order of their cells.
    pub(crate) fn labels(&self, layout: &Layout) -> impl Iterator<Item = &str> {
        let labels = self.labels.get_or_init(|| {
            let mut text = String::new();
            let indices = 0..layout.width;
            let series = indices.flat_map(|index| layout.start.iter().map(move |s| (index, *s)));
            let ends = series.map(|(index, status)| {
                layout.render(&mut text, index, &self.open, status);
                text.len()
            });
            Labels {
                ends: ends.collect(),
                text: text.into(),
            }
        });
        let mut start = 0;
        labels.ends.iter().map(move |end| {
            let label = &labels.text[start..*end];
            start = *end;
            label
        })
    }
}

impl Late {
    pub(crate) fn find(&self, hasher: Hasher, index: usize, status: StatusKey) -> Option<CellId> {
        let is = |known: &LateCell| (known.index, known.status) == (index, status);
        Some(self.table.find(hash(hasher, index, status), is)?.cell)
    }

    /// The cell of a series that is made, with so many cells, if `room` tells that it may be.
    pub(crate) fn find_or_add(
        &self,
        hasher: Hasher,
        index: usize,
        status: StatusKey,
        cells: usize,
        room: impl FnOnce() -> bool,
    ) -> Option<CellId> {
        let add = || {
            let series = room().then(|| LateSeries {
                index,
                status,
                cells: CellRange::new(cells),
                labels: OnceLock::new(),
            })?;
            let cell = series.first();
            self.series.push(series);
            Some(LateCell {
                index,
                status,
                cell,
            })
        };
        let is = |known: &LateCell| (known.index, known.status) == (index, status);
        let hash = hash(hasher, index, status);
        Some(self.table.find_or_add(hash, is, add)?.cell)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &LateSeries> {
        self.series.iter()
    }
}

impl LateSeries {
    pub(crate) fn first(&self) -> CellId {
        self.cells.first()
    }

    pub(crate) fn labels(&self, layout: &Layout, open: &[ValueId]) -> &str {
        self.labels.get_or_init(|| {
            let mut text = String::new();
            layout.render(&mut text, self.index, open, self.status);
            text.into()
        })
    }
}

fn hash(hasher: Hasher, index: usize, status: StatusKey) -> u64 {
    // What is more than 32 bits of an index only costs a comparison.
    hasher.numbers([index as u32, status.index() as u32].into_iter())
}
