//! The situations that follow from a typed condition.

use std::collections::BTreeSet;
use std::time::Duration;

use super::super::comparisons::Bound;
use super::super::domain::{self, Domain, Kind};
use super::margins::{self, Scale, rounded};
use super::population::{INSTANCES, Phase, Place, Population};
use super::{OTHER, Subject, elsewhere, texts};
use crate::model::catalogue::Catalogue;
use crate::model::monitoring::{Alert, Rule};
use crate::model::namespace::NAMESPACE;
use crate::model::proof::{Check, Firing, FiringAlert, InputSeries, Labels, Situation};
use crate::model::signal::Shape;

/// What is asked per second where a rule does not need any certain traffic.
const TRAFFIC: f64 = 10.0;

/// How much more is asked of what stands beside.
const MUCH: f64 = 10.0;

/// How large a capacity is that is measured itself.
const CAPACITY: f64 = 100.0;

/// The names of situations in which the rule does not fire.
const SILENT: &str = "stays silent";
const QUIET: &str = "has too little traffic";

/// Makes the situations of one alert.
pub(super) struct Prover<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) subject: &'a Subject,
    /// Labels by which the signal is grouped, beside the identity.
    pub(super) groups: Vec<String>,
    pub(super) alert: &'a Alert,
    pub(super) step: Duration,
}

/// A value with which a rule fires, one with which it does not, and what they are compared with.
struct Sides {
    fires: f64,
    silent: f64,
}

