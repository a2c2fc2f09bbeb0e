//! `base-unit`

use super::{Check, Lint, Reporter};
use crate::model::Model;
use crate::model::catalogue::Metric;
use crate::spec::document::LintLevel;

/// The units of [promlint](https://github.com/prometheus/client_golang/tree/main/prometheus/testutil/promlint), by the
/// [base units](https://prometheus.io/docs/practices/naming/#base-units) of Prometheus.
pub(super) const LINT: Lint = Lint {
    name: "base-unit",
    level: LintLevel::Warn,
    check: Check::Model(check),
};

/// Units and their base units.
const UNITS: &[(&str, &str)] = &[
    ("amperes", "amperes"),
    ("bytes", "bytes"),
    ("celsius", "celsius"),
    ("grams", "grams"),
    ("joules", "joules"),
    ("kelvin", "kelvin"),
    ("meters", "meters"),
    ("metres", "metres"),
    ("seconds", "seconds"),
    ("volts", "volts"),
    ("minutes", "seconds"),
    ("hours", "seconds"),
    ("days", "seconds"),
    ("weeks", "seconds"),
    ("kelvins", "kelvin"),
    ("fahrenheit", "celsius"),
    ("rankine", "celsius"),
    ("inches", "meters"),
    ("yards", "meters"),
    ("miles", "meters"),
    ("bits", "bytes"),
    ("calories", "joules"),
    ("pounds", "grams"),
    ("ounces", "grams"),
];

/// What makes another unit of one.
const PREFIXES: &[&str] = &[
    "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega",
    "mebi", "giga", "gibi", "tera", "tebi", "peta", "pebi",
];

fn check(model: &Model, reporter: &mut Reporter<'_>) {
    for metric in model.catalogue.generated() {
        if let Some((unit, base)) = other_unit(metric) {
            let message = format!("`{}` is in {unit}, and not in {base}", metric.name);
            let help = format!(
                "in base units everything fits together, and Grafana scales them; record {base} and call it `{}`",
                metric.name.replace(unit, base)
            );
            reporter.about(metric, metric.origin.key(), message, &help);
        }
    }
}

/// The unit in a metric's name that is no base unit, and the base unit.
fn other_unit(metric: &Metric) -> Option<(&str, &'static str)> {
    metric.name.split('_').find_map(|word| {
        UNITS.iter().find_map(|(unit, base)| {
            let prefix = word.strip_suffix(unit)?;
            let known = prefix.is_empty() && unit != base || PREFIXES.contains(&prefix);
            known.then_some((word, *base))
        })
    })
}
