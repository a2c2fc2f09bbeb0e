//! `shadowed-external-label`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::Place;
use crate::spec::document::LintLevel;

/// [labels/conflict](https://cloudflare.github.io/pint/checks/labels/conflict.html) of pint: Prometheus
/// [adds external labels](https://prometheus.io/docs/prometheus/latest/configuration/configuration/) to what lacks them.
pub(super) const LINT: Lint = Lint {
    name: "shadowed-external-label",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    let rules = model
        .monitoring
        .alerts
        .iter()
        .flat_map(|alert| &alert.rules);
    let of_alerts: Vec<&str> = rules
        .flat_map(|rule| &rule.labels)
        .map(|(name, _)| name.as_str())
        .collect();
    let jobs = model
        .catalogue
        .jobs
        .iter()
        .filter_map(|job| job.scrape.as_ref());
    let of_targets: Vec<&str> = jobs
        .flat_map(|scrape| &scrape.labels)
        .map(|(name, _)| name.as_str())
        .collect();
    for (name, _) in &model.catalogue.server.external_labels {
        let name = name.as_str();
        let what = if ["job", "instance"].contains(&name) || of_targets.contains(&name) {
            "targets"
        } else if of_alerts.contains(&name) {
            "alerts"
        } else {
            continue;
        };
        reporter.report(
            Place::root()
                .child("prometheus")
                .child("external_labels")
                .child(name)
                .key(),
            format!("{what} have a label `{name}` of their own, which wins"),
            "call one of the two something else",
        );
    }
}
