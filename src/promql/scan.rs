//! The words of an expression, with their places.
//!
//! promql-parser says neither where a word stands nor where it is wrong, and refuses spellings that
//! Prometheus or Grafana take. So the text is cut here, and what the parser gets is spelled anew.

use std::ops::Range;
use std::time::Duration;

use super::parse::{MAX_NESTING, SyntaxError};
use super::query::Window;

/// A word and its place.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Word(String),
    Number(f64),
    Duration(Duration),
    /// A string, decoded.
    Text(String),
    /// One of Grafana's variables that stand for a duration.
    Variable(Window),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// Longest first, so that `==` is not taken for `=`.
const SIGNS: &[&str] = &[
    "==", "=~", "!=", "!~", "<=", ">=", "(", ")", "{", "}", "[", "]", ",", ":", "@", "+", "-", "*",
    "/", "%", "^", "<", ">", "=",
];

/// The longest duration that Prometheus can hold: 2⁶³ - 1 ns.
const MAX_MILLIS: u64 = (i64::MAX / 1_000_000) as u64;

pub(super) fn scan(text: &str) -> Result<Vec<Token>, SyntaxError> {
    let mut scanner = Scanner {
        text,
        at: 0,
        open: Vec::new(),
    };
    let mut tokens = Vec::new();
    while let Some(token) = scanner.next()? {
        tokens.push(token);
    }
    match scanner.open.pop() {
        Some((sign, range)) => Err(SyntaxError::new(format!("`{sign}` is never closed"), range)),
        None => Ok(tokens),
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// The brackets that are still open.
    open: Vec<(&'static str, Range<usize>)>,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Skips the characters that fit and returns them.
    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !fits(c)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn inside(&self, bracket: &str) -> bool {
        self.open.last().is_some_and(|(sign, _)| *sign == bracket)
    }

    fn next(&mut self) -> Result<Option<Token>, SyntaxError> {
        loop {
            self.take_while(|c| c.is_ascii_whitespace());
            if self.peek() != Some('#') {
                break;
            }
            self.take_while(|c| c != '\n' && c != '\r');
        }
        let start = self.at;
        let Some(c) = self.peek() else {
            return Ok(None);
        };
        let kind = match c {
            '"' | '\'' | '`' => Kind::Text(self.string(c)?),
            '$' => self.variable()?,
            '0'..='9' => self.number()?,
            '.' if self.rest()[1..].starts_with(|c: char| c.is_ascii_digit()) => self.number()?,
            '_' | 'a'..='z' | 'A'..='Z' => self.word(),
            ':' if !self.inside("[") && !self.inside("{") => self.word(),
            _ => self.sign()?,
        };
        Ok(Some(Token {
            kind,
            range: start..self.at,
        }))
    }

    fn word(&mut self) -> Kind {
        let colons = !self.inside("{");
        let word = self.take_while(|c| c == '_' || c.is_ascii_alphanumeric() || colons && c == ':');
        match word.to_ascii_lowercase().as_str() {
            "inf" if colons => Kind::Number(f64::INFINITY),
            "nan" if colons => Kind::Number(f64::NAN),
            _ => Kind::Word(word.to_owned()),
        }
    }

    fn sign(&mut self) -> Result<Kind, SyntaxError> {
        let rest = self.rest();
        let start = self.at;
        let Some(sign) = SIGNS.iter().copied().find(|sign| rest.starts_with(sign)) else {
            let c = self.peek().unwrap_or_default();
            let message = match c {
                '!' => "`!` stands only in `!=` and `!~`".to_owned(),
                '&' | '|' => "PromQL writes `and`, `or` and `unless`".to_owned(),
                ';' => "PromQL has no `;`".to_owned(),
                c => format!("`{}` means nothing in PromQL", c.escape_default()),
            };
            return Err(SyntaxError::new(message, start..start + c.len_utf8()));
        };
        self.at += sign.len();
        let range = start..self.at;
        match sign {
            "(" | "[" | "{" => {
                if self.inside("{") || self.inside("[") {
                    return Err(SyntaxError::new(
                        format!("`{sign}` cannot stand inside `{}`", self.innermost()),
                        range,
                    ));
                }
                self.open.push((sign, range.clone()));
                if self.open.len() > MAX_NESTING {
                    return Err(SyntaxError::new(
                        format!("more than {MAX_NESTING} brackets inside one another"),
                        range,
                    ));
                }
            }
            ")" | "]" | "}" => {
                let opening = match sign {
                    ")" => "(",
                    "]" => "[",
                    _ => "{",
                };
                if !self.inside(opening) {
                    let message = match self.open.last() {
                        Some((open, _)) => format!("`{sign}` does not close `{open}`"),
                        None => format!("`{sign}` closes nothing"),
                    };
                    return Err(SyntaxError::new(message, range));
                }
                self.open.pop();
            }
            "=~" | "!~" | "=" if !self.inside("{") => {
                let message = match sign {
                    "=" => "`=` stands only inside braces; a comparison is written `==`".to_owned(),
                    sign => format!("`{sign}` stands only inside braces"),
                };
                return Err(SyntaxError::new(message, range));
            }
            _ => {}
        }
        Ok(Kind::Sign(sign))
    }

    fn innermost(&self) -> &'static str {
        self.open.last().map_or("", |(sign, _)| sign)
    }

    fn variable(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let braces = self.peek() == Some('{');
        let name = if braces {
            self.at += 1;
            let name = self.take_while(|c| c != '}' && !c.is_ascii_whitespace());
            self.at += usize::from(self.peek() == Some('}'));
            name
        } else {
            self.take_while(|c| c == '_' || c.is_ascii_alphanumeric())
        };
        match name {
            "__rate_interval" => Ok(Kind::Variable(Window::RateInterval)),
            "__interval" => Ok(Kind::Variable(Window::Interval)),
            "__range" => Ok(Kind::Variable(Window::Range)),
            _ => Err(SyntaxError::new(
                "of Grafana's variables only `$__rate_interval`, `$__interval` and `$__range` \
                 can stand here; others only inside strings",
                start..self.at,
            )),
        }
    }

    /// A number, or a duration such as `1h30m`.
    fn number(&mut self) -> Result<Kind, SyntaxError> {
        let start = self.at;
        let digit = |c: char| c == '_' || c.is_ascii_digit();
        let hexadecimal = self.rest().starts_with("0x") || self.rest().starts_with("0X");
        if hexadecimal {
            self.at += 2;
            self.take_while(|c| c == '_' || c.is_ascii_hexdigit());
        } else {
            self.take_while(digit);
            if self.peek() == Some('.') {
                self.at += 1;
                self.take_while(digit);
            }
            if self.rest().starts_with(['e', 'E']) {
                self.at += 1;
                self.at += usize::from(self.rest().starts_with(['+', '-']));
                self.take_while(|c| c.is_ascii_digit());
            }
        }
        if self.rest().starts_with(|c: char| c.is_ascii_alphabetic()) {
            self.take_while(|c| c == '_' || c == '.' || c.is_ascii_alphanumeric());
            let word = &self.text[start..self.at];
            let time = parse_duration(word)
                .map_err(|message| SyntaxError::new(message, start..self.at))?;
            return Ok(Kind::Duration(time));
        }
        if self.peek() == Some('.') {
            self.take_while(|c| c == '.' || c.is_ascii_alphanumeric());
        }
        let word = &self.text[start..self.at];
        parse_number(word)
            .map(Kind::Number)
            .ok_or_else(|| SyntaxError::new(format!("`{word}` is not a number"), start..self.at))
    }

    /// The string that starts here, decoded as Go does it.
    fn string(&mut self, quote: char) -> Result<String, SyntaxError> {
        let start = self.at;
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            let Some(c) = self.peek().filter(|c| *c != '\n' || quote == '`') else {
                let end = (start + 1).min(self.text.len());
                return Err(SyntaxError::new("the string has no end", start..end));
            };
            let here = self.at;
            self.at += c.len_utf8();
            if c == quote {
                break;
            }
            if c == '\\' && quote != '`' {
                if !self.escape(quote, &mut bytes) {
                    let end = here
                        + 1
                        + self.text[here + 1..]
                            .chars()
                            .next()
                            .map_or(0, char::len_utf8);
                    let message = format!(
                        "`{}` is not an escape; a backslash is written `\\\\`, or the string put in backticks",
                        &self.text[here..end]
                    );
                    return Err(SyntaxError::new(message, here..end));
                }
            } else {
                bytes.extend_from_slice(&self.text.as_bytes()[here..self.at]);
            }
        }
        String::from_utf8(bytes)
            .map_err(|_| SyntaxError::new("the string is not valid UTF-8", start..self.at))
    }

    /// Decodes what follows a backslash; false if that is nothing known.
    fn escape(&mut self, quote: char, bytes: &mut Vec<u8>) -> bool {
        let Some(c) = self.peek() else {
            return false;
        };
        let simple = match c {
            'a' => 0x07,
            'b' => 0x08,
            'f' => 0x0c,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 0x0b,
            '\\' => b'\\',
            '"' if quote == '"' => b'"',
            '\'' if quote == '\'' => b'\'',
            'x' => return self.coded(1, 2, 16, bytes),
            'u' => return self.coded(1, 4, 16, bytes),
            'U' => return self.coded(1, 8, 16, bytes),
            '0'..='7' => return self.coded(0, 3, 8, bytes),
            _ => return false,
        };
        self.at += 1;
        bytes.push(simple);
        true
    }

    /// A byte or character by its number: two or three digits are a byte, more a character.
    fn coded(&mut self, skip: usize, digits: usize, radix: u32, bytes: &mut Vec<u8>) -> bool {
        let from = self.at + skip;
        let Some(code) = self.text.get(from..from + digits) else {
            return false;
        };
        if !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return false;
        }
        let Ok(code) = u32::from_str_radix(code, radix) else {
            return false;
        };
        if digits < 4 {
            let Ok(byte) = u8::try_from(code) else {
                return false;
            };
            bytes.push(byte);
        } else {
            let Some(c) = char::from_u32(code) else {
                return false;
            };
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        self.at = from + digits;
        true
    }
}

