//! `rate-of-gauge`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{Nature, Typed};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#rate>: every fall counts as a start from 0.
pub(super) const LINT: Lint = Lint {
    name: "rate-of-gauge",
    level: LintLevel::Deny,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for (_, function, argument) in super::rates(typed) {
        if !matches!(argument.kind.nature, Nature::Gauge | Nature::Quantile) {
            continue;
        }
        let message = match argument.series {
            Some(series) => format!(
                "`{function}` of the {} `{}`",
                series.metric.kind.as_str(),
                series.metric.name
            ),
            None => format!("`{function}` of something that goes up and down"),
        };
        let help = match function {
            "increase" => "a fall counts as a new start; `delta` tells by how much a gauge changed",
            "resets" => "a fall counts as a new start; `changes` tells how often a gauge changed",
            _ => "a fall counts as a new start; `deriv` tells how fast a gauge changes",
        };
        reporter.about_with(
            typed.written,
            typed.subject(argument),
            message,
            help,
            super::declared(argument),
        );
    }
}
