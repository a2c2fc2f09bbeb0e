//! Regular expressions as Prometheus reads them: Go's package regexp, which is RE2's syntax without `\C`.
//!
//! Rust's crate regex reads another language: it takes `[a&&b]`, `(?x)`, `\<` and `\u{e9}`, and refuses `[[]` and `\Q`. So this
//! reader decides, and finds what else a selector asks: whether nothing at all is a match.
//!
//! Source: <https://github.com/google/re2/wiki/Syntax> and Go's `regexp/syntax`.

mod classes;
mod parts;

use parts::{Group, MAX_REPEAT, Part, check_limits};

/// What is known of a regular expression that is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Regex {
    /// Whether it matches the empty string.
    pub(super) matches_empty: bool,
    /// Whether it has a group written `(?<name>…)`, which Go reads since 1.22.
    pub(super) angle_group: bool,
}

/// Whether a text is a regular expression.
///
/// # Errors
///
/// As [`read`].
#[cfg(feature = "monitoring")]
pub(crate) fn check(text: &str) -> Result<(), String> {
    read(text).map(|_| ())
}

/// Reads a regular expression.
///
/// # Errors
///
/// Says what is wrong, to follow the words "is not a regular expression: ".
pub(super) fn read(text: &str) -> Result<Regex, String> {
    let mut reader = Reader {
        rest: text,
        groups: vec![Group::default()],
        angle_group: false,
    };
    let mut repeated = false;
    while let Some(c) = reader.peek() {
        repeated = reader.item(c, repeated)?;
    }
    let whole = match (reader.groups.pop(), reader.groups.is_empty()) {
        (Some(group), true) => group.close(),
        _ => return Err("`(` is never closed".to_owned()),
    };
    Ok(Regex {
        matches_empty: whole.empty,
        angle_group: reader.angle_group,
    })
}

