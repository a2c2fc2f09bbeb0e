//! `tests:` of an alert: situations by hand.

use std::time::Duration;

use super::super::expressions::Reader;
use super::{OTHER, target, values};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Job, Series};
use crate::model::monitoring::Rule;
use crate::model::namespace::NAMESPACE;
use crate::model::proof::{Check, Firing, InputSeries, Line, Samples, Situation};
use crate::promql::{self, MatchOp, Matcher, Offset, Query, Selector, Window};
use crate::spec::Place;
use crate::spec::document::{Alert, AlertTest, Dict, SeriesValue};

/// A situation by hand.
#[derive(Clone, Debug)]
pub(in super::super) struct WrittenTest {
    fires: bool,
    series: Vec<(Selector, SeriesValue)>,
    /// Whether the jobs of the series are those that the rule is bound to.
    bound: bool,
    /// Whether the rule is bound to the namespace of each job that it reads.
    has_namespace: bool,
    /// The labels of the identity, which the rule keeps unless it is raw.
    identity: Vec<String>,
    after: Duration,
    origin: Place,
}

/// Samples by hand are a minute apart.
const STEP: Duration = Duration::from_secs(60);

/// Reads `tests:` of an alert.
pub(in super::super) fn read(
    alert: &Alert,
    rule: Option<&Rule>,
    reader: &Reader<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Vec<WrittenTest> {
    let at = at.child("tests");
    let mut tests = Vec::new();
    for (index, test) in alert.tests.iter().enumerate() {
        let at = at.index(index);
        let Some((key, fires, written)) = one_of(test, &at, findings) else {
            continue;
        };
        let within = at.child(key);
        let series = written.iter().filter_map(|(name, value)| {
            let at = within.child(name).key();
            Some((series(name, reader, &at, findings)?, value.clone()))
        });
        let series: Vec<(Selector, SeriesValue)> = series.collect();
        let names_a_job = |(name, _): (&str, &SeriesValue)| {
            let parsed = promql::parse_selector(name);
            parsed.is_ok_and(|it| it.selector.matchers_of("job").next().is_some())
        };
        let bound = !alert.raw && !written.iter().any(names_a_job);
        let jobs = &reader.catalogue.jobs;
        let pins = |selector: &Selector| {
            let mut named = selector.matchers_of("job");
            let job = named.find_map(|named| jobs.iter().find(|job| job.name == named.value));
            job.and_then(Job::namespace_label)
                .is_some_and(|(label, namespace)| {
                    let pinned = Matcher::new(label, MatchOp::Equal, namespace);
                    selector.matchers.contains(&pinned)
                })
        };
        // A namespace by hand may be any.
        let has_namespace = rule.is_some_and(|rule| {
            let mut all = true;
            rule.query
                .visit_selectors(&mut |selector| all &= pins(selector));
            all
        });
        let after = match (test.after, rule) {
            (Some(after), _) => after.0,
            (None, Some(rule)) => reach(&rule.query) + rule.hold + STEP * 2,
            (None, None) => continue,
        };
        tests.push(WrittenTest {
            fires,
            series,
            bound,
            has_namespace,
            identity: match alert.raw {
                true => Vec::new(),
                false => reader.catalogue.service.identity.clone(),
            },
            after,
            origin: at,
        });
    }
    tests
}

fn one_of<'t>(
    test: &'t AlertTest,
    at: &Place,
    findings: &mut Findings,
) -> Option<(&'static str, bool, &'t Dict<SeriesValue>)> {
    match (&test.fires_when, &test.silent_when) {
        (Some(series), None) => Some(("fires_when", true, series)),
        (None, Some(series)) => Some(("silent_when", false, series)),
        (Some(_), Some(_)) => {
            findings.push(
                Finding::error(
                    "conflicting-keys",
                    at.child("silent_when").key(),
                    "`silent_when` and `fires_when` exclude each other",
                )
                .related(at.child("fires_when").key(), "the other one")
                .help("write two tests"),
            );
            None
        }
        (None, None) => {
            findings.push(Finding::error(
                "missing-key",
                at.clone(),
                "one of `fires_when` and `silent_when` is missing",
            ));
            None
        }
    }
}

/// A series, with a value for each label of its metric.
fn series(
    text: &str,
    reader: &Reader<'_>,
    at: &Place,
    findings: &mut Findings,
) -> Option<Selector> {
    let promql::ParsedSelector {
        mut selector,
        places,
        ..
    } = match promql::parse_selector(text) {
        Ok(parsed) => parsed,
        Err(error) => {
            findings.push(super::super::expressions::syntax(at, text, &error));
            return None;
        }
    };
    let mut sound = true;
    for (matcher, places) in selector.matchers.iter().zip(&places.matchers) {
        if matcher.operator != MatchOp::Equal {
            sound = false;
            findings.push(
                Finding::error(
                    "bad-value",
                    at.within(places.label.start..places.value.end),
                    "a series has values, not patterns",
                )
                .help(format!("for example `{}=\"…\"`", matcher.label)),
            );
        }
    }
    let automatic = selector.metric.as_deref() == Some("up");
    let job = if automatic {
        0
    } else {
        let selection = reader.series(text, at, findings)?;
        let metric = &reader.catalogue.metrics[selection.named.metric];
        if selection.named.series == Series::Family {
            let name = &metric.name;
            findings.push(
                Finding::error(
                    "wrong-metric-type",
                    at.clone(),
                    format!("no series is called `{name}`: it is a histogram"),
                )
                .help(format!(
                    "its series are `{name}_bucket`, `{name}_sum` and `{name}_count`"
                )),
            );
            return None;
        }
        if selection.named.series == Series::Bucket && selector.matchers_of("le").next().is_none() {
            findings.push(Finding::error(
                "bad-value",
                at.clone(),
                "a bucket has a bound: `le` is missing",
            ));
            return None;
        }
        for label in metric.labels.known() {
            if selector.matchers_of(&label.name).next().is_none()
                && let Some(value) = values::value(Some(label), &[], &[], 0)
            {
                selector
                    .matchers
                    .push(Matcher::new(&label.name, MatchOp::Equal, value));
            }
        }
        metric.job
    };
    let mut target = target(reader.catalogue, job);
    target.retain(|matcher| selector.matchers_of(&matcher.label).next().is_none());
    target.append(&mut selector.matchers);
    selector.matchers = target;
    sound.then_some(selector)
}

