//! Forty mistakes over three files: each is told once, in the order of the places, and none as the consequence of another.

use serde_json::Value;

use super::Project;

/// A line with a mistake ends in `# <code> <marked text>`; a line with two has two such ends.
const SPEC: &str = r##"monospec: 1
service:
  name: shop
  ownr: web                                                           # unknown-key ownr
  runbook_url: "https://example.com/{alrt}"                           # unknown-placeholder {alrt}
scrape:
  targets: ["localhost:3000"]
  interval: 10 s                                                      # bad-value 10 s
include:
  - parts/orders.yaml
  - parts/alerts.yaml
prometheus: { version: 2.42 }                                         # wrong-type 2.42
exporters:
  redis: { targets: ["localhost:9121"], metrics: { redis_up: { type: gague, help: Up. } } } # unknown-word gague
labels:
  method: { values: [GET, POST, GET], other: _OTHER }                 # duplicate-value GET
  route: {}
  status: { type: http_status, values: ["2"] }                        # conflicting-keys type
flags:
  NEW-PRICES: { default: true, help: Prices. }                        # bad-name NEW-PRICES
  OLD: { default: maybe, help: Old. }                                 # wrong-type maybe
  SOON: { default: true, help: Soon., expires: 2027-02-30 }           # bad-value 2027-02-30
health:
  checks:
    database: { critical: true, interval: 5s, timeout: 9s }           # bad-value 9s
    cache: { interval: 15s }                                          # missing-key { interval: 15s }
outputs:
  prometheus: /etc/prometheus.yml                                     # bad-path /etc/prometheus.yml
lints:
  untested-alert: allow
  counter-sufix: deny                                                 # unknown-lint counter-sufix
"##;

const ORDERS: &str = r##"metrics:
  orders_total: { type: counter, help: Orders., labels: { result: [paid, refused] } }
  orders_total: { type: counter, help: Again. }                       # duplicate-key orders_total
  returns_total: { type: counter }                                    # missing-key { type: counter }
  order-size: { type: gauge, help: Size. }                            # bad-name order-size
  order_seconds: { type: histogram, help: Time., buckets: [1, 0.5] }  # bad-value 0.5
  pay_seconds: { type: histogram, help: Time., buckets: [0.1, 1, 10] }
  visits_total: { type: counter, help: Visits., labels: [methd] }     # unknown-label methd
  pool: { type: gauge, help: In use., limit: poool }                  # unknown-metric poool
  queue: { type: gauge, help: Waiting., labels: { instance: [a, b] } } # reserved-label instance
  letters: { type: gauge, help: !!str 5 }                             # yaml-tag 5
signals:
  lost: { rate: order_total }                                         # unknown-metric order_total
  refused: { ratio: { part: 'orders_total{result="refused"}', whole: orders_total } }
  refusals: { rate: 'orders_total{result="refusd"}' }                 # unknown-label-value refusd
  by_shop: { rate: orders_total, by: [shop] }                         # unknown-label shop
  whole: { ratio: { whole: 'orders_total{result="paid"}', part: orders_total } } # not-a-part orders_total
  wrong: { quantile: 0.9, of: orders_total }                          # wrong-metric-type orders_total
  p95: { quantile: 95, of: pay_seconds }                              # bad-value 95
  slow: { quantile: 0.99, of: pay_seconds }
  open: { expr: "sum by (job) (orders_total" }                        # promql-syntax (
  all: { expr: "sum(rate(orders_total[5m]))" }                        # identity-lost sum
"##;

const ALERTS: &str = r##"alerts:
  Lost: { signal: lost, above: 5/s, severity: warning, summary: "{{ $labels.shop }}" }
  Refused: { signal: refused, above: 5, severity: warning, summary: refused } # impossible-threshold 5
  Slow: { signal: slow, above: 5%, severity: warning, summary: slow } # unit-mismatch 5%
  Unknown: { signal: sloww, above: 1s, severity: warning, summary: slow } # unknown-signal sloww
  Loud: { signal: slow, above: 1s, severity: loud, summary: slow }    # unknown-word loud
  Both: { signal: slow, expr: up == 0, severity: info, summary: both } # conflicting-keys expr
  Always: { expr: up, severity: info, summary: always }               # no-comparison up
  Text: { signal: slow, above: 1s, severity: info, summary: "{{ $value" } # bad-template {{
  Short: { signal: slow, above: 2s, severity: info, summary: a, window: 10s } # short-window 10s
dashboards:
  shop:
    title: Shop
    rows:
      - title: Orders
        panels:
          - { title: Refused, signal: refused, widht: 12 }            # unknown-key widht
          - { title: Lost, signal: lost }
          - { title: Slow, signal: slow, width: 30 }                  # bad-value 30
"##;

/// What the ends of the lines say: code, place, marked text.
fn expected() -> Vec<(String, String, String)> {
    let mut expected = Vec::new();
    for (file, text) in [
        ("spec/monospec.yaml", SPEC),
        ("spec/parts/orders.yaml", ORDERS),
        ("spec/parts/alerts.yaml", ALERTS),
    ] {
        for (i, line) in text.lines().enumerate() {
            let Some((code, end)) = line.split_once(" # ") else {
                continue;
            };
            let (name, marked) = end.split_once(' ').expect("a code and a text");
            // The last place is the one, where a text is there twice.
            let column = code.rfind(marked).unwrap_or_else(|| panic!("{line}")) + 1;
            expected.push((
                name.to_owned(),
                format!("{file}:{}:{column}", i + 1),
                marked.to_owned(),
            ));
        }
    }
    expected
}

#[test]
fn each_is_told_once_in_the_order_of_the_places() {
    let project = Project::new(&[
        ("spec/monospec.yaml", SPEC),
        ("spec/parts/orders.yaml", ORDERS),
        ("spec/parts/alerts.yaml", ALERTS),
    ]);
    let expected = expected();
    assert_eq!(expected.len(), 40);
    let run = project.monospec(&["lint", "--format", "json"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
    let document: Value = serde_json::from_str(&run.stdout).expect("one document");
    let findings = document["findings"].as_array().expect("findings");
    let found: Vec<(String, String)> = findings
        .iter()
        .map(|finding| {
            let text = |key: &str| finding[key].as_str().expect(key).to_owned();
            let place = format!("{}:{}:{}", text("file"), finding["line"], finding["column"]);
            (text("code"), place)
        })
        .collect();
    let places: Vec<(String, String)> = expected
        .iter()
        .map(|(code, place, _)| (code.clone(), place.clone()))
        .collect();
    assert_eq!(found, places);
    for (finding, (code, place, marked)) in findings.iter().zip(&expected) {
        let width = finding["end_column"]
            .as_u64()
            .zip(finding["column"].as_u64());
        let width = width.map(|(end, start)| end - start);
        assert_eq!(
            width,
            Some(marked.chars().count() as u64),
            "{code} at {place}"
        );
    }
}