struct Reader<'a> {
    rest: &'a str,
    /// The open groups, the whole expression first.
    groups: Vec<Group>,
    angle_group: bool,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    fn accept(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn push(&mut self, part: Part) {
        if let Some(group) = self.groups.last_mut() {
            group.push(part);
        }
    }

    /// Reads what comes next; true if it is a repetition.
    fn item(&mut self, c: char, repeated: bool) -> Result<bool, String> {
        match c {
            '(' => self.open()?,
            '|' => {
                self.next();
                if let Some(group) = self.groups.last_mut() {
                    group.or();
                }
            }
            ')' => {
                self.next();
                let closed = self.groups.pop().filter(|_| !self.groups.is_empty());
                let group = closed.ok_or("`)` closes nothing")?;
                let mut part = group.close();
                part.size = part.size.saturating_add(2);
                // The group, its alternatives, and their parts in a row.
                part.depth += 3;
                check_limits(part)?;
                self.push(part);
            }
            '^' | '$' => {
                self.next();
                self.push(Part::assertion(true));
            }
            '[' => {
                self.class()?;
                self.push(Part::CHARACTER);
            }
            '*' | '+' | '?' => {
                self.next();
                let most = if c == '?' { Some(1) } else { None };
                self.repeat(&c.to_string(), u64::from(c == '+'), most, repeated)?;
                return Ok(true);
            }
            '{' => match counts(self.rest) {
                Some((least, most, rest)) => {
                    let written = &self.rest[..self.rest.len() - rest.len()];
                    self.rest = rest;
                    if least > MAX_REPEAT || most.is_some_and(|most| most > MAX_REPEAT) {
                        return Err(format!("`{written}` repeats more than {MAX_REPEAT} times"));
                    }
                    if most.is_some_and(|most| most < least) {
                        return Err(format!("`{written}` has its numbers the wrong way round"));
                    }
                    self.repeat(written, least, most, repeated)?;
                    return Ok(true);
                }
                None => self.character(),
            },
            '\\' => self.backslash()?,
            _ => self.character(),
        }
        Ok(false)
    }

    fn character(&mut self) {
        self.next();
        self.push(Part::CHARACTER);
    }

    fn repeat(
        &mut self,
        written: &str,
        least: u64,
        most: Option<u64>,
        repeated: bool,
    ) -> Result<(), String> {
        let lazy = self.accept("?");
        if repeated {
            let lazy = if lazy { "?" } else { "" };
            return Err(format!(
                "`{written}{lazy}` repeats a repetition; RE2 has no possessive ones"
            ));
        }
        let part = self.groups.last_mut().and_then(|group| group.last.as_mut());
        let part = part.ok_or_else(|| format!("`{written}` repeats nothing"))?;
        let times = match most {
            Some(0) => 0,
            Some(most) => most,
            None => least,
        };
        part.empty |= least == 0;
        if most == Some(0) {
            part.repeats = 1;
        } else {
            part.repeats = part.repeats.saturating_mul(times.max(1));
        }
        if part.repeats > MAX_REPEAT {
            return Err(format!(
                "`{written}` and what it repeats come to more than {MAX_REPEAT} repetitions"
            ));
        }
        let optional = most.map_or(2, |most| most - least);
        part.size = part
            .size
            .saturating_mul(times.max(1))
            .saturating_add(optional);
        // Go writes `a{0,3}` as `(?:a(?:aa?)?)?`.
        part.depth += 2 * optional;
        check_limits(*part)
    }

    /// `(`, `(?:`, `(?i)`, `(?P<name>` and their like.
    fn open(&mut self) -> Result<(), String> {
        let start = self.rest;
        self.next();
        if self.accept("?") {
            let angle = self.rest.starts_with('<')
                && !self.rest.starts_with("<=")
                && !self.rest.starts_with("<!");
            if angle || self.rest.starts_with("P<") {
                self.angle_group |= angle;
                self.accept("P");
                self.next();
                let (name, rest) = self
                    .rest
                    .split_once('>')
                    .ok_or("the name of a group has no end")?;
                if name.is_empty() || !name.bytes().all(|b| b == b'_' || b.is_ascii_alphanumeric())
                {
                    return Err(format!("`{name}` is not a name of a group"));
                }
                self.rest = rest;
            } else if !self.flags(start)? {
                return Ok(());
            }
        }
        self.groups.push(Group::default());
        Ok(())
    }

    /// What stands behind `(?`: true if a group starts.
    fn flags(&mut self, start: &str) -> Result<bool, String> {
        let (mut minus, mut flag) = (false, false);
        while let Some(c) = self.next() {
            match c {
                'i' | 'm' | 's' | 'U' => flag = true,
                '-' if !minus => (minus, flag) = (true, false),
                ':' | ')' if flag || !minus => return Ok(c == ':'),
                _ => break,
            }
        }
        let written = &start[..start.len() - self.rest.len()];
        let looks = ["(?=", "(?!", "(?<"]
            .iter()
            .any(|it| written.starts_with(it));
        let why = if looks {
            "RE2 has neither lookahead nor lookbehind"
        } else {
            "the flags of RE2 are `i`, `m`, `s` and `U`"
        };
        Err(format!("`{written}`: {why}"))
    }

    fn backslash(&mut self) -> Result<(), String> {
        if self.accept(r"\A") || self.accept(r"\z") || self.accept(r"\B") {
            self.push(Part::assertion(true));
        } else if self.accept(r"\b") {
            self.push(Part::assertion(false));
        } else if self.accept(r"\Q") {
            // Prometheus puts `)$` behind the expression, which belongs to what has no end.
            let (literal, rest) = self.rest.split_once(r"\E").ok_or(r"`\Q` is never closed")?;
            for _ in literal.chars() {
                self.push(Part::CHARACTER);
            }
            self.rest = rest;
        } else {
            if !self.known_class()? {
                self.escape()?;
            }
            self.push(Part::CHARACTER);
        }
        Ok(())
    }
}

/// `{n}`, `{n,}` or `{n,m}`, and what follows; a brace that is none of these stands for itself.
fn counts(text: &str) -> Option<(u64, Option<u64>, &str)> {
    let (least, rest) = count(text.strip_prefix('{')?)?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((least, Some(least), rest));
    }
    let rest = rest.strip_prefix(',')?;
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((least, None, rest));
    }
    let (most, rest) = count(rest)?;
    Some((least, Some(most), rest.strip_prefix('}')?))
}

/// A number without needless zeros; one that is too large to hold is as large as can be.
fn count(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() || digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    Some((digits.parse().unwrap_or(u64::MAX), rest))
}
