//! How generated code describes a metric and its labels.

use std::error::Error;
use std::fmt;

use crate::open::OpenLabel;

/// A metric, as generated code describes it.
///
/// Names, of the metric and of its labels, are taken as they are: the compiler has checked them.
#[derive(Clone, Copy, Debug)]
#[must_use = "a metric is exposed once it is registered"]
pub struct Descriptor<'a> {
    pub(crate) name: &'static str,
    pub(crate) help: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) former_name: Option<&'static str>,
    pub(crate) max_series: Option<usize>,
    pub(crate) labels: &'a [Label<'a>],
}

impl<'a> Descriptor<'a> {
    /// A metric by its exposed name and one sentence about it, which may be empty.
    pub const fn new(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            unit: "",
            former_name: None,
            max_series: None,
            labels: &[],
        }
    }

    /// The base unit, for instance `seconds`. OpenMetrics tells it if the name ends in it.
    pub const fn unit(mut self, unit: &'static str) -> Self {
        self.unit = unit;
        self
    }

    /// A name under which the same series are exposed as well, while readers move to the new one.
    pub const fn former_name(mut self, name: &'static str) -> Self {
        self.former_name = Some(name);
        self
    }

    /// The most series that the metric may expose, buckets counted; series beyond have `_other` for all of their open
    /// labels. Series without open labels are not bounded by it.
    pub const fn max_series(mut self, series: usize) -> Self {
        self.max_series = Some(series);
        self
    }

    /// The labels, in written order; at most one of them an HTTP status.
    pub const fn labels(mut self, labels: &'a [Label<'a>]) -> Self {
        self.labels = labels;
        self
    }
}

/// A label of a metric: its name and where its values come from.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    pub(crate) name: &'static str,
    pub(crate) values: LabelValues<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum LabelValues<'a> {
    Closed(&'static [&'static str]),
    Open(&'a OpenLabel),
    HttpStatus(&'static [u16]),
}

impl<'a> Label<'a> {
    /// A label with a fixed set of values.
    pub const fn closed(name: &'static str, values: &'static [&'static str]) -> Self {
        Self {
            name,
            values: LabelValues::Closed(values),
        }
    }

    /// A label whose values are learnt while the program runs, within the bound of `definition`.
    pub const fn open(name: &'static str, definition: &'a OpenLabel) -> Self {
        Self {
            name,
            values: LabelValues::Open(definition),
        }
    }

    /// A label that holds the status of an HTTP response. The series of `start` exist from the start, others from when
    /// they are first seen.
    pub const fn http_status(name: &'static str, start: &'static [u16]) -> Self {
        Self {
            name,
            values: LabelValues::HttpStatus(start),
        }
    }
}

/// A text that is not among the values of a closed label.
///
/// It tells the label and not the text, which may be anything that came from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownLabelValue {
    label: &'static str,
}

impl UnknownLabelValue {
    /// The error for the label called `label`.
    pub const fn new(label: &'static str) -> Self {
        Self { label }
    }

    /// The name of the label.
    pub const fn label(self) -> &'static str {
        self.label
    }
}

impl fmt::Display for UnknownLabelValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not one of the values of the label `{}`", self.label)
    }
}

impl Error for UnknownLabelValue {}
