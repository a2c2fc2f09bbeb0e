//! Texts as they stand in an exposition.

use std::borrow::Cow;

/// A label's value as it stands between quotes, in every format.
pub(crate) fn escape_label(text: &str) -> Cow<'_, str> {
    if !text.contains(['\\', '\n', '"']) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    push_escaped(&mut escaped, text, true);
    Cow::Owned(escaped)
}

/// Adds a text in which backslashes and line feeds are escaped, and perhaps quotes.
pub(super) fn push_escaped(out: &mut String, text: &str, quotes: bool) {
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\\' => out.push_str("\\\\"),
            '"' if quotes => out.push_str("\\\""),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_must_be_is_escaped() {
        assert!(matches!(escape_label("/items/{id}"), Cow::Borrowed(_)));
        assert_eq!(escape_label("a\\b\"c\nd\té"), "a\\\\b\\\"c\\nd\té");
        let mut help = String::new();
        push_escaped(&mut help, "a\\b\"c\nd", false);
        assert_eq!(help, "a\\\\b\"c\\nd");
    }
}
