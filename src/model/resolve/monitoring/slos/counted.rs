//! What an objective counts as bad: the part of a ratio, or what is slower than a bound.

use std::time::Duration;

use super::burn_rates;
use crate::diagnostics::{Finding, Findings};
use crate::model::Unit;
use crate::model::catalogue::{Catalogue, MetricType, Named, Series};
use crate::model::resolve::exactly_one;
use crate::model::resolve::limits::fits;
use crate::model::resolve::monitoring::signals::{self, Signals};
use crate::model::signal::{Asked, Audience, Selection, Shape, Signal};
use crate::model::slo::Measured;
use crate::promql::{Matcher, Query, Window};
use crate::spec::Place;
use crate::spec::document::{Quantity, Slo as SloDocument};

/// What is counted, and what of it is bad.
pub(super) struct Counted {
    /// What is bad, in a sentence.
    pub(super) help: String,
    /// The index of the job that exposes it.
    pub(super) job: usize,
    /// Labels that are kept beside the identity.
    pub(super) by: Vec<String>,
    bad: Bad,
}

enum Bad {
    /// The part of a ratio.
    Part(Box<Signal>),
    /// Observations of a histogram above one of its bounds.
    Slower { of: Selection, bound: f64 },
}

impl Counted {
    /// The share that was bad within a window; absent where nothing was counted.
    pub(super) fn share(&self, catalogue: &Catalogue, window: Duration) -> Option<Query> {
        let asked = Asked {
            catalogue,
            by: Audience::Rule,
            window: Some(window),
            labels: &[],
        };
        match &self.bad {
            Bad::Part(signal) => signal.share(&asked),
            Bad::Slower { of, bound } => {
                let identity = &catalogue.service.identity;
                let window = Window::Duration(window);
                let mut fast = of.clone();
                fast.matchers.push(Matcher::bound(*bound));
                let fast = Query::sum_by(identity, fast.rate(&asked, Series::Bucket, window));
                let all = Query::sum_by(identity, of.rate(&asked, Series::Count, window));
                let some = all.greater(Query::number(0.0));
                Some(Query::number(1.0).minus(fast.divide(some)))
            }
        }
    }
}

impl Counted {
    /// The same as a signal.
    pub(super) fn measured(&self) -> Measured {
        match &self.bad {
            Bad::Part(signal) => Measured {
                signal: (**signal).clone(),
                is_good: false,
            },
            Bad::Slower { of, bound } => {
                let select = |series, further: Option<Matcher>| Selection {
                    named: Named { series, ..of.named },
                    matchers: of.matchers.iter().cloned().chain(further).collect(),
                };
                Measured {
                    signal: Signal {
                        name: String::new(),
                        help: String::new(),
                        unit: Unit::RATIO,
                        window: burn_rates::SHORTEST,
                        by: Vec::new(),
                        shape: Shape::Ratio {
                            part: select(Series::Bucket, Some(Matcher::bound(*bound))),
                            whole: select(Series::Count, None),
                        },
                        job: self.job,
                        record: false,
                        origin: Place::root(),
                    },
                    is_good: true,
                }
            }
        }
    }
}

pub(super) fn resolve(
    written: &SloDocument,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Option<Counted> {
    let keys = [
        ("bad", written.bad.is_some()),
        ("slower_than", written.slower_than.is_some()),
    ];
    let key = exactly_one(&keys, at, findings)?;
    let counted = match (&written.bad, &written.slower_than) {
        (Some(name), _) => {
            if written.of.is_some() {
                findings.push(Finding::error(
                    "conflicting-keys",
                    at.child("of").key(),
                    "`of` has no meaning beside `bad`",
                ));
            }
            part(name, catalogue, signals, &at.child("bad"), findings)?
        }
        (None, Some(bound)) => slower(bound, written, catalogue, signals, at, findings)?,
        (None, None) => return None,
    };
    let interval = catalogue.jobs[counted.job].interval;
    signals::check_window(burn_rates::SHORTEST, interval, &at.child(key), findings);
    Some(counted)
}

/// The part of a ratio that has flows, so that it can be asked for any window.
fn part(
    name: &str,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Option<Counted> {
    let signal = signals.find(name, at, findings)?;
    let counts = |of: &Selection| of.kind(catalogue) != MetricType::Gauge;
    match &signal.shape {
        Shape::Ratio { part, whole } if counts(part) && counts(whole) => Some(Counted {
            help: signal.help.clone(),
            job: signal.job,
            by: signal.by.clone(),
            bad: Bad::Part(Box::new(signal)),
        }),
        _ => {
            findings.push(
                Finding::error(
                    "wrong-signal",
                    at.clone(),
                    format!("`{name}` is no ratio of counters"),
                )
                .label("asked for windows from 5m to 3d")
                .related(signal.origin.key(), "declared here")
                .help("define a signal `ratio: { part: …, whole: … }`: what is bad, out of all"),
            );
            None
        }
    }
}

/// Observations above a bound that the histogram has.
fn slower(
    quantity: &Quantity,
    written: &SloDocument,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Option<Counted> {
    let Some(text) = &written.of else {
        findings.push(
            Finding::error(
                "missing-key",
                at.clone(),
                "`of` is missing: of which histogram?",
            )
            .label("in this entry"),
        );
        return None;
    };
    let of = signals::histogram(
        &signals.reader,
        text,
        &at.child("of"),
        &written.allow,
        findings,
    )?;
    let metric = &catalogue.metrics[of.named.metric];
    let at = at.child("slower_than");
    if !fits(quantity, &metric.unit) {
        findings.push(
            Finding::error(
                "unit-mismatch",
                at,
                format!(
                    "`{}` is {}, and `{}` is {}",
                    metric.name,
                    metric.unit.words(),
                    quantity.text,
                    quantity.words()
                ),
            )
            .related(metric.origin.key(), "declared here"),
        );
        return None;
    }
    let bound = quantity.value;
    // Of an exporter the bounds may not be known.
    if !metric.buckets.is_empty() && !metric.buckets.contains(&bound) {
        let below = metric.buckets.iter().rev().find(|b| **b < bound);
        let above = metric.buckets.iter().find(|b| **b > bound);
        let near: Vec<String> = below.into_iter().chain(above).map(f64::to_string).collect();
        findings.push(
            Finding::error(
                "missing-bucket",
                at,
                format!("no bucket of `{}` ends at {}", metric.name, quantity.text),
            )
            .label("what is slower cannot be counted")
            .related(metric.origin.child("buckets"), "the bounds")
            .help(format!(
                "add {bound} to the buckets, or promise for one of the nearest: {}",
                near.join(", ")
            )),
        );
        return None;
    }
    Some(Counted {
        help: format!("Share of `{text}` above {}.", quantity.text),
        job: metric.job,
        by: Vec::new(),
        bad: Bad::Slower { of, bound },
    })
}
