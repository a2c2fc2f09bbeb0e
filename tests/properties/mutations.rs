//! The repository's spec with something wrong in it.

use std::fmt;

use proptest::prelude::*;

/// A text that was a spec.
#[derive(Clone)]
pub(crate) struct Broken(String);

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What happens to a text, at a share of its length.
#[derive(Clone, Debug)]
enum Mutation {
    DropLine(f64),
    RepeatLine(f64),
    SwapLines(f64, f64),
    Indent(f64, usize),
    Cut(f64, usize),
    Insert(f64, &'static str),
    ReplaceWord(f64, &'static str),
}

/// What people, editors and merges leave behind.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ": ",
    "\"",
    "'",
    "#",
    "\t",
    "\n",
    "- ",
    "&a ",
    "*a",
    "!x ",
    "<<: ",
    "ü",
    "\u{1f600}",
    "\u{0}",
    "|\n",
    ">-\n",
    "---\n",
    "{{ $labels.",
    "{limit}",
    "5%",
    "1GiB",
    "[5m",
    "by (",
    "~",
    "true",
    "-1",
    "99999999999999999999",
    "",
];

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = || 0.0..1.0_f64;
    let piece = || proptest::sample::select(PIECES);
    prop_oneof![
        at().prop_map(Mutation::DropLine),
        at().prop_map(Mutation::RepeatLine),
        (at(), at()).prop_map(|(a, b)| Mutation::SwapLines(a, b)),
        (at(), 0..6_usize).prop_map(|(a, n)| Mutation::Indent(a, n)),
        (at(), 1..9_usize).prop_map(|(a, n)| Mutation::Cut(a, n)),
        (at(), piece()).prop_map(|(a, p)| Mutation::Insert(a, p)),
        (at(), piece()).prop_map(|(a, p)| Mutation::ReplaceWord(a, p)),
        (at(), piece()).prop_map(|(a, p)| Mutation::ReplaceWord(a, p)),
    ]
}

pub(crate) fn of_the_example() -> impl Strategy<Value = Broken> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/spec/monospec.yaml");
    let example = std::fs::read_to_string(path).expect("the spec");
    proptest::collection::vec(mutation(), 1..5).prop_map(move |mutations| {
        let text = mutations
            .iter()
            .fold(example.clone(), |text, m| m.apply(&text));
        Broken(text)
    })
}

/// The last place between two letters that is not after this one.
fn boundary(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at)
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

impl Mutation {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a length is a length"
    )]
    fn apply(&self, text: &str) -> String {
        let index = |share: f64, length: usize| (share * length as f64) as usize;
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let line = |share: f64| index(share, lines.len());
        let byte = |share: f64| boundary(text, index(share, text.len()));
        if lines.is_empty() {
            return text.to_owned();
        }
        match *self {
            Self::DropLine(at) => {
                let at = line(at);
                lines.remove(at);
            }
            Self::RepeatLine(at) => {
                let at = line(at);
                lines.insert(at, lines[at].clone());
            }
            Self::SwapLines(a, b) => {
                let (a, b) = (line(a), line(b));
                lines.swap(a, b);
            }
            Self::Indent(at, spaces) => {
                let at = line(at);
                lines[at] = " ".repeat(spaces) + lines[at].trim_start();
            }
            Self::Cut(at, length) => {
                let start = byte(at);
                let end = boundary(text, start + length);
                return text[..start].to_owned() + &text[end..];
            }
            Self::Insert(at, piece) => {
                let at = byte(at);
                return text[..at].to_owned() + piece + &text[at..];
            }
            Self::ReplaceWord(at, piece) => {
                let at = byte(at);
                let is_word = |c: char| c.is_alphanumeric() || c == '_';
                let start = text[..at].trim_end_matches(is_word).len();
                let rest = text[at..].trim_start_matches(is_word);
                return text[..start].to_owned() + piece + rest;
            }
        }
        lines.join("\n") + "\n"
    }
}
