//! PromQL in a spec, checked against the catalogue: selectors of signals, and whole expressions.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::{matchers, typed};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Catalogue, Labels, Metric, Named, Series};
use crate::model::kubernetes::probe_job;
use crate::model::monitoring::{Expression, Purpose};
use crate::model::names::is_metric_name;
use crate::model::signal::Selection;
use crate::model::typing::target_labels;
use crate::promql::{
    self, Availability, MatchOp, Places, Query, Requirement, Selector, SelectorPlaces, SyntaxError,
};
use crate::spec::Place;
use crate::spec::document::{Dict, Document};
use crate::suggest;

/// What Prometheus itself says of every target and alert:
/// <https://prometheus.io/docs/concepts/jobs_instances/#automatically-generated-labels-and-time-series>
const AUTOMATIC: &[&str] = &[
    "up",
    "scrape_duration_seconds",
    "scrape_samples_scraped",
    "scrape_samples_post_metric_relabeling",
    "scrape_series_added",
    "ALERTS",
    "ALERTS_FOR_STATE",
];

/// Reads expressions against one catalogue.
pub(super) struct Reader<'a> {
    pub(super) document: &'a Document,
    pub(super) catalogue: &'a Catalogue,
    /// Names of recording rules, which are series too.
    pub(super) records: BTreeSet<String>,
    /// What was read, for lints.
    pub(super) read: RefCell<Vec<Expression>>,
}

/// What an expression is for, and how it is to be taken.
pub(super) struct Use<'d> {
    pub(super) purpose: Purpose,
    pub(super) raw: bool,
    pub(super) allow: &'d Dict<String>,
}

/// The metric that a selector reads.
enum Found<'a> {
    Metric(Named, &'a Metric),
    /// One that exists without being declared: nothing can be said about its labels.
    Unchecked,
    /// A finding was made, here or where it is declared.
    Nothing,
}

impl<'a> Reader<'a> {
    /// A selector of a signal: series of one declared metric.
    pub(super) fn selection(
        &self,
        text: &str,
        at: &Place,
        allow: &Dict<String>,
        findings: &mut Findings,
    ) -> Option<Selection> {
        let (selector, places) = self.lone_selector(text, at, findings)?;
        self.read.borrow_mut().push(Expression {
            text: text.to_owned(),
            query: Query::Selector(selector.clone()),
            places: Places {
                nodes: vec![places.whole.clone()],
                selectors: vec![places.clone()],
                ..Places::default()
            },
            purpose: Purpose::Selection,
            raw: false,
            allow: names(allow),
            origin: at.clone(),
        });
        self.select(selector, &places, at, findings)
    }

