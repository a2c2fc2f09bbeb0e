//! `unused-metric`

use std::collections::HashSet;

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::{Limit, Source};
use crate::promql::Query;
use crate::spec::document::LintLevel;

/// What [mimirtool](https://grafana.com/docs/mimir/latest/manage/tools/mimirtool/) finds in a running Prometheus. Without `dashboards:` the one that is made shows every metric.
pub(super) const LINT: Lint = Lint {
    name: "unused-metric",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    if !reporter.is_whole {
        return;
    }
    let (catalogue, monitoring) = (&model.catalogue, &model.monitoring);
    let mut read: HashSet<usize> = HashSet::new();
    let mut note = |query: &Query| {
        query.visit_selectors(&mut |selector| {
            let name = selector.metric.as_deref().unwrap_or_default();
            read.extend(catalogue.named(name).iter().map(|named| named.metric));
        });
    };
    let rules = monitoring.alerts.iter().flat_map(|alert| &alert.rules);
    rules.for_each(|rule| note(&rule.query));
    let promised = monitoring.slos.iter().flat_map(|slo| &slo.indicators);
    promised.for_each(|indicator| note(&indicator.record.query));
    let written = monitoring
        .signals
        .iter()
        .filter(|signal| signal.is_written());
    written.for_each(|signal| note(&signal.query));
    let rows = monitoring
        .dashboards
        .iter()
        .flat_map(|dashboard| &dashboard.rows);
    let panels = rows.flat_map(|row| &row.panels);
    let shown = panels.flat_map(|panel| panel.content.queries());
    shown.for_each(|query| note(&query.query));
    let bound = catalogue.http.iter();
    read.extend(bound.flat_map(|http| {
        [Some(http.requests), http.duration, http.in_flight]
            .into_iter()
            .flatten()
    }));
    for metric in &catalogue.metrics {
        if let Some(Limit::Gauge(name)) = &metric.limit {
            read.extend(catalogue.named(name).iter().map(|named| named.metric));
        }
    }
    for (i, metric) in catalogue.metrics.iter().enumerate() {
        // What other code exposes is not always its to leave out.
        let own = metric.source == Source::Generated;
        if own && !read.contains(&i) {
            let message = format!("no alert, panel or signal reads `{}`", metric.name);
            let help = "show it, or stop recording it; `allow` says who else reads it";
            reporter.about(metric, metric.origin.key(), message, help);
        }
    }
}
