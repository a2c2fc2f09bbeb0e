//! What an alert asks: a signal, or PromQL by hand.

use std::time::Duration;

use super::Context;
use crate::diagnostics::{Finding, Findings};
use crate::model::monitoring::Purpose;
use crate::model::resolve::monitoring::comparisons;
use crate::model::resolve::monitoring::expressions::Use;
use crate::model::resolve::monitoring::signals;
use crate::model::signal::{Shape, Signal};
use crate::model::unit::Unit;
use crate::promql::{Query, ValueKind};
use crate::spec::Place;
use crate::spec::document::Alert;

impl Context<'_> {
    /// A signal or an expression, exactly one of them.
    pub(super) fn question(
        &self,
        written: &Alert,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<(Option<Signal>, Option<Query>)> {
        match (&written.signal, &written.expr) {
            (Some(_), Some(_)) => {
                findings.push(
                    Finding::error(
                        "conflicting-keys",
                        at.child("expr").key(),
                        "`expr` and `signal` exclude each other",
                    )
                    .related(at.child("signal").key(), "the other one"),
                );
                None
            }
            (None, None) => {
                findings.push(Finding::error(
                    "missing-key",
                    at.key(),
                    "one of `signal` and `expr` is missing",
                ));
                None
            }
            (Some(name), None) => {
                if written.raw {
                    findings.push(pointless(at, "raw", "signal"));
                }
                let at = at.child("signal");
                let signal = self.signals.find(name, &at, findings)?;
                if let Some(variable) = signal.only_on_dashboards() {
                    findings.push(
                        Finding::error(
                            "promql-syntax",
                            at,
                            format!("`{name}` asks for `{variable}`, which only a dashboard knows"),
                        )
                        .related(signal.origin.clone(), "declared here"),
                    );
                    return None;
                }
                Some((Some(signal), None))
            }
            (None, Some(text)) => {
                for (key, there) in [
                    ("min_traffic", written.min_traffic.is_some()),
                    ("when_missing", written.when_missing.is_some()),
                    ("window", written.window.is_some()),
                    ("by", !written.by.is_empty()),
                ] {
                    if there {
                        findings.push(pointless(at, key, "expr"));
                    }
                }
                let at = at.child("expr");
                let used = Use {
                    purpose: Purpose::Alert,
                    raw: written.raw,
                    allow: &written.allow,
                };
                let reader = &self.signals.reader;
                let query = reader.expression(text, &at, &used, findings)?;
                if query.kind() != ValueKind::Vector {
                    findings.push(Finding::error(
                        "wrong-expression-type",
                        at,
                        "an alert is an instant vector: it fires for each series",
                    ));
                    return None;
                }
                let job = signals::job_of(&query, self.catalogue);
                let signal = Signal {
                    name: String::new(),
                    help: String::new(),
                    unit: Unit::NUMBER,
                    window: Duration::ZERO,
                    by: Vec::new(),
                    shape: Shape::Expression {
                        query,
                        raw: written.raw,
                    },
                    job,
                    record: false,
                    origin: at,
                };
                let asked = comparisons::asked(self.catalogue, None, &[]);
                Some((None, Some(signal.query(&asked))))
            }
        }
    }
}

fn pointless(at: &Place, key: &str, other: &str) -> Finding {
    Finding::error(
        "conflicting-keys",
        at.child(key).key(),
        format!("`{key}` has no meaning beside `{other}`"),
    )
}
