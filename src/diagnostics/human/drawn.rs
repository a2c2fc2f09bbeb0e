//! The look of rustc.

use std::borrow::Cow;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::diagnostics::{Diagnostic, Report, Severity};
use crate::spec::{Location, Sources};

/// Renders every finding, with an empty line between two of them.
pub fn render(report: &Report, colored: bool) -> String {
    let renderer = if colored {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut out = String::new();
    for finding in &report.findings {
        out.push_str(&one(&renderer, &report.sources, finding));
        out.push_str("\n\n");
    }
    out
}

fn one(renderer: &Renderer, sources: &Sources, finding: &Diagnostic) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = level
        .primary_title(finding.message.as_str())
        .id(finding.code)
        .element(snippet(
            sources,
            &finding.location,
            &finding.label,
            AnnotationKind::Primary,
            finding
                .related
                .iter()
                .filter(|(location, _)| adjoins(sources, location, &finding.location)),
        ));
    for (location, label) in &finding.related {
        if !adjoins(sources, location, &finding.location) {
            group = group.element(snippet(
                sources,
                location,
                label,
                AnnotationKind::Context,
                [],
            ));
        }
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group])
}

/// Lines further apart than this are shown as snippets of their own.
const NEAR_LINES: usize = 8;

fn adjoins(sources: &Sources, a: &Location, b: &Location) -> bool {
    let line = |location: &Location| {
        sources
            .file(location.file)
            .line_column(location.range.start)
            .0
    };
    a.file == b.file && line(a).abs_diff(line(b)) <= NEAR_LINES
}

/// A line is shown up to so many bytes behind its mark.
const LONG_LINE: usize = 4_096;

/// Only the lines that are marked are handed to the renderer: its cost grows with the text it is given.
fn snippet<'a>(
    sources: &'a Sources,
    location: &Location,
    label: &'a str,
    kind: AnnotationKind,
    related: impl IntoIterator<Item = &'a (Location, String)>,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let file = sources.file(location.file);
    let related: Vec<_> = related.into_iter().collect();
    let line = |offset| file.line_column(offset).0;
    let first = related
        .iter()
        .map(|(l, _)| line(l.range.start))
        .fold(line(location.range.start), usize::min);
    let last = related
        .iter()
        .map(|(l, _)| line(l.range.end))
        .fold(line(location.range.end), usize::max);
    let mut lines = file.lines(first, last);
    if first == last && lines.len() > LONG_LINE {
        let end = file.floor(location.range.start + LONG_LINE);
        lines.end = lines.end.min(end);
    }
    let within = |location: &Location| {
        let start = location.range.start.clamp(lines.start, lines.end);
        let end = location.range.end.clamp(start, lines.end);
        start - lines.start..end - lines.start
    };
    let mark = |kind: AnnotationKind, location: &Location, label: &'a str| {
        let annotation = kind.span(within(location));
        if label.is_empty() {
            annotation
        } else {
            annotation.label(label)
        }
    };
    let mut snippet = Snippet::source(shown(&file.text[lines.clone()]))
        .path(file.name.as_str())
        .line_start(first)
        .annotation(mark(kind, location, label));
    for (location, label) in &related {
        snippet = snippet.annotation(mark(AnnotationKind::Context, location, label));
    }
    snippet
}

/// Text with the line ends that the renderer knows, byte for byte.
fn shown(text: &str) -> Cow<'_, str> {
    if text.contains('\r') {
        text.replace("\r\n", " \n").replace('\r', "\n").into()
    } else {
        text.into()
    }
}
