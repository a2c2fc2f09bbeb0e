//! What generated code keeps of each metric, and the four ways from it to a series.

use std::fmt;
use std::sync::Arc;

use crate::counter::{Counter, CounterCell, FloatCounter, FloatCounterCell};
use crate::gauge::{Gauge, GaugeCell};
use crate::histogram::{Histogram, HistogramCell};
use crate::info::{Info, InfoCell};
use crate::status::HttpStatus;
use crate::store::Store;

macro_rules! family {
    ($(#[$doc:meta])* $family:ident, $reference:ident, $cell:ty) => {
        $(#[$doc])*
        ///
        /// Every way to a series takes the index of the combination of closed label values: values count from 0 in
        /// their written order, and the last label moves fastest. Open values are given in written order.
        ///
        /// # Panics
        ///
        /// Each of them panics when no combination has the index, which generated code cannot cause.
        pub struct $family {
            store: Arc<Store<$cell>>,
        }

        impl $family {
            pub(crate) fn new(store: Arc<Store<$cell>>) -> Self {
                Self { store }
            }

            /// The series of a metric whose labels are all closed.
            pub fn closed(&self, index: usize) -> $reference<'_> {
                $reference::new(self.store.cell(index, &[], None))
            }

            /// The series of a metric with open labels.
            pub fn open(&self, index: usize, open: &[&str]) -> $reference<'_> {
                $reference::new(self.store.cell(index, open, None))
            }

            /// The series of a metric with an HTTP status.
            pub fn status(&self, index: usize, status: HttpStatus) -> $reference<'_> {
                $reference::new(self.store.cell(index, &[], Some(status)))
            }

            /// The series of a metric with open labels and an HTTP status.
            pub fn open_status(
                &self,
                index: usize,
                open: &[&str],
                status: HttpStatus,
            ) -> $reference<'_> {
                $reference::new(self.store.cell(index, open, Some(status)))
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
    CounterFamily, Counter, CounterCell
}

family! {
    /// The series of a counter of fractional amounts.
    FloatCounterFamily, FloatCounter, FloatCounterCell
}

family! {
    /// The series of a gauge.
    GaugeFamily, Gauge, GaugeCell
}

family! {
    /// The series of a histogram.
    HistogramFamily, Histogram, HistogramCell
}

family! {
    /// The series of an info.
    InfoFamily, Info, InfoCell
}