    /// The same of series that are made up, which no lint looks at.
    pub(super) fn series(
        &self,
        text: &str,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<Selection> {
        let (selector, places) = self.lone_selector(text, at, findings)?;
        self.select(selector, &places, at, findings)
    }

    /// A selector without window and offset, of what the oldest server understands.
    fn lone_selector(
        &self,
        text: &str,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<(Selector, SelectorPlaces)> {
        match promql::parse_selector(text) {
            Ok(parsed) => {
                self.check_versions(&parsed.requirements, at, findings);
                Some((parsed.selector, parsed.places))
            }
            Err(error) => {
                findings.push(syntax(at, text, &error));
                None
            }
        }
    }

    fn select(
        &self,
        selector: Selector,
        places: &SelectorPlaces,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<Selection> {
        let named = match self.find(&selector, places, at, findings) {
            Found::Metric(named, _) => named,
            Found::Unchecked => {
                findings.push(undeclared(&selector, at));
                return None;
            }
            Found::Nothing => return None,
        };
        matchers::check(self.catalogue, &selector, places, Some(named), at, findings);
        let patterns = selector
            .matchers
            .iter()
            .zip(&places.matchers)
            .filter(|(m, _)| m.label == "job" && m.operator != MatchOp::Equal);
        for (_, places) in patterns {
            findings.push(
                Finding::error(
                    "bad-value",
                    at.within(places.label.start..places.value.end),
                    "a signal reads one job",
                )
                .help("name it with `job=\"…\"`, or write an `expr`"),
            );
        }
        let matchers = selector
            .matchers
            .into_iter()
            .filter(|m| m.label != "job")
            .collect();
        Some(Selection { named, matchers })
    }

    /// A whole expression. Its selectors are left as they are; a job is added when it is asked.
    pub(super) fn expression(
        &self,
        text: &str,
        at: &Place,
        used: &Use<'_>,
        findings: &mut Findings,
    ) -> Option<Query> {
        let parsed = match promql::parse(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                findings.push(syntax(at, text, &error));
                return None;
            }
        };
        self.check_versions(&parsed.places.requirements, at, findings);
        let mut places = parsed.places.selectors.iter();
        parsed.query.visit_selectors(&mut |selector| {
            let Some(places) = places.next() else {
                return;
            };
            let named = match self.find(selector, places, at, findings) {
                Found::Metric(named, metric) => {
                    self.check_series(&named, metric, places, at, findings);
                    Some(named)
                }
                Found::Unchecked | Found::Nothing => None,
            };
            matchers::check(self.catalogue, selector, places, named, at, findings);
        });
        let expression = Expression {
            text: text.to_owned(),
            query: parsed.query.clone(),
            places: parsed.places,
            purpose: used.purpose,
            raw: used.raw,
            allow: names(used.allow),
            origin: at.clone(),
        };
        typed::check(&expression, self.catalogue, findings);
        self.read.borrow_mut().push(expression);
        Some(parsed.query)
    }

    /// Nothing that the oldest Prometheus that has to understand it does not.
    fn check_versions(&self, requirements: &[Requirement], at: &Place, findings: &mut Findings) {
        let (major, minor) = self.catalogue.server.version;
        for requirement in requirements {
            let Requirement {
                place,
                what,
                availability,
            } = requirement;
            let stated = format!("`prometheus.version` is {major}.{minor}");
            let message = |words: &str| format!("{what} {words}");
            let finding =
                |message| Finding::error("newer-promql", at.within(place.clone()), message);
            findings.push(match availability {
                availability if availability.includes((major, minor)) => continue,
                Availability::Since(major, minor) => {
                    finding(message(&format!("needs Prometheus {major}.{minor}"))).help(stated)
                }
                Availability::Before(major, minor) => finding(message(&format!(
                    "is gone since Prometheus {major}.{minor}"
                )))
                .help(stated),
                Availability::Experimental | Availability::Always => {
                    finding(message("is an experiment of Prometheus"))
                        .label("needs a feature flag of the server")
                }
            });
        }
    }

    /// The labels of the series that a selector finds.
    pub(super) fn labels_of(&self, selector: &Selector) -> promql::Labels {
        let catalogue = self.catalogue;
        let Some(name) = &selector.metric else {
            return promql::Labels::Any;
        };
        let job = selector
            .matchers_of("job")
            .find(|m| m.operator == MatchOp::Equal)
            .and_then(|m| catalogue.jobs.iter().position(|job| job.name == m.value));
        let target = |job: usize| {
            let labels = target_labels(&catalogue.jobs[job], catalogue);
            (!labels.open).then(|| labels.known.into_keys().map(str::to_owned))
        };
        let metric = catalogue
            .named(name)
            .iter()
            .map(|named| (named, &catalogue.metrics[named.metric]))
            .find(|(_, metric)| job.is_none_or(|job| metric.job == job));
        match (metric, job) {
            (Some((named, metric)), _) => match &metric.labels {
                Labels::Any => promql::Labels::Any,
                Labels::Known(labels) => target(metric.job).map_or(promql::Labels::Any, |target| {
                    promql::Labels::known(
                        target.chain(labels.iter().map(|l| l.name.clone())).chain(
                            matchers::special_labels(named.series, metric).map(str::to_owned),
                        ),
                    )
                }),
            },
            (None, Some(job)) if name == "up" => {
                target(job).map_or(promql::Labels::Any, promql::Labels::known)
            }
            _ => promql::Labels::Any,
        }
    }

    /// Which metric a selector means. The same name may come from several jobs: a `job` matcher tells which, and without one
    /// it is the service's own.
    fn find(
        &self,
        selector: &Selector,
        places: &SelectorPlaces,
        at: &Place,
        findings: &mut Findings,
    ) -> Found<'a> {
        let Some(name) = &selector.metric else {
            self.check_job(selector, places, at, findings);
            return Found::Unchecked;
        };
        let candidates = self.catalogue.named(name);
        let metric = |named: &Named| &self.catalogue.metrics[named.metric];
        let pinned = selector
            .matchers
            .iter()
            .find(|m| m.label == "job" && m.operator == MatchOp::Equal);
        let place = || {
            at.within(
                places
                    .metric
                    .clone()
                    .unwrap_or_else(|| places.whole.clone()),
            )
        };
        if let Some(job) = pinned {
            let of_job = |named: &&Named| self.catalogue.jobs[metric(named).job].name == job.value;
            let declared = self.catalogue.jobs.iter().any(|j| j.name == job.value);
            return match candidates.iter().find(of_job) {
                Some(named) => Found::Metric(*named, metric(named)),
                None if !declared => {
                    self.check_job(selector, places, at, findings);
                    Found::Nothing
                }
                None if !AUTOMATIC.contains(&name.as_str()) && !self.failed(name) => {
                    let names = self.catalogue.series_names();
                    let near = suggest::nearest(name, names).filter(|near| near.name != name);
                    let message = format!("the job `{}` declares no metric `{name}`", job.value);
                    let mut finding =
                        Finding::error("unknown-metric", place(), message).suggest(near);
                    if let Some(named) = candidates.first() {
                        finding = finding.related(metric(named).origin.key(), "of another job");
                    }
                    findings.push(finding);
                    Found::Nothing
                }
                None => Found::Unchecked,
            };
        }
        match candidates {
            [] => {
                if AUTOMATIC.contains(&name.as_str()) || self.records.contains(name) {
                    return Found::Unchecked;
                }
                if self.failed(name) {
                    return Found::Nothing;
                }
                let near = suggest::nearest(name, self.catalogue.series_names());
                let mut finding = Finding::error(
                    "unknown-metric",
                    place(),
                    format!("no metric is called `{name}`"),
                )
                .label("not declared")
                .suggest(near);
                if near.is_none() {
                    finding = finding.help(
                        "declare it under `metrics:`, or under `exporters:` if somebody else exposes it",
                    );
                }
                findings.push(finding);
                Found::Nothing
            }
            [one] => Found::Metric(*one, metric(one)),
            [first, ..] if metric(first).job == 0 => Found::Metric(*first, metric(first)),
            [first, second, ..] => {
                findings.push(
                    Finding::error(
                        "ambiguous-metric",
                        place(),
                        format!("several jobs expose `{name}`"),
                    )
                    .related(metric(first).origin.key(), "here")
                    .related(metric(second).origin.key(), "and here")
                    .help(format!(
                        "say which: `{name}{{job=\"{}\"}}`",
                        self.catalogue.jobs[metric(first).job].name
                    )),
                );
                Found::Nothing
            }
        }
    }

    /// Whether this is the name of an entry that could not be decoded.
    pub(super) fn failed(&self, name: &str) -> bool {
        if name.starts_with("slo:") && self.document.slos.failed().next().is_some() {
            return true;
        }
        let own = self.document.metrics.failed();
        let exporters = self.document.exporters.iter();
        own.chain(exporters.flat_map(|(_, exporter)| exporter.metrics.failed()))
            .any(|failed| {
                name.strip_prefix(failed)
                    .is_some_and(|rest| matches!(rest, "" | "_bucket" | "_sum" | "_count"))
            })
            || self.document.exporters.failed().next().is_some()
            || self.is_misnamed(name)
    }

    /// Whether a metric would be called so, were it not declared by a name that no metric can have.
    fn is_misnamed(&self, name: &str) -> bool {
        let valid = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':');
        self.catalogue.names.iter().any(|(declared, _)| {
            !is_metric_name(declared) && declared.replace(|c| !valid(c), "_") == name
        })
    }

