//! `lint --fix`: what has just one way to be mended is mended, and nothing else changes.

use std::fs;

use serde_json::Value;

use super::Project;

/// Mistakes in every style of YAML, with comments and line ends that have to stay.
const SPEC: &str = "\u{feff}# The shop 😀\r
monospec: 1\r
service: { name: shop, ownr: \"größe\" }   # of whom\r
prometheus: { version: 2.42 }\r
scrape: { targets: \"localhost:1\" }\r
include: [parts/orders.yaml]\r
metrics:\r
  orders_total: { type: conter, help: Orders., labels: { result: [paid, refused] } }\r
  'queue_length': { 'typ': 'gauge', help: Orders that wait. }\r
signals:\r
  refused: { rate: \"orders_total{reslt=\\\"refused\\\"}\" }\r
  lost: { rate: 'orders_total{result=\"refusd\"}' }\r
alerts:\r
  Refused: { signal: refusd, above: 1/s, for: 5m, severity: warning, summary: \"more than {treshold}\" }\r
lints: { missing-up-alrt: allow }\r
";

const ORDERS: &str = "signals:
  slow:
    expr: |
      sum by (job) (rate(order_total[5m]))   # counts
        + sum by (job) (rate(orders_totl[5m]))
flags:
  NEW: { default: on, help: New., allow: { flag-expird: no day } }
";

fn project() -> Project {
    Project::new(&[
        ("spec/monospec.yaml", SPEC),
        ("spec/parts/orders.yaml", ORDERS),
    ])
}

#[test]
fn what_has_one_way_is_mended_and_the_rest_stays() {
    let project = project();
    let run = project.monospec(&["lint", "--fix"]);
    let read = |path: &str| fs::read_to_string(project.path().join(path)).expect("a file");
    let spec = [
        ("ownr", "owner"),
        ("version: 2.42", "version: \"2.42\""),
        ("targets: \"localhost:1\"", "targets: [\"localhost:1\"]"),
        ("conter", "counter"),
        ("'typ'", "'type'"),
        ("reslt", "result"),
        ("refusd\"}", "refused\"}"),
        ("signal: refusd", "signal: refused"),
        ("{treshold}", "{threshold}"),
        ("alrt", "alert"),
    ]
    .iter()
    .fold(SPEC.to_owned(), |text, (old, new)| {
        text.replacen(old, new, 1)
    });
    assert_eq!(read("spec/monospec.yaml"), spec, "{}", run.stderr);
    let orders = ORDERS
        .replace("order_total", "orders_total")
        .replace("orders_totl", "orders_total")
        .replace("default: on", "default: true")
        .replace("expird", "expired");
    assert_eq!(read("spec/parts/orders.yaml"), orders);
    for line in [
        "mended  spec/monospec.yaml:3:24: ownr → owner\n",
        "mended  spec/parts/orders.yaml:5:30: orders_totl → orders_total\n",
    ] {
        assert!(run.stdout.contains(line), "{}", run.stdout);
    }
    assert_eq!(run.stdout.lines().count(), 14, "{}", run.stdout);
    // What is left became readable only now.
    assert!(
        run.stderr.contains("warning[unused-allow]"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.ends_with("spec/monospec.yaml: 1 warning\n"),
        "{}",
        run.stderr
    );
    assert_eq!(run.status, Some(0));
    let again = project.monospec(&["lint", "--fix"]);
    assert_eq!(again.stdout, "");
    assert_eq!(read("spec/monospec.yaml"), spec);
}

#[test]
fn programs_are_told_what_was_mended() {
    let run = project().monospec(&["lint", "--fix", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).expect("one document");
    let mended = document["mended"].as_array().expect("a list");
    assert_eq!(mended.len(), 14);
    assert_eq!(
        mended[0],
        serde_json::json!({
            "file": "spec/monospec.yaml", "line": 3, "column": 24, "code": "unknown-key", "old": "ownr", "new": "owner",
        })
    );
    assert_eq!(document["errors"], 0);
}

#[test]
fn without_the_option_a_fix_is_only_told() {
    let project = project();
    let run = project.monospec(&["lint", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).expect("one document");
    let findings = document["findings"].as_array().expect("findings");
    let key = findings
        .iter()
        .find(|f| f["code"] == "unknown-key")
        .expect("it");
    assert_eq!(key["replacement"], "owner");
    assert_eq!(document.get("mended"), None);
    assert_eq!(
        fs::read_to_string(project.path().join("spec/monospec.yaml")).expect("it"),
        SPEC
    );
}

#[test]
fn what_could_be_meant_in_two_ways_stays() {
    let spec = "monospec: 1
service: { name: shop }
metrics:
  order_a_total: { type: counter, help: A. }
  order_b_total: { type: counter, help: B. }
signals:
  orders: { rate: order_c_total }
";
    let project = Project::new(&[("spec/monospec.yaml", spec)]);
    let run = project.monospec(&["lint", "--fix"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr.contains("did you mean `order_a_total`?"),
        "{}",
        run.stderr
    );
    assert_eq!(
        fs::read_to_string(project.path().join("spec/monospec.yaml")).expect("it"),
        spec
    );
}

#[test]
fn a_fix_makes_no_other_mistake_and_says_so() {
    let spec = "monospec: 1
service: { name: shop, owner: web, ownr: web }
scrape: { targets: [\"localhost:1\"] }
metrics:
  orders: { type: conter, help: A. }
lints: { counter-suffix: allow, counter-sufix: warn }
";
    let project = Project::new(&[("spec/monospec.yaml", spec)]);
    let run = project.monospec(&["lint", "--fix"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        fs::read_to_string(project.path().join("spec/monospec.yaml")).expect("it"),
        spec.replace("conter", "counter")
    );
    assert!(
        run.stderr.ends_with(
            "2 errors; 1 fix left out: each would put a second entry where there is one\n"
        ),
        "{}",
        run.stderr
    );
}

#[test]
#[cfg(unix)]
fn links_stay_links() {
    let project = Project::new(&[(
        "shared/orders.yaml",
        "flags:\n  NEW: { defalt: true, help: New. }\n",
    )]);
    let spec = "monospec: 1\nservice: { name: shop }\nscrape: { targets: [\"localhost:1\"] }\ninclude: [orders.yaml]\n";
    fs::create_dir(project.path().join("spec")).expect("a folder");
    fs::write(project.path().join("spec/monospec.yaml"), spec).expect("a spec");
    let link = project.path().join("spec/orders.yaml");
    std::os::unix::fs::symlink("../shared/orders.yaml", &link).expect("a link");
    let run = project.monospec(&["lint", "--fix"]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(link.symlink_metadata().expect("it").is_symlink());
    assert!(
        fs::read_to_string(&link)
            .expect("it")
            .contains("default: true")
    );
}
