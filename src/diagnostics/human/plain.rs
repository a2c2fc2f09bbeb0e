//! What a build script prints: the look of rustc with nothing but the line that a finding is about, since a crate that draws more would
//! take longer to compile than what it says.

use std::fmt::Write;

use crate::diagnostics::{Diagnostic, Report, Severity};
use crate::spec::{Location, Sources};
use crate::targets::markdown::visible;

/// Renders every finding, with an empty line between two of them. There are no colours in what cargo shows of a build script.
pub fn render(report: &Report, _colored: bool) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        // Writing to a string does not fail.
        let _ = one(&mut out, &report.sources, finding);
    }
    out
}

fn one(out: &mut String, sources: &Sources, finding: &Diagnostic) -> std::fmt::Result {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    writeln!(out, "{severity}[{}]: {}", finding.code, finding.message)?;
    excerpt(out, sources, &finding.location, &finding.label, '^')?;
    for (location, label) in &finding.related {
        excerpt(out, sources, location, label, '-')?;
    }
    if let Some(help) = &finding.help {
        writeln!(out, " = help: {help}")?;
    }
    writeln!(out)
}

/// A line is shown up to so many bytes.
const LONG_LINE: usize = 200;

/// The place, its line, and a mark below what it is about.
fn excerpt(
    out: &mut String,
    sources: &Sources,
    location: &Location,
    label: &str,
    mark: char,
) -> std::fmt::Result {
    let file = sources.file(location.file);
    let (line, column) = file.line_column(location.range.start);
    writeln!(out, " --> {}:{line}:{column}", file.name)?;
    let lines = file.lines(line, line);
    let text = file.text[lines.clone()].trim_end_matches(['\n', '\r']);
    let start = location
        .range
        .start
        .clamp(lines.start, lines.start + text.len())
        - lines.start;
    let end = location
        .range
        .end
        .clamp(lines.start + start, lines.start + text.len())
        - lines.start;
    if text.len() > LONG_LINE {
        return match label {
            "" => Ok(()),
            label => writeln!(out, " {mark} {label}"),
        };
    }
    let number = line.to_string();
    let gap = " ".repeat(number.len());
    let before: String = text[..start]
        .chars()
        .map(|c| if c == '\t' { c } else { ' ' })
        .collect();
    let marks = mark
        .to_string()
        .repeat(text[start..end].chars().count().max(1));
    // What moves the cursor of a terminal, or turns the direction of a line, is shown as that there is something.
    let shown: String = text
        .chars()
        .map(|c| if c == '\t' { c } else { visible(c) })
        .collect();
    writeln!(out, "{gap} |\n{number} | {shown}")?;
    writeln!(
        out,
        "{}",
        format!("{gap} | {before}{marks} {label}").trim_end()
    )
}

#[cfg(test)]
mod tests {
    use super::render;

    #[test]
    fn the_line_is_shown_and_what_is_wrong_marked() {
        let folder = std::env::temp_dir().join(format!("monospec-plain-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let spec = folder.join("monospec.yaml");
        let long = "x".repeat(300);
        let text = format!(
            "monospec: 1\nservice: {{ nam: shop }}\nmetrics:\n  a_total: {{ type: counter, help: A. }}\n  \
             b_total: {{ typ: gauge, help: \"{long}\", type: gauge }}\n  a_total: {{ type: gauge, help: é }}\n"
        );
        std::fs::write(&spec, text).expect("a spec");
        let compilation = crate::compile(&spec).expect("a spec");
        std::fs::write(&spec, "monospec: \u{1b}[2J\n").expect("a spec");
        let hostile = crate::compile(&spec).expect("a spec");
        std::fs::remove_dir_all(&folder).expect("removed");
        let said = render(&compilation.report, false);
        let said = said.replace(&spec.display().to_string(), "monospec.yaml");
        assert!(
            said.contains(
                "error[unknown-key]: `nam` is not a key here\n --> monospec.yaml:2:12\n  |\n\
                 2 | service: { nam: shop }\n  |            ^^^\n = help: did you mean `name`?\n\n"
            ),
            "{said}"
        );
        assert!(
            said.contains("\n --> monospec.yaml:5:14\n = help: "),
            "{said}"
        );
        assert!(said.contains("\n6 |   a_total:"), "{said}");
        assert!(!said.contains(&long), "{said}");
        let hostile = render(&hostile.report, false);
        assert!(
            hostile.contains("\n1 | monospec: \u{fffd}[2J\n"),
            "{hostile}"
        );
        assert!(!hostile.contains('\u{1b}'), "{hostile}");
    }
}
