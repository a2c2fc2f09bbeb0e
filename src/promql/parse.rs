//! Expressions as people write them.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use super::grammar;
use super::places::{Places, SelectorPlaces};
use super::query::{Query, Selector};
use super::scan::scan;
use super::versions::Requirement;

/// The longest expression that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// How many brackets may be open at once.
pub const MAX_NESTING: usize = 100;

/// How many queries may stand inside one another; `a + b + c` is three deep.
pub const MAX_HEIGHT: usize = 250;

/// An expression that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The expression.
    pub query: Query,
    /// Where its parts stand in the text.
    pub places: Places,
}

/// A lone selector that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedSelector {
    /// The selector.
    pub selector: Selector,
    /// Where its parts stand in the text.
    pub places: SelectorPlaces,
    /// What not every Prometheus understands.
    pub requirements: Vec<Requirement>,
}

/// Why a text is not an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError {
    /// What is wrong, in one line.
    pub message: String,
    /// The bytes of the text that are wrong; empty and behind the last word where something is missing.
    pub range: Range<usize>,
}

impl SyntaxError {
    pub(super) fn new(message: impl Into<String>, range: Range<usize>) -> SyntaxError {
        SyntaxError {
            message: message.into(),
            range,
        }
    }
}

impl Display for SyntaxError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for SyntaxError {}

/// Reads a PromQL expression.
///
/// It takes what any Prometheus from 2.42 on takes: [`Places::requirements`] has what not every one of them
/// does. Besides PromQL it takes Grafana's `$__rate_interval`, `$__interval` and `$__range` (also in `${…}`)
/// wherever a window is expected.
///
/// # Errors
///
/// When the text is not PromQL, when types or numbers of arguments are wrong, when a regular expression
/// is, or when the text is longer than [`MAX_BYTES`] or deeper than [`MAX_NESTING`] and [`MAX_HEIGHT`].
pub fn parse(text: &str) -> Result<Parsed, SyntaxError> {
    let (query, places) = read(text, false)?;
    Ok(Parsed { query, places })
}

/// Reads a lone selector, such as `cache_operations_total{operation="get"}` or a metric's name.
///
/// # Errors
///
/// As those of [`parse`], and when there is anything else: a window, an offset, an operator.
pub fn parse_selector(text: &str) -> Result<ParsedSelector, SyntaxError> {
    let (query, places) = read(text, true)?;
    match (query, places.selectors.into_iter().next()) {
        (Query::Selector(selector), Some(of_selector)) => Ok(ParsedSelector {
            selector,
            places: of_selector,
            requirements: places.requirements,
        }),
        _ => Err(SyntaxError::new("this is not a selector", 0..text.len())),
    }
}

fn read(text: &str, only_selector: bool) -> Result<(Query, Places), SyntaxError> {
    if text.len() > MAX_BYTES {
        return Err(SyntaxError::new(
            format!("the expression is longer than {} KiB", MAX_BYTES / 1024),
            0..text.len(),
        ));
    }
    let mut places = Places::default();
    let tokens = scan(text, &mut places.requirements)?;
    grammar::read(text, tokens, places, only_selector)
}
