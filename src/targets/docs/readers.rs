//! Who reads a metric.

use std::collections::BTreeSet;

use crate::model::Model;
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::{Alert, Dashboard, Panel, Record, SignalQuery, Slo};
use crate::promql::{MatchOp, Query, Selector};

/// The metrics that something reads, by index.
type Metrics = BTreeSet<usize>;

/// What every alert, objective, signal and panel reads.
pub(super) struct Readers<'m> {
    pub(super) alerts: Vec<(&'m Alert, Metrics)>,
    pub(super) slos: Vec<(&'m Slo, Metrics)>,
    pub(super) signals: Vec<(&'m SignalQuery, Metrics)>,
    pub(super) panels: Vec<(&'m Dashboard, &'m Panel, Metrics)>,
}

impl<'m> Readers<'m> {
    pub(super) fn of(model: &'m Model) -> Self {
        let monitoring = &model.monitoring;
        let mut reads = Reads {
            catalogue: &model.catalogue,
            records: Vec::new(),
        };
        // Each depends on those before it at most.
        for record in &monitoring.records {
            reads.add(record);
        }
        for slo in &monitoring.slos {
            let indicators = slo.indicators.iter().map(|indicator| &indicator.record);
            indicators.chain(&slo.metadata).for_each(|it| reads.add(it));
        }
        let alert = |alert: &'m Alert| {
            let rules = alert.rules.iter();
            (alert, reads.all(rules.map(|rule| &rule.query)))
        };
        let of_objectives = monitoring.slos.iter().map(|slo| &slo.alert);
        let all = monitoring.alerts.iter().chain(of_objectives);
        let rows = |of: &'m Dashboard| of.rows.iter().map(move |row| (of, row));
        let panels = monitoring.dashboards.iter().flat_map(rows);
        Self {
            // One that can never fire has no rule, and no page.
            alerts: all.filter(|it| !it.rules.is_empty()).map(alert).collect(),
            slos: monitoring
                .slos
                .iter()
                .map(|slo| {
                    let indicators = slo.indicators.iter();
                    (slo, reads.all(indicators.map(|it| &it.record.query)))
                })
                .collect(),
            signals: monitoring
                .signals
                .iter()
                .map(|signal| (signal, reads.all([&signal.query].into_iter())))
                .collect(),
            panels: panels
                .flat_map(|(of, row)| row.panels.iter().map(move |panel| (of, panel)))
                .map(|(of, panel)| {
                    let queries = panel.content.queries().iter();
                    (of, panel, reads.all(queries.map(|it| &it.query)))
                })
                .collect(),
        }
    }
}

/// What queries read, records included.
struct Reads<'m> {
    catalogue: &'m Catalogue,
    records: Vec<(&'m Record, Metrics)>,
}

impl<'m> Reads<'m> {
    fn add(&mut self, record: &'m Record) {
        let metrics = self.all([&record.query].into_iter());
        self.records.push((record, metrics));
    }

    fn all<'q>(&self, queries: impl Iterator<Item = &'q Query>) -> Metrics {
        let mut metrics = Metrics::new();
        for query in queries {
            query.visit_selectors(&mut |selector| self.read(selector, &mut metrics));
        }
        metrics
    }

    fn read(&self, selector: &Selector, metrics: &mut Metrics) {
        let Some(name) = &selector.metric else {
            return; // whatever it may be
        };
        let catalogue = self.catalogue;
        let of_job = |metric: &usize| {
            let job = &catalogue.jobs[catalogue.metrics[*metric].job].name;
            selector
                .matchers_of("job")
                .all(|matcher| match matcher.operator {
                    MatchOp::Equal => matcher.value == *job,
                    MatchOp::NotEqual => matcher.value != *job,
                    // A variable of a dashboard is the service's own job.
                    MatchOp::Regex if matcher.value == "$job" => *job == catalogue.own_job().name,
                    MatchOp::Regex | MatchOp::NotRegex => true,
                })
        };
        let named = catalogue.named(name).iter().map(|named| named.metric);
        metrics.extend(named.filter(of_job));
        for (record, read) in &self.records {
            let may_be = |(label, value): &(String, String)| {
                selector
                    .matchers_of(label)
                    .all(|matcher| matcher.operator != MatchOp::Equal || matcher.value == *value)
            };
            if record.name == *name && record.labels.iter().all(may_be) {
                metrics.extend(read);
            }
        }
    }
}
