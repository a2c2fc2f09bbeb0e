//! `missing-up-alert`

use super::{Check, Lint, Reporter};
use crate::model::Model;
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
    if !reporter.is_whole
        || job.scrape.is_none()
        || (alerts.is_empty() && model.monitoring.slos.is_empty())
    {
        return;
    }
    let of_another = |selector: &Selector| {
        let mut jobs = selector.matchers_of("job");
        jobs.any(|matcher| matcher.operator == MatchOp::Equal && matcher.value != job.name)
    };
    let mut rules = alerts.iter().flat_map(|alert| &alert.rules);
    let noticed = rules.any(|rule| {
        let mut found = false;
        rule.query.visit(&mut |part| match part {
            Query::Selector(selector) | Query::Range { selector, .. } => {
                found |= selector.metric.as_deref() == Some("up") && !of_another(selector);
            }
            Query::Call {
                function,
                arguments,
            } if function.starts_with("absent") => {
                for argument in arguments {
                    argument.visit_selectors(&mut |selector| found |= !of_another(selector));
                }
            }
            _ => {}
        });
        found
    });
    if !noticed {
        reporter.report(
            Place::root().child("alerts").key(),
            "no alert notices that the service is gone".to_owned(),
            "without a scrape all others are silent; add one with `signal: up, equals: 0, when_missing: fire`",
        );
    }
}
