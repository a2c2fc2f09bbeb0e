//! Characters that change the order in which text is shown: who reads it would not see what monospec sees.
//!
//! The same ones that [rustc refuses](https://doc.rust-lang.org/rustc/lints/listing/deny-by-default.html#text-direction-codepoint-in-comment).
//! See [Trojan Source](https://trojansource.codes/).

use std::ops::Range;

const CONTROLS: &[char] = &[
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}',
    '\u{2069}',
];

/// The first of them in every line.
pub(super) fn controls(text: &str) -> impl Iterator<Item = (char, Range<usize>)> {
    let mut start = 0;
    // Most specs are ASCII, and that is told much faster than characters are looked at.
    let text = if text.is_ascii() { "" } else { text };
    text.split_inclusive('\n').filter_map(move |line| {
        let found = line.char_indices().find(|(_, c)| CONTROLS.contains(c));
        let found = found.map(|(at, c)| (c, start + at..start + at + c.len_utf8()));
        start += line.len();
        found
    })
}
