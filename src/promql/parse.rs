//! Expressions as people write them.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::ops::Range;

use promql_parser::parser as theirs;

use super::convert::convert;
use super::messages::translate;
use super::outline::{Node, Outline, outline};
use super::places::{Places, SelectorPlaces};
use super::query::{Query, Selector};
use super::scan::{Kind, Token, scan};
use super::spell::spell;

/// The longest expression that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;

/// How many brackets may be open at once.
pub const MAX_NESTING: usize = 100;

/// How many queries may stand inside one another; `a + b + c` is three deep.
pub const MAX_HEIGHT: usize = 250;

/// The longest expression of which the part that has a wrong type is looked for, in bytes: every part is
/// parsed again.
const MAX_BYTES_TO_NARROW: usize = 4 * 1024;

/// An expression that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The expression.
    pub query: Query,
    /// Where its parts stand in the text.
    pub places: Places,
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
/// Besides PromQL it takes Grafana's `$__rate_interval`, `$__interval` and `$__range` (also in `${…}`)
/// wherever a window is expected. Experimental functions are read too; [`Places::experimental`] has them.
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
pub fn parse_selector(text: &str) -> Result<(Selector, SelectorPlaces), SyntaxError> {
    let (query, places) = read(text, true)?;
    match (query, places.selectors.into_iter().next()) {
        (Query::Selector(selector), Some(places)) => Ok((selector, places)),
        _ => Err(disagreement(text)),
    }
}

fn read(text: &str, only_selector: bool) -> Result<(Query, Places), SyntaxError> {
    if text.len() > MAX_BYTES {
        return Err(SyntaxError::new(
            format!("the expression is longer than {} KiB", MAX_BYTES / 1024),
            0..text.len(),
        ));
    }
    let outline = outline(text, scan(text)?, only_selector)?;
    let expr = match theirs::parse(&spell(&outline.tokens)) {
        Ok(expr) => expr,
        Err(message) => return Err(located(text, &outline, &message)),
    };
    let Outline {
        places, windows, ..
    } = outline;
    convert(expr, &mut windows.into_iter())
        .filter(|query| belong(query, &places))
        .map(|query| (query, places))
        .ok_or_else(|| disagreement(text))
}

/// Finds the smallest part that promql-parser refuses on its own.
fn located(text: &str, outline: &Outline, message: &str) -> SyntaxError {
    let bytes = |tokens: &[Token]| match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.range.start..last.range.end,
        _ => 0..text.len(),
    };
    let mut message = message.to_owned();
    let mut node: &Node = &outline.root;
    while text.len() <= MAX_BYTES_TO_NARROW {
        let refused = node.children.iter().find_map(|child| {
            let tokens = &outline.tokens[child.tokens.clone()];
            theirs::parse(&spell(tokens))
                .err()
                .map(|message| (child, message))
        });
        let Some((child, its_message)) = refused else {
            break;
        };
        (node, message) = (child, its_message);
    }
    let mut tokens = &outline.tokens[node.tokens.clone()];
    if message.starts_with("unknown function") {
        tokens = &tokens[..1];
    }
    if let Some(regex) = message.strip_prefix("illegal regex for ") {
        let wrong = tokens
            .iter()
            .position(|token| matches!(&token.kind, Kind::Text(text) if text == regex));
        if let Some(i) = wrong {
            tokens = &tokens[i..=i];
        }
    }
    SyntaxError::new(translate(&message), bytes(tokens))
}

/// Whether the places are those of the tree, number for number.
fn belong(query: &Query, places: &Places) -> bool {
    let (mut nodes, mut selectors, mut lists) = (0, 0, 0);
    let mut same = true;
    query.visit(&mut |_| nodes += 1);
    query.visit_selectors(&mut |selector| {
        same &= places.selectors.get(selectors).is_some_and(|place| {
            place.matchers.len() == selector.matchers.len()
                && place.metric.is_some() == selector.metric.is_some()
        });
        selectors += 1;
    });
    query.visit_label_lists(&mut |_, kind, labels| {
        same &= places.label_lists.get(lists).is_some_and(|list| {
            list.kind == kind && list.labels.iter().map(|(label, _)| label).eq(labels)
        });
        lists += 1;
    });
    same && nodes == places.nodes.len()
        && selectors == places.selectors.len()
        && lists == places.label_lists.len()
}

/// The grammar here and that of promql-parser differ: a defect of monospec, reported rather than guessed.
fn disagreement(text: &str) -> SyntaxError {
    SyntaxError::new(
        "monospec cannot tell how this expression is to be read; please report it",
        0..text.len(),
    )
}
