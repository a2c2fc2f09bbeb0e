//! Findings as [SARIF 2.1.0](https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), which code hosts and editors
//! read.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde::Serialize;

use super::codes::{Code, Weight};
use super::{Report, Severity, repository};
use crate::spec::document::LintLevel;
use crate::spec::{Location, Sources};

/// A log with one run.
#[derive(Debug, Serialize)]
pub struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

/// A result about a file as a whole.
#[derive(Clone, Debug)]
pub struct FileResult {
    /// The code.
    pub code: &'static str,
    /// The file, as the user would type it.
    pub path: String,
    /// What is wrong.
    pub message: String,
}

/// Every finding, and what was found about files, ready to be serialised.
pub fn log<'a>(report: &'a Report, files: &[FileResult]) -> Log<'a> {
    let mut codes: BTreeSet<&str> = report.findings.iter().map(|f| f.code).collect();
    codes.extend(files.iter().map(|file| file.code));
    let codes: Vec<&Code> = codes.into_iter().filter_map(Code::find).collect();
    let index = |name: &str| codes.iter().position(|code| code.name == name);
    let mut results: Vec<SarifResult<'a>> = report
        .findings
        .iter()
        .map(|finding| {
            let mut text = finding.message.clone();
            for more in [Some(&finding.label), finding.help.as_ref()] {
                if let Some(more) = more.filter(|more| !more.is_empty()) {
                    let _ = write!(text, "\n{more}");
                }
            }
            let related = finding.related.iter().map(|(location, label)| {
                SarifLocation::of(&report.sources, location, Some(label.as_str()))
            });
            let fix = finding.replacement.as_deref().map(|new| SarifFix {
                description: finding.help.as_deref().map(Message::of),
                artifact_changes: [ArtifactChange {
                    artifact_location: ArtifactLocation::of(
                        &report.sources.file(finding.location.file).name,
                    ),
                    replacements: [Replacement {
                        deleted_region: Region::of(&report.sources, &finding.location),
                        inserted_content: Content { text: new },
                    }],
                }],
            });
            SarifResult {
                rule_id: finding.code,
                rule_index: index(finding.code),
                level: level(finding.severity),
                message: Message::of(text),
                locations: [SarifLocation::of(&report.sources, &finding.location, None)],
                related_locations: related.collect(),
                fixes: fix.into_iter().collect(),
            }
        })
        .collect();
    results.extend(files.iter().map(|file| SarifResult {
        rule_id: file.code,
        rule_index: index(file.code),
        level: "error",
        message: Message::of(file.message.as_str()),
        locations: [SarifLocation {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation::of(&file.path),
                region: None,
            },
            message: None,
        }],
        related_locations: Vec::new(),
        fixes: Vec::new(),
    }));
    Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: env!("CARGO_PKG_NAME"),
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: codes.into_iter().map(Rule::of).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    }
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult<'a>>,
}

#[derive(Debug, Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: &'static str,
    short_description: Message,
    full_description: Message,
    help: Help,
    default_configuration: Configuration,
}

impl Rule {
    fn of(code: &Code) -> Self {
        Self {
            id: code.name,
            short_description: Message::of(code.summary()),
            full_description: Message::of(code.description()),
            help: Help {
                text: code.plain(),
                markdown: code.text,
            },
            default_configuration: match code.weight() {
                Weight::Error | Weight::Lint(LintLevel::Deny) => Configuration {
                    level: "error",
                    enabled: true,
                },
                Weight::Lint(level) => Configuration {
                    level: "warning",
                    enabled: level == LintLevel::Warn,
                },
            },
        }
    }
}

#[derive(Debug, Serialize)]
struct Help {
    text: String,
    markdown: &'static str,
}

#[derive(Debug, Serialize)]
struct Configuration {
    level: &'static str,
    enabled: bool,
}

#[derive(Debug, Serialize)]
struct Message {
    text: String,
}

impl Message {
    fn of(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'a> {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Message,
    locations: [SarifLocation; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<SarifLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifLocation {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

impl SarifLocation {
    fn of(sources: &Sources, location: &Location, message: Option<&str>) -> Self {
        Self {
            physical_location: PhysicalLocation {
                artifact_location: ArtifactLocation::of(&sources.file(location.file).name),
                region: Some(Region::of(sources, location)),
            },
            message: message.filter(|text| !text.is_empty()).map(Message::of),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

impl ArtifactLocation {
    fn of(name: &str) -> Self {
        if name.starts_with("std:") {
            return Self {
                uri: name.to_owned(),
                uri_base_id: None,
            };
        }
        let path = repository::path(name);
        if path.starts_with('/') {
            // Outside of any repository, and named by an absolute path.
            return Self {
                uri: format!("file://{}", encoded(&path)),
                uri_base_id: None,
            };
        }
        Self {
            uri: encoded(&path),
            uri_base_id: Some("%SRCROOT%"),
        }
    }
}

/// A path as a [URI](https://www.rfc-editor.org/rfc/rfc3986#section-3.3): everything but letters, digits and a few signs by its
/// bytes.
fn encoded(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// Lines and columns from 1; the end is the first column behind it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl Region {
    fn of(sources: &Sources, location: &Location) -> Self {
        let file = sources.file(location.file);
        let (start_line, start_column) = file.line_column(location.range.start);
        let (end_line, end_column) = file.line_column(location.range.end);
        Self {
            start_line,
            start_column,
            end_line,
            end_column,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Message>,
    artifact_changes: [ArtifactChange<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: [Replacement<'a>; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Debug, Serialize)]
struct Content<'a> {
    text: &'a str,
}
