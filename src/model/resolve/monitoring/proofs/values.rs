//! Values of labels that are, or are not, what matchers ask for.

use regex_syntax::hir::{Class, Hir, HirKind};

use crate::model::catalogue::{Label, Values};
use crate::promql::{MatchOp, Matcher, Pattern};

/// Values of open labels; two, so that there is a second group where one is needed.
const OPEN: [&str; 2] = ["one", "other"];

/// Status codes for those that are not matched.
const CODES: [u16; 8] = [200, 201, 301, 404, 409, 429, 500, 503];

/// A value of a label that every one of these matchers takes but for those in `against`, which do not. Among several the one at
/// `index`, or the last there is.
pub(super) fn value(
    label: Option<&Label>,
    matchers: &[&Matcher],
    against: &[&Matcher],
    index: usize,
) -> Option<String> {
    // To read a pattern takes longer than to try all values with it.
    let tests: Vec<Test> = matchers
        .iter()
        .map(|matcher| Test::new(matcher, !against.contains(matcher)))
        .collect::<Option<_>>()?;
    let mut last = None;
    let found =
        candidates(label, matchers).filter(|value| tests.iter().all(|test| test.passes(value)));
    for (i, value) in found.enumerate() {
        last = Some(value);
        if i == index {
            break;
        }
    }
    last
}

/// Whether a matcher has to take a value, or has to refuse it.
struct Test<'a> {
    matcher: &'a Matcher,
    pattern: Option<Pattern>,
    takes: bool,
}

impl<'a> Test<'a> {
    /// Nothing if the matcher's pattern is none.
    fn new(matcher: &'a Matcher, takes: bool) -> Option<Self> {
        let pattern = match matcher.operator {
            MatchOp::Equal | MatchOp::NotEqual => None,
            MatchOp::Regex | MatchOp::NotRegex => Some(Pattern::new(&matcher.value)?),
        };
        Some(Self {
            matcher,
            pattern,
            takes,
        })
    }

    fn passes(&self, value: &str) -> bool {
        let is_it = match &self.pattern {
            Some(pattern) => pattern.matches(value),
            None => self.matcher.value == value,
        };
        let negated = matches!(self.matcher.operator, MatchOp::NotEqual | MatchOp::NotRegex);
        (is_it != negated) == self.takes
    }
}

/// Values that might do, the likely ones first.
fn candidates<'a>(
    label: Option<&'a Label>,
    matchers: &'a [&'a Matcher],
) -> Box<dyn Iterator<Item = String> + 'a> {
    match label.map(|label| &label.values) {
        Some(Values::Closed { values, .. }) => Box::new(values.iter().map(|v| v.text.clone())),
        Some(Values::HttpStatus { start }) => {
            let written = matchers.iter().map(|matcher| matcher.value.clone());
            let codes = start.iter().chain(&CODES).map(u16::to_string);
            let wanted = |code: &String| {
                let code: Option<u16> = code.parse().ok();
                code.is_some_and(|code| (100..=599).contains(&code))
            };
            // Any other code, for patterns that none of these fit.
            let all = (100..=599_u16).map(|code| code.to_string());
            Box::new(written.filter(wanted).chain(codes).chain(all))
        }
        Some(Values::Open { .. }) | None => {
            let plain = OPEN.map(str::to_owned).into_iter();
            let written = matchers
                .iter()
                .filter_map(|matcher| match matcher.operator {
                    MatchOp::Equal | MatchOp::NotEqual => {
                        (!matcher.value.is_empty()).then(|| matcher.value.clone())
                    }
                    MatchOp::Regex | MatchOp::NotRegex => example(&matcher.value),
                });
            Box::new(plain.chain(written))
        }
    }
}

/// A text that a pattern matches.
fn example(pattern: &str) -> Option<String> {
    fn write(hir: &Hir, out: &mut String) -> Option<()> {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => out.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(Class::Unicode(class)) => {
                let chars = class.iter().flat_map(|range| range.start()..=range.end());
                // Of what a class has, something that one can read.
                let readable = class
                    .iter()
                    .flat_map(|range| range.start()..=range.end().min('\u{7e}'))
                    .find(char::is_ascii_alphanumeric);
                out.push(readable.or_else(|| chars.take(1).next())?);
            }
            HirKind::Class(Class::Bytes(_)) => return None,
            HirKind::Repetition(repetition) => {
                for _ in 0..repetition
                    .min
                    .max(1)
                    .min(repetition.max.unwrap_or(u32::MAX))
                {
                    write(&repetition.sub, out)?;
                }
            }
            HirKind::Capture(capture) => write(&capture.sub, out)?,
            HirKind::Concat(parts) => {
                for part in parts {
                    write(part, out)?;
                }
            }
            HirKind::Alternation(parts) => write(parts.first()?, out)?,
        }
        Some(())
    }
    let hir = regex_syntax::parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_labels_take_what_is_asked_for() {
        for (operator, pattern, yes, no) in [
            (MatchOp::Equal, "get", "get", "one"),
            (MatchOp::NotEqual, "get", "one", "get"),
            (MatchOp::Regex, "/api/.+", "/api/0", "one"),
            (MatchOp::Regex, "a|b", "a", "one"),
            (MatchOp::NotRegex, "5..", "one", "500"),
            (MatchOp::Regex, "[0-9]{3}", "000", "one"),
        ] {
            let matcher = Matcher::new("l", operator, pattern);
            let taken = value(None, &[&matcher], &[], 0);
            assert_eq!(taken.as_deref(), Some(yes), "{pattern}");
            let against = value(None, &[&matcher], &[&matcher], 0);
            match against.as_deref() {
                // What the class holds first.
                Some(found) if no == "500" => {
                    let test = Test::new(&matcher, false).expect("a pattern");
                    assert!(test.passes(found), "{found}");
                }
                found => assert_eq!(found, Some(no), "{pattern}"),
            }
        }
    }

    #[test]
    fn what_nothing_matches_has_no_value() {
        let both = [
            Matcher::new("l", MatchOp::Equal, "a"),
            Matcher::new("l", MatchOp::NotEqual, "a"),
        ];
        assert_eq!(value(None, &[&both[0], &both[1]], &[], 0), None);
    }
}
