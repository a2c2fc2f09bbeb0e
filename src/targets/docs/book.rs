//! What the pages link to: metrics, alerts, objectives, panels, graphs.

use super::anchors::Anchors;
use super::readers::Readers;
use super::text::{Inline, query_value};
use crate::model::Model;
use crate::model::catalogue::{Job, Metric, Series};
use crate::model::monitoring::{Alert, Slo};
use crate::model::signal::Selection;
use crate::promql::{Query, Selector};

/// The names of the pages.
pub(super) const INDEX: &str = "README.md";
pub(super) const METRICS: &str = "metrics.md";
pub(super) const FLAGS: &str = "flags.md";
pub(super) const HEALTH: &str = "health.md";
pub(super) const OBJECTIVES: &str = "objectives.md";

/// The titles of pages with anchors: these are headings, too.
pub(super) const METRICS_TITLE: &str = "Metrics";
pub(super) const OBJECTIVES_TITLE: &str = "Objectives";

/// A model, and where its pages say what.
pub(super) struct Book<'m> {
    pub(super) model: &'m Model,
    pub(super) readers: Readers<'m>,
    /// Of each metric.
    metrics: Vec<String>,
    /// Of each objective.
    objectives: Vec<String>,
    /// From the page that is written to the folder of all.
    root: &'static str,
}

impl<'m> Book<'m> {
    pub(super) fn new(model: &'m Model) -> Self {
        let catalogue = &model.catalogue;
        let mut anchors = Anchors::default();
        anchors.next(METRICS_TITLE);
        let mut metrics = vec![String::new(); catalogue.metrics.len()];
        for (job, of_job) in by_job(model) {
            anchors.next(&job.name);
            for index in of_job {
                metrics[index] = anchors.next(&catalogue.metrics[index].name);
            }
        }
        let mut anchors = Anchors::default();
        anchors.next(OBJECTIVES_TITLE);
        let slos = &model.monitoring.slos;
        Self {
            model,
            readers: Readers::of(model),
            metrics,
            objectives: slos.iter().map(|slo| anchors.next(&slo.name)).collect(),
            root: "",
        }
    }

    /// The same, for pages in a folder.
    pub(super) fn below(self) -> Self {
        Self {
            root: "../",
            ..self
        }
    }

    /// A page.
    pub(super) fn page(&self, name: &str) -> String {
        format!("{}{name}", self.root)
    }

    /// A metric, where it is told of.
    pub(super) fn metric(&self, index: usize) -> Inline {
        let name = &self.model.catalogue.metrics[index].name;
        self.to_metric(&Inline::code(name), index)
    }

    /// The gauge or counter of a name.
    pub(super) fn named(&self, name: &str) -> Inline {
        match self.model.catalogue.named(name).first() {
            Some(named) => self.metric(named.metric),
            None => Inline::code(name),
        }
    }

    /// Some series of a metric, as the spec has them.
    pub(super) fn selection(&self, of: &Selection, series: Series) -> Inline {
        let index = of.named.metric;
        let name = &self.model.catalogue.metrics[index].name;
        let mut selector = Selector::new(format!("{name}{}", series.suffix()));
        selector.matchers.clone_from(&of.matchers);
        self.to_metric(&Inline::code(&selector.to_string()), index)
    }

    fn to_metric(&self, label: &Inline, index: usize) -> Inline {
        let page = self.page(METRICS);
        Inline::link(label, &format!("{page}#{}", self.metrics[index]))
    }

    /// An alert's page.
    pub(super) fn alert(&self, alert: &Alert) -> Inline {
        let page = self.page(&alert_page(alert));
        Inline::link(&Inline::text(&alert.name), &page)
    }

    /// An objective, where it is told of.
    pub(super) fn objective(&self, slo: &Slo) -> Inline {
        let slos = &self.model.monitoring.slos;
        let index = slos.iter().position(|it| it.name == slo.name);
        let anchor = index.map_or("", |index| &self.objectives[index]);
        let page = self.page(OBJECTIVES);
        Inline::link(&Inline::text(&slo.name), &format!("{page}#{anchor}"))
    }

    /// The objective that an alert tells of.
    pub(super) fn slo_of(&self, alert: &Alert) -> Option<&'m Slo> {
        let mut slos = self.model.monitoring.slos.iter();
        slos.find(|slo| slo.alert.name == alert.name)
    }

    /// A dashboard, or a panel of it.
    pub(super) fn dashboard(&self, label: &Inline, uid: &str, panel: Option<&str>) -> Inline {
        let Some(grafana) = &self.model.catalogue.service.grafana_url else {
            return label.clone();
        };
        let panel = panel
            .map(|id| format!("?viewPanel={id}"))
            .unwrap_or_default();
        Inline::link(label, &format!("{grafana}/d/{uid}{panel}"))
    }

    /// A query as Prometheus draws it. Every release since 2 takes this address, 3 calls the page `query` and
    /// [redirects](https://github.com/prometheus/prometheus/blob/main/web/web.go).
    pub(super) fn graph(&self, label: &'static str, query: &Query) -> Option<Inline> {
        let prometheus = self.model.catalogue.server.external_url.as_deref()?;
        let expression = query_value(&query.to_string());
        Some(Inline::link(
            &Inline::words(label),
            &format!("{prometheus}/graph?g0.expr={expression}&g0.tab=0&g0.range_input=6h"),
        ))
    }
}

/// The path of an alert's page.
pub(super) fn alert_page(alert: &Alert) -> String {
    format!("alerts/{}.md", alert.name)
}

/// Jobs with the metrics that they expose, by index.
pub(super) fn by_job(model: &Model) -> impl Iterator<Item = (&Job, Vec<usize>)> {
    let catalogue = &model.catalogue;
    let jobs = catalogue.jobs.iter().enumerate();
    jobs.filter_map(|(index, job)| {
        let all = catalogue.metrics.iter().enumerate();
        let own = all.filter(|(_, metric): &(usize, &Metric)| metric.job == index);
        let own: Vec<usize> = own.map(|(index, _)| index).collect();
        (!own.is_empty()).then_some((job, own))
    })
}
