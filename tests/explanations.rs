//! What `monospec explain` says is true: its wrong examples are wrong in that way, its right ones are right.
#![cfg(feature = "cli")]

#[path = "support/folder.rs"]
mod folder;

use folder::Folder;
use monospec::diagnostics::codes::{CODES, Code};
use monospec::diagnostics::human;

/// What an example is a part of: the shop of the README. Sections that an example has itself are left out, and with its metrics the
/// signals that read them.
const SHOP: &[(&str, &str)] = &[
    ("monospec", "monospec: 1\n"),
    (
        "service",
        "service: { name: shop, owner: checkout, runbook_url: \"https://runbooks.example.com/{alert}\" }\n",
    ),
    ("scrape", "scrape: { targets: [\"localhost:3000\"] }\n"),
    (
        "metrics",
        "metrics:
  orders_total: { type: counter, help: Orders., labels: { result: [paid, refused] } }
  payment_duration_seconds: { type: histogram, help: Time of a payment., buckets: [0.1, 0.5, 1, 2.5, 5] }
  queue_length: { type: gauge, help: Orders that wait. }
",
    ),
    (
        "signals",
        "signals:
  refused_ratio: { ratio: { part: 'orders_total{result=\"refused\"}', whole: orders_total } }
  payment_p95: { quantile: 0.95, of: payment_duration_seconds }
",
    ),
];

/// Lints about a service as it is run.
const OF_A_SERVICE: &[&str] = &[
    "missing-up-alert",
    "untested-alert",
    "unused-metric",
    "unused-signal",
];

/// Codes without examples, and why.
const WITHOUT_EXAMPLE: &[(&str, &str)] = &[
    ("alert-test", "is of a run of promtool"),
    ("bidi-control", "the character cannot be seen"),
    ("drift", "is not about the spec"),
    ("nested-too-deeply", "would be long"),
    ("not-utf8", "this page is"),
    ("object-too-large", "would be long"),
    ("several-documents", "is about the file"),
    ("too-large", "would be long"),
    ("too-many-environments", "would be long"),
];

/// The examples of a text, in their order.
fn examples(code: &Code) -> Vec<&'static str> {
    let parts = code.text.split("```yaml\n").skip(1);
    parts
        .map(|part| part.split_once("```").expect("its end").0)
        .collect()
}

fn completed(example: &str) -> String {
    let has = |section: &str| {
        let key = format!("{section}:");
        example.lines().any(|line| line.starts_with(&key))
    };
    let mut spec = String::new();
    for (section, text) in SHOP {
        let left_out = has(section) || (*section == "signals" && has("metrics"));
        if !left_out {
            spec.push_str(text);
        }
    }
    spec + example
}

/// The codes that are found, and what is said.
fn found(folder: &Folder, about: &str, example: &str) -> (Vec<&'static str>, String) {
    let spec = folder.write("spec/monospec.yaml", completed(example));
    let report = monospec::compile(&spec).expect("a spec").report;
    let codes = report.findings.iter().map(|finding| finding.code);
    // A part of a spec is no whole service.
    let codes = codes.filter(|code| *code == about || !OF_A_SERVICE.contains(code));
    (codes.collect(), human::render(&report, false))
}

#[test]
fn every_example_is_what_it_says() {
    let folder = Folder::new();
    folder.write(
        "spec/parts/orders.yaml",
        "flags:\n  NEW_PRICES: { default: false, help: Prices. }\n",
    );
    folder.write("spec/parts/empty.yaml", "# Nothing yet.\n");
    let mut problems = Vec::new();
    assert!(folder.path().join("spec").is_dir());
    for code in CODES {
        let name = code.name;
        let excused = WITHOUT_EXAMPLE.iter().any(|(without, _)| *without == name);
        let (wrong, right) = match (examples(code).as_slice(), excused) {
            ([], true) => continue,
            ([wrong, right], false) => (*wrong, *right),
            _ => {
                problems.push(format!("{name}: one example of wrong and one of right"));
                continue;
            }
        };
        let (codes, said) = found(&folder, name, wrong);
        if !codes.contains(&name) {
            problems.push(format!("{name}: the wrong example is told\n{said}"));
        }
        let (codes, said) = found(&folder, name, right);
        if !codes.is_empty() {
            problems.push(format!("{name}: the right example is told\n{said}"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn every_text_has_its_parts() {
    for code in CODES {
        let name = code.name;
        let mut lines = code.text.lines();
        let first = lines.next().unwrap_or_default();
        assert!(
            first.ends_with('.') && first.len() <= 100,
            "{name}: {first}"
        );
        assert_eq!(lines.next(), Some(""), "{name}: the first line says it all");
        for line in code.text.lines() {
            assert!(
                line.chars().count() <= 140 || line.starts_with("Source: "),
                "{name}: {line}"
            );
        }
    }
}
