//! Slips of the pen: a parser tells where it stumbles, which may be lines further down, and not what was meant.

mod spaces;
mod unquoted;

use std::ops::Range;

use super::source::floor_char_boundary;

pub(super) use self::spaces::missing_space;

/// What was written, and what was meant.
pub(super) struct Slip {
    /// Its bytes.
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
    pub(super) help: String,
}

/// Looks for one where the parser stumbled: [`: ` is for mappings](https://yaml.org/spec/1.2.2/#733-plain-style),
/// [` #` begins a comment](https://yaml.org/spec/1.2.2/#66-comments), and brackets are
/// [for lists and mappings](https://yaml.org/spec/1.2.2/#74-flow-collection-styles).
pub(super) fn near(text: &str, at: usize, said: &str) -> Option<Slip> {
    let at = floor_char_boundary(text, at);
    // Of lists in brackets, too.
    let in_flow = said.contains("flow");
    let has_colon = in_flow || said.contains("mapping values are not allowed");
    unquoted::colon(text, at, in_flow)
        .filter(|_| has_colon)
        .or_else(|| unquoted::comment(text, at))
        .or_else(|| unquoted::bracket(text, at, in_flow))
        .or_else(|| spaces::behind_colon(text, at))
}
