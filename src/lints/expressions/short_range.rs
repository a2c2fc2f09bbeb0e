//! `short-range`

use super::ranges::ranges;
use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::spec::document::{LintLevel, Time};

/// <https://www.robustperception.io/what-range-should-i-use-with-rate/>: one scrape may fail, and one be late.
pub(super) const LINT: Lint = Lint {
    name: "short-range",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

const SCRAPES: u32 = 4;

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for range in ranges(typed).into_iter().filter(|r| r.is_difference) {
        let wanted = range.interval * SCRAPES;
        // Less than two are another lint's.
        if range.window >= range.interval * 2 && range.window < wanted {
            reporter.about(
                typed.written,
                range.place,
                format!(
                    "{} spans less than four scrapes, {} apart",
                    Time(range.window),
                    Time(range.interval)
                ),
                &format!("make it at least {}", Time(wanted)),
            );
        }
    }
}
