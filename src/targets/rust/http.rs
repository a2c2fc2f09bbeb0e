//! What the runtime's layer for HTTP records into.

use serde::Serialize;

use super::values::Identifier;
use crate::model::catalogue::{Catalogue, Http, Label, Metric, Values};

/// What the template of HTTP inserts.
#[derive(Serialize)]
pub(super) struct View {
    /// Whether there are probes, which are not recorded.
    probed: bool,
    families: Vec<Family>,
}

/// A method of the runtime's trait, and how it calls the method of a metric.
#[derive(Serialize)]
struct Family {
    name: Identifier,
    reference: Identifier,
    /// Whether the trait has it as an option.
    optional: bool,
    /// What the trait gives, in its order.
    parameters: Vec<Parameter>,
    metric: Identifier,
    /// The struct that holds the metric's arguments, if there is one.
    argument_type: Option<Identifier>,
    arguments: Vec<Argument>,
}

#[derive(Serialize)]
struct Parameter {
    name: Identifier,
    used: bool,
    status: bool,
}

/// A label of the metric, and what it is taken from.
#[derive(Serialize)]
struct Argument {
    name: Identifier,
    parameter: Identifier,
    /// Whether both are called the same, and are the same.
    same: bool,
    /// Whether it is an enum that is made from every text.
    closed: bool,
    /// Whether it is a method that can be anything.
    open_method: bool,
}

/// What the trait knows of a request.
const METHOD: &str = "method";
const ROUTE: &str = "route";
const STATUS: &str = "status";

impl View {
    /// None if the spec binds no metrics to the layer.
    pub(super) fn new(catalogue: &Catalogue) -> Option<Self> {
        let http = catalogue.http.as_ref()?;
        let all = [METHOD, ROUTE, STATUS].as_slice();
        let bound = [
            ("requests", "Counter", all, Some(http.requests)),
            ("duration", "Histogram", all, http.duration),
            ("in_flight", "Gauge", &[METHOD, ROUTE], http.in_flight),
        ];
        Some(Self {
            probed: catalogue.health.is_some(),
            families: bound
                .into_iter()
                .filter_map(|(name, reference, parameters, metric)| {
                    let metric = &catalogue.metrics[metric?];
                    Some(Family::new(name, reference, parameters, metric, http))
                })
                .collect(),
        })
    }
}

impl Family {
    fn new(
        name: &str,
        reference: &str,
        parameters: &[&'static str],
        metric: &Metric,
        http: &Http,
    ) -> Self {
        let labels = metric.labels.known().iter();
        let taken: Vec<_> = labels
            .filter_map(|label| Some((label, parameter(label, http)?)))
            .collect();
        Self {
            name: Identifier::new(name),
            reference: Identifier::new(reference),
            optional: name != "requests",
            parameters: parameters
                .iter()
                .map(|name| Parameter {
                    name: Identifier::new(name),
                    used: taken.iter().any(|(_, parameter)| parameter == name),
                    status: *name == STATUS,
                })
                .collect(),
            metric: Identifier::new(&metric.method),
            argument_type: metric.labels_type().map(|name| Identifier::new(&name)),
            arguments: taken
                .iter()
                .map(|(label, parameter)| Argument::new(label, parameter))
                .collect(),
        }
    }
}

impl Argument {
    fn new(label: &Label, parameter: &str) -> Self {
        let closed = matches!(label.values, Values::Closed { .. });
        let open_method = parameter == METHOD && !closed;
        Self {
            name: Identifier::new(&label.argument),
            parameter: Identifier::new(parameter),
            same: label.argument == parameter && !closed && !open_method,
            closed,
            open_method,
        }
    }
}

/// What a label is filled with. There is something for each: the binding was checked.
fn parameter(label: &Label, http: &Http) -> Option<&'static str> {
    let names = [
        (&http.method, METHOD),
        (&http.route, ROUTE),
        (&http.status, STATUS),
    ];
    let found = names.into_iter().find(|(name, _)| **name == label.name);
    found.map(|(_, parameter)| parameter)
}
