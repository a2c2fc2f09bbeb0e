//! Text without quotes in which YAML reads more than text: a parser tells where it stumbles, which may be lines further down.

use std::ops::Range;

use super::source::floor_char_boundary;

/// What should have been quoted, and why.
pub(super) struct Unquoted {
    /// Its bytes.
    pub(super) range: Range<usize>,
    pub(super) message: &'static str,
}

/// Looks for it where the parser stumbled: [`: ` is for mappings](https://yaml.org/spec/1.2.2/#733-plain-style), and
/// [` #` begins a comment](https://yaml.org/spec/1.2.2/#66-comments).
pub(super) fn near(text: &str, at: usize, said: &str) -> Option<Unquoted> {
    let at = floor_char_boundary(text, at);
    // Of lists in brackets, too.
    let in_flow = said.contains("flow");
    if in_flow || said.contains("mapping values are not allowed") {
        colon(text, at, in_flow).or_else(|| comment(text, at).filter(|_| in_flow))
    } else {
        None
    }
}

/// `help: Settle: at once`
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
    let is_plain = value.starts_with(char::is_alphanumeric) && start + value.len() > at;
    is_plain.then_some(Unquoted {
        range: start..start + value.len(),
        message: "`: ` within a text begins a value of its own",
    })
}

/// `{ channel: #payments, … }`: what closes the braces is in the comment.
fn comment(text: &str, at: usize) -> Option<Unquoted> {
    let mut end = text[at..].find('\n').map_or(text.len(), |end| at + end);
    loop {
        let start = text[..end].rfind('\n').map_or(0, |end| end + 1);
        if let Some(found) = in_line(text, start..end) {
            return Some(found);
        }
        end = start.checked_sub(1)?;
    }
}

fn in_line(text: &str, line: Range<usize>) -> Option<Unquoted> {
    let (before, hidden) = text[line.clone()].split_once(" #")?;
    let count = |of: [char; 2]| hidden.matches(of).count();
    let is_value = before.trim_end().ends_with([':', ',', '[']);
    if !is_value || count(['}', ']']) <= count(['{', '[']) {
        return None;
    }
    let start = line.start + before.len() + 1;
    let length = hidden.find([',', '}', ']'])?;
    let value = text[start..start + 1 + length].trim_end();
    Some(Unquoted {
        range: start..start + value.len(),
        message: "a `#` behind a space begins a comment, which hides the rest of the line",
    })
}
