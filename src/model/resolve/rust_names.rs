//! Collisions of names in the generated code.

use std::collections::HashMap;
use std::rc::Rc;

use super::collision;
use crate::diagnostics::{Finding, Findings};
use crate::model::catalogue::{Label, Metric, Source, Values};
use crate::model::names;
use crate::spec::Place;

/// Methods, arguments and types of the generated code have names of their own.
pub(super) fn check(metrics: &[Metric], findings: &mut Findings) {
    let mut methods: HashMap<&str, &Metric> = HashMap::new();
    let mut types: HashMap<String, &Place> = HashMap::new();
    let generated = metrics.iter().filter(|m| m.source == Source::Generated);
    for metric in generated {
        if let Some(first) = methods.insert(&metric.method, metric) {
            findings.push(collision(
                metric.origin.key(),
                &first.origin.key(),
                "methods of the Rust code",
                &metric.method,
                "rename one of the metrics",
            ));
        }
        let mut arguments: HashMap<&str, &Rc<Label>> = HashMap::new();
        let named = |label: &&Rc<Label>| names::is_label_name(&label.name);
        for label in metric.labels.known().iter().filter(named) {
            if let Some(first) = arguments.insert(&label.argument, label) {
                findings.push(collision(
                    label.origin.key(),
                    &first.origin.key(),
                    "arguments of one method",
                    &label.argument,
                    "rename one of the labels",
                ));
                continue;
            }
            if matches!(label.values, Values::Closed { .. }) {
                check_type(&label.type_name, &label.origin, &mut types, findings);
            }
        }
        if let Some(name) = metric.labels_type() {
            check_type(&name, &metric.origin, &mut types, findings);
        }
    }
}

/// A type of the generated code is the only one of its name. Those of shared labels come as often as they are used, from
/// the same place.
fn check_type<'a>(
    name: &str,
    origin: &'a Place,
    types: &mut HashMap<String, &'a Place>,
    findings: &mut Findings,
) {
    match types.get(name) {
        Some(first) if *first != origin => findings.push(collision(
            origin.key(),
            &first.key(),
            "types of the Rust code",
            name,
            "define the label once, under `labels:`, or rename one",
        )),
        Some(_) => {}
        None => {
            types.insert(name.to_owned(), origin);
            if RUST_TYPES.contains(&name) {
                findings.push(
                    Finding::error(
                        "name-collision",
                        origin.key(),
                        format!("the generated code has a type `{name}` of its own"),
                    )
                    .help("rename the key; `name:` keeps the label's name"),
                );
            }
        }
    }
}

/// Types that the generated code has beside the labels'.
const RUST_TYPES: &[&str] = &["Metrics", "Flags", "HealthChecks", "HttpStatus"];
