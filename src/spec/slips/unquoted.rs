//! Text without quotes in which YAML reads more than text.

use std::ops::Range;

use super::Slip;

/// `help: Settle: at once`, or `type: gauge help: Settle`.
pub(super) fn colon(text: &str, at: usize, in_flow: bool) -> Option<Slip> {
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
    Some(Slip {
        range: start..start + value.len(),
        message,
        help,
    })
}

/// `expr: up{job="shop"} == 0` within braces, or `expr: {job="shop"} == 0`.
pub(super) fn bracket(text: &str, at: usize, in_flow: bool) -> Option<Slip> {
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let start = line + text[line..at].rfind(": ")? + 2;
    let start = start + (text[start..at].len() - text[start..at].trim_start().len());
    let before = text[start..at].trim_end();
    let rest = text[start..].lines().next()?;
    let is_inside = in_flow && text[at..].starts_with(['{', '[']) && !before.is_empty();
    let is_behind = before.starts_with(['{', '[']) && before.ends_with(['}', ']']);
    let value = match (is_inside, is_behind) {
        (true, _) => up_to_key(rest, &text[line..start]),
        (_, true) if in_flow => up_to_key(rest, &text[line..start]),
        (_, true) => rest.find(" #").map_or(rest, |end| &rest[..end]),
        _ => return None,
    };
    let value = value.trim_end();
    let message = match is_inside {
        true => "within braces, a text with brackets has to be quoted",
        false => "a text that begins with a bracket has to be quoted",
    };
    Some(Slip {
        range: start..start + value.len(),
        message,
        help: format!("quote it: {}", quoted(value)),
    })
}

/// What is left of a line up to the next key, or to the braces that are open before it.
fn up_to_key<'t>(rest: &'t str, before: &str) -> &'t str {
    let begins_key = |(at, _): &(usize, &str)| {
        let key = rest[at + 1..].trim_start();
        let word = key.find(|c: char| !(c.is_ascii_lowercase() || c == '_'));
        word.is_some_and(|end| end > 0 && key[end..].starts_with(": "))
    };
    if let Some((end, _)) = rest.match_indices(',').find(begins_key) {
        return &rest[..end];
    }
    let mut rest = rest.trim_end();
    let count = |of: char| before.matches(of).count();
    for _ in 0..count('{').saturating_sub(count('}')) {
        rest = rest.strip_suffix('}').unwrap_or(rest).trim_end();
    }
    rest
}

/// `{ channel: #payments, … }`: what follows on the line, and perhaps closes the braces, is in the comment.
pub(super) fn comment(text: &str, at: usize) -> Option<Slip> {
    let range = hidden(text, at)?;
    let quoted = quoted(&text[range.clone()]);
    Some(Slip {
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
