//! `rate-of-gauge`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::{Nature, Typed};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/prometheus/latest/querying/functions/#rate>: every fall counts as a start from 0.
pub(super) const LINT: Lint = Lint {
    name: "rate-of-gauge",
    level: LintLevel::Deny,
    about: "`rate`, `irate`, `increase` and `resets` take counters: a gauge that falls looks like a new start.",
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for (_, function, argument) in super::rates(typed) {
        if !matches!(argument.kind.nature, Nature::Gauge | Nature::Quantile) {
            continue;
        }
        let message = match argument.series {
            Some(series) => format!(
                "`{function}` of `{}`, which is a {}",
                series.metric.name,
                series.metric.kind.as_str()
            ),
            None => format!("`{function}` of something that goes up and down"),
        };
        let help = match function {
            "increase" => "use `delta`",
            "resets" => "use `changes`",
            _ => "use `deriv`",
        };
        reporter.report_with(
            &typed.written.allow,
            typed.subject(argument),
            message,
            |finding| super::with_origin(finding, argument).help(help),
        );
    }
}
