//! `missing-up-alert`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Job;
use crate::model::monitoring::{Alert, Rule};
use crate::promql::{BinaryOp, Query, Selector};
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
    let is_scraped = job.scrape.is_some() || model.operated().is_some();
    if is_scraped && !is_noticed(alerts, job) {
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
            && !is_noticed(alerts, job)
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

/// Whether an alert looks at `up` of a job, or at what is absent of it.
fn is_noticed(alerts: &[Alert], job: &Job) -> bool {
    let mut rules = alerts.iter().flat_map(|alert| &alert.rules);
    rules.any(|rule| notices(&rule.query, job))
}

fn notices(query: &Query, job: &Job) -> bool {
    match query {
        Query::Selector(selector) | Query::Range { selector, .. } => {
            selector.metric.as_deref() == Some("up") && reads(selector, job)
        }
        Query::Call {
            function,
            arguments,
        } if function.starts_with("absent") => arguments.iter().any(|argument| {
            let mut found = false;
            argument.visit_selectors(&mut |selector| found |= reads(selector, job));
            found
        }),
        // What keeps an alert silent while nothing answers notices nothing.
        Query::Binary {
            operator: BinaryOp::Unless,
            left,
            ..
        } => notices(left, job),
        Query::Binary {
            operator: BinaryOp::And,
            left,
            right,
            ..
        } => [left, right]
            .into_iter()
            .any(|side| !asks_for_answers(side) && notices(side, job)),
        query => query.children().into_iter().any(|part| notices(part, job)),
    }
}

/// `up == 1`, in one of its forms.
fn asks_for_answers(query: &Query) -> bool {
    let Query::Binary {
        operator,
        left,
        right,
        ..
    } = query
    else {
        return matches!(query, Query::Selector(_));
    };
    let number = match (&**left, &**right) {
        (Query::Selector(_), Query::Number(number)) => *number,
        _ => return false,
    };
    match operator {
        BinaryOp::Equal => number == 1.0,
        BinaryOp::NotEqual | BinaryOp::Greater => number == 0.0,
        BinaryOp::GreaterEqual => number > 0.0,
        _ => false,
    }
}

/// What an exporter says of whom it asks, if a rule reads that: it says nothing where it does not answer itself.
fn judged(rule: &Rule, job: &Job) -> Option<String> {
    let mut found = None;
    rule.query.visit_selectors(&mut |selector| {
        let metric = selector.metric.as_deref().unwrap_or_default();
        let names_it = selector.matchers_of("job").next().is_some();
        if (metric.ends_with("_up") || metric == "probe_success")
            && names_it
            && reads(selector, job)
        {
            found = Some(metric.to_owned());
        }
    });
    found
}

/// Whether it chooses targets of a job: in its namespace, if that is known.
fn reads(selector: &Selector, job: &Job) -> bool {
    let is_taken = |label, value| selector.matchers_of(label).all(|of| of.takes(value));
    let namespace = job.namespace_label();
    is_taken("job", &job.name) && namespace.is_none_or(|(label, value)| is_taken(label, value))
}