impl Prover<'_> {
    /// The situations of the rule at `index`.
    pub(super) fn situations(&self, index: usize) -> Result<Vec<Situation>, String> {
        let sides = self.sides(index)?;
        let well = self.sides(0)?.silent;
        let sick = self.sides(self.alert.rules.len() - 1)?.fires;
        let mut all = vec![
            self.fires(index, &sides, well)?,
            self.silent(index, &sides, sick)?,
        ];
        if let Some(least) = self.subject.min_traffic {
            all.push(self.just_enough(index, &sides, least)?);
            all.push(self.quiet(&sides, least)?);
        }
        if self.subject.when_missing {
            all.push(self.missing(index, &sides)?);
        }
        if let Some(keep) = self.alert.rules[index].keep_firing_for {
            all.push(self.kept(index, &sides, keep)?);
        }
        Ok(all)
    }

    fn fires(&self, index: usize, sides: &Sides, well: f64) -> Result<Situation, String> {
        let at = self.look_at(sides.fires);
        let population = self.population();
        let own = self.own();
        let mut series = population.series(&own, &self.phases(sides.fires, self.traffic(), at))?;
        let beside = self.phases(well, self.traffic() * MUCH, at);
        // Other groups, and what the matchers leave out, are well: added up with them, nothing would fire.
        let extra = self
            .catalogue
            .service
            .identity
            .iter()
            .filter(|label| *label != "job");
        for label in self.groups.iter().chain(extra) {
            let place = Place {
                other: BTreeSet::from([label.clone()]),
                ..own.clone()
            };
            add(&mut series, population.series(&place, &beside));
        }
        self.add_outside(&mut series, &beside);
        let mut checks = Vec::new();
        if let Some(pending) = self.alert.rules[index].hold.checked_sub(self.step)
            && !self.changes()
        {
            checks.push(Check {
                at: self.round(pending),
                firing: Firing::Labels(Vec::new()),
            });
        }
        let labels = self.answer(&population.labels(&own)?);
        checks.push(Check {
            at,
            firing: self.firing(index, sides.fires, &labels)?,
        });
        Ok(self.situation("fires", series, checks))
    }

    fn silent(&self, index: usize, sides: &Sides, sick: f64) -> Result<Situation, String> {
        let at = self.look_at(sides.silent).max(self.look_at(sides.fires));
        let population = self.population();
        let own = self.own();
        let mut series = population.series(&own, &self.phases(sides.silent, self.traffic(), at))?;
        let beside = self.phases(sick, self.traffic() * MUCH, at);
        self.add_outside(&mut series, &beside);
        let elsewhere = Place {
            job: OTHER.to_owned(),
            ..own.clone()
        };
        add(&mut series, population.series(&elsewhere, &beside));
        if let Some(place) = self.other_namespace() {
            add(&mut series, population.series(&place, &beside));
        }
        let labels = self.answer(&population.labels(&own)?);
        let firing = self.firing(index, sides.silent, &labels)?;
        Ok(self.situation(SILENT, series, vec![Check { at, firing }]))
    }

    /// The same as where it fires, with little more traffic than it takes.
    fn just_enough(&self, index: usize, sides: &Sides, least: f64) -> Result<Situation, String> {
        let at = self.look_at(sides.fires);
        let population = self.population();
        let own = self.own();
        let series =
            population.series(&own, &self.phases(sides.fires, rounded(least * 1.02), at))?;
        let labels = self.answer(&population.labels(&own)?);
        let firing = self.firing(index, sides.fires, &labels)?;
        Ok(self.situation(
            "has just enough traffic",
            series,
            vec![Check { at, firing }],
        ))
    }

    /// And with little less.
    fn quiet(&self, sides: &Sides, least: f64) -> Result<Situation, String> {
        let at = self.look_at(sides.fires);
        let phases = self.phases(sides.fires, rounded(least * 0.98), at);
        let series = self.population().series(&self.own(), &phases)?;
        let firing = Firing::Exactly(Vec::new());
        Ok(self.situation(QUIET, series, vec![Check { at, firing }]))
    }

    /// Only somebody else has series.
    fn missing(&self, index: usize, sides: &Sides) -> Result<Situation, String> {
        let at = self.look_at(sides.fires);
        let population = self.population();
        let own = self.own();
        let elsewhere = Place {
            job: OTHER.to_owned(),
            ..own.clone()
        };
        let well = self.phases(sides.silent, TRAFFIC, at);
        let mut series = population.series(&elsewhere, &well)?;
        if let Some(place) = self.other_namespace() {
            add(&mut series, population.series(&place, &well));
        }
        let pinned = self.subject.signal.selection();
        let pinned = pinned.map(|of| of.matchers.as_slice()).unwrap_or_default();
        let labels: Labels = population
            .labels(&own)?
            .into_iter()
            .filter(|(label, _)| {
                let equal =
                    |m: &&crate::promql::Matcher| m.operator == crate::promql::MatchOp::Equal;
                label == "job"
                    || (label == NAMESPACE && self.catalogue.service.namespace.is_some())
                    || pinned.iter().filter(equal).any(|m| m.label == *label)
            })
            .collect();
        let firing = self.firing(index, 0.0, &labels)?;
        Ok(self.situation("has no series", series, vec![Check { at, firing }]))
    }

    /// It goes on for a while after what it fired for is over.
    fn kept(&self, index: usize, sides: &Sides, keep: Duration) -> Result<Situation, String> {
        let at = self.look_at(sides.fires);
        let mut phases = self.phases(sides.fires, self.traffic(), at);
        // When the condition ends, at the earliest and at the latest.
        let (first, last) = if self.changes() {
            // By itself, as soon as the change is longer ago than the signal looks back.
            let end = self.settled() + self.round(self.subject.signal.window);
            (end, end)
        } else {
            (at + self.step, at + self.step + self.settled())
        };
        let (kept, over) = (
            self.round_down(first + keep - self.step),
            self.round(last + keep + self.step),
        );
        if self.changes() {
            phases = self.phases(sides.fires, self.traffic(), over);
        } else {
            phases.push(Phase {
                value: sides.silent,
                traffic: self.traffic(),
                samples: samples(over - at - self.step, self.step),
            });
        }
        let population = self.population();
        let own = self.own();
        let series = population.series(&own, &phases)?;
        let labels = self.answer(&population.labels(&own)?);
        let still = vec![self.labels(&self.alert.rules[index], sides.fires, &labels)?];
        let checks = vec![
            Check {
                at: kept,
                firing: Firing::Labels(still),
            },
            Check {
                at: over,
                firing: Firing::Labels(Vec::new()),
            },
        ];
        Ok(self.situation("keeps firing", series, checks))
    }

    fn situation(&self, name: &str, series: Vec<InputSeries>, checks: Vec<Check>) -> Situation {
        let silent = matches!(name, SILENT | QUIET);
        Situation {
            name: name.to_owned(),
            fires: !silent,
            step: self.step,
            series,
            checks,
            origin: self.alert.origin.clone(),
        }
    }

    fn other_namespace(&self) -> Option<Place> {
        elsewhere(&self.catalogue.jobs[self.subject.signal.job], &self.own())
    }

    fn own(&self) -> Place {
        Place {
            job: self.catalogue.jobs[self.subject.signal.job].name.clone(),
            other: BTreeSet::new(),
            outside: None,
        }
    }

    fn population(&self) -> Population<'_> {
        let capacity = self
            .subject
            .levels
            .iter()
            .find_map(|level| match &level.bound {
                Bound::Share { capacity, .. } => Some((capacity, CAPACITY)),
                Bound::Number { .. } => None,
            });
        Population {
            catalogue: self.catalogue,
            signal: &self.subject.signal,
            groups: &self.groups,
            capacity,
            step: self.step,
        }
    }

    /// Series that the matchers of the signal leave out, one for each matcher.
    fn add_outside(&self, series: &mut Vec<InputSeries>, phases: &[Phase]) {
        let population = self.population();
        for matcher in population.matchers() {
            let place = Place {
                outside: Some(matcher),
                ..self.own()
            };
            add(series, population.series(&place, phases));
        }
    }

    /// All rules of the alert that fire at a value, with what they tell.
    fn firing(&self, index: usize, value: f64, labels: &Labels) -> Result<Firing, String> {
        let active = self.active(value);
        let told: Option<Vec<FiringAlert>> = active
            .iter()
            .map(|rule| told(rule, value, labels))
            .collect();
        if let Some(told) = told {
            return Ok(Firing::Exactly(told));
        }
        let this = &self.alert.rules[index];
        let this = active
            .into_iter()
            .filter(|rule| rule.severity == this.severity);
        Ok(Firing::Labels(
            this.map(|rule| self.labels(rule, value, labels))
                .collect::<Result<_, _>>()?,
        ))
    }

    fn labels(&self, rule: &Rule, value: f64, labels: &Labels) -> Result<Labels, String> {
        all_labels(rule, value, labels).ok_or_else(|| "a label is made by a template".to_owned())
    }

    /// The rules of the alert that fire at a value.
    fn active(&self, value: f64) -> Vec<&Rule> {
        self.subject
            .levels
            .iter()
            .zip(&self.alert.rules)
            .filter(|(level, _)| margins::holds(level.direction, value, threshold(&level.bound)))
            .map(|(_, rule)| rule)
            .collect()
    }

    /// When everything that fires at a value has begun to.
    fn look_at(&self, value: f64) -> Duration {
        let held = self.active(value).into_iter().map(|rule| rule.hold).max();
        self.round(self.settled() + held.unwrap_or_default() + self.step)
    }

    /// When the signal has the value that its series were made for.
    fn settled(&self) -> Duration {
        match self.subject.signal.shape {
            Shape::Value { .. } | Shape::Expression { .. } => Duration::ZERO,
            _ => self.round(self.subject.signal.window + self.step),
        }
    }

    fn changes(&self) -> bool {
        matches!(self.subject.signal.shape, Shape::Change { .. })
    }

    /// A value until a moment. Of a change, the first half is the time before it.
    fn phases(&self, value: f64, traffic: f64, until: Duration) -> Vec<Phase> {
        let phase = |from: Duration, until: Duration| Phase {
            value,
            traffic,
            samples: samples(until - from, self.step),
        };
        if self.changes() {
            let change = self.settled();
            vec![
                phase(Duration::ZERO, change - self.step),
                phase(change, until.max(change)),
            ]
        } else {
            vec![phase(Duration::ZERO, until)]
        }
    }

    /// Enough, and so much that it is enough as soon as there are two samples.
    fn traffic(&self) -> f64 {
        self.subject
            .min_traffic
            .map_or(TRAFFIC, |least| rounded(least * MUCH))
    }

    fn sides(&self, index: usize) -> Result<Sides, String> {
        let level = &self.subject.levels[index];
        let threshold = threshold(&level.bound);
        let found = if self.changes() {
            parts(
                |part| margins::holds(level.direction, part, threshold),
                threshold,
            )
        } else if matches!(self.domain().kind, Kind::Bit) {
            let bit = |wanted| {
                let holds = |bit: &f64| margins::holds(level.direction, *bit, threshold);
                [0.0, 1.0].into_iter().find(|bit| holds(bit) == wanted)
            };
            bit(true).zip(bit(false))
        } else {
            margins::sides(level.direction, threshold, self.scale(&level.bound))
        };
        let (fires, silent) = found.ok_or("there is no value on one side of the threshold")?;
        if self.changes() && fires < silent {
            return Err("it fires where nothing changes, which is nearly always".to_owned());
        }
        Ok(Sides { fires, silent })
    }

    fn domain(&self) -> Domain<'_> {
        domain::of(&self.subject.signal, &self.subject.by, self.catalogue)
    }

    fn scale(&self, bound: &Bound) -> Scale {
        let domain = self.domain();
        // What is not known to be negative is not tried there.
        let negative = matches!(domain.kind, Kind::Any)
            && matches!(self.subject.signal.shape, Shape::Value { .. });
        Scale {
            counted: matches!(bound, Bound::Number { counted: true, .. }),
            least: (!negative).then_some(0.0),
            greatest: Some(domain.greatest).filter(|greatest| greatest.is_finite()),
        }
    }

    /// The labels that an answer has, of those of its series.
    fn answer(&self, labels: &Labels) -> Labels {
        match self.subject.answer_labels(self.catalogue) {
            Some(kept) => labels
                .iter()
                .filter(|(name, _)| kept.contains(name))
                .cloned()
                .collect(),
            None => labels.clone(),
        }
    }

    fn round(&self, time: Duration) -> Duration {
        let steps = time.as_millis().div_ceil(self.step.as_millis());
        self.step * u32::try_from(steps).unwrap_or(u32::MAX)
    }

    fn round_down(&self, time: Duration) -> Duration {
        let steps = time.as_millis() / self.step.as_millis();
        self.step * u32::try_from(steps).unwrap_or(u32::MAX)
    }
}

