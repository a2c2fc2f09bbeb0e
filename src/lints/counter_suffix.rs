//! `counter-suffix`

use super::{Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::{MetricType, Source};
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/naming/#metric-names>; parsers of OpenMetrics refuse such a counter, so it is exposed
/// as untyped.
pub(super) const LINT: Lint = Lint {
    name: "counter-suffix",
    level: LintLevel::Warn,
    about: "A counter's name ends in `_total`.",
    check,
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in &model.catalogue.metrics {
        let own = metric.source != Source::Exporter;
        if own && metric.kind == MetricType::Counter && !metric.name.ends_with("_total") {
            reporter.report(
                &metric.allow,
                metric.origin.key(),
                format!("the counter `{}` does not end in `_total`", metric.name),
                &format!(
                    "call it `{0}_total`; with `renamed_from: {0}` both names are exposed for a while",
                    metric.name
                ),
            );
        }
    }
}
