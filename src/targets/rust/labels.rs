//! Closed labels as enums.

use std::collections::HashSet;

use super::values::{DocLines, Identifier, Literal};
use crate::model::catalogue::{Catalogue, Label, Metric, Values};
use crate::targets::markdown::code;
use crate::targets::template::view;

view! {
    /// What the template of labels inserts.
    pub(super) struct View {
        enums: Vec<Enum>,
    }
}

view! {
    struct Enum {
        doc: DocLines,
        name: Identifier,
        label: Literal,
        values: Vec<Variant>,
        other: Option<Identifier>,
    }
}

view! {
    struct Variant {
        doc: DocLines,
        name: Identifier,
        text: Literal,
        /// Whether it stands for every other value.
        other: bool,
    }
}

impl View {
    /// The enums of all labels, each once, in the order of their first use.
    pub(super) fn new(catalogue: &Catalogue) -> Self {
        let mut seen = HashSet::new();
        let mut enums = Vec::new();
        for metric in catalogue.generated() {
            for label in metric.labels.known() {
                if let Values::Closed { values, other } = &label.values
                    && seen.insert(label.type_name.as_str())
                {
                    enums.push(Enum::new(metric, label, values, *other));
                }
            }
        }
        Self { enums }
    }
}

impl Enum {
    fn new(
        metric: &Metric,
        label: &Label,
        values: &[crate::model::catalogue::Value],
        other: bool,
    ) -> Self {
        let what = match label.key {
            Some(_) => format!("The label `{}`.", label.name),
            None => format!("The label `{}` of `{}`.", label.name, metric.name),
        };
        let last = values.len().saturating_sub(1);
        let variants: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(i, value)| {
                let other = other && i == last;
                let doc = match (value.text.as_str(), other) {
                    ("", _) => "The empty value.".to_owned(),
                    (text, false) => code(text),
                    (text, true) => format!("{}, which stands for every other value.", code(text)),
                };
                Variant {
                    doc: DocLines::new(&doc),
                    name: Identifier::new(&value.variant),
                    text: Literal::string(&value.text),
                    other,
                }
            })
            .collect();
        Self {
            doc: DocLines::new(label.help.as_deref().unwrap_or_default()).paragraph(&what),
            name: Identifier::new(&label.type_name),
            label: Literal::string(&label.name),
            other: variants.last().filter(|v| v.other).map(|v| v.name.clone()),
            values: variants,
        }
    }
}
