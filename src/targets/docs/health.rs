//! The health checks.

use super::book::Book;
use super::metrics::readers;
use super::text::Inline;
use super::words::duration;
use crate::model::catalogue::{Check, Health};
use crate::targets::template::view;

view! {
    /// What the template of health checks inserts.
    pub(super) struct View {
        live: Inline,
        ready: Inline,
        checks: Vec<CheckView>,
        metric: Inline,
        readers: Vec<Inline>,
    }
}

view! {
    struct CheckView {
        name: Inline,
        help: Inline,
        critical: Inline,
        interval: Inline,
        timeout: Inline,
        failures: Inline,
        successes: Inline,
    }
}

/// The gauge that the runtime exposes.
const STATUS: &str = "health_check_status";

impl View {
    pub(super) fn new(health: &Health, book: &Book<'_>) -> Self {
        let status = book.model.catalogue.named(STATUS).first();
        Self {
            live: Inline::code(&health.live),
            ready: Inline::code(&health.ready),
            checks: health.checks.iter().map(CheckView::new).collect(),
            metric: book.named(STATUS),
            readers: status.map_or(Vec::new(), |named| readers(named.metric, book)),
        }
    }
}

impl CheckView {
    fn new(check: &Check) -> Self {
        Self {
            name: Inline::code(&check.name),
            help: check
                .help
                .as_deref()
                .map_or(Inline::default(), Inline::text),
            critical: Inline::words(if check.critical { "yes" } else { "no" }),
            interval: duration(check.interval),
            timeout: duration(check.timeout),
            failures: times(check.failure_threshold, "failure"),
            successes: times(check.success_threshold, "success"),
        }
    }
}

/// `3 failures in a row`
fn times(count: u32, what: &str) -> Inline {
    Inline::text(&match (count, what) {
        (1, what) => format!("1 {what}"),
        (count, "success") => format!("{count} successes in a row"),
        (count, what) => format!("{count} {what}s in a row"),
    })
}
