//! `label-in-name`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// <https://prometheus.io/docs/practices/naming/#labels>
pub(super) const LINT: Lint = Lint {
    name: "label-in-name",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in model.catalogue.generated() {
        let by = |label: &str| {
            let words = format!("_by_{label}");
            metric.name.ends_with(&words) || metric.name.contains(&format!("{words}_"))
        };
        let mut labels = metric.labels.known().iter();
        if let Some(label) = labels.find(|label| by(&label.name)) {
            let message = format!(
                "the name of `{}` repeats its label `{}`",
                metric.name, label.name
            );
            let help = "leave it out: once the label is aggregated away, the name would be wrong";
            reporter.about(metric, metric.origin.key(), message, help);
        }
    }
}
