//! Situations for the alerts of objectives: a budget that burns a little faster or slower than is told, and one that no longer does.

use std::collections::BTreeSet;
use std::time::Duration;

use super::margins::rounded;
use super::population::{Phase, Place, Population};
use super::situations::{add, all_labels, told};
use super::{LONGEST_STEP, OTHER, elsewhere};
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::Rule;
use crate::model::proof::{
    Check, Firing, InputSeries, Labels, Line, RuleProof, Samples, Severity, Situation,
};
use crate::model::slo::{BurnRate, Slo};
use crate::promql::{MatchOp, Matcher, Selector};
use crate::spec::document::Time;

/// Observations a second: so many that the share is exact.
const TRAFFIC: f64 = 100.0;

/// What stands beside, and is much.
const MUCH: f64 = 10.0;

/// The proofs of every objective's alert, in the order of its rules.
pub(in super::super) fn of_objectives(catalogue: &Catalogue, slos: &[Slo]) -> Vec<RuleProof> {
    slos.iter()
        .flat_map(|slo| {
            let prover = Prover {
                catalogue,
                slo,
                budget: slo.budget.to_f64(),
                groups: slo.measured.signal.by.clone(),
            };
            let rules = slo.alert.rules.iter();
            rules.map(|rule| prover.proof(rule)).collect::<Vec<_>>()
        })
        .collect()
}

struct Prover<'a> {
    catalogue: &'a Catalogue,
    slo: &'a Slo,
    budget: f64,
    groups: Vec<String>,
}

/// How long something was so, of which later only the long windows know. To let it last as long as they do would take promtool minutes;
/// so it is short, and much was asked then: what counts is how much of all in a window was bad.
const BEFORE: Duration = Duration::from_secs(10 * 60);
const BEFORE_MUCH: f64 = 1000.0;

/// Of a burst, how much is asked in the healthy time before it.
const BETWEEN_MUCH: f64 = 10.0;

/// Some share of all is bad for some time.
type Course<'a> = &'a [(f64, Duration)];

