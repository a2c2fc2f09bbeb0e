//! `raw-without-job`

use crate::lints::{Check, Lint, Reporter};
use crate::model::typing::Typed;
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// Metrics such as `process_resident_memory_bytes` come from every process that Prometheus knows.
pub(super) const LINT: Lint = Lint {
    name: "raw-without-job",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    if !typed.written.raw || typed.result().labels.may_have("job") {
        return;
    }
    for node in &typed.nodes {
        let (Query::Selector(selector) | Query::Range { selector, .. }) = node.query else {
            continue;
        };
        if let Some(series) = node.series
            && selector.matchers_of("job").next().is_none()
        {
            let job = &typed.catalogue.jobs[series.metric.job].name;
            reporter.about(
                typed.written,
                typed.subject(node),
                format!("whoever exposes `{}` is counted here", series.metric.name),
                &format!("name the job, `{{job=\"{job}\"}}`, or keep the label `job`"),
            );
        }
    }
}
