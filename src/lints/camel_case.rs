//! `camel-case`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::spec::document::LintLevel;

/// [promlint](https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint)
pub(super) const LINT: Lint = Lint {
    name: "camel-case",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in model.catalogue.generated() {
        if let Some(name) = in_snake_case(&metric.name) {
            let message = format!("the metric `{}` is not in `snake_case`", metric.name);
            let help = format!("call it `{name}`");
            reporter.about(metric, metric.origin.key(), message, &help);
        }
        for label in metric.labels.known() {
            if let Some(name) = in_snake_case(&label.name) {
                let message = format!("the label `{}` is not in `snake_case`", label.name);
                let help = format!("call it `{name}`");
                reporter.about(metric, label.origin.key(), message, &help);
            }
        }
    }
}

/// The name as it should be, if it is not.
fn in_snake_case(name: &str) -> Option<String> {
    let mut snake = String::new();
    let mut last = '_';
    for c in name.chars() {
        if last.is_ascii_lowercase() && c.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
        last = c;
    }
    // Capitals alone are another style, and no mistake.
    let humps = snake.len() > name.len();
    humps.then_some(snake)
}