impl Prover<'_> {
    fn proof(&self, rule: &Rule) -> RuleProof {
        RuleProof {
            alert: self.slo.alert.name.clone(),
            severity: rule.severity,
            situations: self.situations(rule),
            origin: self.slo.origin.clone(),
        }
    }

    fn burn_rates(&self, severity: Severity) -> impl Iterator<Item = &BurnRate> {
        let all = self.slo.burn_rates.iter();
        all.filter(move |rate| rate.possible && rate.severity == severity)
    }

    fn situations(&self, rule: &Rule) -> Result<Vec<Situation>, String> {
        let mut all = Vec::new();
        // The slowest tells of a budget that always burned like that; before a faster one, all was well.
        let slowest = self.burn_rates(rule.severity).max_by_key(|rate| rate.long);
        let slowest = *slowest.ok_or("no burn rate of it can be reached")?;
        all.push(self.always(rule, &slowest)?);
        all.push(self.almost(rule, &slowest)?);
        for rate in self
            .burn_rates(rule.severity)
            .filter(|rate| **rate != slowest)
        {
            all.push(self.burst(rule, rate, &slowest, 1.02, 1.02)?);
            all.push(self.burst(rule, rate, &slowest, 0.98, 1.5)?);
            all.push(self.burst(rule, rate, &slowest, 1.5, 0.98)?);
        }
        if let Some(over) = self.over(rule, &slowest)? {
            all.push(over);
        }
        Ok(all)
    }

    /// Burns a little faster than the rule tells, from the beginning.
    fn always(&self, rule: &Rule, rate: &BurnRate) -> Result<Situation, String> {
        let bad = self.share(rate.value(), 1.02);
        let course = [(bad, LONGEST_STEP * 10)];
        let own = self.own();
        let mut series = self
            .population()
            .series(&own, &self.phases(&course, TRAFFIC))?;
        let slowest = self.slo.burn_rates.iter().map(BurnRate::value);
        let slowest = slowest.reduce(f64::min).unwrap_or(rate.value());
        let well = [(self.share(slowest, 0.5), LONGEST_STEP * 10)];
        let well = self.phases(&well, TRAFFIC * MUCH);
        let identity = self
            .catalogue
            .service
            .identity
            .iter()
            .filter(|label| *label != "job");
        for label in self.groups.iter().chain(identity) {
            let place = Place {
                other: BTreeSet::from([label.clone()]),
                ..own.clone()
            };
            add(&mut series, self.population().series(&place, &well));
        }
        self.add_outside(&mut series, &well);
        let firing = self.firing(rule, bad)?;
        Ok(self.situation("burns too fast", true, series, &course, firing))
    }

    /// Burns a little slower, while all beside it burns.
    fn almost(&self, rule: &Rule, rate: &BurnRate) -> Result<Situation, String> {
        let bad = self.share(rate.value(), 0.98);
        let course = [(bad, LONGEST_STEP * 10)];
        let own = self.own();
        let mut series = self
            .population()
            .series(&own, &self.phases(&course, TRAFFIC))?;
        let sick = [(1.0, LONGEST_STEP * 10)];
        let sick = self.phases(&sick, TRAFFIC * MUCH);
        self.add_outside(&mut series, &sick);
        let job = &self.catalogue.jobs[self.slo.job];
        if let Some(place) = elsewhere(job, &own) {
            add(&mut series, self.population().series(&place, &sick));
        }
        let elsewhere = Place {
            job: OTHER.to_owned(),
            ..own
        };
        add(&mut series, self.population().series(&elsewhere, &sick));
        add(&mut series, self.others(rule, samples(LONGEST_STEP * 10)));
        let firing = self.firing(rule, bad)?;
        Ok(self.situation("burns slowly enough", false, series, &course, firing))
    }

    /// Burns for the short window of a rate, and did so before: by how much, compared with what the rule tells, is given for the
    /// short and for the long window. Between the two all was well, so that the slowest rate has nothing to tell.
    fn burst(
        &self,
        rule: &Rule,
        rate: &BurnRate,
        slowest: &BurnRate,
        short: f64,
        long: f64,
    ) -> Result<Situation, String> {
        let now = self.share(rate.value(), short);
        let all = self.share(rate.value(), long);
        // The rules may read what was recorded an evaluation ago, and go on for a while after what was before.
        let keep = rule.keep_firing_for.unwrap_or_default();
        let lasts = rate.short + keep + LONGEST_STEP * 4;
        let between = slowest.short.saturating_sub(rate.short);
        let minutes = |time: Duration| f64::from(samples(time));
        // Before the first sample nothing is known.
        let asked = minutes(BEFORE - LONGEST_STEP) * BEFORE_MUCH;
        let later = minutes(between) * BETWEEN_MUCH + minutes(lasts);
        let before = rounded((all * (asked + later) - now * minutes(lasts)) / asked);
        if !(0.0..=1.0).contains(&before) {
            return Err("so much cannot be bad".to_owned());
        }
        let course = [(before, BEFORE), (0.0, between), (now, lasts)];
        let mut phases = self.phases(&course, TRAFFIC);
        for (phase, much) in phases.iter_mut().zip([BEFORE_MUCH, BETWEEN_MUCH, 1.0]) {
            phase.traffic *= much;
        }
        let series = self.population().series(&self.own(), &phases)?;
        let fires = short > 1.0 && long > 1.0;
        let labels = match fires {
            true => vec![self.labels(rule, now)?],
            false => Vec::new(),
        };
        let times = rate.value();
        let name = match (short > 1.0, long > 1.0) {
            (true, true) => format!("burns at {times}x"),
            (true, false) => format!("burns at {times}x under {}", Time(rate.long)),
            _ => format!("burned at {times}x"),
        };
        Ok(self.situation(&name, fires, series, &course, Firing::Labels(labels)))
    }

    /// It is over, though the long window still remembers it.
    fn over(&self, rule: &Rule, rate: &BurnRate) -> Result<Option<Situation>, String> {
        let bad = self.share(rate.value(), 2.04);
        let keep = rule.keep_firing_for.unwrap_or_default();
        if bad >= 1.0 || keep > rate.short {
            return Ok(None);
        }
        let course = [(bad, BEFORE), (0.0, rate.short + keep + LONGEST_STEP * 4)];
        let mut phases = self.phases(&course, TRAFFIC);
        phases[0].traffic *= BEFORE_MUCH;
        let series = self.population().series(&self.own(), &phases)?;
        let firing = Firing::Labels(Vec::new());
        Ok(Some(self.situation(
            "no longer burns",
            false,
            series,
            &course,
            firing,
        )))
    }

    fn share(&self, burn_rate: f64, factor: f64) -> f64 {
        let share = rounded(burn_rate * self.budget * factor);
        // A share is never above 1: then half the way to it.
        if factor > 1.0 && share >= 1.0 {
            rounded((burn_rate * self.budget).midpoint(1.0))
        } else {
            share
        }
    }

    fn phases(&self, course: Course<'_>, traffic: f64) -> Vec<Phase> {
        let phase = |(bad, time): &(f64, Duration)| Phase {
            value: match self.slo.measured.is_good {
                true => rounded(1.0 - bad),
                false => *bad,
            },
            traffic,
            samples: samples(*time),
        };
        course
            .iter()
            .map(phase)
            .filter(|phase| phase.samples > 0)
            .collect()
    }

    fn situation(
        &self,
        name: &str,
        fires: bool,
        series: Vec<InputSeries>,
        course: Course<'_>,
        firing: Firing,
    ) -> Situation {
        let lasts: u32 = course.iter().map(|(_, time)| samples(*time)).sum();
        Situation {
            name: name.to_owned(),
            fires,
            step: LONGEST_STEP,
            series,
            checks: vec![Check {
                at: LONGEST_STEP * lasts.saturating_sub(1),
                firing,
            }],
            origin: self.slo.origin.clone(),
        }
    }

    fn own(&self) -> Place {
        Place {
            job: self.catalogue.jobs[self.slo.job].name.clone(),
            other: BTreeSet::new(),
            outside: None,
        }
    }

    fn population(&self) -> Population<'_> {
        Population {
            catalogue: self.catalogue,
            signal: &self.slo.measured.signal,
            groups: &self.groups,
            capacity: None,
            step: LONGEST_STEP,
        }
    }

    fn add_outside(&self, series: &mut Vec<InputSeries>, phases: &[Phase]) {
        for matcher in self.population().matchers() {
            let place = Place {
                outside: Some(matcher),
                ..self.own()
            };
            add(series, self.population().series(&place, phases));
        }
    }

    /// What is recorded of other objectives, all bad: for each matcher of the rule, series that fit but for its label.
    fn others(&self, rule: &Rule, samples: u32) -> Result<Vec<InputSeries>, String> {
        let labels = self.answer()?;
        let mut series = Vec::new();
        rule.query.visit_selectors(&mut |selector| {
            for matcher in &selector.matchers {
                let equal = |(label, value): &(String, String)| {
                    let value = if *label == matcher.label {
                        OTHER
                    } else {
                        value
                    };
                    Matcher {
                        label: label.clone(),
                        operator: MatchOp::Equal,
                        value: value.to_owned(),
                    }
                };
                let series_of_other = Selector {
                    matchers: labels.iter().map(equal).collect(),
                    ..selector.clone()
                };
                let bad = Line {
                    start: 1.0,
                    slope: 0.0,
                    samples,
                };
                let input = InputSeries {
                    series: series_of_other,
                    samples: Samples::Lines(vec![bad]),
                };
                add(&mut series, Ok(vec![input]));
            }
        });
        Ok(series)
    }

    /// Everything of the alert that fires where the share was always bad.
    fn firing(&self, rule: &Rule, bad: f64) -> Result<Firing, String> {
        let slowest = |severity| {
            let rates = self.burn_rates(severity).map(BurnRate::value);
            rates.reduce(f64::min).unwrap_or(f64::INFINITY)
        };
        let active = self.slo.alert.rules.iter();
        let active: Vec<&Rule> = active
            .filter(|rule| bad > slowest(rule.severity) * self.budget)
            .collect();
        let labels = self.answer()?;
        let all: Option<Vec<_>> = active.iter().map(|rule| told(rule, bad, &labels)).collect();
        if let Some(all) = all {
            return Ok(Firing::Exactly(all));
        }
        let this = active
            .into_iter()
            .filter(|active| active.severity == rule.severity);
        let labels: Result<Vec<Labels>, String> = this.map(|rule| self.labels(rule, bad)).collect();
        Ok(Firing::Labels(labels?))
    }

    fn labels(&self, rule: &Rule, bad: f64) -> Result<Labels, String> {
        all_labels(rule, bad, &self.answer()?)
            .ok_or_else(|| "a label is made by a template".to_owned())
    }

    /// The labels of the share: identity and groups, and what its records say of themselves.
    fn answer(&self) -> Result<Labels, String> {
        let identity = &self.catalogue.service.identity;
        let mut labels = self.population().labels(&self.own())?;
        labels.retain(|(name, _)| identity.contains(name) || self.groups.contains(name));
        if let Some(indicator) = self.slo.indicators.first() {
            let of_record = indicator.record.labels.iter();
            labels.extend(
                of_record
                    .filter(|(name, _)| name != "sloth_window")
                    .cloned(),
            );
        }
        Ok(labels)
    }
}

fn samples(time: Duration) -> u32 {
    u32::try_from(time.as_millis() / LONGEST_STEP.as_millis()).unwrap_or(u32::MAX)
}
