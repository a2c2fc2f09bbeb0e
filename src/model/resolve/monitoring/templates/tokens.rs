//! The words and signs of an action.

use std::ops::Range;

/// A word or sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Token<'t> {
    /// A keyword, function or constant.
    Word(&'t str),
    /// `$name`, without its fields.
    Variable(&'t str),
    /// `.name`, or the dot alone.
    Field(&'t str),
    /// A string with its quotes, a character, a number.
    Literal(&'t str),
    /// `|`, a parenthesis, or what belongs to a declaration.
    Sign(&'t str),
    Unknown,
}

/// The tokens of an action, each with its bytes.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = (Range<usize>, Token<'_>)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text[at..].trim_start();
        let start = text.len() - rest.len();
        let (length, token) = token(rest)?;
        at = start + length;
        Some((start..at, token))
    })
}

fn token(rest: &str) -> Option<(usize, Token<'_>)> {
    let first = rest.chars().next()?;
    let name = |from: usize| {
        rest[from..]
            .find(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(rest.len(), |end| from + end)
    };
    Some(match first {
        '"' | '`' => {
            let mut escaped = false;
            let end = rest[1..]
                .find(|c: char| {
                    let ends = c == first && !escaped;
                    escaped = first == '"' && c == '\\' && !escaped;
                    ends
                })
                .map_or(rest.len(), |end| end + 2);
            (end, Token::Literal(&rest[..end]))
        }
        '\'' => {
            let end = rest[1..].find('\'').map_or(rest.len(), |end| end + 2);
            (end, Token::Literal(&rest[..end]))
        }
        '$' => {
            let end = name(1);
            (end, Token::Variable(&rest[..end]))
        }
        '.' if !rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            let end = name(1);
            (end, Token::Field(&rest[..end]))
        }
        ':' if rest.starts_with(":=") => (2, Token::Sign(&rest[..2])),
        '|' | '(' | ')' | ',' | '=' => (1, Token::Sign(&rest[..1])),
        c if c.is_ascii_digit() || matches!(c, '-' | '+' | '.') => {
            let end = rest[1..]
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_')))
                .map_or(rest.len(), |end| end + 1);
            let number = &rest[..end];
            let token = match number.contains(|c: char| c.is_ascii_digit()) {
                true => Token::Literal(number),
                false => Token::Unknown,
            };
            (end, token)
        }
        c if c.is_alphabetic() || c == '_' => {
            let end = name(0);
            (end, Token::Word(&rest[..end]))
        }
        c => (c.len_utf8(), Token::Unknown),
    })
}
