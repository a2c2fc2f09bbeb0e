//! The catalogue of the metrics, and who reads them.

use super::book::{self, Book};
use super::text::Inline;
use crate::model::Unit;
use crate::model::catalogue::{Label, Labels, Limit, Metric, Source, Values};
use crate::targets::template::view;

view! {
    /// What the template of metrics inserts.
    pub(super) struct View {
        title: Inline,
        about: Inline,
        jobs: Vec<JobView>,
    }
}

view! {
    struct JobView {
        name: Inline,
        metrics: Vec<MetricView>,
    }
}

view! {
    struct MetricView {
        name: Inline,
        help: Option<Inline>,
        facts: Vec<Inline>,
        labels: Vec<Inline>,
        readers: Vec<Inline>,
    }
}

impl View {
    pub(super) fn new(book: &Book<'_>) -> Self {
        let metrics = &book.model.catalogue.metrics;
        let jobs = book::by_job(book.model).map(|(job, own)| JobView {
            name: Inline::code(&job.name),
            metrics: own
                .into_iter()
                .map(|index| MetricView::new(&metrics[index], index, book))
                .collect(),
        });
        Self {
            title: Inline::words(book::METRICS_TITLE),
            about: Inline::words(
                "What each job exposes, and which alerts, objectives, signals and panels read it.",
            ),
            jobs: jobs.collect(),
        }
    }
}

impl MetricView {
    fn new(metric: &Metric, index: usize, book: &Book<'_>) -> Self {
        let help = Inline::text(&metric.help).sentence();
        Self {
            name: Inline::code(&metric.name),
            help: (!help.is_empty()).then_some(help),
            facts: facts(metric, book),
            labels: match &metric.labels {
                Labels::Any => vec![Inline::words("whatever the exporter sends")],
                Labels::Known(labels) => labels.iter().map(|it| label(it)).collect(),
            },
            readers: readers(index, book),
        }
    }
}

fn facts(metric: &Metric, book: &Book<'_>) -> Vec<Inline> {
    let kind = Inline::words("Type: ").with(&Inline::code(metric.kind.as_str()));
    let mut facts = vec![kind];
    // A plain number has no unit.
    if metric.unit != Unit::NUMBER {
        facts.push(Inline::words("Unit: ").with(&Inline::code(&metric.unit.to_string())));
    }
    facts.extend(match metric.source {
        Source::Generated => Some(Inline::words("Recorded by the generated code")),
        Source::Runtime => Some(Inline::words("Recorded by the runtime")),
        Source::External => Some(Inline::words("Recorded by a library of the service")),
        Source::Exporter | Source::Doubtful => None,
    });
    if !metric.buckets.is_empty() {
        let bounds: Vec<String> = metric.buckets.iter().map(f64::to_string).collect();
        facts.push(Inline::words("Buckets up to: ").with(&Inline::text(&bounds.join(", "))));
    }
    facts.extend(metric.limit.as_ref().map(|limit| {
        Inline::words("Limit: ").with(&match limit {
            Limit::Number(_, text) => Inline::text(text),
            Limit::Gauge(name) => book.named(name),
        })
    }));
    facts.extend(metric.max_series.map(|most| {
        Inline::words("At most ")
            .with(&Inline::text(&most.to_string()))
            .and(" series")
    }));
    let former = metric.renamed_from.as_deref();
    facts.extend(former.map(|name| Inline::words("Also exposed as ").with(&Inline::code(name))));
    facts
}

fn label(label: &Label) -> Inline {
    let name = Inline::code(&label.name).and(": ");
    let says = name.with(&values(&label.values));
    match &label.help {
        Some(help) => says.and(". ").with(&Inline::text(help).sentence()),
        None => says,
    }
}

fn values(values: &Values) -> Inline {
    let codes = |texts: Vec<&str>| Inline::join(texts.into_iter().map(Inline::code), ", ");
    match values {
        Values::Closed { values, other } => {
            let mut values: Vec<&str> = values.iter().map(|value| value.text.as_str()).collect();
            let rest = if *other { values.pop() } else { None };
            let says = codes(values);
            match rest {
                Some(rest) => says
                    .and("; ")
                    .with(&Inline::code(rest))
                    .and(" for every other"),
                None => says,
            }
        }
        Values::Open { max_values } => Inline::words("open, up to ")
            .with(&Inline::text(&max_values.to_string()))
            .and(" values"),
        Values::HttpStatus { start } => {
            let start: Vec<String> = start.iter().map(u16::to_string).collect();
            let start = codes(start.iter().map(String::as_str).collect());
            Inline::words("a status code of HTTP; from the start ").with(&start)
        }
    }
}

/// Alerts, objectives, signals and panels, those that there are.
pub(super) fn readers(index: usize, book: &Book<'_>) -> Vec<Inline> {
    let all = &book.readers;
    let alerts = all
        .alerts
        .iter()
        .filter(|(_, metrics)| metrics.contains(&index));
    let slos = all
        .slos
        .iter()
        .filter(|(_, metrics)| metrics.contains(&index));
    let signals = all
        .signals
        .iter()
        .filter(|(_, metrics)| metrics.contains(&index));
    let panels = all
        .panels
        .iter()
        .filter(|(_, _, metrics)| metrics.contains(&index));
    let kinds: [(&'static str, Vec<Inline>); 4] = [
        (
            "alerts: ",
            alerts.map(|(alert, _)| book.alert(alert)).collect(),
        ),
        (
            "objectives: ",
            slos.map(|(slo, _)| book.objective(slo)).collect(),
        ),
        (
            "signals: ",
            signals
                .map(|(signal, _)| Inline::code(&signal.name))
                .collect(),
        ),
        (
            "panels: ",
            panels
                .map(|(dashboard, panel, _)| {
                    let label = format!("{}: {}", dashboard.title, panel.title);
                    book.dashboard(
                        &Inline::text(&label),
                        &dashboard.uid,
                        Some(&panel.id.to_string()),
                    )
                })
                .collect(),
        ),
    ];
    kinds
        .into_iter()
        .filter(|(_, readers)| !readers.is_empty())
        .map(|(kind, readers)| Inline::words(kind).with(&Inline::join(readers, ", ")))
        .collect()
}