    /// The job that a selector names is none of those that are declared.
    fn check_job(
        &self,
        selector: &Selector,
        places: &SelectorPlaces,
        at: &Place,
        findings: &mut Findings,
    ) {
        let jobs = || self.catalogue.jobs.iter().map(|job| job.name.as_str());
        let pinned = selector.matchers.iter().zip(&places.matchers);
        for (matcher, places) in pinned {
            let pins = matcher.label == "job"
                && matcher.operator == MatchOp::Equal
                && !matcher.value.is_empty();
            let failed = || self.document.exporters.failed();
            if !pins || failed().chain(jobs()).any(|job| job == matcher.value) {
                continue;
            }
            let is_probe = self.document.kubernetes.is_some()
                && matcher.value == probe_job(&self.catalogue.service.name);
            let near = suggest::nearest(&matcher.value, jobs()).filter(|_| !is_probe);
            let finding = Finding::error(
                "unknown-job",
                at.within(places.value.clone()),
                format!("no job is called `{}`", matcher.value),
            )
            .suggest(near);
            findings.push(match near {
                Some(_) => finding,
                None if is_probe => finding.help(format!(
                    "what the probe exposes is declared as that of an exporter: `exporters: {{ {}: {{ include: [std:blackbox] }} }}`",
                    matcher.value
                )),
                None => finding.help(format!(
                    "there is {}; declare what is scraped elsewhere: `exporters: {{ {}: {{}} }}`",
                    suggest::list(jobs()),
                    matcher.value
                )),
            });
        }
    }

