//! `unset-timestamp`

use super::declared;
use crate::lints::{Check, Lint, Reporter};
use crate::model::catalogue::{MetricType, Source, Values};
use crate::model::typing::Typed;
use crate::promql::{BinaryOp, Query};
use crate::spec::document::LintLevel;

/// [Prometheus advises](https://prometheus.io/docs/practices/instrumentation/#timestamps-not-time-since) to expose when something
/// happened; a gauge of that is 0 [from the start](https://prometheus.io/docs/practices/instrumentation/#avoid-missing-metrics).
pub(super) const LINT: Lint = Lint {
    name: "unset-timestamp",
    level: LintLevel::Warn,
    check: Check::Expression(check),
};

fn check(typed: &Typed<'_>, reporter: &mut Reporter<'_>) {
    for node in &typed.nodes {
        let Query::Binary {
            operator: BinaryOp::Sub,
            left,
            ..
        } = node.query
        else {
            continue;
        };
        let is_now = matches!(&**left, Query::Call { function, .. } if function == "time");
        let Some(time) = typed.child(node, 1).filter(|_| is_now) else {
            continue;
        };
        let Some(series) = time.series else {
            continue;
        };
        let metric = series.metric;
        // A series with an open label begins when it is set.
        let mut labels = metric.labels.known().iter();
        let is_open = labels.any(|label| !matches!(label.values, Values::Closed { .. }));
        if metric.source == Source::Generated
            && metric.kind == MetricType::Gauge
            && metric.name.ends_with("_timestamp_seconds")
            && !is_open
        {
            let name = &metric.name;
            let help = format!(
                "`time() - ({name} > 0)` says nothing until then; `… > 0 or on (job, instance) process_start_time_seconds` counts from the start"
            );
            reporter.about_with(
                typed.written,
                typed.subject(time),
                format!("`{name}` is 0 until it is set, as if that had been in 1970"),
                &help,
                declared(time),
            );
        }
    }
}
