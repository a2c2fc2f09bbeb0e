//! Health checks as a trait, and what starts them.

use std::time::Duration;

use super::values::{DocLines, Identifier, Literal};
use crate::model::catalogue::{Check, Health};
use crate::targets::template::view;

view! {
    /// What the template of health inserts.
    pub(super) struct View {
        live: Literal,
        ready: Literal,
        checks: Vec<CheckView>,
    }
}

view! {
    struct CheckView {
        doc: DocLines,
        method: Identifier,
        name: Literal,
        critical: bool,
        /// In milliseconds.
        interval: u64,
        timeout: u64,
        failure_threshold: u32,
        success_threshold: u32,
    }
}

impl View {
    pub(super) fn new(health: &Health) -> Self {
        Self {
            live: Literal::string(&health.live),
            ready: Literal::string(&health.ready),
            checks: health.checks.iter().map(CheckView::new).collect(),
        }
    }
}

impl CheckView {
    fn new(check: &Check) -> Self {
        let weight = if check.critical {
            "; without it the service is not ready"
        } else {
            ""
        };
        let what = format!("The check `{}`{weight}.", check.name);
        Self {
            doc: DocLines::new(check.help.as_deref().unwrap_or_default()).paragraph(&what),
            method: Identifier::new(&check.method),
            name: Literal::string(&check.name),
            critical: check.critical,
            interval: milliseconds(check.interval),
            timeout: milliseconds(check.timeout),
            failure_threshold: check.failure_threshold,
            success_threshold: check.success_threshold,
        }
    }
}

/// The language has nothing shorter.
fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
