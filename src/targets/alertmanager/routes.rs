//! The tree of routes: a root that takes what nobody else does, and below it one level.

use serde::Serialize;

use crate::model::notify::{Grouping, Notify, Route};
use crate::spec::document::Time;

/// The root: it says everything.
#[derive(Serialize)]
pub(super) struct Root<'a> {
    receiver: &'a str,
    #[serde(flatten)]
    grouping: Times<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<Branch<'a>>,
}

#[derive(Serialize)]
struct Branch<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    matchers: Vec<String>,
    receiver: &'a str,
    #[serde(flatten)]
    grouping: Times<'a>,
    #[serde(skip_serializing_if = "is_empty")]
    mute_time_intervals: &'a [String],
    #[serde(skip_serializing_if = "is_empty")]
    active_time_intervals: &'a [String],
    #[serde(rename = "continue", skip_serializing_if = "std::ops::Not::not")]
    goes_on: bool,
}

#[derive(Serialize)]
struct Times<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    group_by: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_wait: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group_interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat_interval: Option<String>,
}

fn is_empty<T>(list: &&[T]) -> bool {
    list.is_empty()
}

pub(super) fn root(notify: &Notify) -> Root<'_> {
    Root {
        receiver: &notify.default,
        grouping: times(&notify.grouping),
        routes: notify.routes.iter().flat_map(branches).collect(),
    }
}

/// A route of Alertmanager has one receiver: all but the last one of several let the alert go on.
fn branches(route: &Route) -> impl Iterator<Item = Branch<'_>> {
    let last = route.receivers.len().saturating_sub(1);
    let receivers = route.receivers.iter().enumerate();
    receivers.map(move |(i, receiver)| Branch {
        matchers: route
            .matchers
            .iter()
            .map(|(label, values)| matcher(label, values))
            .collect(),
        receiver,
        grouping: times(&route.grouping),
        mute_time_intervals: &route.mute_time_intervals,
        active_time_intervals: &route.active_time_intervals,
        goes_on: route.goes_on || i < last,
    })
}

fn times(grouping: &Grouping) -> Times<'_> {
    let text = |time| Time(time).to_string();
    Times {
        group_by: grouping.group_by.as_deref(),
        group_wait: grouping.group_wait.map(text),
        group_interval: grouping.group_interval.map(text),
        repeat_interval: grouping.repeat_interval.map(text),
    }
}

/// A [matcher](https://prometheus.io/docs/alerting/latest/configuration/#matcher): the label is one of these values.
pub(super) fn matcher(label: &str, values: &[String]) -> String {
    let (operator, value) = comparison(values);
    format!("{label}{operator}\"{}\"", quoted(&value))
}

/// How a label is compared with values, and with what.
pub(in crate::targets) fn comparison(values: &[String]) -> (&'static str, String) {
    match values {
        [one] => ("=", one.clone()),
        many => {
            let many: Vec<String> = many.iter().map(|value| literal(value)).collect();
            ("=~", many.join("|"))
        }
    }
}

/// Inside of the quotes of a matcher.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// A regular expression for just this text.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        // What has a meaning in https://github.com/google/re2/wiki/Syntax.
        if "\\.+*?()|[]{}^$".contains(c) {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::matcher;

    #[test]
    fn values_stay_inside_of_a_matcher() {
        let matcher = |values: &[&str]| {
            let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
            matcher("x", &values)
        };
        assert_eq!(matcher(&["a\"b\\c\nd"]), r#"x="a\"b\\c\nd""#);
        assert_eq!(matcher(&["a", "b"]), r#"x=~"a|b""#);
        assert_eq!(matcher(&["a.b|\"c\"", "d"]), r#"x=~"a\\.b\\|\"c\"|d""#);
    }
}
