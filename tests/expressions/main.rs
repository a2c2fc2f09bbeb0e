//! Hand-written PromQL, and what is said about it: the files beside this one read like documentation.
//!
//! A line is an expression. Below a wrong one, carets mark what is wrong, followed by the code; what has no carets is right.
//! `@alert`, `@signal`, `@record`, `@counter` and `@gauge` say what the expressions after it are for (the last two are selectors
//! of a signal), and `@raw` or `@raw alert` that they are left as they are. The metrics are those of `monospec.yaml`.
//!
//! `UPDATE_GOLDEN=1 cargo test --test expressions` renews the carets; the difference is for a reviewer.
#![cfg(feature = "cli")]

mod engine;
#[path = "../support/folder.rs"]
mod folder;
#[expect(dead_code, reason = "there are no configurations and no tests here")]
#[path = "../support/promtool.rs"]
mod promtool;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use engine::Answer;
use folder::Folder;
use monospec::diagnostics::{Diagnostic, Report};

/// What is said only where environments are namespaces of one cluster: a golden case shows it.
const ELSEWHERE: &str = "missing-namespace";

/// What is wrong, without lints: it is an error in any case.
const ERRORS: &[&str] = &[
    "ambiguous-metric",
    "bad-name",
    "identity-lost",
    "newer-promql",
    "no-comparison",
    "promql-syntax",
    "unknown-job",
    "unknown-label",
    "unknown-label-value",
    "unknown-metric",
    "wrong-expression-type",
    "wrong-metric-type",
];

/// What is said: columns, counted from 0, and codes.
type Marks = BTreeSet<(usize, usize, String)>;

/// A line of a file.
enum Line {
    /// A comment, a directive or nothing.
    Other(String),
    Expression(Expression),
}

struct Expression {
    text: String,
    /// What it is for, and whether it is raw.
    purpose: String,
    /// What is said about it.
    expected: Marks,
}

struct File {
    path: PathBuf,
    lines: Vec<Line>,
}

fn files() -> Vec<File> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expressions");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder of the expressions")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "promql"))
        .collect();
    paths.sort();
    paths.into_iter().map(read).collect()
}

fn read(path: PathBuf) -> File {
    let text = fs::read_to_string(&path).expect("a file");
    let mut lines = Vec::new();
    let mut purpose = "signal".to_owned();
    for line in text.lines() {
        if let Some(directive) = line.strip_prefix('@') {
            purpose = directive.to_owned();
        }
        let marks = line.trim_start();
        if line.is_empty() || line.starts_with(['#', '@']) {
            lines.push(Line::Other(line.to_owned()));
        } else if marks.starts_with('^') {
            let (carets, code) = marks.split_once(' ').expect("a code behind the carets");
            let start = line.len() - marks.len();
            let Some(Line::Expression(expression)) = lines.last_mut() else {
                panic!("{}: carets below nothing: {line}", path.display());
            };
            let mark = (start, start + carets.len(), code.to_owned());
            expression.expected.insert(mark);
        } else {
            lines.push(Line::Expression(Expression {
                text: line.to_owned(),
                purpose: purpose.clone(),
                expected: BTreeSet::new(),
            }));
        }
    }
    File { path, lines }
}

/// How far an expression stands from the left in the spec.
const INDENT: usize = 6;