/// How far back a query looks.
fn reach(query: &Query) -> Duration {
    let length = |window: &Window| match window {
        Window::Duration(time) => *time,
        _ => Duration::ZERO,
    };
    let back = |offset: &Option<Offset>| match offset {
        Some(Offset::Back(time)) => length(time),
        _ => Duration::ZERO,
    };
    let here = match query {
        Query::Selector(selector) => back(&selector.offset),
        Query::Range { selector, window } => length(window) + back(&selector.offset),
        Query::Subquery { range, offset, .. } => length(range) + back(offset),
        _ => Duration::ZERO,
    };
    let below = query.children().into_iter().map(reach).max();
    here + below.unwrap_or_default()
}

/// The situations of an alert whose proofs are written.
///
/// Where the rule is silent, another job is in the state in which it fires, and so is another namespace where that tells
/// environments apart: a rule that reads any job would say so.
pub(super) fn situations(tests: &[WrittenTest], rule: &Rule) -> Vec<Situation> {
    let firing = tests.iter().find(|test| test.fires && test.bound);
    let labels: &[&str] = match firing {
        Some(test) if test.has_namespace => &["job", NAMESPACE],
        _ => &["job"],
    };
    let with_other = |label: &str, (mut series, value): (Selector, SeriesValue)| {
        for matcher in &mut series.matchers {
            if matcher.label == label {
                OTHER.clone_into(&mut matcher.value);
            }
        }
        (series, value)
    };
    let elsewhere: Vec<(Selector, SeriesValue)> = labels
        .iter()
        .flat_map(|label| {
            let series = firing.into_iter().flat_map(|test| test.series.clone());
            series.map(move |one| with_other(label, one))
        })
        .collect();
    tests
        .iter()
        .map(|test| {
            let steps = test.after.as_millis().div_ceil(STEP.as_millis());
            let steps = u32::try_from(steps).unwrap_or(u32::MAX);
            Situation {
                name: if test.fires { "fires" } else { "stays silent" }.to_owned(),
                fires: test.fires,
                step: STEP,
                origin: test.origin.clone(),
                series: test
                    .series
                    .iter()
                    .chain(elsewhere.iter().filter(|_| test.bound && !test.fires))
                    .map(|(series, value)| InputSeries {
                        series: series.clone(),
                        samples: samples(value, steps),
                    })
                    .collect(),
                checks: checks(test, rule, steps),
            }
        })
        .collect()
}

fn checks(test: &WrittenTest, rule: &Rule, steps: u32) -> Vec<Check> {
    let mut checks = Vec::new();
    // Whatever the series are, nothing fires before it could have held.
    let held = u32::try_from(rule.hold.as_millis() / STEP.as_millis()).unwrap_or(u32::MAX);
    if let Some(before) = held.checked_sub(1).filter(|before| *before < steps) {
        checks.push(Check {
            at: STEP * before,
            firing: Firing::Labels(Vec::new()),
        });
    }
    checks.push(Check {
        at: STEP * steps,
        firing: match test.fires {
            true => Firing::With(labels(test, rule)),
            false => Firing::Labels(Vec::new()),
        },
    });
    checks
}

/// Labels that the alert has for certain: those of the rule, and the identity of its series, if they have the same.
fn labels(test: &WrittenTest, rule: &Rule) -> Vec<(String, String)> {
    let plain = |(_, text): &&(String, String)| !text.is_empty() && !text.contains("{{");
    let mut labels: Vec<_> = rule.labels.iter().filter(plain).cloned().collect();
    for label in &test.identity {
        let mut values = test
            .series
            .iter()
            .map(|(series, _)| series.matchers_of(label).next());
        if let Some(Some(first)) = values.next()
            && values.all(|value| value.is_some_and(|value| value.value == first.value))
            && labels.iter().all(|(name, _)| name != label)
        {
            labels.push((label.clone(), first.value.clone()));
        }
    }
    labels
}

fn samples(value: &SeriesValue, steps: u32) -> Samples {
    match value {
        SeriesValue::Samples(text) => Samples::Written(text.clone()),
        SeriesValue::Quantity(quantity) => {
            let (start, slope) = match quantity.per {
                Some(_) => (
                    0.0,
                    super::margins::rounded(quantity.value * STEP.as_secs_f64()),
                ),
                None => (quantity.value, 0.0),
            };
            Samples::Lines(vec![Line {
                start,
                slope,
                samples: steps + 1,
            }])
        }
    }
}