/// What stands beside is there if it can be: a label with one value has no other.
pub(super) fn add(series: &mut Vec<InputSeries>, more: Result<Vec<InputSeries>, String>) {
    for input in more.unwrap_or_default() {
        if series.iter().all(|known| known.series != input.series) {
            series.push(input);
        }
    }
}

fn threshold(bound: &Bound) -> f64 {
    match bound {
        Bound::Number { compared, .. } => *compared,
        Bound::Share { share, .. } => rounded(share * CAPACITY),
    }
}

/// Of so many instances, the part next to a threshold that is beyond it, and the one that is not.
fn parts(holds: impl Fn(f64) -> bool, threshold: f64) -> Option<(f64, f64)> {
    let all = (0..=INSTANCES).map(|part| f64::from(part) / f64::from(INSTANCES));
    let nearest = |wanted: bool| {
        all.clone()
            .filter(|part| holds(*part) == wanted)
            .filter(|part| *part != threshold || threshold == 0.0)
            .min_by(|a, b| (a - threshold).abs().total_cmp(&(b - threshold).abs()))
    };
    Some((nearest(true)?, nearest(false)?))
}

fn samples(time: Duration, step: Duration) -> u32 {
    u32::try_from(time.as_millis() / step.as_millis()).unwrap_or(u32::MAX) + 1
}

/// An alert as it is sent; nothing if what its templates do is not known here.
pub(super) fn told(rule: &Rule, value: f64, labels: &Labels) -> Option<FiringAlert> {
    let expand =
        |(name, text): &(String, String)| Some((name.clone(), texts::expand(text, value, labels)?));
    Some(FiringAlert {
        labels: all_labels(rule, value, labels)?,
        annotations: rule.annotations.iter().map(expand).collect::<Option<_>>()?,
    })
}

/// The labels of the series, overwritten by those of the rule. An empty label is none.
pub(super) fn all_labels(rule: &Rule, value: f64, labels: &Labels) -> Option<Labels> {
    let mut all = labels.clone();
    for (name, text) in &rule.labels {
        let text = texts::expand(text, value, labels)?;
        match all.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => *known = text,
            None => all.push((name.clone(), text)),
        }
    }
    all.retain(|(_, text)| !text.is_empty());
    Some(all)
}
