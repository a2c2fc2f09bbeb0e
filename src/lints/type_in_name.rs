//! `type-in-name`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// [promlint](https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint)
pub(super) const LINT: Lint = Lint {
    name: "type-in-name",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

const TYPES: &[&str] = &["counter", "gauge", "histogram", "summary"];

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in model.catalogue.generated() {
        let mut words = metric.name.split('_').skip(1);
        if let Some(word) = words.find(|word| TYPES.contains(word)) {
            let message = format!("the name of `{}` says `{word}`", metric.name);
            let help = "the exposition tells the type: leave it out, so that the name can stay when the type changes";
            reporter.about(metric, metric.origin.key(), message, help);
        }
    }
}
