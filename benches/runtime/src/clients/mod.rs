//! The clients, each as its documentation says that it is used.

mod atomic;
mod generated;
mod measured;
mod official;
mod tikv;

use std::collections::BTreeMap;
use std::hint::black_box;

use crate::input::{INPUTS, Input};

/// What is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Case {
    Counter,
    ClosedCounter,
    OpenCounter,
    Histogram,
    OpenHistogram,
}

pub(crate) const CASES: [Case; 5] = [
    Case::Counter,
    Case::ClosedCounter,
    Case::OpenCounter,
    Case::Histogram,
    Case::OpenHistogram,
];

impl Case {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::ClosedCounter => "counter, 2 closed labels",
            Self::OpenCounter => "counter, 3 labels, one open",
            Self::Histogram => "histogram, 11 buckets",
            Self::OpenHistogram => "histogram, 2 labels, one open",
        }
    }
}

/// Records all inputs, one after the other.
pub(crate) type Record = Box<dyn Fn() + Sync>;

/// A client with its metrics.
pub(crate) struct Client {
    pub(crate) name: &'static str,
    pub(crate) record: BTreeMap<Case, Record>,
    /// Writes out 10,000 counters, as the body of an answer.
    pub(crate) write_out: Option<Box<dyn Fn() -> Vec<u8>>>,
}

impl Client {
    fn new(name: &'static str) -> Self {
        Self {
            name,
            record: BTreeMap::new(),
            write_out: None,
        }
    }

    /// Records with `record` the inputs as `of` gives them: with labels that are already of the client's types, as where a
    /// service counts.
    fn case<T: Sync + 'static>(
        mut self,
        case: Case,
        of: impl Fn(&Input) -> T,
        record: impl Fn(&T) + Sync + 'static,
    ) -> Self {
        let inputs: Vec<T> = INPUTS.iter().map(of).collect();
        // A loop that holds the client's code itself.
        let all = move || {
            for input in &inputs {
                record(black_box(input));
            }
        };
        self.record.insert(case, Box::new(all));
        self
    }

    fn write_out(mut self, write_out: impl Fn() -> Vec<u8> + 'static) -> Self {
        self.write_out = Some(Box::new(write_out));
        self
    }
}

/// The first is what the others are compared with.
pub(crate) fn all() -> Vec<Client> {
    vec![
        atomic::client(),
        generated::client(),
        official::client(),
        tikv::client(),
        measured::client(),
    ]
}
