//! `unscraped-service`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::{Discovery, Source};
use crate::promql::MatchOp;
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// Prometheus knows of a service what [`scrape_configs`](https://prometheus.io/docs/prometheus/latest/configuration/configuration/)
/// tell it: without a job every alert is silent, but for the one on what is missing, which always fires.
pub(super) const LINT: Lint = Lint {
    name: "unscraped-service",
    level: LintLevel::Deny,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let catalogue = &model.catalogue;
    let job = catalogue.own_job();
    let outputs = &model.outputs;
    let written = [
        ("prometheus", &outputs.prometheus),
        ("scrape", &outputs.scrape),
    ];
    let written = written.map(|(key, path)| Some((key, path.as_deref()?)));
    let written: Vec<(&str, &str)> = written.into_iter().flatten().collect();
    let is_scraped = match &job.scrape {
        Some(scrape) => !matches!(scrape.discovery, Discovery::Operator),
        None => false,
    };
    let elsewhere = catalogue.server.extra.iter();
    let mut elsewhere = elsewhere.filter(|(key, _)| key == "scrape_config_files");
    if !reporter.is_whole
        || written.is_empty() // somebody else's Prometheus finds it
        || is_scraped
        || model.operated().is_some()
        || elsewhere.next().is_some_and(|_| outputs.prometheus.is_some())
    {
        return;
    }
    // Every service tells what it was built from; that alone is nothing to look at.
    let mut own = catalogue.metrics.iter().filter(|metric| metric.job == 0);
    let exposes = own.any(|metric| metric.source != Source::Runtime)
        || !catalogue.flags.is_empty()
        || catalogue
            .health
            .as_ref()
            .is_some_and(|health| !health.checks.is_empty());
    if exposes || asks_whether_up(model, &job.name) {
        let paths: Vec<&str> = written.iter().map(|(_, path)| *path).collect();
        let off: Vec<String> = written
            .iter()
            .map(|(key, _)| format!("{key}: false"))
            .collect();
        reporter.report(
            Place::root().child("service").key(),
            format!(
                "nothing scrapes `{}`: there is no job for it in {}",
                job.name,
                paths.join(" and ")
            ),
            &format!(
                "say where it answers:\nscrape:\n  targets:\n    - \"localhost:3000\"\n\
                 or, where another Prometheus scrapes it, `outputs: {{ {} }}`",
                off.join(", ")
            ),
        );
    }
}

/// Whether an alert fires by whether this job answers.
fn asks_whether_up(model: &Model, job: &str) -> bool {
    let mut rules = model
        .monitoring
        .alerts
        .iter()
        .flat_map(|alert| &alert.rules);
    rules.any(|rule| {
        let mut found = false;
        rule.query.visit_selectors(&mut |selector| {
            let mut jobs = selector.matchers_of("job");
            found |= selector.metric.as_deref() == Some("up")
                && jobs.any(|of| of.operator == MatchOp::Equal && of.value == job);
        });
        found
    })
}
