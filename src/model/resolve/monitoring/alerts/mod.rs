//! `alerts:`.

mod overwritten;
mod question;

use std::time::Duration;

use super::alert_namespace;
use super::attributes::{self, Link, Own};
use super::comparisons::{self, Condition};
use super::guards;
use super::levels::{self, Step};
use super::plans::Plans;
use super::proofs::{self, Subject, WrittenTest};
use super::runbooks;
use super::signals::{self, Signals};
use super::templates;
use super::texts::{self, Facts};
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::Catalogue;
use crate::model::condition::{self, Direction};
use crate::model::monitoring::{Alert, Rule, Threshold};
use crate::model::names;
use crate::model::namespace::NAMESPACE;
use crate::model::resolve::names_of;
use crate::model::signal::{Shape, Signal};
use crate::model::unit::Unit;
use crate::promql::{Labels, Query, output_labels};
use crate::spec::Place;
use crate::spec::document::{
    Alert as AlertDocument, AlertDefaults, Dimension, Document, Time, WhenMissing,
};

/// An alert, and what dashboards draw of it.
pub(super) struct Resolved {
    pub(super) alert: Alert,
    /// Of each rule, the labels that its alerts have from the expression.
    pub(super) labels: Vec<Labels>,
    /// The signal, and the labels that the alert keeps.
    pub(super) signal: Option<(String, Vec<String>)>,
    pub(super) thresholds: Vec<Threshold>,
    pub(super) bad_below: bool,
    /// What its proofs follow from; nothing where PromQL is written by hand.
    pub(super) subject: Option<Subject>,
    /// Its proofs by hand.
    pub(super) tests: Vec<WrittenTest>,
}

pub(super) fn resolve(
    document: &Document,
    environment: Option<&str>,
    catalogue: &Catalogue,
    signals: &Signals<'_>,
    plans: &Plans,
    findings: &mut Findings,
) -> Vec<Resolved> {
    let none = AlertDefaults::default();
    let defaults = document.alert_defaults.as_ref();
    let context = Context {
        environment,
        catalogue,
        signals,
        plans,
        defaults: defaults.and_then(|d| d.sound()).unwrap_or(&none),
    };
    attributes::check_owned(
        &context.defaults.labels,
        &context.defaults.annotations,
        &Place::root().child("alert_defaults"),
        findings,
    );
    document
        .alerts
        .iter()
        .filter_map(|(name, alert)| context.alert(name, alert, findings))
        .collect()
}

struct Context<'a> {
    environment: Option<&'a str>,
    catalogue: &'a Catalogue,
    signals: &'a Signals<'a>,
    plans: &'a Plans,
    defaults: &'a AlertDefaults,
}

/// What is asked of one step: the whole condition, and what texts say of it.
struct Asked {
    query: Query,
    unit: Unit,
    condition: Option<Condition>,
    window: Option<Duration>,
}

