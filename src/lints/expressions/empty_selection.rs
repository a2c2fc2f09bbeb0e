//! `empty-selection`

use super::matchers::{Effect, contradiction, effect, selectors, value_range};
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::{MatchOp, Pattern};
use crate::spec::document::LintLevel;

/// Which values there are, the definition of the label says.
pub(super) const LINT: Lint = Lint {
    name: "empty-selection",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for (node, selector, places) in selectors(typed) {
        let mut alone = false;
        for (matcher, place) in selector.matchers.iter().zip(places) {
            let bounds = node.kind.metric.filter(|_| matcher.label == "le");
            let no_bound = matcher.operator == MatchOp::Regex
                && bounds.is_some_and(|metric| no_bound(&matcher.value, &metric.buckets));
            if effect(matcher, node) != Effect::Nothing && !no_bound {
                continue;
            }
            alone = true;
            let message = match matcher.operator {
                MatchOp::Equal if matcher.value.is_empty() => {
                    format!("`{}` is never empty", matcher.label)
                }
                MatchOp::Equal | MatchOp::Regex => {
                    format!("no value of `{}` matches this", matcher.label)
                }
                MatchOp::NotEqual | MatchOp::NotRegex => {
                    format!("this excludes every value of `{}`", matcher.label)
                }
            };
            reporter.about(
                typed.written,
                typed.at(value_range(place)),
                message,
                "the selector finds nothing",
            );
        }
        if let Some(i) = contradiction(selector, node).filter(|_| !alone) {
            reporter.about(
                typed.written,
                typed.at(value_range(&places[i])),
                format!(
                    "with the other matcher of `{}` this excludes every value",
                    selector.matchers[i].label
                ),
                "the selector finds nothing; several values are `=~\"a|b\"`",
            );
        }
    }
}

/// Whether none of these bounds matches, in either form in which Prometheus keeps them.
fn no_bound(pattern: &str, bounds: &[f64]) -> bool {
    let Some(pattern) = Pattern::new(pattern).filter(|_| !bounds.is_empty()) else {
        return false;
    };
    let forms = bounds.iter().flat_map(|bound| {
        [
            bound.to_string(),
            format!("{bound:?}"),
            format!("{bound:e}"),
        ]
    });
    !forms
        .chain(["+Inf".to_owned()])
        .any(|form| pattern.matches(&form))
}
