//! What generated code keeps of each metric, and the four ways from it to a series.

use std::fmt;
use std::sync::Arc;

use crate::block::Block;
use crate::cells::CellId;
use crate::counter::{Counter, FloatCounter};
use crate::gauge::Gauge;
use crate::histogram::Histogram;
use crate::info::Info;
use crate::status::{HttpStatus, StatusKey};
use crate::store::Store;

/// Where the cells of a metric without open labels are; of any other metric nowhere.
#[derive(Clone, Copy)]
struct Closed {
    first: CellId,
    series: usize,
}

impl Closed {
    fn of(store: &Store) -> Self {
        let rest = store.rest.get();
        let dense = rest.filter(|_| store.layout.open.is_empty() && !store.layout.has_status());
        Self {
            first: dense.map_or(CellId::default(), Block::first),
            series: dense.map_or(0, |_| store.layout.width),
        }
    }

    #[inline]
    fn cell(self, index: usize, cells: usize) -> Option<CellId> {
        (index < self.series).then(|| self.first.plus(index * cells))
    }
}

macro_rules! family {
    ($(#[$doc:meta])* $family:ident, $reference:ident, $cells:expr) => {
        $(#[$doc])*
        ///
        /// Every way to a series takes the index of the combination of closed label values: values count from 0 in
        /// their written order, and the last label moves fastest. Open values are given in written order.
        ///
        /// # Panics
        ///
        /// Each of them panics when no combination has the index, which generated code cannot cause.
        pub struct $family {
            /// The cells of the series that need no looking up.
            closed: Closed,
            store: Arc<Store>,
        }

        impl $family {
            pub(crate) fn new(store: Arc<Store>) -> Self {
                Self {
                    closed: Closed::of(&store),
                    store,
                }
            }

            #[inline]
            fn series(&self, index: usize, open: &[&str], status: StatusKey) -> $reference<'_> {
                let known = match open {
                    [text] => self.store.cell_of_one(index, text, status),
                    _ => None,
                };
                let cell = known.unwrap_or_else(|| self.store.cell(index, open, status));
                $reference::new(&self.store, cell)
            }

            /// The series of a metric whose labels are all closed.
            #[inline]
            pub fn closed(&self, index: usize) -> $reference<'_> {
                match self.closed.cell(index, $cells(&self.store)) {
                    Some(cell) => $reference::new(&self.store, cell),
                    None => self.series(index, &[], StatusKey::OTHER),
                }
            }

            /// The series of a metric with open labels.
            #[inline]
            pub fn open(&self, index: usize, open: &[&str]) -> $reference<'_> {
                self.series(index, open, StatusKey::OTHER)
            }

            /// The series of a metric with an HTTP status.
            #[inline]
            pub fn status(&self, index: usize, status: HttpStatus) -> $reference<'_> {
                self.series(index, &[], status.key())
            }

            /// The series of a metric with open labels and an HTTP status.
            #[inline]
            pub fn open_status(
                &self,
                index: usize,
                open: &[&str],
                status: HttpStatus,
            ) -> $reference<'_> {
                self.series(index, open, status.key())
            }
        }

        impl fmt::Debug for $family {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($family)).finish_non_exhaustive()
            }
        }
    };
}

family! {
    /// The series of a counter of events.
    CounterFamily, Counter, |_| 1
}

family! {
    /// The series of a counter of fractional amounts.
    FloatCounterFamily, FloatCounter, |_| 1
}

family! {
    /// The series of a gauge.
    GaugeFamily, Gauge, |_| 1
}

family! {
    /// The series of a histogram.
    HistogramFamily, Histogram, |store: &Store| store.cells
}

family! {
    /// The series of an info.
    InfoFamily, Info, |_| 1
}
