//! What regular expressions of matchers match.

use regex::bytes::{Regex, RegexBuilder};

use super::{MatchOp, Matcher};

/// A regular expression of PromQL, which matches whole values.
pub(crate) enum Pattern {
    /// Words with wildcards, and `|` between them: most are, and to compile a regular expression takes longer than all the
    /// rest of a lint.
    Words(Vec<Vec<Piece>>),
    /// Any other.
    Regex(Box<Regex>),
}

/// A part of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// This character.
    Literal(char),
    /// `.`
    One,
    /// `.*`
    Many,
}

/// Whether a word stands for itself in a regular expression.
pub(crate) fn is_plain(word: &str) -> bool {
    !word.contains(|c: char| r"\.+*?()[]{}|^$".contains(c))
}

impl Pattern {
    /// Reads one; nothing if it is none.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        if let Some(words) = pattern.split('|').map(pieces).collect() {
            return Some(Self::Words(words));
        }
        let anchored = format!("^(?s:{pattern})$");
        let mut builder = RegexBuilder::new(&anchored);
        builder.unicode(!pattern.is_ascii() || pattern.contains(r"\p"));
        let regex = builder.build().ok()?;
        Some(Self::Regex(Box::new(regex)))
    }

    /// Whether it matches a value.
    pub(crate) fn matches(&self, value: &str) -> bool {
        match self {
            Self::Words(words) => words.iter().any(|word| fits(word, value)),
            Self::Regex(regex) => regex.is_match(value.as_bytes()),
        }
    }
}

impl Matcher {
    /// Whether a value passes. A regular expression that is none, which is reported, lets nothing pass.
    pub(crate) fn takes(&self, value: &str) -> bool {
        let pattern = || Pattern::new(&self.value).map(|pattern| pattern.matches(value));
        match self.operator {
            MatchOp::Equal => self.value == value,
            MatchOp::NotEqual => self.value != value,
            MatchOp::Regex => pattern() == Some(true),
            MatchOp::NotRegex => pattern() == Some(false),
        }
    }
}

/// The pieces of a word that has no other signs than `.`, `.*` and `.+`.
fn pieces(word: &str) -> Option<Vec<Piece>> {
    let mut pieces = Vec::with_capacity(word.len());
    let mut chars = word.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('.', Some('*')) => {
                chars.next();
                pieces.push(Piece::Many);
            }
            ('.', Some('+')) => {
                chars.next();
                pieces.extend([Piece::One, Piece::Many]);
            }
            ('.', _) => pieces.push(Piece::One),
            (c, _) if is_plain(c.encode_utf8(&mut [0; 4])) => pieces.push(Piece::Literal(c)),
            _ => return None,
        }
    }
    Some(pieces)
}

/// Whether a word is a whole value. Where something does not fit, only the last `.*` has to take more.
fn fits(word: &[Piece], value: &str) -> bool {
    let value: Vec<char> = value.chars().collect();
    let (mut piece, mut at) = (0, 0);
    let mut last_many = None;
    while at < value.len() {
        match word.get(piece) {
            Some(Piece::Many) => {
                last_many = Some((piece, at));
                piece += 1;
                continue;
            }
            Some(Piece::One) => {}
            Some(Piece::Literal(c)) if *c == value[at] => {}
            _ => {
                let Some((many, taken)) = last_many else {
                    return false;
                };
                last_many = Some((many, taken + 1));
                (piece, at) = (many + 1, taken + 1);
                continue;
            }
        }
        piece += 1;
        at += 1;
    }
    word[piece..].iter().all(|piece| *piece == Piece::Many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_values() {
        for (pattern, value, expected) in [
            ("get|set", "get", true),
            ("get|set", "gets", false),
            ("", "", true),
            ("5..", "503", true),
            ("5..", "5034", false),
            ("5..", "50", false),
            ("4..|5..", "404", true),
            (".*", "", true),
            (".+", "", false),
            ("a.*b.*c", "aXbYbZc", true),
            ("a.*b.*c", "aXbYbZd", false),
            ("a.+", "a", false),
            ("a.c", "a\nc", true),
            ("é.", "éa", true),
            (".", "é", true),
            ("(?i)GET", "get", true),
            ("[^a]+", "bé", true),
            ("a\\.b", "a.b", true),
            ("a\\.b", "aXb", false),
            ("(a|b)c?", "bc", true),
        ] {
            let pattern = Pattern::new(pattern).expect("a pattern");
            assert_eq!(pattern.matches(value), expected, "{value}");
        }
        assert!(Pattern::new("a(").is_none());
    }

    #[test]
    fn words_mean_what_the_regular_expression_means() {
        let values = ["", "a", "ab", "abc", "b", "ba", "aab", "abab"];
        for pattern in [
            "a.*", ".*b", ".+a.*", "a.b", "a|.b", "a.*b.*b", ".*.", "..|a.+",
        ] {
            let words = Pattern::new(pattern).expect("a pattern");
            assert!(matches!(words, Pattern::Words(_)), "{pattern}");
            let regex = Regex::new(&format!("^(?s:{pattern})$")).expect("a regular expression");
            for value in values {
                let expected = regex.is_match(value.as_bytes());
                assert_eq!(words.matches(value), expected, "{pattern} {value}");
            }
        }
    }
}
