//! Findings for programs.

use serde::Serialize;

use super::Report;
use crate::spec::{Location, Sources};

/// A finding as `--format json` prints it.
#[derive(Debug, Serialize)]
pub struct JsonFinding<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(flatten)]
    location: JsonLocation<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<JsonRelated<'a>>,
    /// What mends it, if there is just one way: the text at the location becomes this.
    #[serde(skip_serializing_if = "Option::is_none")]
    replacement: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct JsonRelated<'a> {
    #[serde(flatten)]
    location: JsonLocation<'a>,
    label: &'a str,
}

/// Lines and columns from 1, columns in characters; bytes from 0.
#[derive(Debug, Serialize)]
struct JsonLocation<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    byte_start: usize,
    byte_end: usize,
}

/// Every finding, ready to be serialised.
pub fn findings(report: &Report) -> Vec<JsonFinding<'_>> {
    report
        .findings
        .iter()
        .map(|finding| JsonFinding {
            code: finding.code,
            severity: finding.severity.as_str(),
            message: &finding.message,
            location: locate(&report.sources, &finding.location),
            label: &finding.label,
            help: finding.help.as_deref(),
            replacement: finding.replacement.as_deref(),
            related: finding
                .related
                .iter()
                .map(|(location, label)| JsonRelated {
                    location: locate(&report.sources, location),
                    label,
                })
                .collect(),
        })
        .collect()
}

fn locate<'a>(sources: &'a Sources, location: &Location) -> JsonLocation<'a> {
    let file = sources.file(location.file);
    let (line, column) = file.line_column(location.range.start);
    let (end_line, end_column) = file.line_column(location.range.end);
    JsonLocation {
        file: &file.name,
        line,
        column,
        end_line,
        end_column,
        byte_start: location.range.start,
        byte_end: location.range.end,
    }
}
