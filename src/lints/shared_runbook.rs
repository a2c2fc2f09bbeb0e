//! `shared-runbook`

use super::{Check, Lint, Reporter};
use crate::diagnostics::counted;
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
    let environment = model.environment.as_deref();
    // An address without the name of the alert is the same in all.
    let page = url.replace("{environment}", environment.unwrap_or_default());
    let all = monitoring.alerts.iter().chain(of_slos);
    let mut led = all.filter(|alert| {
        let mut annotations = alert.rules.iter().flat_map(|rule| &rule.annotations);
        annotations.any(|(name, value)| name == "runbook_url" && *value == page)
    });
    if let (Some(first), Some(second)) = (led.next(), led.next()) {
        let (first, second) = (&first.name, &second.name);
        reporter.report(
            at,
            match led.count() {
                0 => format!("`{first}` and `{second}` lead to the same page"),
                others => format!(
                    "`{first}`, `{second}` and {} lead to the same page",
                    counted(others, "other alert")
                ),
            },
            "`{alert}` stands for the name of the alert; a page that is meant for one alert is its own `runbook_url`",
        );
        return;
    }
    let Some(environment) = environment else {
        return;
    };
    let is_page = ["/alerts/{alert}.md", "/alerts/{alert}.html"]
        .iter()
        .any(|page| url.ends_with(page));
    let names_it = url.contains("{environment}") || has_word(url, environment);
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

/// Whether it stands there by itself: `prod` is not in `products`.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        [before, after]
            .into_iter()
            .flatten()
            .all(|neighbour| !neighbour.is_alphanumeric())
    })
}
