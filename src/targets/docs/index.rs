//! The page that one begins with, and the table of contents of mdBook.

use super::book::{self, Book};
use super::text::Inline;
use super::{alerts, words};
use crate::model::monitoring::Alert;
use crate::targets::template::view;

view! {
    /// What the template of the first page inserts.
    pub(super) struct View {
        title: Inline,
        description: Option<Inline>,
        facts: Vec<Inline>,
        alerts: Vec<AlertView>,
    }
}

view! {
    struct AlertView {
        link: Inline,
        severities: Inline,
        says: Inline,
    }
}

view! {
    /// What the template of the contents inserts.
    pub(super) struct Summary {
        pages: Vec<Inline>,
        alerts: Vec<Inline>,
    }
}

impl View {
    pub(super) fn new(book: &Book<'_>) -> Self {
        let service = &book.model.catalogue.service;
        let description = service.description.as_deref().map(Inline::text);
        let alerts = book.readers.alerts.iter();
        Self {
            title: Inline::text(&title(book)),
            description: description
                .filter(|it| !it.is_empty())
                .map(Inline::sentence),
            facts: facts(book),
            alerts: alerts
                .map(|(alert, _)| AlertView::new(alert, book))
                .collect(),
        }
    }
}

impl AlertView {
    fn new(alert: &Alert, book: &Book<'_>) -> Self {
        let severities = alert
            .rules
            .iter()
            .rev()
            .map(|rule| alerts::severity(rule.severity));
        Self {
            link: book.alert(alert),
            severities: Inline::join(severities, ", "),
            says: alerts::in_short(alert, book),
        }
    }
}

impl Summary {
    pub(super) fn new(book: &Book<'_>) -> Self {
        let first = Inline::link(&Inline::text(&title(book)), book::INDEX);
        let mut pages = vec![first];
        pages.extend(others(book));
        let alerts = book.readers.alerts.iter();
        Self {
            pages,
            alerts: alerts.map(|(alert, _)| book.alert(alert)).collect(),
        }
    }
}

/// The service, and where it runs.
fn title(book: &Book<'_>) -> String {
    let service = &book.model.catalogue.service.name;
    match &book.model.environment {
        Some(environment) => format!("{service} ({environment})"),
        None => service.clone(),
    }
}

/// The pages beside the first one and those of the alerts.
fn others(book: &Book<'_>) -> Vec<Inline> {
    let catalogue = &book.model.catalogue;
    let link = |label, page| Inline::link(&Inline::words(label), page);
    let mut pages = vec![link(book::METRICS_TITLE, book::METRICS)];
    if !catalogue.flags.is_empty() {
        pages.push(link("Feature flags", book::FLAGS));
    }
    if catalogue.health.is_some() {
        pages.push(link("Health", book::HEALTH));
    }
    if !book.model.monitoring.slos.is_empty() {
        pages.push(link(book::OBJECTIVES_TITLE, book::OBJECTIVES));
    }
    pages
}

fn facts(book: &Book<'_>) -> Vec<Inline> {
    let catalogue = &book.model.catalogue;
    let mut facts = Vec::new();
    let owner = catalogue.service.owner.as_deref();
    facts.extend(owner.map(|owner| Inline::words("Owner: ").with(&Inline::text(owner))));
    facts.push(Inline::words("Pages: ").with(&Inline::join(others(book), ", ")));
    let dashboards = book.model.monitoring.dashboards.iter();
    let dashboards: Vec<Inline> = dashboards
        .map(|it| book.dashboard(&Inline::text(&it.title), &it.uid, None))
        .collect();
    if !dashboards.is_empty() {
        facts.push(Inline::words("Dashboards: ").with(&Inline::join(dashboards, ", ")));
    }
    let prometheus = catalogue.server.external_url.as_deref();
    facts.extend(prometheus.map(|url| Inline::link(&Inline::words("Prometheus"), url)));
    let job = catalogue.own_job();
    facts.push(
        Inline::words("Scraped every ")
            .with(&words::duration(job.interval))
            .and(" as the job ")
            .with(&Inline::code(&job.name)),
    );
    facts
}
