//! Findings as [workflow commands](https://docs.github.com/actions/reference/workflow-commands-for-github-actions)
//! of GitHub Actions: annotations with a line and a column.

use std::fmt::Write as _;

use super::{Report, repository};

/// One line a finding.
pub fn render(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let file = report.sources.file(finding.location.file);
        let (line, column) = file.line_column(finding.location.range.start);
        let (end_line, end_column) = file.line_column(finding.location.range.end);
        let mut message = finding.message.clone();
        for detail in [Some(&finding.label), finding.help.as_ref()]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
        {
            message.push('\n');
            message.push_str(detail);
        }
        let _ = write!(
            out,
            "::{} file={},line={line},endLine={end_line}",
            finding.severity,
            property(&repository::path(&file.name)),
        );
        // GitHub takes columns only where both ends are on one line.
        if end_line == line {
            let _ = write!(out, ",col={column}");
            if end_column > column {
                let _ = write!(out, ",endColumn={end_column}");
            }
        }
        let _ = writeln!(out, ",title={}::{}", property(finding.code), data(&message));
    }
    out
}

/// An error that is no finding: one line, about a file or about the run as a whole.
pub fn error(file: Option<&str>, title: &str, message: &str) -> String {
    let file = file.map_or_else(String::new, |file| {
        format!("file={},", property(&repository::path(file)))
    });
    format!(
        "::error {file}title={}::{}\n",
        property(title),
        data(message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::super::{Diagnostic, Severity};
    use super::*;
    use crate::spec::{Location, Sources};

    #[test]
    fn an_annotation_is_one_line_whatever_is_in_it() {
        let mut sources = Sources::default();
        let file = sources.add("a,b:c%.yaml", "größe: 1\nb: 2\n");
        let finding = |range| Diagnostic {
            code: "some-code",
            severity: Severity::Warning,
            message: "100 % of\r\n::error::it".to_owned(),
            location: Location { file, range },
            label: "a label".to_owned(),
            related: Vec::new(),
            help: Some("help".to_owned()),
            replacement: None,
        };
        let findings = vec![finding(9..10), finding(9..13), finding(10..10)];
        let report = Report { sources, findings };
        let end = "title=some-code::100 %25 of%0D%0A::error::it%0Aa label%0Ahelp\n";
        let file = "::warning file=a%2Cb%3Ac%25.yaml,line=1";
        assert_eq!(
            render(&report),
            format!(
                "{file},endLine=1,col=8,endColumn=9,{end}{file},endLine=2,{end}{file},endLine=1,col=9,{end}"
            )
        );
    }
}
