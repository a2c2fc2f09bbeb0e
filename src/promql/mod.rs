//! PromQL: monospec's own tree of a query, how it is written, read and judged.
//!
//! The compiler builds [`Query`] values and prints them ([`Query`]'s `Display`, [`Query::pretty`]);
//! what people write in a spec comes in through [`parse`] and [`parse_selector`], which also say where
//! in the text every selector, matcher and grouping label stands ([`Places`]). [`output_labels`] tells
//! which labels the result of a query still has.
//!
//! [`parse`] takes what any Prometheus from 2.42 on takes, and says which of them does not
//! ([`Places::requirements`]); real releases are asked in the tests.

mod bounds;
mod build;
mod functions;
mod grammar;
mod kinds;
mod labels;
mod lists;
mod literals;
mod matchers;
mod operators;
mod parse;
#[cfg(feature = "monitoring")]
mod pattern;
mod places;
mod pretty;
mod print;
mod query;
mod regex;
mod scan;
mod versions;
mod visit;
mod windows;

#[cfg(test)]
mod tests;

pub use labels::{Labels, output_labels};
pub use operators::{AggregateOp, BinaryOp};
pub use parse::{
    MAX_BYTES, MAX_HEIGHT, MAX_NESTING, Parsed, ParsedSelector, SyntaxError, parse, parse_selector,
};
#[cfg(feature = "monitoring")]
pub(crate) use pattern::{Pattern, is_plain};
pub use places::{LabelList, LabelListKind, MatcherPlaces, Places, SelectorPlaces};
pub use query::{
    At, Fill, Group, Grouping, MatchLabels, MatchOp, Matcher, Matching, Offset, Query, Selector,
    ValueKind, Window,
};
#[cfg(feature = "monitoring")]
pub(crate) use regex::check as check_pattern;
pub use versions::{Availability, Release, Requirement};
