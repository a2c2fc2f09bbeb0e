//! Texts of a spec arrive in the code as they are, as values of literals and nowhere else.

use std::rc::Rc;

use monospec::model::Model;
use monospec::model::catalogue::{Labels, Value, Values};
use monospec::targets::rust::render;
use syn::visit::{self, Visit};

use crate::model;

fn texts() -> Vec<String> {
    let mut texts: Vec<String> = [
        "\"",
        "\\",
        "\\\"",
        "\"; fn evil() {} //",
        "\n",
        "\r",
        "\r\n\t",
        "a\n#![evil]\nmod evil {}",
        "*/ fn evil() {} /*",
        "{{ mark }}{% for %}{# #}",
        "${x} {x} {} %s",
        "\u{202e}\u{2066}\u{2069}\u{200f}",
        "\u{2028}\u{2029}\u{85}\u{feff}",
        "\0\u{1}\u{7f}",
        "ü 漢字 👩\u{200d}🚀 a\u{301}",
        "```\n```rust\nevil!();",
        "]: [a](b) <script>",
        "\\u{0}",
    ]
    .map(str::to_owned)
    .to_vec();
    texts.push("x\\\"\u{202e}*/".repeat(2_000));
    texts
}

/// A model in which every text is this one.
fn with_text(text: &str) -> Model {
    let mut model = model("full");
    let catalogue = &mut model.catalogue;
    for metric in &mut catalogue.metrics {
        metric.help = text.to_owned();
        let Labels::Known(labels) = &mut metric.labels else {
            continue;
        };
        for label in labels {
            let label = Rc::make_mut(label);
            label.help = Some(text.to_owned());
            if let Values::Closed { values, .. } = &mut label.values {
                values[0] = Value {
                    text: text.to_owned(),
                    variant: values[0].variant.clone(),
                };
            }
        }
    }
    for flag in &mut catalogue.flags {
        flag.help = text.to_owned();
        flag.owner = Some(text.to_owned());
    }
    if let Some(health) = &mut catalogue.health {
        health.live = text.to_owned();
        for check in &mut health.checks {
            check.help = Some(text.to_owned());
        }
    }
    if let Some(scrape) = &mut catalogue.jobs[0].scrape {
        scrape.path = text.to_owned();
    }
    model.mark.spec = text.to_owned();
    model
}

/// The shape of code: its literals, and all identifiers.
#[derive(Default)]
struct Shape {
    literals: Vec<String>,
    names: Vec<String>,
}

impl<'ast> Visit<'ast> for Shape {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        // Documentation is text; whatever else is there counts.
        if !attribute.path().is_ident("doc") {
            visit::visit_attribute(self, attribute);
        }
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.literals.push(literal.value());
    }

    fn visit_ident(&mut self, name: &'ast syn::Ident) {
        self.names.push(name.to_string());
    }
}

fn shape(code: &str) -> Shape {
    let file = syn::parse_file(code).unwrap_or_else(|error| panic!("{error}:\n{code}"));
    let mut shape = Shape::default();
    shape.visit_file(&file);
    shape
}

#[test]
fn texts_arrive_as_values_of_literals() {
    let model = with_text("plain text");
    let plain = shape(&render(&model));
    let plain_hash = model.catalogue.hash();
    let expected = plain
        .literals
        .iter()
        .filter(|literal| *literal == "plain text")
        .count();
    assert!(expected > 20, "{:?}", plain.literals);
    for text in texts() {
        let model = with_text(&text);
        let shape = shape(&render(&model));
        let hash = model.catalogue.hash();
        assert_eq!(shape.names, plain.names, "{text:?}");
        let expected = plain.literals.iter().map(|literal| match literal.as_str() {
            "plain text" => text.as_str(),
            other if other == plain_hash => hash.as_str(),
            other => other,
        });
        assert!(
            expected.eq(shape.literals.iter().map(String::as_str)),
            "{text:?}"
        );
    }
}

#[test]
fn nothing_invisible_is_in_the_code() {
    for text in texts() {
        let code = render(&with_text(&text));
        let found = code.chars().find(|c| {
            (c.is_control() && *c != '\n')
                || matches!(*c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
        });
        assert_eq!(found, None, "{text:?}");
        assert!(
            code.lines().all(|line| line.trim_end() == line),
            "{text:?}: white space at the end of a line"
        );
    }
}
