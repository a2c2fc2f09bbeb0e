//! What has to hold for an alert that is about a signal: what its queries say, as it is meant.

use crate::model::catalogue::Limit;
use crate::model::signal::Signal;
use crate::promql::BinaryOp;

/// The condition of an alert.
#[derive(Clone, Debug)]
pub struct Condition {
    /// What is compared, with the window that the alert asks for.
    pub signal: Signal,
    /// Labels that are kept beside the identity and the signal's own.
    pub by: Vec<String>,
    /// The least traffic, as it is written.
    pub min_traffic: Option<String>,
    /// Whether it holds without any series, too.
    pub when_missing: bool,
    /// What it is compared with: one for each of the alert's rules.
    pub levels: Vec<Level>,
}

/// What a signal is compared with.
#[derive(Clone, Debug)]
pub struct Level {
    /// On which side of it the alert fires.
    pub direction: Direction,
    /// The threshold, as it is written.
    pub threshold: String,
    /// The capacity that the threshold is a share of.
    pub share_of: Option<Limit>,
}

/// On which side of a threshold an alert fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Above it.
    Above,
    /// Below it.
    Below,
    /// At it and above.
    AtLeast,
    /// At it and below.
    AtMost,
    /// At it.
    Equals,
}

impl Direction {
    /// The key of the language.
    pub fn key(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::AtLeast => "at_least",
            Self::AtMost => "at_most",
            Self::Equals => "equals",
        }
    }

    /// In a sentence, before the threshold.
    pub fn words(self) -> &'static str {
        match self {
            Self::Above => "above",
            Self::Below => "below",
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::Equals => "equal to",
        }
    }

    /// What compares so.
    pub fn operator(self) -> BinaryOp {
        match self {
            Self::Above => BinaryOp::Greater,
            Self::Below => BinaryOp::Less,
            Self::AtLeast => BinaryOp::GreaterEqual,
            Self::AtMost => BinaryOp::LessEqual,
            Self::Equals => BinaryOp::Equal,
        }
    }

    /// Whether the bad side is below.
    pub fn is_below(self) -> bool {
        matches!(self, Self::Below | Self::AtMost)
    }
}