    fn check_series(
        &self,
        named: &Named,
        metric: &Metric,
        places: &SelectorPlaces,
        at: &Place,
        findings: &mut Findings,
    ) {
        if named.series == Series::Family {
            let name = &metric.name;
            findings.push(
                Finding::error(
                    "wrong-metric-type",
                    at.within(places.metric.clone().unwrap_or_default()),
                    format!("no series is called `{name}`: it is a histogram"),
                )
                .related(metric.origin.key(), "declared here")
                .help(format!(
                    "its series are `{name}_bucket`, `{name}_sum` and `{name}_count`"
                )),
            );
        }
    }
}

/// A signal needs to know what it reads.
fn undeclared(selector: &Selector, at: &Place) -> Finding {
    let Some(name) = &selector.metric else {
        return Finding::error("unknown-metric", at.clone(), "the metric's name is missing");
    };
    let finding = Finding::error(
        "unknown-metric",
        at.clone(),
        format!("`{name}` is no declared metric"),
    );
    if AUTOMATIC.contains(&name.as_str()) {
        finding.help(format!("use `signal: {name}`, or an `expr`"))
    } else {
        finding.help("declare it under `exporters:`, or use it in an `expr`")
    }
}

fn names(allow: &Dict<String>) -> Vec<String> {
    allow.iter().map(|(lint, _)| lint.to_owned()).collect()
}

/// What the parser says, at the place where it says it.
pub(super) fn syntax(at: &Place, text: &str, error: &SyntaxError) -> Finding {
    let place = at.within(error.range.clone());
    let finding = Finding::error("promql-syntax", place, error.message.clone());
    let before = text.get(..error.range.start).unwrap_or(text).trim_end();
    match before.strip_suffix('%') {
        Some(number) if number.ends_with(|c: char| c.is_ascii_digit()) => {
            finding.help("`%` is the remainder of a division; a share is a number, such as `0.05`")
        }
        _ => finding,
    }
}
