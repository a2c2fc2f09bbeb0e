//! `empty-range`

use super::ranges::ranges;
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::spec::document::{LintLevel, Time};

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#rate>: fewer than two samples make no rate.
pub(super) const LINT: Lint = Lint {
    name: "empty-range",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for range in ranges(typed) {
        let needed = if range.is_difference { 2 } else { 1 };
        if range.window < range.interval * needed {
            reporter.about(
                typed.written,
                range.place,
                format!(
                    "{} holds less than {}, {} apart",
                    Time(range.window),
                    if needed == 1 {
                        "a scrape"
                    } else {
                        "two scrapes"
                    },
                    Time(range.interval)
                ),
                &format!("make it at least {}", Time(range.interval * 4)),
            );
        }
    }
}
