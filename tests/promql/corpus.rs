//! Expressions that other projects run: rules, PrometheusRule resources and dashboards of Grafana.

// What it found is what it is run for.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{RELEASES, disagreements, judges::Judge};

/// An expression, the file in which it stands, and what it is there for: an `alert`, a `record` or a `panel`.
type Found = BTreeMap<String, (String, &'static str)>;

/// `scripts/promql-corpus` runs this; it says what it does.
#[test]
#[ignore = "scripts/promql-corpus names the folders"]
fn the_expressions_of_other_projects_are_judged_as_prometheus_judges_them() {
    let folders = std::env::var("PROMQL_CORPUS").expect("PROMQL_CORPUS names folders, one a line");
    let into = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/promql-corpus");
    fs::create_dir_all(&into).expect("a folder");
    let mut all = Found::new();
    for folder in folders.lines().map(Path::new) {
        let (found, unread) = extract(folder);
        let name = folder
            .file_name()
            .expect("a folder has a name")
            .to_string_lossy();
        println!(
            "{name}: {} expressions; {unread} files are neither YAML nor JSON",
            found.len()
        );
        let lines = found.iter().map(|(expression, (origin, kind))| {
            let origin = format!("{name}: {origin}");
            serde_json::json!({ "expr": expression, "origin": origin, "kind": kind }).to_string()
                + "\n"
        });
        fs::write(
            into.join(format!("{name}.jsonl")),
            lines.collect::<String>(),
        )
        .expect("a file");
        all.extend(
            found.into_iter().map(|(expression, (origin, kind))| {
                (expression, (format!("{name}: {origin}"), kind))
            }),
        );
    }
    let expressions: Vec<String> = all.keys().cloned().collect();
    for release in RELEASES {
        let judge = Judge::of(release);
        let taken = judge
            .refusals(&expressions)
            .iter()
            .filter(|it| it.is_none())
            .count();
        let found = disagreements(&judge, &expressions);
        println!(
            "\nPrometheus {}.{} takes {taken} of {}; {} disagreements",
            judge.version.0,
            judge.version.1,
            expressions.len(),
            found.len()
        );
        for (expression, words) in found {
            println!("{words}\n  in {}", all[&expression].0);
        }
    }
}

/// The expressions below a folder, and how many files could not be read.
fn extract(folder: &Path) -> (Found, usize) {
    let (mut found, mut unread) = (Found::new(), 0);
    let mut paths = vec![folder.to_owned()];
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder can be read");
            paths.extend(entries.map(|entry| entry.expect("an entry").path()));
            continue;
        }
        let origin = path
            .strip_prefix(folder)
            .unwrap_or(&path)
            .display()
            .to_string();
        match read(&path) {
            Some(documents) => documents
                .iter()
                .for_each(|it| collect(it, &origin, &mut found)),
            None => unread += 1,
        }
    }
    (found, unread)
}

fn read(path: &PathBuf) -> Option<Vec<Value>> {
    let extension = path
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    match extension {
        "json" => Some(vec![
            serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?,
        ]),
        "yaml" | "yml" | "rules" => {
            serde_saphyr::from_multiple(&fs::read_to_string(path).ok()?).ok()
        }
        _ => Some(Vec::new()),
    }
}

/// Rules have `expr` beside `alert` or `record`; a dashboard's targets have it beside `refId`, some as text in a ConfigMap.
fn collect(value: &Value, origin: &str, found: &mut Found) {
    match value {
        Value::Object(fields) => {
            let source = |key| {
                fields
                    .get(key)
                    .and_then(|it: &Value| it.pointer("/type"))
                    .and_then(Value::as_str)
            };
            if source("datasource").is_some_and(|kind| kind != "prometheus" && kind != "datasource")
            {
                return;
            }
            let kinds = [("alert", "alert"), ("record", "record"), ("refId", "panel")];
            let mut kinds = kinds.iter().filter(|(key, _)| fields.contains_key(*key));
            if let (Some(expression), Some((_, kind))) =
                (fields.get("expr").and_then(Value::as_str), kinds.next())
            {
                let expression = match *kind {
                    "panel" => without_variables(expression),
                    _ => expression.to_owned(),
                };
                if !expression.trim().is_empty() {
                    found.insert(expression, (origin.to_owned(), kind));
                }
            }
            fields.values().for_each(|it| collect(it, origin, found));
        }
        Value::Array(values) => values.iter().for_each(|it| collect(it, origin, found)),
        Value::String(text) if text.starts_with('{') => {
            if let Ok(inside) = serde_json::from_str(text) {
                collect(&inside, origin, found);
            }
        }
        _ => {}
    }
}

/// An expression with Grafana's variables outside of strings replaced: a duration in brackets (a shorter one for a step) and behind
/// `offset`, a label in lists, a part of a name beside one, else a number.
fn without_variables(expression: &str) -> String {
    let mut text = String::new();
    let mut rest = expression;
    let (mut quote, mut bracket) = (None, false);
    while let Some(c) = rest.chars().next() {
        let (variable, behind) = match quote {
            None => variable(rest),
            Some(_) => (0, ""),
        };
        if variable > 0 {
            let before = text.trim_end();
            let list = before.rfind('(').map(|i| text[..i].trim_end());
            let in_list = before.ends_with([',', '('])
                && list.is_some_and(|it| {
                    [
                        "by",
                        "without",
                        "on",
                        "ignoring",
                        "group_left",
                        "group_right",
                    ]
                    .iter()
                    .any(|word| it.ends_with(word))
                });
            let named = |c: char| c == '_' || c.is_ascii_alphanumeric();
            text.push_str(match () {
                () if bracket && before.ends_with(':') => "1m",
                () if bracket || before.ends_with("offset") || before.ends_with("offset -") => "5m",
                () if in_list
                    || text.ends_with(named)
                    || behind.starts_with(|c| named(c) || c == '{') =>
                {
                    "x"
                }
                () => "1",
            });
            rest = behind;
            continue;
        }
        match (quote, c) {
            (None, '"' | '\'' | '`') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (Some('"' | '\''), '\\') => {
                text.push(c);
                rest = &rest[1..];
                let Some(escaped) = rest.chars().next() else {
                    break;
                };
                text.push(escaped);
                rest = &rest[escaped.len_utf8()..];
                continue;
            }
            (None, '[') => bracket = true,
            (None, ']') => bracket = false,
            _ => {}
        }
        text.push(c);
        rest = &rest[c.len_utf8()..];
    }
    text
}

/// How long the variable is that starts here, 0 if none does or monospec knows it, and what stands behind it.
fn variable(text: &str) -> (usize, &str) {
    let word = |text: &str| {
        text.find(|c: char| c != '_' && !c.is_ascii_alphanumeric())
            .unwrap_or(text.len())
    };
    let end = if let Some(inside) = text.strip_prefix("${") {
        inside.find('}').map_or(0, |end| end + 3)
    } else if let Some(inside) = text.strip_prefix("[[") {
        inside.find("]]").map_or(0, |end| end + 4)
    } else if let Some(inside) = text.strip_prefix('$') {
        word(inside) + 1
    } else {
        0
    };
    let known = ["__rate_interval", "__interval", "__range"];
    let name = text[..end].trim_matches(|c| matches!(c, '$' | '{' | '}'));
    if end == 0 || end == 1 || known.contains(&name) && text.starts_with('$') {
        return (0, "");
    }
    (end, &text[end..])
}
