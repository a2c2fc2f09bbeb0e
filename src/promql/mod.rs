//! PromQL: monospec's own tree of a query, how it is written, read and judged.
//!
//! The compiler builds [`Query`] values and prints them ([`Query`]'s `Display`, [`Query::pretty`]);
//! what people write in a spec comes in through [`parse`] and [`parse_selector`], which also say where
//! in the text every selector, matcher and grouping label stands ([`Places`]). [`output_labels`] tells
//! which labels the result of a query still has.
//!
//! The grammar is checked by the crate promql-parser, whose types never leave this module.

mod bounds;
mod build;
mod convert;
mod labels;
mod lists;
mod matchers;
mod messages;
mod operators;
mod outline;
mod parse;
mod places;
mod pretty;
mod print;
mod query;
mod scan;
mod spell;
mod visit;
mod windows;

#[cfg(test)]
mod tests;

pub use labels::{Labels, output_labels};
pub use operators::{AggregateOp, BinaryOp};
pub use parse::{MAX_BYTES, MAX_HEIGHT, MAX_NESTING, Parsed, SyntaxError, parse, parse_selector};
pub use places::{LabelList, LabelListKind, MatcherPlaces, Places, SelectorPlaces};
pub use query::{
    At, Fill, Group, Grouping, MatchLabels, MatchOp, Matcher, Matching, Offset, Query, Selector,
    ValueKind, Window,
};
