//! `slos:`: what is promised; the records and alerts that come of it are in [`rules`].

mod burn_rates;
mod counted;
mod panels;
mod rules;

use std::collections::HashMap;
use std::time::Duration;

use self::counted::Counted;
pub(super) use self::panels::{budget, burn_rate};
pub(super) use self::rules::{labels, record_names, resolve};
use super::attributes;
use super::signals::Signals;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::names;
use crate::model::slo::{Decimal, Measured};
use crate::spec::Place;
use crate::spec::document::{Dimension, Document, Quantity, Slo as SloDocument, Time};

/// Days that an objective may span. The parameters of the alerts are made for about a month: of a week they would page for what
/// the week easily bears, and a quarter is as much as anybody plans.
const DAYS: std::ops::RangeInclusive<u32> = 28..=90;

/// Labels of its alerts that the compiler sets, beside those of every alert.
const OWNED_LABELS: &[&str] = &[
    "sloth_id",
    "sloth_service",
    "sloth_slo",
    "sloth_severity",
    "sloth_window",
];

/// An objective before its records and alerts are written.
pub(super) struct Promise<'d> {
    name: String,
    written: &'d SloDocument,
    objective: Decimal,
    budget: Decimal,
    days: u32,
    counted: Counted,
    alert: String,
    at: Place,
}

/// What is promised, as far as it holds.
pub(super) fn promises<'d>(
    document: &'d Document,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
    findings: &mut Findings,
) -> Vec<Promise<'d>> {
    let mut alerts: HashMap<String, Place> = document
        .alerts
        .entries()
        .map(|(name, _)| (name.to_owned(), Place::root().child("alerts").child(name)))
        .collect();
    let mut promises = Vec::new();
    for (name, written) in document.slos.iter() {
        let at = Place::root().child("slos").child(name);
        check_name(name, &at, findings);
        let alert = alert_name(name);
        if let Some(first) = alerts.insert(alert.clone(), at.clone()) {
            findings.push(
                Finding::error(
                    "name-collision",
                    at.key(),
                    format!("two alerts are called `{alert}`"),
                )
                .label("the alert of this objective")
                .related(first.key(), "and this one")
                .help("rename one"),
            );
        }
        attributes::check_owned(&written.labels, &written.annotations, &at, findings);
        for (label, _) in written.labels.iter() {
            if OWNED_LABELS.contains(&label) {
                findings.push(attributes::owned(
                    &at.child("labels").child(label),
                    "label",
                    label,
                ));
            }
        }
        let objective = objective(&written.objective, &at.child("objective"), findings);
        let days = days(written.over, &at.child("over"), findings);
        let counted = counted::resolve(written, catalogue, signals, &at, findings);
        if let (Some((objective, budget)), Some(days), Some(counted)) = (objective, days, counted) {
            promises.push(Promise {
                name: name.to_owned(),
                written,
                objective,
                budget,
                days,
                counted,
                alert,
                at,
            });
        }
    }
    promises
}

impl Promise<'_> {
    fn period(&self) -> Duration {
        Duration::from_secs(u64::from(self.days) * 86_400)
    }

    /// What is counted, as a signal.
    fn measured(&self) -> Measured {
        self.counted.measured()
    }

    /// What is promised, in a sentence: its own words, or how much of what is bad there may be.
    fn help(&self) -> String {
        match (&self.written.help, self.counted.help.trim_end_matches('.')) {
            (Some(help), _) => help.clone(),
            (None, "") => String::new(),
            (None, bad) => format!("{bad}: at most {}%.", self.budget.percent()),
        }
    }
}

/// `CheckoutLatencyBudgetBurn` of `checkout-latency`.
fn alert_name(name: &str) -> String {
    format!("{}BudgetBurn", names::upper_camel(name))
}

fn check_name(name: &str, at: &Place, findings: &mut Findings) {
    if !names::is_service_name(name) {
        findings.push(
            Finding::error(
                "bad-name",
                at.key(),
                format!("`{name}` cannot be the name of an objective"),
            )
            .help("letters, digits, `-`, `_` and `.`, a letter or digit first"),
        );
    }
}

/// The share that has to be good, and its rest.
fn objective(
    written: &Quantity,
    at: &Place,
    findings: &mut Findings,
) -> Option<(Decimal, Decimal)> {
    let is_share = matches!(written.dimension, Dimension::Percent | Dimension::Number)
        && written.per.is_none();
    if !is_share {
        findings.push(
            Finding::error(
                "unit-mismatch",
                at.clone(),
                format!(
                    "an objective is a share, and `{}` is {}",
                    written.text,
                    written.words()
                ),
            )
            .help("for example `99.9%`"),
        );
        return None;
    }
    let budget = written.exact.rest_of_one();
    match budget {
        Some(budget) if written.value > 0.0 => Some((written.exact, budget)),
        _ => {
            let finding = Finding::error(
                "impossible-threshold",
                at.clone(),
                "an objective lies between 0% and 100%, and is neither",
            );
            let meant = written.dimension == Dimension::Number && written.value < 100.0;
            findings.push(match written.exact.to_f64() {
                value if meant && value > 1.0 => {
                    finding.help(format!("{0} % is `{0}%`", written.text))
                }
                1.0 => finding.help("without an error budget every failure would be one too many"),
                _ => finding,
            });
            None
        }
    }
}

/// The days of a period.
fn days(written: Time, at: &Place, findings: &mut Findings) -> Option<u32> {
    let seconds = written.0.as_secs();
    let whole = seconds.is_multiple_of(86_400) && written.0.subsec_nanos() == 0;
    let days = u32::try_from(seconds / 86_400).ok();
    if let Some(days) = days.filter(|days| whole && DAYS.contains(days)) {
        return Some(days);
    }
    findings.push(
        Finding::error(
            "bad-value",
            at.clone(),
            format!(
                "an objective spans {} to {} whole days, and not {written}",
                DAYS.start(),
                DAYS.end()
            ),
        )
        .help("`28d` always has as many weekends, `30d` is about a month"),
    );
    None
}
