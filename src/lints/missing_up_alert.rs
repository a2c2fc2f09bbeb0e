//! `missing-up-alert`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Job;
use crate::model::monitoring::{Alert, Rule};
use crate::promql::{MatchOp, Query, Selector};
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/concepts/jobs_instances/>: every other alert is silent when nothing is scraped.
pub(super) const LINT: Lint = Lint {
    name: "missing-up-alert",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let job = model.catalogue.own_job();
    let alerts = &model.monitoring.alerts;
    if !reporter.is_whole || (alerts.is_empty() && model.monitoring.slos.is_empty()) {
        return;
    }
    let is_scraped = job.scrape.is_some() || model.kubernetes.is_some();
    if is_scraped && !is_noticed(alerts, |selector| !names_another(selector, job)) {
        reporter.report(
            Place::root().child("alerts").key(),
            "no alert notices that the service is gone".to_owned(),
            "without a scrape all others are silent; add one with `signal: up, equals: 0, when_missing: fire`",
        );
    }
    for job in model.catalogue.jobs.iter().skip(1) {
        let judging = alerts.iter().find_map(|alert| {
            let mut rules = alert.rules.iter();
            Some((alert, rules.find_map(|rule| judged(rule, job))?))
        });
        if let Some((alert, metric)) = judging
            && !is_noticed(alerts, |selector| names(selector, job))
        {
            reporter.about(
                alert,
                alert.origin.key(),
                format!("no alert notices that nothing is scraped of `{}`", job.name),
                &format!(
                    "then there is no `{metric}`, and this one is silent; add one with `signal: up({}), equals: 0, when_missing: fire`",
                    job.name
                ),
            );
        }
    }
}

/// Whether an alert looks at `up` of some selectors, or at what is absent.
fn is_noticed(alerts: &[Alert], is_meant: impl Fn(&Selector) -> bool) -> bool {
    let mut rules = alerts.iter().flat_map(|alert| &alert.rules);
    rules.any(|rule| {
        let mut found = false;
        rule.query.visit(&mut |part| match part {
            Query::Selector(selector) | Query::Range { selector, .. } => {
                found |= selector.metric.as_deref() == Some("up") && is_meant(selector);
            }
            Query::Call {
                function,
                arguments,
            } if function.starts_with("absent") => {
                for argument in arguments {
                    argument.visit_selectors(&mut |selector| found |= is_meant(selector));
                }
            }
            _ => {}
        });
        found
    })
}

/// What an exporter says of whom it asks, if a rule reads that: it says nothing where it does not answer itself.
fn judged(rule: &Rule, job: &Job) -> Option<String> {
    let mut found = None;
    rule.query.visit_selectors(&mut |selector| {
        let metric = selector.metric.as_deref().unwrap_or_default();
        if (metric.ends_with("_up") || metric == "probe_success") && names(selector, job) {
            found = Some(metric.to_owned());
        }
    });
    found
}

fn names(selector: &Selector, job: &Job) -> bool {
    let mut jobs = selector.matchers_of("job");
    jobs.any(|matcher| matcher.operator == MatchOp::Equal && matcher.value == job.name)
}

fn names_another(selector: &Selector, job: &Job) -> bool {
    let mut jobs = selector.matchers_of("job");
    jobs.any(|matcher| matcher.operator == MatchOp::Equal && matcher.value != job.name)
}
