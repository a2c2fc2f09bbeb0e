//! Which values a matcher lets through.

use std::ops::Range;

use crate::model::catalogue::{Label, Source, Values};
use crate::model::typing::{Node, Series, Typed};
use crate::promql::{MatchOp, Matcher, MatcherPlaces, Pattern, Query, Selector, is_plain};

/// What a matcher does to the series that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It lets none through.
    Nothing,
    /// It lets all of them through.
    Everything,
    /// Some of them, or one does not know.
    Something,
}

/// The selectors of an expression, with the matchers and their places.
pub(super) fn selectors<'t, 'm>(
    typed: &'t Typed<'m>,
) -> impl Iterator<Item = (&'t Node<'m>, &'m Selector, &'m [MatcherPlaces])> {
    typed
        .nodes
        .iter()
        .filter_map(|node| match (node.query, node.selector) {
            (Query::Selector(selector) | Query::Range { selector, .. }, Some(places)) => {
                Some((node, selector, places.matchers.as_slice()))
            }
            _ => None,
        })
}

/// What a matcher lets through of the values that its label can have.
pub(super) fn effect(matcher: &Matcher, node: &Node<'_>) -> Effect {
    if is_variable(&matcher.value) {
        return Effect::Something;
    }
    match (matcher.operator, matcher.value.as_str()) {
        (MatchOp::Regex, ".*") => return Effect::Everything,
        (MatchOp::NotRegex, ".*") => return Effect::Nothing,
        _ => {}
    }
    if matches!(matcher.label.as_str(), "job" | "instance") {
        return of_target(matcher);
    }
    let Some(values) = values(&matcher.label, node.series) else {
        return Effect::Something;
    };
    // A value that there is not is an error of its own.
    let exact = matches!(matcher.operator, MatchOp::Equal | MatchOp::NotEqual);
    if exact && !matcher.value.is_empty() && !values.contains(&matcher.value) {
        return Effect::Something;
    }
    let Some(passed) = passing(matcher, &values) else {
        return Effect::Something;
    };
    match passed.iter().filter(|passed| **passed).count() {
        0 => Effect::Nothing,
        n if n == values.len() => Effect::Everything,
        _ => Effect::Something,
    }
}

/// The words of a regular expression `a|b|c` that are no values of the label, if others are; with their places in it.
pub(super) fn dead_words<'m>(matcher: &'m Matcher, node: &Node<'_>) -> Vec<(usize, &'m str)> {
    if !matches!(matcher.operator, MatchOp::Regex | MatchOp::NotRegex) {
        return Vec::new();
    }
    let words: Vec<&str> = matcher.value.split('|').collect();
    if words.len() < 2 || words.iter().any(|word| !is_plain(word)) {
        return Vec::new();
    }
    let Some(values) = values(&matcher.label, node.series) else {
        return Vec::new();
    };
    let mut start = 0;
    let mut dead = Vec::new();
    for word in &words {
        if !word.is_empty() && !values.iter().any(|value| value == word) {
            dead.push((start, *word));
        }
        start += word.len() + 1;
    }
    if dead.len() == words.len() {
        dead.clear(); // nothing matches, which is reported
    }
    dead
}

/// Which matchers of a label let nothing through together, though each of them lets something: the last of them.
pub(super) fn contradiction(selector: &Selector, node: &Node<'_>) -> Option<usize> {
    for (i, matcher) in selector.matchers.iter().enumerate() {
        let of_label = |other: &&Matcher| other.label == matcher.label;
        let before: Vec<&Matcher> = selector.matchers[..i].iter().filter(of_label).collect();
        if before.is_empty() || is_variable(&matcher.value) {
            continue;
        }
        let other_value = |other: &&Matcher| {
            other.operator == MatchOp::Equal
                && matcher.operator == MatchOp::Equal
                && other.value != matcher.value
        };
        if before.iter().any(other_value) {
            return Some(i);
        }
        let Some(values) = values(&matcher.label, node.series) else {
            continue;
        };
        let mut left = vec![true; values.len()];
        for matcher in before.into_iter().chain([matcher]) {
            let passed = passing(matcher, &values)?;
            for (left, passed) in left.iter_mut().zip(passed) {
                *left &= passed;
            }
        }
        if !left.contains(&true) {
            return Some(i);
        }
    }
    None
}

/// Where the value stands; the whole matcher, if the value is empty.
pub(super) fn value_range(place: &MatcherPlaces) -> Range<usize> {
    if place.value.is_empty() {
        return place.label.start..place.value.end + 1;
    }
    place.value.clone()
}

/// Every target has these, whatever their values are.
fn of_target(matcher: &Matcher) -> Effect {
    match (matcher.operator, matcher.value.as_str()) {
        (MatchOp::Equal | MatchOp::Regex, "") | (MatchOp::NotRegex, ".+") => Effect::Nothing,
        (MatchOp::NotEqual | MatchOp::NotRegex, "") | (MatchOp::Regex, ".+") => Effect::Everything,
        _ => Effect::Something,
    }
}

/// A variable of Grafana, as in `=~"$endpoint"`.
fn is_variable(value: &str) -> bool {
    value.match_indices('$').any(|(i, _)| {
        value[i + 1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '{' || c == '_')
    })
}

/// Every value that a label has on some series; nothing if that is not known.
fn values(label: &str, series: Option<Series<'_>>) -> Option<Vec<String>> {
    let series = series.filter(|series| series.metric.source != Source::Doubtful)?;
    if label == "le" {
        return None; // bounds are written in several ways
    }
    let own = series.metric.labels.known();
    let definition: &Label = own.iter().find(|own| own.name == label)?;
    match &definition.values {
        Values::Closed { values, .. } => Some(values.iter().map(|v| v.text.clone()).collect()),
        Values::HttpStatus { .. } => Some((100..=599).map(|code| code.to_string()).collect()),
        Values::Open { .. } => None,
    }
}

/// Of each value, whether a matcher lets it through; nothing if the regular expression is none.
fn passing(matcher: &Matcher, values: &[String]) -> Option<Vec<bool>> {
    let regex = match matcher.operator {
        MatchOp::Equal | MatchOp::NotEqual => None,
        MatchOp::Regex | MatchOp::NotRegex => Some(Pattern::new(&matcher.value)?),
    };
    Some(
        values
            .iter()
            .map(|value| match (&regex, matcher.operator) {
                (None, MatchOp::NotEqual) => *value != matcher.value,
                (None, _) => *value == matcher.value,
                (Some(regex), MatchOp::NotRegex) => !regex.matches(value),
                (Some(regex), _) => regex.matches(value),
            })
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::is_variable;

    #[test]
    fn variables_are_known() {
        assert!(is_variable("$job"));
        assert!(is_variable("a|${job}"));
        assert!(!is_variable("a$"));
        assert!(!is_variable("a$|b"));
    }
}
