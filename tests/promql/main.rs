//! What monospec takes for PromQL is what Prometheus takes, release by release: three of them are asked.
#![cfg(feature = "monitoring")]

mod corpus;
#[path = "../support/folder.rs"]
mod folder;
mod generator;
mod judges;
#[path = "../support/releases.rs"]
mod releases;

use std::collections::BTreeSet;

use judges::{Judge, monospec};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The releases that are asked, see `scripts/prometheus-releases`.
const RELEASES: [&str; 3] = ["2.42", "2.53", "3"];

/// Where monospec refuses what Prometheus takes, a table of expressions and reasons.
const STRICTER: &str = include_str!("../../docs/promql.md");

/// The lines of a file, `⏎` for a line's end, without headings.
fn lines(file: &str) -> Vec<String> {
    let kept = file
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("## "));
    kept.map(|line| line.replace('⏎', "\n")).collect()
}

/// The expressions of the table in the documents.
fn stricter() -> BTreeSet<String> {
    let rows = STRICTER.lines().filter_map(|line| line.strip_prefix("| `"));
    let expressions = rows.filter_map(|row| row.split_once("` |"));
    expressions
        .map(|(expression, _)| expression.to_owned())
        .collect()
}

/// The expressions about which monospec and a release disagree, with what both say.
fn disagreements(judge: &Judge, expressions: &[String]) -> Vec<(String, String)> {
    let theirs = judge.refusals(expressions);
    let mut found = Vec::new();
    for (expression, theirs) in expressions.iter().zip(theirs) {
        let ours = monospec(expression, judge.version);
        if ours.is_some() != theirs.is_some() {
            let say = |it: Option<String>| {
                it.map_or("takes it".to_owned(), |why| format!("refuses it: {why}"))
            };
            let words = format!(
                "{expression:?}\n  monospec {}\n  Prometheus {}.{} {}",
                say(ours),
                judge.version.0,
                judge.version.1,
                say(theirs),
            );
            found.push((expression.clone(), words));
        }
    }
    found
}

#[test]
fn the_tables_are_judged_as_prometheus_judges_them() {
    let mut expressions = lines(include_str!("expressions.txt"));
    assert!(expressions.len() > 1000);
    for regex in lines(include_str!("regexes.txt")) {
        // The second needs something that is not empty, the third something empty.
        let quoted = format!("{regex:?}");
        for (before, after) in [("m{a=~", "}"), ("{a=~", "}"), ("{a!~", "}")] {
            expressions.push(format!("{before}{quoted}{after}"));
        }
    }
    let stricter = stricter();
    expressions.extend(stricter.iter().cloned());
    let mut seen = BTreeSet::new();
    for release in RELEASES {
        let mut wrong = Vec::new();
        for (expression, words) in disagreements(&Judge::of(release), &expressions) {
            if stricter.contains(&expression) && words.contains("monospec refuses") {
                seen.insert(expression);
            } else {
                wrong.push(words);
            }
        }
        assert!(
            wrong.is_empty(),
            "{} disagreements:\n{}",
            wrong.len(),
            wrong.join("\n")
        );
    }
    let gone: Vec<_> = stricter.difference(&seen).collect();
    assert!(
        gone.is_empty(),
        "monospec is no stricter about these: {gone:#?}"
    );
}

/// `PROPTEST_CASES` asks for more.
#[test]
fn generated_expressions_are_judged_as_prometheus_judges_them() {
    let count = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|it| it.parse().ok());
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let strategy = generator::expression();
    let expressions: Vec<String> = (0..count.unwrap_or(4000))
        .map(|_| {
            strategy
                .new_tree(&mut runner)
                .expect("an expression")
                .current()
        })
        .collect();
    for release in RELEASES {
        let judge = Judge::of(release);
        let right = judge
            .refusals(&expressions)
            .iter()
            .filter(|it| it.is_none())
            .count();
        // Neither all right nor all wrong, or the test would say nothing.
        assert!(
            (expressions.len() / 5..expressions.len() * 4 / 5).contains(&right),
            "{right} are right"
        );
        let wrong = disagreements(&judge, &expressions);
        let words: Vec<_> = wrong
            .iter()
            .take(20)
            .map(|(_, words)| words.as_str())
            .collect();
        assert!(
            words.is_empty(),
            "{} disagreements, of which\n{}",
            wrong.len(),
            words.join("\n")
        );
    }
}
