//! Selectors and their places.

use super::grammar::{Reader, unquoted};
use super::parse::SyntaxError;
use super::places::{MatcherPlaces, SelectorPlaces};
use super::query::{MatchOp, Matcher, Selector};
use super::regex;
use super::scan::Kind;
use super::versions::Availability;

impl Reader<'_> {
    /// A metric's name, braces with matchers, or both.
    pub(super) fn read_selector(&mut self) -> Result<(Selector, SelectorPlaces), SyntaxError> {
        let start = self.at;
        let mut places = SelectorPlaces::default();
        let mut selector = Selector {
            metric: None,
            matchers: Vec::new(),
            offset: None,
            at: None,
        };
        if let Some(Kind::Word(word)) = self.kind() {
            selector.metric = Some(word.clone());
            places.metric = Some(self.here());
            self.at += 1;
        }
        let named = selector.metric.is_some();
        // Whether every series of every metric fits.
        let mut every = !named;
        if self.accept("{") {
            while !self.is_sign("}") {
                every &= self.read_matcher(&mut selector, &mut places)?;
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
        places.whole = self.since(start);
        let again = selector.matchers.iter().zip(&places.matchers);
        let again = again
            .filter(|(matcher, _)| named && matcher.label == "__name__")
            .map(|(_, places)| places.label.clone())
            .next();
        if let Some(place) = again {
            return Err(SyntaxError::new("the metric is named twice", place));
        }
        if every {
            let message = "this selects every series: name the metric, or match a label with something not empty";
            return Err(SyntaxError::new(message, places.whole));
        }
        Ok((selector, places))
    }

    /// `label="value"`, or a metric's name in quotes. Answers whether series without the label fit.
    fn read_matcher(
        &mut self,
        selector: &mut Selector,
        places: &mut SelectorPlaces,
    ) -> Result<bool, SyntaxError> {
        let (name, label) = match self.kind() {
            Some(Kind::Word(word)) => (word.clone(), self.here()),
            Some(Kind::Text(text)) => (text.clone(), unquoted(&self.here())),
            _ => return Err(self.unexpected("a label")),
        };
        let quoted = label != self.here();
        if quoted {
            self.require(self.here(), "a name in quotes", Availability::Since(2, 51));
        }
        self.at += 1;
        if quoted && (self.is_sign(",") || self.is_sign("}")) {
            return match selector.metric {
                Some(_) => Err(SyntaxError::new("the metric is named twice", label)),
                None if name.is_empty() => {
                    Err(SyntaxError::new("the name of a metric is empty", label))
                }
                None => {
                    selector.metric = Some(name);
                    places.metric = Some(label);
                    Ok(false)
                }
            };
        }
        let operator = match self.kind() {
            Some(Kind::Sign("=")) => MatchOp::Equal,
            Some(Kind::Sign("!=")) => MatchOp::NotEqual,
            Some(Kind::Sign("=~")) => MatchOp::Regex,
            Some(Kind::Sign("!~")) => MatchOp::NotRegex,
            _ => return Err(self.unexpected("`=`, `!=`, `=~` or `!~`")),
        };
        let sign = self.here();
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
        let fits_empty = match operator {
            MatchOp::Equal => value.is_empty(),
            MatchOp::NotEqual => !value.is_empty(),
            MatchOp::Regex => self.regex(&value)?,
            MatchOp::NotRegex => !self.regex(&value)?,
        };
        let place = unquoted(&self.here());
        self.at += 1;
        let names = name == "__name__" && operator == MatchOp::Equal && !value.is_empty();
        if names && selector.metric.is_none() {
            selector.metric = Some(value);
            places.metric = Some(place);
        } else {
            selector.matchers.push(Matcher::new(name, operator, value));
            places.matchers.push(MatcherPlaces {
                label,
                operator: sign,
                value: place,
            });
        }
        Ok(fits_empty)
    }

    /// Whether the regular expression that stands here matches the empty string.
    fn regex(&mut self, text: &str) -> Result<bool, SyntaxError> {
        match regex::read(text) {
            Ok(regex) => {
                if regex.angle_group {
                    let what = "a group written `(?<name>…)` instead of `(?P<name>…)`";
                    self.require(self.here(), what, Availability::Since(2, 51));
                }
                Ok(regex.matches_empty)
            }
            Err(why) => Err(SyntaxError::new(
                format!("`{text}` is not a regular expression: {why}"),
                self.here(),
            )),
        }
    }
}
