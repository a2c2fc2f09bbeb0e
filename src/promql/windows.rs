//! What stands behind a selector: windows, offsets, `@`.

use super::outline::{Part, Reader};
use super::parse::SyntaxError;
use super::query::Window;
use super::scan::{Kind, seconds};

impl Reader<'_> {
    /// `[5m]`, or `[1h:5m]`, which makes a subquery.
    pub(super) fn window(&mut self, part: Part) -> Result<Part, SyntaxError> {
        self.at += 1;
        let range = self.duration()?;
        self.windows.push(range);
        if !self.accept(":") {
            self.expect("]")?;
            return Ok(self.stretched(part));
        }
        if !self.is_sign("]") {
            let step = self.duration()?;
            self.windows.push(step);
        }
        self.expect("]")?;
        let outer = part.outer.start..self.at;
        let node = self.node(outer.clone(), vec![part.node])?;
        Ok(Part { node, outer })
    }

    pub(super) fn duration(&mut self) -> Result<Window, SyntaxError> {
        let window = match self.kind() {
            Some(Kind::Duration(time)) => Window::Duration(*time),
            Some(Kind::Number(value)) => {
                let time =
                    seconds(*value).map_err(|message| SyntaxError::new(message, self.here()))?;
                self.tokens[self.at].kind = Kind::Duration(time);
                Window::Duration(time)
            }
            Some(Kind::Variable(window)) => {
                let (window, place) = (*window, self.here());
                self.places.variables.push(place);
                window
            }
            _ => return Err(self.unexpected("a duration such as `5m`")),
        };
        self.at += 1;
        Ok(window)
    }

    /// What stands behind `@`.
    pub(super) fn moment(&mut self) -> Result<(), SyntaxError> {
        if self.is_word("start") || self.is_word("end") {
            self.at += 1;
            self.expect("(")?;
            return self.expect(")");
        }
        let _signed = self.accept("-") || self.accept("+");
        let Some(Kind::Number(seconds)) = self.kind() else {
            return Err(self.unexpected("a time in seconds, `start()` or `end()`"));
        };
        // Prometheus counts milliseconds in 64 bits.
        if seconds.is_nan() || seconds.abs() >= i64::MAX as f64 / 1000.0 {
            let message = "this is not a time that Prometheus can count";
            return Err(SyntaxError::new(message, self.here()));
        }
        self.at += 1;
        Ok(())
    }
}
