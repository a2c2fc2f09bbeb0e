//! Mistakes of every kind over two files: all of them in one run, each where it is, in every format.

use super::Project;
use serde_json::Value;

const SPEC: &str = r#"monospec: 1
service: { name: shop, ownr: web }
scrape: { targets: ["localhost:3000"], interval: [10s] }
include: [parts/orders.yaml]
metrics:
  answers_total: { type: countr, help: Answers. }
  answers_total: { type: counter, help: Again. }
  queue_length: { type: gauge, help: Orders that wait. }
signals:
  lost: { rate: order_total }
alerts:
  Late: { signal: order_p95, above: 5%, severity: warning, summary: late }
  Refused: { signal: refused, above: 5, severity: warning, summary: "{{ $value }}" }
"#;

const ORDERS: &str = r#"metrics:
  orders_total: { type: counter, help: Orders., labels: { result: [paid, refused] } }
  order_seconds: { type: histogram, help: Time of an order., buckets: [0.1, 1, 10] }
  returns_total: { type: counter }
signals:
  refused: { ratio: { part: 'orders_total{result="refused"}', whole: orders_total } }
  order_p95: { quantile: 0.95, of: order_seconds }
  paid: { expr: 'sum by (job) (rate(orders_total{reslt="paid"}[5m]))' }
alerts:
  Lost: { signal: refusd, above: 5%, severity: warning, summary: lost }
dashboards:
  orders:
    title: Orders
    rows: [{ title: Orders, panels: [{ title: Queue, signal: queue_lenght }] }]
"#;

/// Code, place, and what is marked there.
pub(super) const MISTAKES: &[(&str, &str, &str)] = &[
    // Shape
    ("unknown-key", "spec/monospec.yaml:2:24", "ownr"),
    ("wrong-type", "spec/monospec.yaml:3:50", "[10s]"),
    ("unknown-word", "spec/monospec.yaml:6:26", "countr"),
    ("duplicate-key", "spec/monospec.yaml:7:3", "answers_total"),
    (
        "missing-key",
        "spec/parts/orders.yaml:4:18",
        "{ type: counter }",
    ),
    // Reference
    ("unknown-metric", "spec/monospec.yaml:10:17", "order_total"),
    ("unknown-label", "spec/parts/orders.yaml:8:50", "reslt"),
    ("unknown-signal", "spec/parts/orders.yaml:10:19", "refusd"),
    (
        "unknown-signal",
        "spec/parts/orders.yaml:14:62",
        "queue_lenght",
    ),
    // Unit
    ("unit-mismatch", "spec/monospec.yaml:12:37", "5%"),
    ("impossible-threshold", "spec/monospec.yaml:13:38", "5"),
];

pub(super) fn project() -> Project {
    Project::new(&[
        ("spec/monospec.yaml", SPEC),
        ("spec/parts/orders.yaml", ORDERS),
    ])
}

/// `a/b.yaml:3:14` as file, line and column.
fn place(text: &str) -> (&str, usize, usize) {
    let parts: Vec<&str> = text.split(':').collect();
    let [file, line, column] = parts.as_slice() else {
        panic!("{text} is not a place")
    };
    (
        file,
        line.parse().expect("a line"),
        column.parse().expect("a column"),
    )
}

#[test]
fn people_are_told_all_of_them_at_once() {
    let run = project().monospec(&["lint"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    for (code, at, marked) in MISTAKES {
        let (file, number, column) = place(at);
        let text = if file.contains("parts") { ORDERS } else { SPEC };
        let line = text.lines().nth(number - 1).expect("the line");
        assert_eq!(&line[column - 1..][..marked.len()], *marked, "{at}");
        let found = run
            .stderr
            .split("\n\n")
            .find(|finding| finding.contains(&format!("--> {at}\n")))
            .unwrap_or_else(|| panic!("nothing at {at}:\n{}", run.stderr));
        assert!(found.starts_with(&format!("error[{code}]: ")), "{found}");
        assert!(found.contains(&format!("{number} | {line}\n")), "{found}");
        let marks = format!("| {}{}", " ".repeat(column - 1), "^".repeat(marked.len()));
        assert!(found.contains(&marks), "{found}");
    }
    let words = format!("spec/monospec.yaml: {} errors\n", MISTAKES.len());
    assert!(run.stderr.ends_with(&words), "{}", run.stderr);
}

#[test]
fn programs_are_told_the_same_places() {
    let run = project().monospec(&["lint", "--format", "json"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
    let document: Value = serde_json::from_str(&run.stdout).expect("one document");
    let findings = document["findings"].as_array().expect("findings");
    let mut found: Vec<(String, String)> = findings
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().expect(key).to_owned();
            let at = format!("{}:{}:{}", text("file"), finding["line"], finding["column"]);
            (text("code"), at)
        })
        .collect();
    let mut expected: Vec<(String, String)> = MISTAKES
        .iter()
        .map(|(code, at, _)| ((*code).to_owned(), (*at).to_owned()))
        .collect();
    found.sort();
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(document["errors"], MISTAKES.len());
}

#[test]
fn github_is_told_line_and_column() {
    let run = project().monospec(&["lint", "--format", "github"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), MISTAKES.len(), "{}", run.stdout);
    for (code, at, _) in MISTAKES {
        let (file, line, column) = place(at);
        let start = format!("::error file={file},line={line},endLine={line},col={column},");
        let found = lines.iter().find(|found| found.starts_with(&start));
        let found = found.unwrap_or_else(|| panic!("nothing at {at}:\n{}", run.stdout));
        assert!(found.contains(code), "{found}");
    }
}

#[test]
fn nothing_is_written() {
    let project = project();
    let run = project.monospec(&["generate"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    let words = format!("{} errors; nothing was written\n", MISTAKES.len());
    assert!(run.stderr.ends_with(&words), "{}", run.stderr);
    assert!(!project.path().join("generated").exists());
}
