//! Proofs of alerts: situations in which each of their rules fires, and in which it does not.
//!
//! Where a rule fires, what is healthy stands beside it, outside of its matchers and in other groups; where it is silent, what is
//! sick does, and another job is as sick as can be. A rule that takes more or less than it should then says something else.

mod humanize;
mod margins;
mod objectives;
mod population;
mod situations;
mod texts;
mod values;
mod written;

use std::collections::BTreeSet;
use std::time::Duration;

pub(super) use self::objectives::of_objectives;
use self::population::Place;
use self::situations::Prover;
pub(super) use self::written::{WrittenTest, read};
use super::alerts::Resolved;
use super::comparisons::Bound;
use crate::model::catalogue::{Catalogue, Job};
use crate::model::condition::Direction;
use crate::model::namespace::NAMESPACE;
use crate::model::proof::{RuleProof, Situation};
use crate::model::signal::{Asked, Audience, Shape, Signal};
use crate::promql::{MatchOp, Matcher};
use crate::spec::document::{Alert, WhenMissing};

/// Somebody else: a job that is not monitored here, an objective that is not this one.
const OTHER: &str = "someone-else";

/// What an alert asks, as its proofs need to know it.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The signal, with the window that is asked for.
    pub(super) signal: Signal,
    /// Labels that are kept beside the identity and the signal's own.
    pub(super) by: Vec<String>,
    /// The least traffic, per second.
    pub(super) min_traffic: Option<f64>,
    /// Whether it fires without any series.
    pub(super) when_missing: bool,
    /// One for each of the alert's rules.
    pub(super) levels: Vec<Level>,
}

/// When one rule of an alert fires.
#[derive(Clone, Debug)]
pub(super) struct Level {
    pub(super) direction: Direction,
    pub(super) bound: Bound,
}

impl Subject {
    /// What an alert asks of a signal; `levels` are as many as it has rules.
    pub(super) fn new(signal: &Signal, alert: &Alert, levels: Vec<Level>) -> Self {
        Self {
            signal: Signal {
                window: alert.window.map_or(signal.window, |window| window.0),
                ..signal.clone()
            },
            by: alert.by.clone(),
            min_traffic: alert.min_traffic.as_ref().map(|least| least.value),
            when_missing: alert.when_missing == Some(WhenMissing::Fire),
            levels,
        }
    }

    /// Labels by which the signal is grouped, beside the identity.
    fn groups(&self) -> Vec<String> {
        let mut groups = self.signal.by.clone();
        groups.extend(
            self.by
                .iter()
                .filter(|label| !self.signal.by.contains(label))
                .cloned(),
        );
        groups
    }

    /// The labels of an answer; nothing if each series keeps its own.
    fn answer_labels(&self, catalogue: &Catalogue) -> Option<Vec<String>> {
        let asked = Asked {
            catalogue,
            by: Audience::Rule,
            window: None,
            labels: &self.by,
        };
        let each = self.by.is_empty() && self.signal.keeps_series();
        (!each && !matches!(self.signal.shape, Shape::Expression { .. }))
            .then(|| self.signal.labels(&asked))
    }
}

/// Labels that series of a job have from their target: job, instance, those that are set when it is scraped, and the rest of the
/// identity.
fn target(catalogue: &Catalogue, job: usize) -> Vec<Matcher> {
    let set = |label: &str, value: &str| Matcher::new(label, MatchOp::Equal, value);
    let job = &catalogue.jobs[job];
    let mut labels = vec![set("job", &job.name), set("instance", "instance")];
    let fixed = job.scrape.iter().flat_map(|scrape| &scrape.labels);
    labels.extend(fixed.map(|(label, value)| set(label, value)));
    let is_new = |labels: &[Matcher], label| labels.iter().all(|known| known.label != label);
    if let Some((label, namespace)) = job.namespace_label()
        && is_new(&labels, label)
    {
        labels.push(set(label, namespace));
    }
    let service = &catalogue.service;
    for label in &service.identity {
        if is_new(&labels, label) {
            let own = service.namespace.as_deref();
            let value = own.filter(|_| label == NAMESPACE).unwrap_or("one");
            labels.push(set(label, value));
        }
    }
    labels
}

/// Who exposes the same in another namespace, where only that tells environments apart.
fn elsewhere(job: &Job, own: &Place) -> Option<Place> {
    let (label, _) = job.namespace_label()?;
    Some(Place {
        other: BTreeSet::from([label.to_owned()]),
        ..own.clone()
    })
}

/// The proofs of every rule, in the order of the rules.
pub(super) fn resolve(catalogue: &Catalogue, alerts: &[Resolved]) -> Vec<RuleProof> {
    let step = step(alerts);
    alerts
        .iter()
        .flat_map(|resolved| {
            let prover = resolved.subject.as_ref().map(|subject| Prover {
                catalogue,
                groups: subject.groups(),
                subject,
                alert: &resolved.alert,
                step,
            });
            resolved
                .alert
                .rules
                .iter()
                .enumerate()
                .map(move |(index, rule)| RuleProof {
                    alert: resolved.alert.name.clone(),
                    severity: rule.severity,
                    situations: situations(resolved, prover.as_ref(), index),
                    origin: resolved.alert.origin.clone(),
                })
        })
        .collect()
}

fn situations(
    resolved: &Resolved,
    prover: Option<&Prover<'_>>,
    index: usize,
) -> Result<Vec<Situation>, String> {
    match prover {
        Some(prover) if resolved.tests.is_empty() => prover.situations(index),
        _ if !resolved.tests.is_empty() => Ok(written::situations(
            &resolved.tests,
            &resolved.alert.rules[index],
        )),
        _ => Err(population::BY_HAND.to_owned()),
    }
}

/// The longest time between two samples: what Prometheus looks back for a value is five minutes.
const LONGEST_STEP: Duration = Duration::from_secs(60);

/// Samples in the shortest window: so few, that a change is seen after one of them.
const SAMPLES: u32 = 5;

/// The time between two samples, and between two evaluations.
fn step(alerts: &[Resolved]) -> Duration {
    let windows = alerts
        .iter()
        .filter_map(|resolved| Some(resolved.subject.as_ref()?.signal.window));
    let shortest = windows
        .map(|window| window / SAMPLES)
        .min()
        .unwrap_or(LONGEST_STEP);
    let seconds = shortest.min(LONGEST_STEP).as_secs().max(1);
    // So that a minute is a whole number of steps.
    let seconds = (1..=seconds).rev().find(|s| 60 % s == 0).unwrap_or(1);
    Duration::from_secs(seconds)
}