/// A number as Prometheus reads it: Go's integers (hexadecimal, octal with a leading 0), else a float.
fn parse_number(word: &str) -> Option<f64> {
    let hexadecimal = word.starts_with("0x") || word.starts_with("0X");
    let between_digits = |(i, _): (usize, &str)| {
        let digit = |b: Option<&u8>| b.is_some_and(u8::is_ascii_hexdigit);
        let prefix = i == 2 && hexadecimal;
        (prefix || i > 0 && digit(word.as_bytes().get(i - 1))) && digit(word.as_bytes().get(i + 1))
    };
    if !word.match_indices('_').all(between_digits) {
        return None;
    }
    let plain = word.replace('_', "");
    if let Some(digits) = plain.strip_prefix("0x").or(plain.strip_prefix("0X")) {
        return i64::from_str_radix(digits, 16).ok().map(|n| n as f64);
    }
    let octal = plain.len() > 1 && plain.starts_with('0');
    if octal && plain.bytes().all(|b| (b'0'..=b'7').contains(&b)) {
        return i64::from_str_radix(&plain, 8).ok().map(|n| n as f64);
    }
    plain.parse().ok()
}

/// A duration such as `1h30m`: each unit once, from the greatest to the least.
fn parse_duration(word: &str) -> Result<Duration, String> {
    const UNITS: [(&str, u64); 7] = [
        ("y", 365 * 24 * 3_600_000),
        ("w", 7 * 24 * 3_600_000),
        ("d", 24 * 3_600_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1000),
        ("ms", 1),
    ];
    let invalid =
        || format!("`{word}` is neither a number nor a duration such as `30s`, `5m` or `1h30m`");
    let mut millis = 0u64;
    let mut next_unit = 0;
    let mut rest = word;
    while !rest.is_empty() {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (count, tail) = rest.split_at(digits);
        let letters = tail
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(letters);
        let size = UNITS[next_unit..]
            .iter()
            .position(|(name, _)| *name == unit);
        let (Some(i), false) = (size, count.is_empty()) else {
            return Err(invalid());
        };
        next_unit += i + 1;
        rest = tail;
        millis = count
            .parse::<u64>()
            .ok()
            .and_then(|count| count.checked_mul(UNITS[next_unit - 1].1))
            .and_then(|part| millis.checked_add(part))
            .filter(|millis| *millis <= MAX_MILLIS)
            .ok_or_else(|| format!("`{word}` is longer than Prometheus can count, 292 years"))?;
    }
    positive(millis)
}

/// The duration of so many seconds, as Prometheus 3 reads a number where a duration is expected.
pub(super) fn seconds(value: f64) -> Result<Duration, String> {
    let millis = (value * 1000.0).round();
    if millis.is_nan() || millis > MAX_MILLIS as f64 {
        return Err("this is not a duration that Prometheus can count".to_owned());
    }
    positive(millis.max(0.0) as u64)
}

fn positive(millis: u64) -> Result<Duration, String> {
    match millis {
        0 => Err("a duration must be greater than 0".to_owned()),
        millis => Ok(Duration::from_millis(millis)),
    }
}
