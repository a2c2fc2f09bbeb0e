//! The Rust code of a service: enums for closed labels, metrics as methods, flags, the trait of the health checks.
//!
//! It stands on `monospec_runtime::codegen::v1` and nothing else, and works as a module, from a build script's folder
//! through `include!`, and in every edition since 2021. Its text is in `templates/rust/`; a view of the catalogue gives the
//! templates what they insert, each value as an identifier, a literal or a line of documentation.

mod flags;
mod health;
mod http;
mod labels;
mod metrics;
mod values;

use minijinja::Error;

use self::values::{Comment, Literal};
#[cfg(feature = "monitoring")]
use super::Target;
use super::template::{Safe, Templates, view};
use crate::model::Model;

/// The Rust code, for who commits it. A build script calls [`render`].
#[cfg(feature = "monitoring")]
pub const TARGET: Target = Target {
    name: "rust",
    render: |model, artifacts| {
        if let Some(path) = &model.outputs.rust {
            artifacts.insert(path, render(model));
        }
    },
};

const TEMPLATES: &[(&str, &str)] = &[
    (
        "file",
        include_str!("../../../templates/rust/file.rs.jinja"),
    ),
    (
        "labels",
        include_str!("../../../templates/rust/labels.rs.jinja"),
    ),
    (
        "metrics",
        include_str!("../../../templates/rust/metrics.rs.jinja"),
    ),
    (
        "flags",
        include_str!("../../../templates/rust/flags.rs.jinja"),
    ),
    (
        "health",
        include_str!("../../../templates/rust/health.rs.jinja"),
    ),
    (
        "http",
        include_str!("../../../templates/rust/http.rs.jinja"),
    ),
];

/// The Rust code of a model.
///
/// # Panics
///
/// Only by a mistake in monospec: a template that does not fit what it is given.
pub fn render(model: &Model) -> String {
    match try_render(model) {
        Ok(code) => code,
        Err(error) => panic!("a template of the Rust code does not fit: {error:#}"),
    }
}

view! {
    struct File {
        mark: Comment,
        has_status: bool,
        metrics_path: Literal,
        sections: Vec<Safe>,
    }
}

fn try_render(model: &Model) -> Result<String, Error> {
    let templates = Templates::new(TEMPLATES)?;
    let catalogue = &model.catalogue;
    let metrics = metrics::View::new(catalogue);
    let mut sections = vec![templates.render("labels", labels::View::new(catalogue))?];
    let has_status = metrics.has_status();
    sections.push(templates.render("metrics", metrics)?);
    if let Some(http) = http::View::new(catalogue) {
        sections.push(templates.render("http", http)?);
    }
    if !catalogue.flags.is_empty() {
        sections.push(templates.render("flags", flags::View::new(catalogue))?);
    }
    if let Some(health) = &catalogue.health {
        sections.push(templates.render("health", health::View::new(health))?);
    }
    templates.text(
        "file",
        File {
            mark: Comment::new(&model.mark.line()),
            has_status,
            metrics_path: Literal::string(catalogue.metrics_path()),
            sections,
        },
    )
}