/// A spec with all the expressions, and the lines of each of them.
fn spec(files: &[File]) -> (String, BTreeMap<usize, (usize, usize)>) {
    let mut signals = "signals:\n".to_owned();
    let mut alerts = "alerts:\n".to_owned();
    let mut where_in = [Vec::new(), Vec::new()];
    for (f, file) in files.iter().enumerate() {
        for (l, line) in file.lines.iter().enumerate() {
            let Line::Expression(expression) = line else {
                continue;
            };
            let (raw, purpose) = match expression.purpose.strip_prefix("raw") {
                Some(purpose) => ("    raw: true\n", purpose.trim_start()),
                None => ("", expression.purpose.as_str()),
            };
            let (key, more) = match purpose {
                "alert" => ("expr", "    severity: info\n    summary: It happened.\n"),
                "record" => ("expr", "    record: true\n"),
                "counter" => ("rate", ""),
                "gauge" => ("value", ""),
                "signal" | "" => ("expr", ""),
                other => panic!("`@{other}` is unknown"),
            };
            let is_alert = purpose == "alert";
            let section = if is_alert { &mut alerts } else { &mut signals };
            let first = section.lines().count();
            write!(
                section,
                "  e{f}_{l}:\n{more}{raw}    {key}: |-\n      {}\n",
                expression.text
            )
            .expect("a string");
            for line in first..section.lines().count() {
                where_in[usize::from(is_alert)].push((line, (f, l)));
            }
        }
    }
    let catalogue = include_str!("monospec.yaml");
    let start = catalogue.lines().count();
    let then = start + signals.lines().count();
    let [of_signals, of_alerts] = where_in;
    let lines = of_signals.into_iter().map(|(line, at)| (start + line, at));
    let lines = lines.chain(of_alerts.into_iter().map(|(line, at)| (then + line, at)));
    (format!("{catalogue}{signals}{alerts}"), lines.collect())
}

/// The line of a finding, counted from 0, and the columns if it marks a part of the line of an expression.
fn place(finding: &Diagnostic, report: &Report) -> (usize, Option<(usize, usize)>) {
    let text = &report.sources.file(finding.location.file).text;
    let range = &finding.location.range;
    let before = &text[..range.start];
    let line = before.matches('\n').count();
    let start = before.len() - before.rfind('\n').map_or(0, |i| i + 1);
    let inside = start >= INDENT && text[before.len() - start..].starts_with("      ");
    let columns = (
        start - INDENT.min(start),
        start + range.len() - INDENT.min(start),
    );
    (line, inside.then_some(columns))
}

#[test]
fn what_is_said_about_expressions() {
    let mut files = files();
    let (spec, lines) = spec(&files);
    let folder = Folder::new();
    let path = folder.write("monospec.yaml", &spec);
    let report = monospec::compile(&path).expect("a spec").report;
    let mut found: BTreeMap<(usize, usize), Marks> = BTreeMap::new();
    for finding in &report.findings {
        let (line, columns) = place(finding, &report);
        let Some((f, l)) = lines.get(&line) else {
            panic!(
                "[{}] {} at line {}",
                finding.code,
                finding.message,
                line + 1
            );
        };
        let Line::Expression(expression) = &files[*f].lines[*l] else {
            unreachable!("these are the lines of expressions");
        };
        let (start, end) = columns.unwrap_or((0, expression.text.len()));
        let mark = (start, end.max(start + 1), finding.code.to_owned());
        found.entry((*f, *l)).or_default().insert(mark);
    }
    let renew = std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1");
    let mut wrong = String::new();
    for (f, file) in files.iter_mut().enumerate() {
        for (l, line) in file.lines.iter_mut().enumerate() {
            let Line::Expression(expression) = line else {
                continue;
            };
            let now = found.remove(&(f, l)).unwrap_or_default();
            if now != expression.expected {
                writeln!(
                    wrong,
                    "{}:\n{}",
                    file.path.display(),
                    marked(&expression.text, &now)
                )
                .expect("a string");
                expression.expected = now;
            }
        }
        if renew {
            fs::write(&file.path, written(file)).expect("the file is written");
        }
    }
    assert!(
        renew || wrong.is_empty(),
        "these are said to be different:\n{wrong}`UPDATE_GOLDEN=1 cargo test --test expressions` renews them"
    );
}

fn marked(text: &str, marks: &Marks) -> String {
    let mut lines = text.to_owned();
    for (start, end, code) in marks {
        let carets = "^".repeat(end - start);
        write!(lines, "\n{}{carets} {code}", " ".repeat(*start)).expect("a string");
    }
    lines
}

fn written(file: &File) -> String {
    file.lines.iter().fold(String::new(), |text, line| {
        let line = match line {
            Line::Other(line) => line.clone(),
            Line::Expression(expression) => marked(&expression.text, &expression.expected),
        };
        text + &line + "\n"
    })
}

