//! `critical-without-for`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::monitoring::Severity;
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// [rule/for](https://cloudflare.github.io/pint/checks/rule/for.html) of pint; what looks back over a window of its own is no single
/// scrape.
pub(super) const LINT: Lint = Lint {
    name: "critical-without-for",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for alert in &model.monitoring.alerts {
        for rule in &alert.rules {
            let at_once = rule.severity == Severity::Critical && rule.hold.is_zero();
            if at_once && !looks_back(&rule.query) {
                reporter.about(
                    alert,
                    alert.origin.key(),
                    format!("`{}` wakes somebody after a single scrape", alert.name),
                    "`for: 1m` or so lets one bad value pass",
                );
            }
        }
    }
}

fn looks_back(query: &Query) -> bool {
    let mut found = false;
    query.visit(&mut |part| found |= matches!(part, Query::Range { .. } | Query::Subquery { .. }));
    found
}
