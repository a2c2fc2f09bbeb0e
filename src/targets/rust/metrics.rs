//! Metrics as methods.

use std::collections::HashMap;
use std::fmt::Write;
use std::rc::Rc;

use super::values::{DocLines, Identifier, Literal};
use crate::model::catalogue::{Catalogue, Label, Limit, Metric, MetricType, Values};
use crate::model::unit::Base;
use crate::targets::template::view;

view! {
    /// What the template of metrics inserts.
    pub(super) struct View {
        open: Vec<Open>,
        metrics: Vec<Method>,
        spec_hash: Literal,
    }
}

view! {
    /// A definition of an open label, which its metrics share.
    struct Open {
        variable: Identifier,
        label: Identifier,
        max_values: usize,
    }
}

view! {
    struct Method {
        doc: DocLines,
        name: Identifier,
        exposed: Literal,
        help: Literal,
        unit: Option<Literal>,
        former_name: Option<Literal>,
        max_series: Option<usize>,
        family: Identifier,
        register: Identifier,
        reference: Identifier,
        labels: Vec<Argument>,
        /// The struct that holds the arguments, if there is one.
        argument_type: Option<Identifier>,
        argument_doc: DocLines,
        /// How the arguments lead to a series.
        closed: Vec<Term>,
        open: Vec<Identifier>,
        status: Option<Identifier>,
        buckets: Option<Vec<Literal>>,
    }
}

view! {
    struct Argument {
        doc: DocLines,
        name: Literal,
        argument: Identifier,
        /// The enum of a closed label.
        closed: Option<Identifier>,
        /// The variable of an open label's definition.
        open: Option<Identifier>,
        /// The codes of an HTTP status whose series exist from the start.
        start: Option<Vec<u16>>,
    }
}

view! {
    /// A closed label in the index of a combination: its value times the distance between two neighbouring ones.
    struct Term {
        argument: Identifier,
        stride: usize,
    }
}

impl View {
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let mut open = OpenLabels::default();
        let metrics = catalogue
            .generated()
            .filter_map(|metric| Method::new(metric, &mut open))
            .collect();
        Self {
            open: open.list,
            metrics,
            spec_hash: Literal::string(&catalogue.hash()),
        }
    }

    /// Whether a method takes the status of an HTTP response.
    pub(super) fn has_status(&self) -> bool {
        self.metrics.iter().any(|metric| metric.status.is_some())
    }
}

/// The definitions of open labels, each once, in the order of their first use.
#[derive(Default)]
struct OpenLabels {
    list: Vec<Open>,
    known: HashMap<*const Label, Identifier>,
}

impl OpenLabels {
    fn variable(&mut self, label: &Rc<Label>, max_values: usize) -> Identifier {
        let list = &mut self.list;
        self.known
            .entry(Rc::as_ptr(label))
            .or_insert_with(|| {
                let variable = Identifier::new(&format!("open_{}", list.len()));
                list.push(Open {
                    variable: variable.clone(),
                    label: Identifier::new(&label.name),
                    max_values,
                });
                variable
            })
            .clone()
    }
}

impl Method {
    fn new(metric: &Metric, open: &mut OpenLabels) -> Option<Self> {
        let (kind, register) = family(metric)?;
        let labels = arguments(metric, open);
        let named = |chosen: fn(&Argument) -> bool| {
            let labels = labels.iter().filter(move |label| chosen(label));
            labels.map(|label| label.argument.clone())
        };
        let argument_type = metric.labels_type().map(|name| Identifier::new(&name));
        Some(Self {
            doc: doc(metric),
            name: Identifier::new(&metric.method),
            exposed: Literal::string(&metric.name),
            help: Literal::string(&metric.help),
            unit: unit(metric).as_deref().map(Literal::string),
            former_name: metric.renamed_from.as_deref().map(Literal::string),
            max_series: metric.max_series,
            family: Identifier::new(&format!("{kind}Family")),
            register: Identifier::new(register),
            reference: Identifier::new(kind),
            argument_doc: DocLines::new(&format!("The labels of `{}`.", metric.name)),
            argument_type,
            closed: terms(metric),
            open: named(|label| label.open.is_some()).collect(),
            status: named(|label| label.start.is_some()).next(),
            labels,
            buckets: (metric.kind == MetricType::Histogram)
                .then(|| metric.buckets.iter().copied().map(Literal::float).collect()),
        })
    }
}

/// What the runtime calls the metric's references, and how it registers the family. Nothing for what no code can record.
fn family(metric: &Metric) -> Option<(&'static str, &'static str)> {
    Some(match metric.kind {
        // Seconds do not come whole.
        MetricType::Counter if metric.unit.base == Base::Seconds && !metric.unit.per_second => {
            ("FloatCounter", "float_counter")
        }
        MetricType::Counter => ("Counter", "counter"),
        MetricType::Gauge => ("Gauge", "gauge"),
        MetricType::Histogram => ("Histogram", "histogram"),
        MetricType::Info => ("Info", "info"),
        MetricType::Summary | MetricType::Unknown => return None,
    })
}

/// The unit in words, if the metric has one.
fn unit(metric: &Metric) -> Option<String> {
    let counted = metric.unit.base == Base::Number || metric.unit.per_second;
    (!counted).then(|| metric.unit.to_string())
}

fn doc(metric: &Metric) -> DocLines {
    let mut what = match metric.kind {
        MetricType::Info => "An info".to_owned(),
        kind => format!("A {}", kind.as_str()),
    };
    // Writing to a string does not fail.
    if metric.unit.base != Base::Number {
        let _ = write!(what, " in {}", metric.unit);
    }
    match &metric.limit {
        Some(Limit::Number(_, limit)) => {
            let _ = write!(what, ", {limit} at most");
        }
        Some(Limit::Gauge(limit)) => {
            let _ = write!(what, ", `{limit}` at most");
        }
        None => {}
    }
    if let Some(former) = &metric.renamed_from {
        let _ = write!(what, ", exposed as `{former}` too");
    }
    what.push('.');
    DocLines::new(&metric.help).paragraph(&what)
}

fn arguments(metric: &Metric, open: &mut OpenLabels) -> Vec<Argument> {
    metric
        .labels
        .known()
        .iter()
        .map(|label| {
            let what = format!("The label `{}`.", label.name);
            let mut argument = Argument {
                doc: DocLines::new(label.help.as_deref().unwrap_or_default()).paragraph(&what),
                name: Literal::string(&label.name),
                argument: Identifier::new(&label.argument),
                closed: None,
                open: None,
                start: None,
            };
            match &label.values {
                Values::Closed { .. } => argument.closed = Some(Identifier::new(&label.type_name)),
                Values::Open { max_values } => {
                    argument.open = Some(open.variable(label, *max_values))
                }
                Values::HttpStatus { start } => argument.start = Some(start.clone()),
            }
            argument
        })
        .collect()
}

/// The closed labels in written order. The last moves fastest.
fn terms(metric: &Metric) -> Vec<Term> {
    let mut stride = 1;
    let mut terms = Vec::new();
    for label in metric.labels.known().iter().rev() {
        if let Values::Closed { values, .. } = &label.values {
            terms.push(Term {
                argument: Identifier::new(&label.argument),
                stride,
            });
            stride *= values.len();
        }
    }
    terms.reverse();
    terms
}
