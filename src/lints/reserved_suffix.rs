//! `reserved-suffix`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::{MetricType, Source};
use crate::spec::document::LintLevel;

/// What [`promtool check metrics`](https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint) says of
/// an exposition.
pub(super) const LINT: Lint = Lint {
    name: "reserved-suffix",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

const SUFFIXES: &[&str] = &["_total", "_bucket", "_sum", "_count", "_info"];

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in &model.catalogue.metrics {
        let Some(suffix) = SUFFIXES
            .iter()
            .find(|suffix| metric.name.ends_with(**suffix))
        else {
            continue;
        };
        let meant = match *suffix {
            "_total" => metric.kind == MetricType::Counter,
            "_info" => matches!(metric.kind, MetricType::Info | MetricType::Gauge),
            _ => false,
        };
        // What others expose, others have named.
        let own = metric.source == Source::Generated;
        if own && !meant {
            reporter.about(
                metric,
                metric.origin.key(),
                format!(
                    "the {} `{}` ends in `{suffix}`, which means something else",
                    metric.kind.as_str(),
                    metric.name
                ),
                "choose another name",
            );
        }
    }
}