#[test]
fn there_are_many_of_each_kind() {
    let files = files();
    let expressions: Vec<&Expression> = expressions(&files).map(|(_, e)| e).collect();
    let texts: BTreeSet<(&str, &str)> = expressions
        .iter()
        .map(|expression| (expression.text.as_str(), expression.purpose.as_str()))
        .collect();
    assert_eq!(
        texts.len(),
        expressions.len(),
        "an expression is there twice"
    );
    let (wrong, right): (Vec<&Expression>, Vec<&Expression>) =
        expressions.iter().partition(|e| !e.expected.is_empty());
    assert!(wrong.len() >= 150, "{} wrong ones", wrong.len());
    assert!(right.len() >= 150, "{} right ones", right.len());
    let shown: BTreeSet<&str> = wrong
        .iter()
        .flat_map(|expression| &expression.expected)
        .map(|(_, _, code)| code.as_str())
        .collect();
    let lints = monospec::lints::of_expressions().iter();
    let lints = lints.map(|lint| lint.name);
    let lints = lints.filter(|lint| *lint != ELSEWHERE);
    let wanted: BTreeSet<&str> = lints.chain(ERRORS.iter().copied()).collect();
    assert_eq!(shown, wanted);
}

/// Every expression with what is said about it, wherever it stands.
fn expressions(files: &[File]) -> impl Iterator<Item = (&str, &Expression)> {
    files.iter().flat_map(|file| {
        let name = file.path.file_name().and_then(|name| name.to_str());
        let lines = file.lines.iter().filter_map(|line| match line {
            Line::Expression(expression) => Some(expression),
            Line::Other(_) => None,
        });
        lines.map(move |expression| (name.unwrap_or_default(), expression))
    })
}

#[test]
fn prometheus_reads_what_is_right() {
    let files = files();
    let mut rules = "groups:\n  - name: right\n    rules:\n".to_owned();
    let right = expressions(&files).filter(|(_, e)| e.expected.is_empty());
    let right = right.filter(|(_, e)| !e.text.contains("$__"));
    for (i, (_, expression)) in right.enumerate() {
        let text = &expression.text;
        write!(
            rules,
            "      - record: right:e{i}\n        expr: |-\n          {text}\n"
        )
        .expect("a string");
    }
    let folder = Folder::new();
    let told = promtool::check_rules(&[folder.write("rules.yml", rules)]);
    told.unwrap_or_else(|words| panic!("{words}"));
}

/// Of what belongs together, Prometheus itself is asked: what is said to match nothing is empty, what is said to have several
/// partners is an error, and what is right is neither.
#[test]
fn prometheus_agrees_about_what_belongs_together() {
    let files = files();
    let folder = Folder::new();
    let path = folder.write("monospec.yaml", include_str!("monospec.yaml"));
    let compilation = monospec::compile(&path).expect("a spec");
    let catalogue = &compilation.models.first().expect("a model").catalogue;
    let joins = ["/", "*", "-", "==", " and ", " unless "];
    let asked: Vec<(&str, Answer)> = expressions(&files)
        .filter(|(file, _)| *file == "labels.promql")
        .filter(|(_, e)| joins.iter().any(|operator| e.text.contains(operator)))
        .filter_map(|(_, expression)| {
            let codes: Vec<&str> = expression
                .expected
                .iter()
                .map(|(_, _, c)| c.as_str())
                .collect();
            let answer = match codes.as_slice() {
                [] => Answer::Something,
                ["no-match"] if !expression.text.contains("unless") => Answer::Nothing,
                ["many-to-one"] => Answer::SeveralPartners,
                _ => return None,
            };
            Some((expression.text.as_str(), answer))
        })
        .collect();
    assert!(asked.len() > 30, "only {} were asked", asked.len());
    let texts: Vec<&str> = asked.iter().map(|(text, _)| *text).collect();
    let answers = engine::ask(&texts, catalogue, &folder);
    for ((text, expected), answer) in asked.iter().zip(answers) {
        assert_eq!(answer, *expected, "{text}");
    }
}
