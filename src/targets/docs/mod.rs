//! What is known of a service, for people: metrics and who reads them, flags, health checks, objectives, and a runbook page for each
//! alert.
//!
//! The pages are Markdown that GitHub and [mdBook](https://rust-lang.github.io/mdBook/) render; mdBook takes the folder as its `src`.
//! Their text is in `templates/docs/`; views give the templates what they insert, made harmless by its type.

mod alerts;
mod anchors;
mod book;
mod flags;
mod health;
mod index;
mod metrics;
mod objectives;
mod readers;
mod text;
mod words;

use minijinja::Error;

use self::book::{Book, FLAGS, HEALTH, INDEX, METRICS, OBJECTIVES};
use super::Target;
use super::template::{Given, Templates};
use crate::artifacts::Artifacts;
use crate::model::Model;

/// The target.
pub const TARGET: Target = Target {
    name: "docs",
    render: |model, artifacts| {
        if let Some(folder) = &model.outputs.docs
            && let Err(error) = render(model, folder, artifacts)
        {
            panic!("a template of the pages does not fit: {error:#}");
        }
    },
};

macro_rules! templates {
    ($($name:literal),*) => {
        &[$(($name, include_str!(concat!("../../../templates/docs/", $name, ".md.jinja")))),*]
    };
}

const TEMPLATES: &[(&str, &str)] = templates!(
    "alert",
    "flags",
    "health",
    "index",
    "metrics",
    "objectives",
    "summary"
);

/// The page of mdBook that lists all others.
const SUMMARY: &str = "SUMMARY.md";

fn render(model: &Model, folder: &str, artifacts: &mut Artifacts) -> Result<(), Error> {
    let templates = Templates::new(TEMPLATES)?;
    let mut pages = Pages {
        templates: &templates,
        mark: text::comment(&model.mark.line()),
        folder,
        artifacts,
    };
    let book = Book::new(model);
    let catalogue = &model.catalogue;
    pages.write(INDEX, "index", index::View::new(&book))?;
    pages.write(SUMMARY, "summary", index::Summary::new(&book))?;
    pages.write(METRICS, "metrics", metrics::View::new(&book))?;
    if !catalogue.flags.is_empty() {
        pages.write(FLAGS, "flags", flags::View::new(&book))?;
    }
    if let Some(health) = &catalogue.health {
        pages.write(HEALTH, "health", health::View::new(health, &book))?;
    }
    if !model.monitoring.slos.is_empty() {
        pages.write(OBJECTIVES, "objectives", objectives::View::new(&book))?;
    }
    let book = book.below();
    for (alert, reads) in &book.readers.alerts {
        let view = alerts::View::new(alert, reads, &book);
        pages.write(&book::alert_page(alert), "alert", view)?;
    }
    Ok(())
}

struct Pages<'a> {
    templates: &'a Templates,
    mark: String,
    folder: &'a str,
    artifacts: &'a mut Artifacts,
}

impl Pages<'_> {
    fn write(&mut self, name: &str, template: &str, view: impl Given) -> Result<(), Error> {
        let content = self.templates.text(template, view)?;
        let path = format!("{}/{name}", self.folder);
        let page = format!("{}\n\n{}\n", self.mark, content.trim_end());
        self.artifacts.insert(path, page);
        Ok(())
    }
}
