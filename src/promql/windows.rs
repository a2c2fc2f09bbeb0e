//! What stands behind a selector: windows, offsets, `@`.

use std::ops::Range;
use std::time::Duration;

use super::grammar::{Part, Reader};
use super::kinds;
use super::literals::seconds;
use super::parse::SyntaxError;
use super::query::{At, Offset, Query, ValueKind, Window};
use super::scan::Kind;
use super::versions::Availability;

impl Reader<'_> {
    /// `[5m]`, or `[1h:5m]`, which makes a subquery.
    pub(super) fn window(&mut self, part: Box<Part>) -> Result<Box<Part>, SyntaxError> {
        self.at += 1;
        let window = self.reach()?;
        if !self.accept(":") {
            if !self.accept("]") {
                return Err(self.unexpected("`:` or `]`"));
            }
            let end = self.end();
            let selector = kinds::windowed(&part, end)?;
            let place = part.outer.start..end;
            return self.part(
                place,
                Query::Range { selector, window },
                ValueKind::Range,
                [],
            );
        }
        let step = match self.is_sign("]") {
            true => None,
            false => Some(self.reach()?),
        };
        self.expect("]")?;
        kinds::subquery(&part, self.end())?;
        let place = part.outer.start..self.end();
        let (query, inside) = part.take();
        let query = Query::Subquery {
            query: Box::new(query),
            range: window,
            step,
            offset: None,
            at: None,
        };
        self.part(place, query, ValueKind::Range, [inside])
    }

    /// How far a window reaches back, or the step of a subquery.
    fn reach(&mut self) -> Result<Window, SyntaxError> {
        if let Some(variable) = self.variable() {
            return Ok(variable);
        }
        let place = self.here();
        match self.duration()? {
            Duration::ZERO => Err(SyntaxError::new("a duration must be greater than 0", place)),
            time => Ok(Window::Duration(time)),
        }
    }

    /// One of Grafana's variables, if it stands here.
    fn variable(&mut self) -> Option<Window> {
        let Some(Kind::Variable(window)) = self.kind() else {
            return None;
        };
        let window = *window;
        self.places.variables.push(self.here());
        self.at += 1;
        Some(window)
    }

    fn duration(&mut self) -> Result<Duration, SyntaxError> {
        let time = match self.kind() {
            Some(Kind::Duration(time)) => *time,
            Some(Kind::Number(value)) => {
                let time =
                    seconds(*value).map_err(|message| SyntaxError::new(message, self.here()))?;
                self.require(
                    self.here(),
                    "a number as a duration",
                    Availability::Since(2, 54),
                );
                time
            }
            _ => return Err(self.unexpected("a duration such as `5m`")),
        };
        self.at += 1;
        Ok(time)
    }

    /// `offset 5m`
    pub(super) fn offset(&mut self, part: Box<Part>) -> Result<Box<Part>, SyntaxError> {
        self.at += 1;
        let start = self.at;
        let mut ahead = false;
        while self.is_sign("-") || self.is_sign("+") {
            ahead ^= self.is_sign("-");
            self.at += 1;
        }
        let signs = self.at - start;
        if signs > 1 || signs == 1 && !ahead {
            let what = "such a sign before an offset";
            self.require(self.since(start), what, Availability::Since(3, 4));
        }
        if self.kind() == Some(&Kind::Duration(Duration::ZERO)) {
            self.require(self.here(), "an offset of `0s`", Availability::Since(3, 4));
        }
        let time = match self.variable() {
            Some(variable) => variable,
            None => Window::Duration(self.duration()?),
        };
        let offset = match ahead {
            true => Offset::Ahead(time),
            false => Offset::Back(time),
        };
        self.shift(part, "offset", "there are two offsets", |was, _| {
            // An offset of nothing is none.
            let first = was.is_none();
            *was = (time != Window::Duration(Duration::ZERO)).then_some(offset);
            first
        })
    }

    /// What stands behind `@`.
    pub(super) fn moment(&mut self, part: Box<Part>) -> Result<Box<Part>, SyntaxError> {
        self.at += 1;
        let at = if self.is_word("start") || self.is_word("end") {
            let at = match self.is_word("start") {
                true => At::Start,
                false => At::End,
            };
            self.at += 1;
            self.expect("(")?;
            self.expect(")")?;
            at
        } else {
            At::Millis(self.timestamp()?)
        };
        self.shift(part, "@", "there are two `@`", |_, was| {
            was.replace(at).is_none()
        })
    }

    fn timestamp(&mut self) -> Result<i64, SyntaxError> {
        let minus = self.accept("-");
        let _plus = !minus && self.accept("+");
        let seconds = match self.kind() {
            Some(Kind::Number(value)) => *value,
            Some(Kind::Duration(time)) => {
                let seconds = time.as_secs_f64();
                self.require(
                    self.here(),
                    "a duration as a time",
                    Availability::Since(2, 54),
                );
                seconds
            }
            _ => return Err(self.unexpected("a time in seconds, `start()` or `end()`")),
        };
        // Prometheus counts milliseconds in 64 bits.
        if seconds.is_nan() || seconds.abs() >= i64::MAX as f64 / 1000.0 {
            let message = "this is not a time that Prometheus can count";
            return Err(SyntaxError::new(message, self.here()));
        }
        self.at += 1;
        let seconds = if minus { -seconds } else { seconds };
        Ok((seconds * 1000.0).round() as i64)
    }

    /// Gives a selector, a range or a subquery a shift in time that it must not have yet.
    fn shift(
        &self,
        mut part: Box<Part>,
        word: &str,
        twice: &str,
        set: impl FnOnce(&mut Option<Offset>, &mut Option<At>) -> bool,
    ) -> Result<Box<Part>, SyntaxError> {
        let place: Range<usize> = part.outer.start..self.end();
        let shifts = match &mut part.query {
            _ if part.closed => None,
            Query::Selector(selector) | Query::Range { selector, .. } => {
                Some((&mut selector.offset, &mut selector.at))
            }
            Query::Subquery { offset, at, .. } => Some((offset, at)),
            _ => None,
        };
        let Some((offset, at)) = shifts else {
            let message = format!(
                "`{word}` stands only behind a selector, a range or a subquery, without parentheses"
            );
            return Err(SyntaxError::new(message, place));
        };
        if !set(offset, at) {
            return Err(SyntaxError::new(twice, place));
        }
        if let Some(own) = part.nodes.first_mut() {
            own.clone_from(&place);
        }
        part.outer = place;
        Ok(part)
    }

    /// Behind the last word that was read.
    fn end(&self) -> usize {
        self.since(self.at.saturating_sub(1)).end
    }
}
