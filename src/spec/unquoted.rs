//! Text without quotes in which YAML reads more than text: a parser tells where it stumbles, which may be lines further down.

use std::ops::Range;

use super::source::floor_char_boundary;

/// What should have been quoted, and why.
pub(super) struct Unquoted {
    /// Its bytes.
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
    pub(super) help: String,
}

/// Looks for it where the parser stumbled: [`: ` is for mappings](https://yaml.org/spec/1.2.2/#733-plain-style), and
/// [` #` begins a comment](https://yaml.org/spec/1.2.2/#66-comments).
pub(super) fn near(text: &str, at: usize, said: &str) -> Option<Unquoted> {
    let at = floor_char_boundary(text, at);
    // Of lists in brackets, too.
    let in_flow = said.contains("flow");
    let has_colon = in_flow || said.contains("mapping values are not allowed");
    let of_colon = colon(text, at, in_flow).filter(|_| has_colon);
    of_colon.or_else(|| comment(text, at))
}

/// `help: Settle: at once`, or `type: gauge help: Settle`.
fn colon(text: &str, at: usize, in_flow: bool) -> Option<Unquoted> {
    let after = text[at..].strip_prefix(':')?;
    if !(after.is_empty() || after.starts_with([' ', '\t', '\r', '\n'])) {
        return None;
    }
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = &text[line..at];
    let start = [": ", "- "]
        .iter()
        .filter_map(|mark| Some(before.rfind(mark)? + mark.len()))
        .max()?;
    let start = line + start + (before[start..].len() - before[start..].trim_start().len());
    let rest = text[start..].lines().next()?;
    let end = match in_flow {
        true => rest.find([',', '{', '}', '[', ']']),
        false => rest.find(" #"),
    };
    let value = rest[..end.unwrap_or(rest.len())].trim_end();
    if !value.starts_with(char::is_alphanumeric) || start + value.len() <= at {
        return None;
    }
    let quoted = quoted(value);
    let is_word = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    // A text begins with a capital letter.
    let words = text[start..at].split_once(' ');
    let words = words.filter(|(first, _)| !first.starts_with(char::is_uppercase));
    let (message, help) = match words {
        Some((_, key)) if is_word(key) && !in_flow => (
            "two keys on a line",
            format!("put `{key}` on a line of its own, or, if that is a text, quote it: {quoted}"),
        ),
        Some((_, key)) if is_word(key) => (
            "two keys without a comma",
            format!("put a comma before `{key}`, or, if that is a text, quote it: {quoted}"),
        ),
        _ => (
            "`: ` within a text begins a value of its own",
            format!("quote it: {quoted}"),
        ),
    };
    Some(Unquoted {
        range: start..start + value.len(),
        message,
        help,
    })
}

/// `{ channel: #payments, … }`: what follows on the line, and perhaps closes the braces, is in the comment.
fn comment(text: &str, at: usize) -> Option<Unquoted> {
    let range = hidden(text, at)?;
    let quoted = quoted(&text[range.clone()]);
    Some(Unquoted {
        range,
        message: "a `#` behind a space begins a comment, which hides the rest of the line",
        help: format!("quote it: {quoted}"),
    })
}

/// The first comment within the braces around a place that looks like a value; rather one in which braces are closed.
fn hidden(text: &str, at: usize) -> Option<Range<usize>> {
    let mut found: Option<(bool, Range<usize>)> = None;
    let mut depth = 0_usize;
    // The last sign that is no space, and the one before.
    let (mut sign, mut before) = ('\n', '\n');
    let mut i = 0;
    while let Some(c) = text[i..].chars().next().filter(|_| depth > 0 || i <= at) {
        let rest = &text[i..];
        let begins = before.is_whitespace() || "{[,".contains(before);
        let mut length = c.len_utf8();
        match c {
            '#' if before.is_whitespace() => {
                length = rest.find('\n').unwrap_or(rest.len());
                if let Some((value, closes)) = value(&rest[..length], sign).filter(|_| depth > 0)
                    && found.as_ref().is_none_or(|(closed, _)| closes && !closed)
                {
                    found = Some((closes, i..i + value));
                }
            }
            '"' | '\'' if begins => {
                length += rest[1..].find(c).map_or(rest.len() - 1, |end| end + 1);
            }
            '{' | '[' if begins => {
                if depth == 0 {
                    found = None;
                }
                depth += 1;
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                if depth == 0 && i < at {
                    found = None;
                }
            }
            _ => {}
        }
        before = text[..i + length].chars().next_back().unwrap_or(c);
        if !c.is_whitespace() && c != '#' {
            sign = c;
        }
        i += length;
    }
    found.map(|(_, range)| range)
}

/// How long the value at the beginning of a comment is, behind a sign, and whether the comment closes braces. Behind a comma it may well
/// be a comment, unless it does.
fn value(comment: &str, sign: char) -> Option<(usize, bool)> {
    let count = |of: [char; 2]| comment.matches(of).count();
    let closes = count(['}', ']']) > count(['{', '[']);
    let is_value = comment[1..].starts_with(char::is_alphanumeric)
        && (sign == ':' || (closes && matches!(sign, ',' | '[')));
    let end = comment.find([',', '}', ']']).unwrap_or(comment.len());
    is_value.then(|| (comment[..end].trim_end().len(), closes))
}

/// As YAML writes it in quotes.
fn quoted(value: &str) -> String {
    match value.contains(['"', '\\']) {
        true => format!("'{}'", value.replace('\'', "''")),
        false => format!("\"{value}\""),
    }
}
