//! What templates of Rust may insert: identifiers, literals and lines of documentation.

use std::iter;

use minijinja::Value;

use crate::targets::markdown::{self, is_invisible};
use crate::targets::template::{Given, Safe};

/// An identifier of Rust, raw or not.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Identifier(Safe);

impl Identifier {
    /// An identifier that the model has made.
    ///
    /// # Panics
    ///
    /// If it is none: the model makes nothing else.
    pub(super) fn new(name: &str) -> Self {
        let plain = name.strip_prefix("r#").unwrap_or(name);
        let valid = plain.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && plain
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'_');
        assert!(valid, "not an identifier: {name:?}");
        Self(Safe::vouched(name))
    }

    /// The method that sets what the method `name` reads.
    pub(super) fn setter(name: &str) -> Self {
        Self::new(&format!("set_{}", name.strip_prefix("r#").unwrap_or(name)))
    }
}

/// A literal of Rust.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal(Safe);

impl Literal {
    /// A string; in it control characters and everything invisible are escaped.
    pub(super) fn string(text: &str) -> Self {
        let mut literal = String::with_capacity(text.len() + 2);
        literal.push('"');
        for c in text.chars() {
            match c {
                '"' | '\\' => literal.extend(['\\', c]),
                '\n' => literal.push_str("\\n"),
                '\r' => literal.push_str("\\r"),
                '\t' => literal.push_str("\\t"),
                c if is_invisible(c) => literal.extend(c.escape_unicode()),
                c => literal.push(c),
            }
        }
        literal.push('"');
        Self(Safe::vouched(literal))
    }

    /// A number of type `f64`, in the shortest form that reads back as the same.
    ///
    /// # Panics
    ///
    /// If it is not finite: there is no literal of it, and the model has no such bound.
    pub(super) fn float(number: f64) -> Self {
        assert!(number.is_finite(), "no literal stands for {number}");
        Self(Safe::vouched(format!("{number:?}")))
    }
}

/// A comment of one line, what follows `//`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Comment(Safe);

impl Comment {
    pub(super) fn new(text: &str) -> Self {
        let text: String = text.chars().map(markdown::visible).collect();
        Self(Safe::vouched(format!(" {}", text.trim())))
    }
}

/// Lines of documentation, each what follows `///`. They read as the text reads, whatever is in it; only code in
/// backticks is kept as code, and addresses become links.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct DocLines(Vec<Safe>);

impl DocLines {
    /// Documentation that begins with this paragraph.
    pub(super) fn new(text: &str) -> Self {
        Self::default().paragraph(text)
    }

    /// Adds a paragraph, or several if there are empty lines in the text; nothing if it says nothing.
    pub(super) fn paragraph(mut self, text: &str) -> Self {
        // An empty line goes before each paragraph but the first.
        let mut gap = !self.0.is_empty();
        for line in text.lines().map(markdown::line) {
            if line.is_empty() {
                gap = !self.0.is_empty();
                continue;
            }
            self.0
                .extend(iter::repeat_n(Safe::vouched(""), usize::from(gap)));
            gap = false;
            self.0.push(Safe::vouched(format!(" {line}")));
        }
        self
    }
}

impl Given for Identifier {
    fn given(self) -> Value {
        self.0.given()
    }
}

impl Given for Literal {
    fn given(self) -> Value {
        self.0.given()
    }
}

impl Given for Comment {
    fn given(self) -> Value {
        self.0.given()
    }
}

impl Given for DocLines {
    fn given(self) -> Value {
        self.0.given()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::targets::template::{Templates, mapping};

    #[test]
    fn identifiers_are_checked() {
        assert_eq!(Identifier::setter("r#type"), Identifier::new("set_type"));
        assert_eq!(Identifier::setter("use_it"), Identifier::new("set_use_it"));
        for text in ["", "r#", "1a", "a b", "a\u{301}", "a;", "é"] {
            let made = std::panic::catch_unwind(|| Identifier::new(text));
            assert!(made.is_err(), "{text:?}");
        }
    }

    #[test]
    fn literals_read_back() {
        let long = "ü{{ x }}${y}*/\\".repeat(1_000);
        for text in [
            "",
            "\"",
            "\\",
            "a\nb\r\n\tc",
            "\0\u{7f}\u{85}",
            "\u{202e}abc\u{2066}",
            "👩\u{200d}🚀",
            &long,
        ] {
            let literal = written(&Literal::string(text).0);
            assert!(!literal.chars().any(is_invisible), "{literal}");
            let read: syn::LitStr = syn::parse_str(&literal).expect("a literal");
            assert_eq!(read.value(), text);
        }
        for number in [0.1, 1.0, -2.5, 1e-9, 1e300, f64::MAX, 5e-324, -0.0] {
            let literal = written(&Literal::float(number).0);
            let read: syn::Expr = syn::parse_str(&literal).expect("a number");
            assert!(
                matches!(read, syn::Expr::Lit(_) | syn::Expr::Unary(_)),
                "{literal}"
            );
            assert_eq!(literal.parse(), Ok(number));
        }
    }

    #[test]
    fn documentation_is_lines() {
        let doc = DocLines::new("one\ntwo\n\n\n  three \n")
            .paragraph("")
            .paragraph("four");
        let lines: Vec<_> = doc.0.iter().map(written).collect();
        assert_eq!(lines, [" one", " two", "", " three", "", " four"]);
        assert_eq!(DocLines::new("\n \n"), DocLines::default());
    }

    fn written(safe: &Safe) -> String {
        let context = mapping(vec![("value", safe.clone().given())]);
        Templates::new(&[("t", "{{ value }}")])
            .and_then(|templates| templates.text("t", context))
            .expect("vouched text is inserted")
    }
}
