//! What the pages insert: pieces of a line, in a table or not, and blocks. Each is made of a text that it renders harmless.

use minijinja::Value;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

use crate::targets::markdown;
use crate::targets::template::{Given, Safe};

/// A piece of a line of Markdown, which stays in the cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Inline(String);

impl Inline {
    /// Words of these pages.
    pub(super) fn words(words: &'static str) -> Self {
        Self(words.to_owned())
    }

    /// A text that reads as it is written; code in backticks is kept as code.
    pub(super) fn text(text: &str) -> Self {
        Self(markdown::line_with(text, |code| !is_special(code)))
    }

    /// A text as code.
    pub(super) fn code(text: &str) -> Self {
        if text.is_empty() {
            return Self::words("(empty)");
        }
        if !is_special(text) {
            return Self(markdown::code(text));
        }
        // In Markdown's own code nothing can be escaped.
        let escaped: String = text.chars().map(markdown::visible).map(reference).collect();
        Self(format!("<code>{escaped}</code>"))
    }

    /// A link.
    pub(super) fn link(label: &Self, address: &str) -> Self {
        Self(format!("[{}]({})", label.0, url(address)))
    }

    /// The same, in bold.
    pub(super) fn bold(&self) -> Self {
        Self(format!("**{}**", self.0))
    }

    /// Several of them, with words in between.
    pub(super) fn join(parts: impl IntoIterator<Item = Self>, between: &str) -> Self {
        let parts: Vec<String> = parts.into_iter().map(|part| part.0).collect();
        Self(parts.join(between))
    }

    /// Several of them, as a sentence lists them.
    pub(super) fn list(parts: Vec<Self>, last: &str) -> Self {
        match parts.split_last() {
            Some((end, [])) => end.clone(),
            Some((end, begin)) => {
                let begin = Self::join(begin.iter().cloned(), ", ");
                Self(format!("{} {last} {}", begin.0, end.0))
            }
            None => Self::default(),
        }
    }

    /// Adds words of these pages.
    pub(super) fn and(mut self, words: &'static str) -> Self {
        self.0.push_str(words);
        self
    }

    /// Adds another piece.
    pub(super) fn with(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// With the punctuation of a sentence.
    pub(super) fn sentence(mut self) -> Self {
        if !self.0.is_empty() && !self.0.ends_with(['.', '!', '?']) {
            self.0.push('.');
        }
        self
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Given for Inline {
    fn given(self) -> Value {
        Safe::vouched(self.0).given()
    }
}

/// What code cannot hold: a bar would end the cell of a table, and mdBook would replace its own
/// [directives](https://rust-lang.github.io/mdBook/format/mdbook.html) before it reads the Markdown. Nor does it keep white space
/// at its ends.
fn is_special(code: &str) -> bool {
    code.contains('|') || has_directive(code) || code.trim() != code
}

fn has_directive(text: &str) -> bool {
    text.match_indices("{{")
        .any(|(start, _)| text[start + 2..].trim_start().starts_with('#'))
}

/// A character as HTML and as Markdown, which is neither markup.
fn reference(c: char) -> String {
    if c.is_ascii_punctuation() {
        format!("&#{};", u32::from(c))
    } else {
        c.to_string()
    }
}

/// An address that ends where it ends.
fn url(address: &str) -> String {
    let mut out = String::with_capacity(address.len());
    for byte in address.bytes() {
        // What RFC 3986 reserves or leaves as it is, but for what Markdown reads.
        let kept = byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'+,;=%".contains(&byte);
        push_byte(&mut out, byte, kept);
    }
    out
}

/// A text within the query of an address.
pub(super) fn query_value(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let kept = byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        push_byte(&mut out, byte, kept);
    }
    out
}

fn push_byte(out: &mut String, byte: u8, kept: bool) {
    if kept {
        out.push(char::from(byte));
    } else {
        out.push_str(&format!("%{byte:02X}"));
    }
}

/// The first line of a file.
pub(super) fn comment(text: &str) -> String {
    format!("<!-- {} -->", text.replace("-->", "--\u{fffd}"))
}

/// A block of code.
pub(super) fn code_block(language: &'static str, text: &str) -> Safe {
    let visible = |c| match c {
        '\n' => '\n',
        c => markdown::visible(c),
    };
    let text: String = text.trim_end().chars().map(visible).collect();
    if has_directive(&text) {
        let escaped: String = text.chars().map(reference).collect();
        return Safe::vouched(format!("<pre><code>{escaped}</code></pre>"));
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    Safe::vouched(format!("{fence}{language}\n{text}\n{fence}"))
}

/// Markdown of the spec below a heading of the second level: its own headings are below that, too.
pub(super) fn section(text: &str) -> Safe {
    const BELOW: usize = 2;
    let mut out = String::with_capacity(text.len() + 8);
    let mut copied = 0;
    let mut depth = 0_usize;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let written = &text[range.clone()];
                let marks = "#".repeat((number(level) + BELOW).min(6));
                if written.starts_with('#') {
                    out.push_str(&text[copied..range.start]);
                    out.push_str(&marks);
                    copied = range.start + number(level);
                } else if depth == 0 {
                    // Underlined: there is no third such level.
                    let lines: Vec<&str> = written.trim_end().lines().map(str::trim).collect();
                    let title = lines[..lines.len().saturating_sub(1)].join(" ");
                    out.push_str(&text[copied..range.start]);
                    out.push_str(&format!("{marks} {title}\n"));
                    copied = range.end;
                }
                depth += 1;
            }
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
    }
    out.push_str(&text[copied..]);
    Safe::vouched(out.trim_matches('\n'))
}

fn number(level: HeadingLevel) -> usize {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_stay_below_their_section() {
        for (text, below) in [
            ("# A\ntext", "### A\ntext"),
            ("a\n\n#### B\n\n###### C", "a\n\n###### B\n\n###### C"),
            ("A\n=\n\nB\nb\n---\nc", "### A\n\n#### B b\nc"),
            ("```sh\n# no heading\n```", "```sh\n# no heading\n```"),
            ("- # A\n- b", "- ### A\n- b"),
            ("#no heading", "#no heading"),
        ] {
            assert_eq!(section(text), Safe::vouched(below), "{text}");
        }
    }

    #[test]
    fn code_stays_in_its_cell() {
        let code = |text| Inline::code(text).0;
        assert_eq!(code("a{b=\"c\"}"), "`a{b=\"c\"}`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(code("a|`b"), "<code>a&#124;&#96;b</code>");
        assert_eq!(
            code("{{ #include x}}"),
            "<code>&#123;&#123; &#35;include x&#125;&#125;</code>"
        );
        assert_eq!(Inline::text("`a|b` c").0, "\\`a\\|b\\` c");
        assert_eq!(
            Inline::text("{{#include x}} $a$").0,
            "{\\{#include x}} \\$a\\$"
        );
    }

    #[test]
    fn addresses_end_where_they_end() {
        let link = Inline::link(&Inline::code("a"), "https://a.b/c d)(<x>?e=%20&f=\"|\"#g");
        assert_eq!(
            link.0,
            "[`a`](https://a.b/c%20d%29%28%3Cx%3E?e=%20&f=%22%7C%22#g)"
        );
        assert_eq!(
            query_value("a{b=\"c d\"} > 1"),
            "a%7Bb%3D%22c%20d%22%7D%20%3E%201"
        );
    }
}
