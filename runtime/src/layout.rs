//! The labels of a metric: how combinations of their values are numbered, and how they are written.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::exposition::escape_label;
use crate::label::{Label, LabelValues};
use crate::open::{OpenValues, Overflow, ValueId};
use crate::status::{HttpStatus, StatusKey};

/// The labels of a metric.
pub(crate) struct Layout {
    labels: Box<[LabelLayout]>,
    /// The open labels, in written order.
    pub(crate) open: Box<[OpenLayout]>,
    /// The number of combinations of closed values.
    pub(crate) width: usize,
    /// The statuses that exist from the start, rising; without a status label the one that stands for all.
    pub(crate) start: Box<[StatusKey]>,
    /// Where in `start` each status is, by its index; empty without a status label.
    positions: Box<[Option<u16>]>,
}

/// How a label is written.
enum LabelLayout {
    /// Each value as `name="value"`; the index of a combination divided by `stride` tells which.
    Closed {
        pairs: Box<[Box<str>]>,
        stride: usize,
    },
    /// The `position`-th of the open labels.
    Open {
        name: &'static str,
        position: usize,
    },
    Status {
        name: &'static str,
    },
}

pub(crate) struct OpenLayout {
    pub(crate) values: Arc<OpenValues>,
    overflow: Arc<AtomicU64>,
}

impl Layout {
    pub(crate) fn new(described: &[Label<'_>], overflow: &Overflow) -> Self {
        let closed = described.iter().filter_map(|label| match label.values {
            LabelValues::Closed(values) => Some(values.len()),
            LabelValues::Open(_) | LabelValues::HttpStatus(_) => None,
        });
        let width = closed.product();
        let mut stride = width;
        let mut open = Vec::new();
        let mut status = None;
        let mut labels = Vec::with_capacity(described.len());
        for label in described {
            let name = label.name;
            labels.push(match label.values {
                LabelValues::Closed(values) => {
                    stride /= values.len().max(1);
                    let pair = |value: &&str| format!("{name}=\"{}\"", escape_label(value)).into();
                    let pairs = values.iter().map(pair).collect();
                    LabelLayout::Closed { pairs, stride }
                }
                LabelValues::Open(definition) => {
                    open.push(OpenLayout {
                        values: definition.values(),
                        overflow: overflow.of(name),
                    });
                    let position = open.len() - 1;
                    LabelLayout::Open { name, position }
                }
                LabelValues::HttpStatus(start) => {
                    debug_assert!(status.is_none(), "a metric has one status at most");
                    status = Some(start);
                    LabelLayout::Status { name }
                }
            });
        }
        let start = match status {
            None => vec![StatusKey::OTHER],
            Some(start) => {
                let mut start: Vec<_> = start.iter().map(|code| HttpStatus(*code).key()).collect();
                start.sort_unstable();
                start.dedup();
                start
            }
        };
        let mut positions = vec![None; status.map_or(0, |_| StatusKey::COUNT)];
        if !positions.is_empty() {
            for (position, status) in (0..).zip(&start) {
                positions[status.index()] = Some(position);
            }
        }
        Self {
            labels: labels.into(),
            open: open.into(),
            width,
            start: start.into(),
            positions: positions.into(),
        }
    }

    pub(crate) fn has_status(&self) -> bool {
        !self.positions.is_empty()
    }

    /// Where in `start` a status is; without a status label every one is the one that stands for all.
    #[inline]
    pub(crate) fn position(&self, status: StatusKey) -> Option<usize> {
        if !self.has_status() {
            return Some(0);
        }
        self.positions[status.index()].map(usize::from)
    }

    /// Appends the labels of a series as they stand between the braces.
    pub(crate) fn render(
        &self,
        out: &mut String,
        index: usize,
        open: &[ValueId],
        status: StatusKey,
    ) {
        for (number, label) in self.labels.iter().enumerate() {
            if number > 0 {
                out.push(',');
            }
            match label {
                LabelLayout::Closed { pairs, stride } => {
                    out.push_str(&pairs[index / stride % pairs.len()]);
                }
                LabelLayout::Open { name, position } => {
                    let value = self.open[*position].values.escaped(open[*position]);
                    out.extend([name, "=\"", value, "\""]);
                }
                LabelLayout::Status { name } => match status.code() {
                    Some(code) => out.extend([name, "=\"", &code.to_string(), "\""]),
                    None => out.extend([name, "=\"_other\""]),
                },
            }
        }
    }
}

impl OpenLayout {
    /// Counts a value that is recorded as `_other`, unless it is only expected.
    pub(crate) fn count_overflow(&self) {
        if !EXPECTING.get() {
            self.overflow.fetch_add(1, Ordering::Relaxed);
        }
    }
}

thread_local! {
    /// Whether series are looked up so that they exist, and not to record anything.
    static EXPECTING: Cell<bool> = const { Cell::new(false) };
}

/// Looks up series in which nothing is recorded.
pub(crate) fn expecting(look_up: impl FnOnce()) {
    struct Reset(bool);

    impl Drop for Reset {
        fn drop(&mut self) {
            EXPECTING.set(self.0);
        }
    }

    let _reset = Reset(EXPECTING.replace(true));
    look_up();
}
