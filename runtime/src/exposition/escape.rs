//! Texts as they stand in an exposition.

use std::borrow::Cow;

/// A label's value as it stands between quotes, in every format.
pub(crate) fn escape_label(text: &str) -> Cow<'_, str> {
    escape(text, true)
}

/// A text in which backslashes and line feeds are escaped, and perhaps quotes.
pub(super) fn escape(text: &str, quotes: bool) -> Cow<'_, str> {
    let special = |c: char| c == '\\' || c == '\n' || (quotes && c == '"');
    if !text.contains(special) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            c if special(c) => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_must_be_is_escaped() {
        assert!(matches!(escape_label("/items/{id}"), Cow::Borrowed(_)));
        assert_eq!(escape_label("a\\b\"c\nd\té"), "a\\\\b\\\"c\\nd\té");
        assert_eq!(escape("a\\b\"c\nd", false), "a\\\\b\"c\\nd");
    }
}
