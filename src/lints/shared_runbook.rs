//! `shared-runbook`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// An alert [links to its playbook](https://sre.google/workbook/on-call/), which says what to do about this one.
pub(super) const LINT: Lint = Lint {
    name: "shared-runbook",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let Some(url) = &model.catalogue.service.runbook_url else {
        return;
    };
    if !reporter.is_whole || url.contains("{{") {
        return;
    }
    let at = Place::root().child("service").child("runbook_url");
    let monitoring = &model.monitoring;
    let of_slos = monitoring.slos.iter().map(|slo| &slo.alert);
    // An address without a word to expand is the same in all.
    let all = monitoring.alerts.iter().chain(of_slos);
    let led = all.filter(|alert| {
        let mut annotations = alert.rules.iter().flat_map(|rule| &rule.annotations);
        annotations.any(|(name, value)| name == "runbook_url" && value == url)
    });
    if led.count() > 1 {
        reporter.report(
            at,
            "all alerts lead to the same page".to_owned(),
            "`{alert}` stands for the name of the alert; a page that is meant for one alert is its own `runbook_url`",
        );
        return;
    }
    let Some(environment) = &model.environment else {
        return;
    };
    let is_page = ["/alerts/{alert}.md", "/alerts/{alert}.html"]
        .iter()
        .any(|page| url.ends_with(page));
    let names_it = url.contains("{environment}") || url.contains(environment.as_str());
    if model.outputs.docs.is_some() && is_page && !names_it {
        reporter.report(
            at,
            format!(
                "this is no page of {environment}: each environment has its own, by `outputs.docs`"
            ),
            "`{environment}` stands for the name of the environment",
        );
    }
}
