//! What `monospec test` says of alerts that do otherwise than they should.

use super::Project;

/// PromQL by hand, whose tests say the contrary; in one environment it is milder.
const SPEC: &str = "monospec: 1
service: { name: shop, runbook_url: \"https://runbooks.example.com/{alert}\" }
metrics:
  queue_length: { type: gauge, help: Orders that wait. }
  orders_total: { type: counter, help: Orders., labels: { result: [paid, refused] } }
signals:
  refused: { ratio: { part: 'orders_total{result=\"refused\"}', whole: orders_total } }
slos:
  orders: { objective: 99.9%, over: 30d, bad: refused }
alerts:
  ShopDown: { signal: up, equals: 0, when_missing: fire, for: 1m, severity: critical, summary: No answer }
  QueueLong:
    expr: queue_length > 100
    for: 1m
    severity: critical
    summary: Orders wait
    tests:
      - fires_when: { queue_length: 100 }
      - silent_when: { queue_length: 101 }
environments:
  staging: { scrape: { targets: [\"shop.staging:3000\"] }, alerts: { QueueLong: { severity: warning } } }
  production: { scrape: { targets: [\"shop:3000\"] } }
";

#[test]
fn a_test_that_does_not_hold_is_told_with_its_environment() {
    let project = Project::new(&[("spec/monospec.yaml", SPEC)]);
    let run = project.monospec(&["test"]);
    assert_eq!(run.status, Some(1), "{}{}", run.stdout, run.stderr);
    let told: Vec<&str> = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("error"))
        .collect();
    assert_eq!(
        told,
        [
            "error[alert-test]: `QueueLong` (critical) does not fire where it should (in `production`)",
            "error[alert-test]: `QueueLong` (warning) does not fire where it should (in `staging`)",
            "error[alert-test]: `QueueLong` (critical) fires where it should stay silent (in `production`)",
            "error[alert-test]: `QueueLong` (warning) fires where it should stay silent (in `staging`)",
        ]
    );
    let place = "--> spec/monospec.yaml:18:9\n";
    assert!(run.stderr.contains(place), "{}", run.stderr);
}

#[test]
fn a_rule_is_told_in_a_line() {
    let project = Project::new(&[("spec/monospec.yaml", SPEC)]);
    let run = project.monospec(&["test"]);
    let lines: Vec<&str> = run.stdout.lines().collect();
    let expected = [
        "proven    ShopDown (staging)             critical  fires, stays silent, has no series",
        "refuted   QueueLong (staging)            warning   it does otherwise",
        "proven    OrdersBudgetBurn (staging)     warning   burns too fast, burns slowly enough, burns at 3x, \
         burned at 3x, burns at 3x under 1d, no longer burns",
    ];
    for line in expected {
        assert!(lines.contains(&line), "{line}\n{}", run.stdout);
    }
}
