//! What is printed, and where.

use std::io::{self, IsTerminal as _, Write};
use std::path::Path;
use std::process::ExitCode;

use anstream::AutoStream;
use clap::builder::styling::{AnsiColor, Style};
use serde::Serialize;

use super::fix::Mended;
use super::progress::Progress;
use super::{Failure, Format};
use crate::diagnostics::sarif::{self, FileResult};
use crate::diagnostics::{Report, github, human, json};

pub(super) const GOOD: Style = AnsiColor::Green.on_default();
pub(super) const BAD: Style = AnsiColor::Red.on_default();
pub(super) const NOTE: Style = AnsiColor::Cyan.on_default();
pub(super) const STRONG: Style = Style::new().bold();

/// The two streams of the command, in the format that was asked for.
///
/// A stream that was closed on the other side takes no more text and changes nothing else.
pub(super) struct Output {
    pub(super) format: Format,
    stdout: Stream<io::Stdout>,
    stderr: Stream<io::Stderr>,
    progress: Progress,
}

impl Output {
    pub(super) fn new(format: Format) -> Self {
        Self {
            format,
            stdout: Stream::new(anstream::stdout()),
            stderr: Stream::new(anstream::stderr()),
            progress: Progress::new(format == Format::Human && io::stderr().is_terminal()),
        }
    }

    /// What the command does next, shown to people who have waited for it.
    pub(super) fn stage(&mut self, stage: &str) {
        self.progress.stage(stage);
    }

    pub(super) fn out(&mut self, text: &str) {
        self.progress.clear();
        self.stdout.print(text);
    }

    pub(super) fn err(&mut self, text: &str) {
        self.progress.clear();
        self.stderr.print(text);
    }

    /// One JSON value, over several lines.
    pub(super) fn json(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::new(format!("cannot write JSON: {error}")))?;
        self.out(&text);
        self.out("\n");
        Ok(())
    }

    /// The findings of a spec: those for people end with how many there are and what follows from it.
    ///
    /// For programs they are a part of what the command prints at its end: a [`Document`], or a log of SARIF.
    pub(super) fn findings(&mut self, spec: &Path, report: &Report, consequence: Option<&str>) {
        match self.format {
            Format::Human => self.findings_for_people(spec, report, consequence),
            Format::Github => self.out(&github::render(report)),
            Format::Json | Format::Sarif => {}
        }
    }

    pub(super) fn findings_for_people(
        &mut self,
        spec: &Path,
        report: &Report,
        consequence: Option<&str>,
    ) {
        let consequence = consequence.map_or_else(String::new, |text| format!("; {text}"));
        self.err(&format!(
            "{}{}: {}{consequence}\n",
            human::render(report, true),
            spec.display(),
            report.summary(),
        ));
    }

    /// What a command has found, if it is asked for as SARIF.
    pub(super) fn sarif(&mut self, report: &Report, files: &[FileResult]) -> Result<(), Failure> {
        if self.format == Format::Sarif {
            self.json(&sarif::log(report, files))?;
        }
        Ok(())
    }

    pub(super) fn failure(&mut self, failure: &Failure) {
        if self.format == Format::Github {
            self.out(&github::error(None, "monospec", &failure.text()));
            return;
        }
        self.err(&format!("{}\n", failure.styled()));
    }

    /// An error that is no failure: what the command looked for and found.
    pub(super) fn error(&mut self, message: &str, help: String) {
        self.err(&format!("{}\n", Failure::new(message).help(help).styled()));
    }

    /// Ends with this status, unless the output was lost for another reason than that nobody reads it.
    pub(super) fn finish(mut self, status: u8) -> ExitCode {
        self.stdout.flush();
        self.stderr.flush();
        if let Some(error) = self.stdout.lost.take() {
            self.err(&format!(
                "{}\n",
                Failure::new(format!("cannot write to stdout: {error}")).styled()
            ));
            return ExitCode::from(2);
        }
        ExitCode::from(status)
    }
}

impl Failure {
    fn text(&self) -> String {
        match &self.help {
            Some(help) => format!("{}\n{help}", self.message),
            None => self.message.clone(),
        }
    }

    fn styled(&self) -> String {
        const LABEL: Style = AnsiColor::Red.on_default().bold();
        let mut text = format!(
            "{LABEL}error{LABEL:#}: {}",
            self.message.replace('\n', "\n       ")
        );
        if let Some(help) = &self.help {
            text.push_str(&format!(
                "\n  {NOTE}={NOTE:#} {STRONG}help{STRONG:#}: {help}"
            ));
        }
        text
    }
}

struct Stream<S: anstream::stream::RawStream> {
    /// Nothing once it has failed.
    inner: Option<AutoStream<S>>,
    /// Why it failed, if that matters.
    lost: Option<io::Error>,
}

impl<S: anstream::stream::RawStream + anstream::stream::AsLockedWrite> Stream<S> {
    fn new(stream: AutoStream<S>) -> Self {
        Self {
            inner: Some(stream),
            lost: None,
        }
    }

    fn print(&mut self, text: &str) {
        self.attempt(|stream| stream.write_all(text.as_bytes()));
    }

    fn flush(&mut self) {
        self.attempt(Write::flush);
    }

    fn attempt(&mut self, write: impl FnOnce(&mut AutoStream<S>) -> io::Result<()>) {
        let Some(stream) = &mut self.inner else {
            return;
        };
        if let Err(error) = write(stream) {
            self.inner = None;
            self.lost = (error.kind() != io::ErrorKind::BrokenPipe).then_some(error);
        }
    }
}

/// What a command prints for programs.
#[derive(Serialize)]
pub(super) struct Document<'a> {
    findings: Vec<json::JsonFinding<'a>>,
    errors: usize,
    warnings: usize,
    /// Of `lint --fix`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mended: Option<Vec<Mended>>,
    /// Of `check`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) drift: Option<Vec<DriftEntry<'a>>>,
    /// Of `generate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) files: Option<Vec<FileEntry<'a>>>,
    /// Of `test`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rules: Option<Vec<RuleEntry<'a>>>,
}

/// What was shown of a rule.
#[derive(Serialize)]
pub(super) struct RuleEntry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) environment: Option<&'a str>,
    pub(super) alert: &'a str,
    pub(super) severity: &'a str,
    pub(super) proven: bool,
    /// Why it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    pub(super) situations: Vec<SituationEntry<'a>>,
}

#[derive(Serialize)]
pub(super) struct SituationEntry<'a> {
    pub(super) name: &'a str,
    pub(super) passed: bool,
}

#[derive(Serialize)]
pub(super) struct DriftEntry<'a> {
    pub(super) path: &'a str,
    pub(super) kind: &'a str,
    /// Nothing where one of the sides does not exist or is no text.
    pub(super) diff: Option<String>,
}

#[derive(Serialize)]
pub(super) struct FileEntry<'a> {
    pub(super) path: &'a str,
    pub(super) change: &'a str,
}

impl<'a> Document<'a> {
    pub(super) fn new(report: &'a Report) -> Self {
        Self {
            findings: json::findings(report),
            errors: report.errors(),
            warnings: report.warnings(),
            mended: None,
            drift: None,
            files: None,
            rules: None,
        }
    }
}
