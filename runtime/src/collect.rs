//! The series of a metric, read.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::block::{Block, LateSeries};
use crate::cells::{CellId, Reader, shared};
use crate::exposition::{Collect, Kind, Meta, Sink};
use crate::gauge;
use crate::store::{Shape, Store};
use crate::sync::lock;
use crate::value::Value;

impl Collect for Store {
    fn meta(&self) -> Meta<'_> {
        Meta {
            name: self.name,
            former_name: self.former_name,
            help: self.help,
            unit: self.unit,
            kind: match self.shape {
                Shape::Counter | Shape::FloatCounter => Kind::Counter,
                Shape::Gauge => Kind::Gauge,
                Shape::Info => Kind::Info,
                Shape::Histogram(_) => Kind::Histogram,
            },
        }
    }

    fn collect(&self, sink: &mut Sink<'_>) -> fmt::Result {
        let mut series = Series {
            store: self,
            reader: Reader::new(),
            buckets: Vec::new(),
        };
        let mut late = Vec::new();
        let blocks = self.in_order();
        let blocks = blocks.iter().filter_map(|place| self.blocks.get(*place));
        for block in blocks.chain(self.rest.get()) {
            series.read(block, &mut late, sink)?;
        }
        Ok(())
    }
}

impl Store {
    /// The places of the blocks with open values of their own, by these.
    fn in_order(&self) -> Vec<usize> {
        let mut order = lock(&self.order);
        if order.len() != self.block_count.load(Ordering::Relaxed) {
            let mut blocks: Vec<&Block> = self.blocks.iter().collect();
            blocks.sort_by(|a, b| self.texts(a).cmp(self.texts(b)));
            *order = blocks.iter().map(|block| block.place).collect();
        }
        order.clone()
    }

    fn texts(&self, block: &Block) -> impl Iterator<Item = Option<&Arc<str>>> {
        let labels = block.open.iter().zip(&self.layout.open);
        labels.map(|(id, label)| label.values.text(*id))
    }
}

/// Reads series one after the other.
struct Series<'s> {
    store: &'s Store,
    reader: Reader,
    buckets: Vec<u64>,
}

impl<'s> Series<'s> {
    /// Every series of a block, by closed values and status.
    fn read(
        &mut self,
        block: &'s Block,
        late: &mut Vec<&'s LateSeries>,
        sink: &mut Sink<'_>,
    ) -> fmt::Result {
        let layout = &self.store.layout;
        late.clear();
        late.extend(block.late().into_iter().flat_map(|late| late.iter()));
        late.sort_unstable_by_key(|series| (series.index, series.status));
        let mut late = late.iter().peekable();
        let mut cell = block.first();
        let mut labels = block.labels(layout);
        for index in 0..layout.width {
            for (status, labels) in layout.start.iter().zip(&mut labels) {
                while let Some(series) =
                    late.next_if(|series| (series.index, series.status) < (index, *status))
                {
                    self.series(series.first(), series.labels(layout, &block.open), sink)?;
                }
                self.series(cell, labels, sink)?;
                cell = cell.plus(self.store.cells);
            }
        }
        for series in late {
            self.series(series.first(), series.labels(layout, &block.open), sink)?;
        }
        Ok(())
    }

    /// One series, if it is exposed.
    #[inline]
    fn series(&mut self, cell: CellId, labels: &str, sink: &mut Sink<'_>) -> fmt::Result {
        let value = match &self.store.shape {
            Shape::Counter => Value::Integer(self.reader.count(cell)),
            Shape::FloatCounter => Value::Float(self.reader.sum(cell)),
            Shape::Gauge => match gauge::value(shared(cell).load(Ordering::Relaxed)) {
                Some(value) => Value::Float(value),
                None => return Ok(()),
            },
            Shape::Info => match shared(cell).load(Ordering::Relaxed) {
                0 => return Ok(()),
                _ => Value::Integer(1),
            },
            Shape::Histogram(buckets) => {
                self.buckets.clear();
                let mut sum = 0.0;
                for offset in (0..self.store.cells).step_by(2) {
                    self.buckets.push(self.reader.count(cell.plus(offset)));
                    sum += self.reader.sum(cell.plus(offset + 1));
                }
                Value::Histogram {
                    bounds: buckets.bounds(),
                    buckets: &self.buckets,
                    sum,
                }
            }
        };
        sink(labels, value)
    }
}
