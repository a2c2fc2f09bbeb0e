//! Selectors and their places.

use super::outline::{Reader, unquoted};
use super::parse::SyntaxError;
use super::places::{MatcherPlaces, SelectorPlaces};
use super::scan::Kind;

impl Reader<'_> {
    /// A metric's name, braces with matchers, or both.
    pub(super) fn read_selector(&mut self) -> Result<SelectorPlaces, SyntaxError> {
        let start = self.at;
        let mut places = SelectorPlaces::default();
        if matches!(self.kind(), Some(Kind::Word(_))) {
            places.metric = Some(self.here());
            self.at += 1;
        }
        if self.accept("{") {
            while !self.is_sign("}") {
                self.read_matcher(&mut places)?;
                if self.is_word("or") {
                    return Err(SyntaxError::new(
                        "`or` cannot stand between matchers: write a selector for each, with `or` between them",
                        self.here(),
                    ));
                }
                if !self.is_sign("}") && !self.accept(",") {
                    return Err(self.unexpected("`,` or `}`"));
                }
            }
            self.at += 1;
        }
        places.whole = self.bytes(start..self.at);
        Ok(places)
    }

    /// `label="value"`, or a metric's name in quotes.
    fn read_matcher(&mut self, places: &mut SelectorPlaces) -> Result<(), SyntaxError> {
        let (name, label, quoted) = match self.kind() {
            Some(Kind::Word(word)) => (word.clone(), self.here(), false),
            Some(Kind::Text(text)) => (text.clone(), unquoted(&self.here()), true),
            _ => return Err(self.unexpected("a label")),
        };
        self.at += 1;
        if quoted && (self.is_sign(",") || self.is_sign("}")) {
            if places.metric.is_some() {
                return Err(SyntaxError::new("the metric is named twice", label));
            }
            places.metric = Some(label);
            return Ok(());
        }
        let equal = self.is_sign("=");
        if !["=", "!=", "=~", "!~"]
            .iter()
            .any(|sign| self.is_sign(sign))
        {
            return Err(self.unexpected("`=`, `!=`, `=~` or `!~`"));
        }
        let operator = self.here();
        self.at += 1;
        let value = match self.kind() {
            Some(Kind::Text(value)) => value.clone(),
            Some(Kind::Word(_) | Kind::Number(_) | Kind::Duration(_)) => {
                return Err(SyntaxError::new(
                    "the value of a label stands in quotes",
                    self.here(),
                ));
            }
            _ => return Err(self.unexpected("a value in quotes")),
        };
        let place = unquoted(&self.here());
        self.at += 1;
        if name == "__name__" && places.metric.is_none() && equal && !value.is_empty() {
            places.metric = Some(place);
        } else {
            places.matchers.push(MatcherPlaces {
                label,
                operator,
                value: place,
            });
        }
        Ok(())
    }
}
