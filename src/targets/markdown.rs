//! Plain text as Markdown that reads like it, for documentation: nothing in it becomes a heading, a list, a link, HTML
//! or a code block that would be tested. Code in backticks stays code, and a web address becomes a link.

/// One line of a text, without the characters that could end it or hide in it.
pub(super) fn line(text: &str) -> String {
    line_with(text, |_| true)
}

/// The same, with only such code kept as code.
pub(super) fn line_with(text: &str, is_code: impl Fn(&str) -> bool) -> String {
    let text: String = text.chars().map(visible).collect();
    let text = text.trim();
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = escape_start(text, &mut out);
    let mut last = None;
    while let Some(c) = rest.chars().next() {
        let taken = match c {
            '`' => backticks(rest, &is_code, &mut out),
            'h' => address(rest, &mut out),
            _ => 0,
        };
        if taken == 0 {
            let next = rest[c.len_utf8()..].chars().next();
            if is_markup(c, last, next) {
                out.push('\\');
            }
            out.push(c);
            last = Some(c);
            rest = &rest[c.len_utf8()..];
        } else {
            last = rest[..taken].chars().next_back();
            rest = &rest[taken..];
        }
    }
    out
}

/// A text as code, in as many backticks as it takes.
pub(super) fn code(text: &str) -> String {
    let text: String = text.chars().map(visible).collect();
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if longest == 0 {
        format!("{fence}{text}{fence}")
    } else {
        format!("{fence} {text} {fence}")
    }
}

/// A character that can stand in a comment; what cannot be seen is shown as missing.
pub(crate) fn visible(c: char) -> char {
    match c {
        c if c.is_whitespace() && c != '\u{2028}' && c != '\u{2029}' => ' ',
        c if is_invisible(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

/// Whether a character cannot be seen, or changes how others are: control characters, and what steers the direction
/// and the shape of text.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

fn is_markup(c: char, last: Option<char>, next: Option<char>) -> bool {
    match c {
        '\\' | '[' | ']' | '<' | '>' | '&' | '*' | '|' | '~' => true,
        // GitHub reads formulas between two of them.
        '$' => true,
        // mdBook replaces what two of them begin before it reads the Markdown.
        '{' => last == Some('{'),
        // Inside a word it is no emphasis.
        '_' => {
            !(last.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric))
        }
        _ => false,
    }
}

/// Escapes what only at the start of a line makes a heading, a list or a rule, and gives the rest.
fn escape_start<'a>(text: &'a str, out: &mut String) -> &'a str {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let marker = if digits > 0 {
        ['.', ')'].as_slice()
    } else {
        &['#', '+', '-', '=']
    };
    let (before, rest) = text.split_at(digits);
    out.push_str(before);
    let Some(c) = rest.chars().next().filter(|c| marker.contains(c)) else {
        return rest;
    };
    // `1. ` is a list, `1.5` a number.
    if digits > 0 && rest[1..].starts_with(|c: char| !c.is_whitespace()) {
        return rest;
    }
    out.extend(['\\', c]);
    &rest[1..]
}

/// Copies the code that begins here; backticks that begin none are escaped. Gives how much was taken.
fn backticks(rest: &str, is_code: &impl Fn(&str) -> bool, out: &mut String) -> usize {
    let count = run(rest);
    let mut at = count;
    while let Some(found) = rest[at..].find('`') {
        at += found;
        let closing = run(&rest[at..]);
        at += closing;
        if closing == count && is_code(&rest[..at]) {
            out.push_str(&rest[..at]);
            return at;
        }
    }
    out.extend(std::iter::repeat_n("\\`", count));
    count
}

fn run(text: &str) -> usize {
    text.bytes().take_while(|b| *b == b'`').count()
}

/// Makes a link of the address that begins here, if one does. Gives how much was taken.
fn address(rest: &str, out: &mut String) -> usize {
    let Some(scheme) = ["https://", "http://"]
        .iter()
        .find(|scheme| rest.starts_with(**scheme))
    else {
        return 0;
    };
    let valid = |c: char| c.is_ascii_graphic() && !matches!(c, '<' | '>' | '"' | '`' | '\\' | '|');
    let end = rest.find(|c| !valid(c)).unwrap_or(rest.len());
    // What ends a sentence does not belong to it.
    let address =
        rest[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '_']);
    if address.len() <= scheme.len() {
        return 0;
    }
    out.push('<');
    out.push_str(address);
    out.push('>');
    address.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        for (text, markdown) in [
            ("Requests answered.", "Requests answered."),
            ("    code", "code"),
            ("# no heading", "\\# no heading"),
            ("- no list", "\\- no list"),
            ("12. no list", "12\\. no list"),
            ("12 items", "12 items"),
            ("12.5 items", "12.5 items"),
            ("12.", "12\\."),
            ("a {{x}} {b} $c", "a {\\{x}} {b} \\$c"),
            ("===", "\\==="),
            (
                "a [link](x) <b> &amp; a|b *c* ~~d~~",
                "a \\[link\\](x) \\<b\\> \\&amp; a\\|b \\*c\\* \\~\\~d\\~\\~",
            ),
            ("http_requests_total _x_", "http_requests_total \\_x\\_"),
            ("*/ \\", "\\*/ \\\\"),
            ("a\tb\u{202e}c\0", "a b\u{fffd}c\u{fffd}"),
            ("line\u{2028}separator", "line\u{fffd}separator"),
        ] {
            assert_eq!(line(text), markdown);
        }
    }

    #[test]
    fn code_stays_code() {
        for (text, markdown) in [
            ("see `a[0] <b>`.", "see `a[0] <b>`."),
            ("``a`b`` c", "``a`b`` c"),
            ("a ` b", "a \\` b"),
            ("```rust", "\\`\\`\\`rust"),
            ("`a ``b` [c]", "`a ``b` \\[c\\]"),
        ] {
            assert_eq!(line(text), markdown);
        }
        assert_eq!(code("GET"), "`GET`");
        assert_eq!(code("a``b"), "``` a``b ```");
        assert_eq!(line(&code("a`[b]")), "`` a`[b] ``");
    }

    #[test]
    fn addresses_are_links() {
        for (text, markdown) in [
            (
                "see https://example.com/a_b?c=d.",
                "see <https://example.com/a_b?c=d>.",
            ),
            ("(http://a.b)", "(<http://a.b>)"),
            ("https://", "https://"),
            ("xhttp://a.b", "x<http://a.b>"),
            ("http:/x https", "http:/x https"),
        ] {
            assert_eq!(line(text), markdown);
        }
    }
}