impl Context<'_> {
    fn alert(
        &self,
        name: &str,
        written: &AlertDocument,
        findings: &mut Findings,
    ) -> Option<Resolved> {
        let at = Place::root().child("alerts").child(name);
        if !names::is_label_name(name) {
            findings.push(
                Finding::error(
                    "bad-name",
                    at.key(),
                    format!("`{name}` cannot be the name of an alert"),
                )
                .help("letters and digits, such as `HighErrorRate`"),
            );
        }
        attributes::check_owned(&written.labels, &written.annotations, &at, findings);
        let steps = levels::steps(written, &at, findings);
        let (signal, expression) = self.question(written, &at, findings)?;
        if let Some(signal) = &signal {
            let interval = self.catalogue.jobs[signal.job].interval;
            if let Some(window) = written.window {
                signals::check_window(window.0, interval, &at.child("window"), findings);
            }
            signals::check_by(
                signal,
                &written.by,
                self.catalogue,
                &at.child("by"),
                findings,
            );
        }
        let link = self.link(written, signal.as_ref(), &at, findings);
        let mut thresholds = Vec::new();
        let mut rules = Vec::new();
        let mut labels = Vec::new();
        let mut levels = Vec::new();
        let mut proven = Vec::new();
        let mut overwrites = false;
        for step in &steps {
            let asked = match (&signal, &expression) {
                (Some(signal), _) => self.of_signal(signal, written, step, &at, findings),
                (None, Some(query)) => Some(Asked {
                    query: query.clone(),
                    unit: Unit::NUMBER,
                    condition: None,
                    window: None,
                }),
                (None, None) => None,
            };
            let Some(asked) = asked else { continue };
            if !overwrites {
                let question = at.child(if signal.is_some() { "signal" } else { "expr" });
                overwrites = self.check_overwritten(name, step, &asked.query, &question, findings)
                    | self.check_own_labels(written, &asked.query, &at, findings);
            }
            if let Some(value) = asked.condition.as_ref().and_then(|c| c.threshold) {
                thresholds.push(Threshold {
                    value,
                    severity: step.severity,
                });
            }
            if let (Some(condition), Some((direction, _))) = (&asked.condition, step.condition) {
                proven.push(proofs::Level {
                    direction,
                    bound: condition.bound.clone(),
                });
                levels.push(condition::Level {
                    direction,
                    threshold: condition.threshold_text.clone(),
                    share_of: condition.share_of.clone(),
                });
            }
            let (rule, result) = self.rule(
                name,
                written,
                step,
                asked,
                signal.as_ref(),
                link.as_ref(),
                &at,
                findings,
            );
            rules.push(rule);
            labels.push(result);
        }
        let direction = steps.iter().find_map(|s| s.condition.map(|(d, _)| d));
        let tests = proofs::read(written, rules.first(), &self.signals.reader, &at, findings);
        let subject = signal
            .as_ref()
            .map(|signal| Subject::new(signal, written, proven));
        Some(Resolved {
            subject,
            tests,
            alert: Alert {
                name: name.to_owned(),
                rules,
                signal: signal.as_ref().map(|signal| signal.name.clone()),
                condition: signal
                    .as_ref()
                    .map(|signal| comparisons::of_alert(signal, written, levels)),
                impact: runbooks::text(written.impact.as_deref(), &at.child("impact"), findings),
                runbook: runbooks::text(written.runbook.as_deref(), &at.child("runbook"), findings),
                allow: names_of(&written.allow),
                origin: at,
            },
            labels,
            signal: signal.map(|signal| {
                let mut by = signal.by.clone();
                by.extend(written.by.iter().cloned());
                (signal.name, by)
            }),
            thresholds: match direction {
                Some(Direction::Equals) => Vec::new(),
                _ => thresholds,
            },
            bad_below: direction.is_some_and(Direction::is_below),
        })
    }

    /// Reports labels that series would lose to those that the alert has in any case; whether there are any.
    fn check_overwritten(
        &self,
        name: &str,
        step: &Step<'_>,
        query: &Query,
        at: &Place,
        findings: &mut Findings,
    ) -> bool {
        let service = &self.catalogue.service;
        let mut set = vec![("alertname", name), ("service", service.name.as_str())];
        set.extend(service.owner.as_deref().map(|team| ("team", team)));
        set.push(("severity", step.severity.as_str()));
        let namespace = alert_namespace::of_rule(query, self.catalogue);
        set.extend(namespace.map(|namespace| (NAMESPACE, namespace)));
        overwritten::check(query, &set, self.catalogue, at, findings)
    }

    /// The same of the labels that the alert is given. What a template makes of its series is not known.
    fn check_own_labels(
        &self,
        written: &AlertDocument,
        query: &Query,
        at: &Place,
        findings: &mut Findings,
    ) -> bool {
        let defaults = Place::root().child("alert_defaults");
        let mut any = false;
        for (labels, at) in [(&self.defaults.labels, &defaults), (&written.labels, at)] {
            for (label, value) in labels.present() {
                let is_default = std::ptr::eq(labels, &self.defaults.labels);
                let is_replaced = is_default && written.labels.iter().any(|(own, _)| own == label);
                if !is_replaced && !value.contains("{{") {
                    let at = at.child("labels").child(label).key();
                    let set = [(label, value.as_str())];
                    any |= overwritten::check(query, &set, self.catalogue, &at, findings);
                }
            }
        }
        any
    }

    fn of_signal(
        &self,
        signal: &Signal,
        written: &AlertDocument,
        step: &Step<'_>,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<Asked> {
        let asked = comparisons::asked(self.catalogue, written.window, &written.by);
        let condition = comparisons::compare(signal, &asked, step.condition?, &step.at, findings)?;
        let mut query = condition.query.clone();
        if let Some(least) = &written.min_traffic {
            let at = at.child("min_traffic");
            query = guards::with_traffic(query, signal, &asked, least, &at, findings);
        }
        if written.when_missing == Some(WhenMissing::Fire) {
            let at = at.child("when_missing");
            query =
                guards::with_missing(query, signal, self.catalogue, step.condition, &at, findings);
        }
        Some(Asked {
            query,
            unit: signal.unit.clone(),
            condition: Some(condition),
            window: Some(asked.window.unwrap_or(signal.window)),
        })
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one step of one alert, with all that texts may mention"
    )]
    fn rule(
        &self,
        name: &str,
        written: &AlertDocument,
        step: &Step<'_>,
        asked: Asked,
        signal: Option<&Signal>,
        link: Option<&Link>,
        at: &Place,
        findings: &mut Findings,
    ) -> (Rule, Labels) {
        let hold = step
            .hold
            .or(self.defaults.hold)
            .map_or(Duration::ZERO, |t| t.0);
        let keep = step.keep_firing_for.or(self.defaults.keep_firing_for);
        let reader = &self.signals.reader;
        let result = output_labels(&asked.query, &|selector| reader.labels_of(selector));
        let condition = asked.condition.as_ref();
        let facts = Facts {
            words: vec![
                ("threshold", condition.map(|c| c.threshold_text.clone())),
                ("for", Some(Time(hold).to_string())),
                ("window", asked.window.map(|w| Time(w).to_string())),
                ("limit", condition.and_then(|c| c.limit_text.clone())),
                ("alert", Some(name.to_owned())),
            ],
            labels: &result,
            unit: &asked.unit,
            counted: signal.is_some_and(|s| matches!(s.shape, Shape::Increase { .. })),
        };
        let mut expand = |text: &str, at: Place| texts::expand(text, &facts, &at, findings);

        let summary = expand(&written.summary, at.child("summary"));
        let description = match &written.description {
            Some(text) => Some(expand(text, at.child("description"))),
            None => default_description(signal, step, &facts),
        };
        let own = Own {
            alert: name,
            severity: step.severity,
            namespace: alert_namespace::of_rule(&asked.query, self.catalogue),
            summary,
            description,
            runbook_url: written.runbook_url.as_ref(),
            link,
            labels: &written.labels,
            annotations: &written.annotations,
            at,
        };
        let service = &self.catalogue.service;
        let (labels, annotations) = attributes::of(
            own,
            service,
            self.environment,
            self.defaults,
            &facts,
            findings,
        );
        let rule = Rule {
            severity: step.severity,
            query: asked.query,
            hold,
            hold_origin: step
                .hold_at
                .clone()
                .unwrap_or_else(|| Place::root().child("alert_defaults").child("for")),
            keep_firing_for: keep.map(|time| time.0).filter(|time| !time.is_zero()),
            labels,
            annotations,
        };
        (rule, result)
    }

    /// The panel that an alert links to: the one it names, else the first that shows its signal.
    fn link(
        &self,
        written: &AlertDocument,
        signal: Option<&Signal>,
        at: &Place,
        findings: &mut Findings,
    ) -> Option<Link> {
        let (uid, panel) = match &written.panel {
            Some(path) => self.plans.panel(path, &at.child("panel"), findings)?,
            None => self.plans.showing(&signal?.name)?,
        };
        Some(Link { uid, panel })
    }
}

/// What the signal tells, and on which side of what it is; an expression has no words of its own.
fn default_description(
    signal: Option<&Signal>,
    step: &Step<'_>,
    facts: &Facts<'_>,
) -> Option<String> {
    let (signal, (direction, quantity)) = (signal?, step.condition?);
    let word = |name: &str| {
        let (_, value) = facts.words.iter().find(|(word, _)| *word == name)?;
        value.as_deref()
    };
    let help = templates::literal(signal.help.trim_end_matches('.'));
    let about = if help.is_empty() { &signal.name } else { &help };
    let limit = match quantity.dimension {
        Dimension::Percent if !signal.is_ratio() => word("limit"),
        _ => None,
    };
    let limit = limit
        .map(|limit| format!(" of {limit}"))
        .unwrap_or_default();
    let held = match word("for") {
        Some("0s") | None => String::new(),
        Some(time) => format!(" for {time}"),
    };
    Some(format!(
        "{about}: {} {}{limit}{held}.",
        direction.words(),
        quantity.text
    ))
}
