//! `dead-alternative`

use super::matchers::{dead_words, selectors};
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::spec::document::LintLevel;

/// Which values there are, the definition of the label says.
pub(super) const LINT: Lint = Lint {
    name: "dead-alternative",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for (node, selector, places) in selectors(typed) {
        for (matcher, place) in selector.matchers.iter().zip(places) {
            for (start, word) in dead_words(matcher, node) {
                // Without escapes, what is written is what is meant, byte for byte.
                let range = if place.value.len() == matcher.value.len() {
                    let start = place.value.start + start;
                    start..start + word.len()
                } else {
                    place.value.clone()
                };
                reporter.about(
                    typed.written,
                    typed.at(range),
                    format!("`{}` is never `{word}`", matcher.label),
                    "leave it out, or correct it",
                );
            }
        }
    }
}
