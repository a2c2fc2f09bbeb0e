//! What is known of the labels that alerts come with to Alertmanager.

use std::collections::BTreeSet;

use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::{self, Rule};
use crate::model::resolve::monitoring::alerts::Resolved;
use crate::model::resolve::monitoring::slos;
use crate::model::slo::Slo;
use crate::promql::Labels;
use crate::spec::document::Document;

/// An alert, and of each of its rules the labels that its alerts have from the expression.
pub(super) struct Source<'a> {
    pub(super) alert: &'a monitoring::Alert,
    pub(super) labels: Vec<Labels>,
}

impl<'a> Source<'a> {
    pub(super) fn of_alert(resolved: &'a Resolved) -> Self {
        Self {
            alert: &resolved.alert,
            labels: resolved.labels.clone(),
        }
    }

    pub(super) fn of_slo(slo: &'a Slo, catalogue: &Catalogue) -> Self {
        let labels = slos::labels(&catalogue.service.identity, &slo.by);
        Self {
            alert: &slo.alert,
            labels: vec![labels; slo.alert.rules.len()],
        }
    }
}

/// The labels of every alert.
pub(super) struct Known<'a> {
    /// One for each rule.
    pub(super) alerts: Vec<Alert<'a>>,
    /// Whether that are all: of an alert in which something was reported nothing is known.
    pub(super) complete: bool,
    /// Labels that Prometheus adds to all that it sends.
    external: &'a [(String, String)],
}

/// An alert of one severity.
pub(super) struct Alert<'a> {
    name: &'a str,
    rule: &'a Rule,
    result: &'a Labels,
}

/// What an alert has for a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// This.
    Is(&'a str),
    /// Perhaps something.
    Unknown,
    /// Nothing.
    Absent,
}

/// Whether something holds for an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fit {
    Never,
    Perhaps,
    Always,
}

impl<'a> Known<'a> {
    pub(super) fn of(
        document: &Document,
        catalogue: &'a Catalogue,
        sources: &'a [Source<'a>],
        findings: &Findings,
    ) -> Self {
        let of_alerts = |finding: &Finding| {
            let pointer = finding.place.pointer();
            ["/alert", "/slos"].iter().any(|at| pointer.starts_with(at))
        };
        let written = document.alerts.entries().len() + document.slos.entries().len();
        Self {
            complete: !document.has_gaps
                && sources.len() == written
                && !findings.iter().any(of_alerts),
            alerts: sources
                .iter()
                .flat_map(|source| {
                    let rules = source.alert.rules.iter().zip(&source.labels);
                    rules.map(|(rule, result)| Alert {
                        name: &source.alert.name,
                        rule,
                        result,
                    })
                })
                .collect(),
            external: &catalogue.server.external_labels,
        }
    }

    /// What an alert has for a label, as Alertmanager sees it.
    pub(super) fn value(&self, alert: &Alert<'a>, label: &str) -> Value<'a> {
        if label == "alertname" {
            return Value::Is(alert.name);
        }
        let find = |labels: &'a [(String, String)]| {
            let mut labels = labels.iter();
            labels.find(|(name, _)| name == label)
        };
        if let Some((_, text)) = find(&alert.rule.labels) {
            return match text.contains("{{") {
                true => Value::Unknown,
                false => Value::Is(text),
            };
        }
        // Prometheus may be told to expand `$`, and newer ones do.
        match find(self.external) {
            _ if alert.result.may_have(label) => Value::Unknown,
            Some((_, text)) if !text.contains('$') => Value::Is(text),
            Some(_) => Value::Unknown,
            None => Value::Absent,
        }
    }

    /// Whether an alert has one of these values for each of these labels.
    pub(super) fn fits(&self, alert: &Alert<'a>, matchers: &[(String, Vec<String>)]) -> Fit {
        let one = |(label, values): &(String, Vec<String>)| {
            let text = match self.value(alert, label) {
                Value::Is(text) => text,
                Value::Unknown => return Fit::Perhaps,
                Value::Absent => "",
            };
            match values.iter().any(|value| value == text) {
                true => Fit::Always,
                false => Fit::Never,
            }
        };
        matchers.iter().map(one).min().unwrap_or(Fit::Always)
    }

    /// What all alerts have for a label; nothing if it is not known of one of them.
    pub(super) fn values(&self, label: &str) -> Option<BTreeSet<&'a str>> {
        let mut values = BTreeSet::new();
        for alert in &self.alerts {
            match self.value(alert, label) {
                Value::Is(text) => {
                    values.insert(text);
                }
                Value::Unknown => return None,
                Value::Absent => {}
            }
        }
        Some(values)
    }

    /// Labels that alerts have; of some that may be not all.
    pub(super) fn names(&self) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::from(["alertname"]);
        names.extend(self.external.iter().map(|(name, _)| name.as_str()));
        for alert in &self.alerts {
            names.extend(alert.rule.labels.iter().map(|(name, _)| name.as_str()));
            if let Labels::Known(labels) = alert.result {
                names.extend(labels.iter().map(String::as_str));
            }
        }
        names
    }

    /// Whether an alert may have a label.
    pub(super) fn may_have(&self, label: &str) -> bool {
        let mut alerts = self.alerts.iter();
        alerts.any(|alert| self.value(alert, label) != Value::Absent)
    }
}
