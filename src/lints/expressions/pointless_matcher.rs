//! `pointless-matcher`

use super::matchers::{Effect, effect, selectors};
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::spec::document::LintLevel;

/// Which values there are, the definition of the label says.
pub(super) const LINT: Lint = Lint {
    name: "pointless-matcher",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for (node, selector, places) in selectors(typed) {
        for (matcher, place) in selector.matchers.iter().zip(places) {
            if effect(matcher, node) == Effect::Everything {
                reporter.about(
                    typed.written,
                    typed.at(place.label.start..place.value.end),
                    format!("every value of `{}` matches this", matcher.label),
                    "leave it out",
                );
            }
        }
    }
}
