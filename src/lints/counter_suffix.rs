//! `counter-suffix`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::{MetricType, Source};
use crate::model::names::is_metric_name;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/naming/#metric-names>; parsers of OpenMetrics refuse such a counter, so it is exposed
/// as untyped.
pub(super) const LINT: Lint = Lint {
    name: "counter-suffix",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in &model.catalogue.metrics {
        // What others expose, others have named.
        let own = metric.source == Source::Generated;
        let lacks = metric.kind == MetricType::Counter && !metric.name.ends_with("_total");
        // A name that is none was reported.
        if own && lacks && is_metric_name(&metric.name) {
            reporter.about(metric,
                metric.origin.key(),
                format!("the counter `{}` does not end in `_total`", metric.name),
                &format!(
                    "without it, it is exposed as untyped; call it `{0}_total`, with `renamed_from: {0}` under both names for a while",
                    metric.name
                ),
            );
        }
    }
}
