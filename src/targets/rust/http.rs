//! What the runtime's layer for HTTP records into.

use super::values::Identifier;
use crate::model::catalogue::{Catalogue, Http, Label, Metric, Values};
use crate::targets::template::view;

view! {
    /// What the template of HTTP inserts.
    pub(super) struct View {
        /// Whether there are probes, which are not recorded.
        probed: bool,
        families: Vec<Family>,
    }
}

view! {
    /// A method of the runtime's trait, and how it calls the method of a metric.
    struct Family {
        name: Identifier,
        reference: Identifier,
        /// Whether the trait has it as an option.
        optional: bool,
        /// Whether a request is answered when it is recorded, so that the status is known.
        answered: bool,
        /// Whether the metric has a label for something of the request.
        reads_request: bool,
        /// Whether it has one for the status.
        reads_status: bool,
        metric: Identifier,
        /// The struct that holds the metric's arguments, if there is one.
        argument_type: Option<Identifier>,
        arguments: Vec<Argument>,
    }
}

view! {
    /// A label of the metric, and what it is taken from.
    struct Argument {
        name: Identifier,
        /// What the trait knows.
        fact: Identifier,
        /// Whether that is the status, and not of the request.
        status: bool,
        /// Whether it is a variable that is called like the argument.
        same: bool,
        /// Whether it is an enum that is made from every text.
        closed: bool,
        /// Whether it is a method that can be anything.
        open_method: bool,
    }
}

/// What the trait knows of a request.
const METHOD: &str = "method";
const ROUTE: &str = "route";
/// What it knows of the answer.
const STATUS: &str = "status";

impl View {
    /// None if the spec binds no metrics to the layer.
    pub(super) fn new(catalogue: &Catalogue) -> Option<Self> {
        let http = catalogue.http.as_ref()?;
        let bound = [
            ("requests", "Counter", true, Some(http.requests)),
            ("duration", "Histogram", true, http.duration),
            ("in_flight", "Gauge", false, http.in_flight),
        ];
        Some(Self {
            probed: catalogue.health.is_some(),
            families: bound
                .into_iter()
                .filter_map(|(name, reference, answered, metric)| {
                    let metric = &catalogue.metrics[metric?];
                    Some(Family::new(name, reference, answered, metric, http))
                })
                .collect(),
        })
    }
}

impl Family {
    fn new(name: &str, reference: &str, answered: bool, metric: &Metric, http: &Http) -> Self {
        let labels = metric.labels.known().iter();
        let taken: Vec<_> = labels
            .filter_map(|label| Some((label, fact(label, http)?)))
            .collect();
        Self {
            name: Identifier::new(name),
            reference: Identifier::new(reference),
            optional: name != "requests",
            answered,
            reads_request: taken.iter().any(|(_, fact)| *fact != STATUS),
            reads_status: taken.iter().any(|(_, fact)| *fact == STATUS),
            metric: Identifier::new(&metric.method),
            argument_type: metric.labels_type().map(|name| Identifier::new(&name)),
            arguments: taken
                .iter()
                .map(|(label, fact)| Argument::new(label, fact))
                .collect(),
        }
    }
}

impl Argument {
    fn new(label: &Label, fact: &str) -> Self {
        let closed = matches!(label.values, Values::Closed { .. });
        let status = fact == STATUS;
        Self {
            name: Identifier::new(&label.argument),
            fact: Identifier::new(fact),
            status,
            same: status && label.argument == fact,
            closed,
            open_method: fact == METHOD && !closed,
        }
    }
}

/// What a label is filled with. There is something for each: the binding was checked.
fn fact(label: &Label, http: &Http) -> Option<&'static str> {
    let names = [
        (&http.method, METHOD),
        (&http.route, ROUTE),
        (&http.status, STATUS),
    ];
    let found = names.into_iter().find(|(name, _)| **name == label.name);
    found.map(|(_, fact)| fact)
}
