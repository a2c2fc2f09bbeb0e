//! The words of an expression, with their places.
//!
//! Numbers, durations and strings are decoded here, as Go does it.

use std::ops::Range;
use std::time::Duration;

use super::literals::{parse_duration, parse_number};
use super::parse::{MAX_NESTING, SyntaxError};
use super::query::Window;
use super::versions::{Availability, Requirement};

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

/// Cuts a text into words; what not every server understands goes to `requirements`.
pub(super) fn scan(
    text: &str,
    requirements: &mut Vec<Requirement>,
) -> Result<Vec<Token>, SyntaxError> {
    let mut scanner = Scanner {
        text,
        at: 0,
        open: Vec::new(),
        requirements,
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
    requirements: &'a mut Vec<Requirement>,
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
            let start = self.at;
            self.take_while(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
            if self.peek() != Some('#') {
                break;
            }
            if self.inside("[") && self.text[..start].ends_with('[') {
                let message = "a comment cannot stand directly behind `[`";
                return Err(SyntaxError::new(message, self.at..self.at + 1));
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
                self.take_while(digit);
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
        if word.contains('_') {
            self.requirements.push(Requirement {
                place: start..self.at,
                what: "a number with `_`".to_owned(),
                availability: Availability::Since(2, 54),
            });
        }
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
            if c == char::REPLACEMENT_CHARACTER {
                let message = "Prometheus takes U+FFFD for broken UTF-8";
                return Err(SyntaxError::new(message, here..self.at));
            }
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
