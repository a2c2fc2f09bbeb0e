//! Objectives in time: what their rules make of series that run for hours and days, evaluated by promtool.
#![cfg(feature = "monitoring")]

#[path = "../support/folder.rs"]
mod folder;
mod history;
mod promtool;

use serde_json::{Value, json};

use history::{History, Phase};
use promtool::Run;

/// A service with a share that may be bad and a time that few may exceed.
const SPEC: &str = r#"
monospec: 1
service: { name: shop, owner: checkout, identity: [job, env] }
scrape: { targets: ["localhost:3000"] }
metrics:
  orders_total: { type: counter, help: Orders., labels: { result: [paid, refused] } }
  order_seconds: { type: histogram, help: Time of an order., buckets: [0.25, 1] }
signals:
  refused: { ratio: { part: 'orders_total{result="refused"}', whole: orders_total } }
slos:
  paid: { objective: 99.9%, over: 30d, bad: refused }
  fast: { objective: 99%, over: 30d, slower_than: 1s, of: order_seconds }
lints: { critical-without-runbook: allow }
"#;

/// The alerts of the SRE workbook as it writes them, without any record: another way to the same answers.
/// <https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts>
fn by_the_book() -> [Value; 2] {
    let share = |window: &str| {
        let rate = |matcher: &str| {
            format!("sum by (job, env) (rate(orders_total{{job=\"shop\"{matcher}}}[{window}]))")
        };
        format!("{} / {}", rate(r#",result="refused""#), rate(""))
    };
    let faster = |factor: f64, long: &str, short: &str| {
        let threshold = factor / 1000.0;
        format!(
            "({} > {threshold} and {} > {threshold})",
            share(long),
            share(short)
        )
    };
    let alert = |severity: &str, conditions: [String; 2]| {
        json!({
            "alert": "ByTheBook",
            "expr": conditions.join(" or "),
            "labels": { "sloth_severity": severity },
        })
    };
    [
        alert("page", [faster(14.4, "1h", "5m"), faster(6.0, "6h", "30m")]),
        alert("ticket", [faster(3.0, "1d", "2h"), faster(1.0, "3d", "6h")]),
    ]
}

/// Orders of one deployment, and how many of them are refused.
fn orders(env: &str, phases: &[Phase]) -> Vec<History> {
    let series =
        |result: &str| format!(r#"orders_total{{job="shop",env="{env}",result="{result}"}}"#);
    vec![
        History::counter(series("paid"), phases, |phase| phase.all - phase.bad),
        History::counter(series("refused"), phases, |phase| phase.bad),
    ]
}

/// Orders of one deployment, and how many of them take longer than a second.
fn times(env: &str, one: &str, phases: &[Phase]) -> Vec<History> {
    let bucket = |le: &str| format!(r#"order_seconds_bucket{{job="shop",env="{env}",le="{le}"}}"#);
    let count = format!(r#"order_seconds_count{{job="shop",env="{env}"}}"#);
    vec![
        History::counter(bucket("0.25"), phases, |_| 0.0),
        History::counter(bucket(one), phases, |phase| phase.all - phase.bad),
        History::counter(bucket("+Inf"), phases, |phase| phase.all),
        History::counter(count, phases, |phase| phase.all),
    ]
}

const fn phase(minutes: u32, all: f64, bad: f64) -> Phase {
    Phase { minutes, all, bad }
}

#[test]
fn a_burst_pages_soon_and_ends_soon() {
    let mut run = Run::of(SPEC, 1);
    // Five of a hundred are refused for an hour: 1.44 % of an hour is reached after 17 minutes and 17 seconds.
    run.add(orders(
        "a",
        &[
            phase(360, 100.0, 0.0),
            phase(60, 100.0, 5.0),
            phase(120, 100.0, 0.0),
        ],
    ));
    // The same at the same time, of a deployment that has no part in it, and of another job.
    run.add(orders("b", &[phase(540, 100.0, 0.0)]));
    run.add(vec![History::counter(
        r#"orders_total{job="other",env="a",result="refused"}"#.to_owned(),
        &[phase(540, 100.0, 100.0)],
        |phase| phase.bad,
    )]);
    run.expect_firing("PaidBudgetBurn", "page", 377, &[]);
    run.expect_firing("PaidBudgetBurn", "page", 379, &["a"]);
    run.expect_firing("PaidBudgetBurn", "page", 420, &["a"]);
    // Half an hour is long enough to be over 6 times the budget, until the burst is nearly out of it.
    run.expect_firing("PaidBudgetBurn", "page", 444, &["a"]);
    run.expect_firing("PaidBudgetBurn", "page", 449, &[]);
    run.check();
}

#[test]
fn a_total_failure_pages_at_once() {
    let mut run = Run::of(SPEC, 1);
    run.add(orders(
        "a",
        &[phase(360, 100.0, 0.0), phase(5, 100.0, 100.0)],
    ));
    run.add(times(
        "a",
        "1.0",
        &[phase(360, 100.0, 0.0), phase(12, 100.0, 100.0)],
    ));
    run.expect_firing("PaidBudgetBurn", "page", 360, &[]);
    run.expect_firing("PaidBudgetBurn", "page", 362, &["a"]);
    // Its budget is ten times as large: 14.4 % of an hour are nine minutes.
    run.expect_firing("FastBudgetBurn", "page", 368, &[]);
    run.expect_firing("FastBudgetBurn", "page", 370, &["a"]);
    run.check();
}

#[test]
fn a_slow_burn_is_a_ticket() {
    let mut run = Run::of(SPEC, 1);
    // One and a half times the budget, for a day.
    run.add(orders("a", &[phase(1440, 1000.0, 1.5)]));
    run.expect_firing("PaidBudgetBurn", "ticket", 60, &["a"]);
    run.expect_firing("PaidBudgetBurn", "ticket", 1440, &["a"]);
    for minute in [60, 720, 1440] {
        run.expect_firing("PaidBudgetBurn", "page", minute, &[]);
    }
    run.expect(
        "abs(slo:current_burn_rate:ratio{env=\"a\"} - 1.5) < bool 1e-9",
        1440,
        &[1.0],
    );
    run.expect(
        "abs(slo:period_error_budget_remaining:ratio{env=\"a\"} + 0.5) < bool 1e-9",
        1440,
        &[1.0],
    );
    run.check();
}

#[test]
fn within_the_budget_nothing_happens() {
    let mut run = Run::of(SPEC, 1);
    run.add(orders("a", &[phase(720, 1000.0, 0.9)]));
    run.add(times("a", "1", &[phase(720, 1000.0, 9.0)]));
    run.record("alerts", "count(ALERTS) or vector(0)");
    run.expect("max_over_time(alerts[12h])", 720, &[0.0]);
    run.expect(
        "count(slo:period_error_budget_remaining:ratio > 0.09 < 0.11)",
        720,
        &[2.0],
    );
    run.check();
}

#[test]
fn quiet_times_count_for_nothing() {
    let mut run = Run::of(SPEC, 1);
    let phases = [
        phase(60, 100.0, 0.0),
        phase(240, 0.0, 0.0),
        phase(60, 100.0, 0.0),
    ];
    run.add(orders("a", &phases));
    run.add(times("a", "1.0", &phases));
    // What the guard is for: the share of nothing is no number, and stays in every average over it.
    run.record(
        "unguarded",
        r#"sum(rate(orders_total{result="refused"}[5m])) / sum(rate(orders_total[5m]))"#,
    );
    let is_number =
        |what: &str| format!("avg_over_time({what}[6h]) == bool avg_over_time({what}[6h])");
    run.expect(&is_number("unguarded"), 360, &[0.0]);
    run.expect(
        &is_number("slo:sli_error:ratio_rate5m{sloth_slo=\"paid\"}"),
        360,
        &[1.0],
    );
    // No NaN in any record at any time: it would be neither more nor less.
    run.record("numbers", "sum({__name__=~\"slo:.+\"}) > bool -1");
    run.expect("min_over_time(numbers[6h])", 360, &[1.0]);
    run.record("alerts", "count(ALERTS) or vector(0)");
    run.expect("max_over_time(alerts[6h])", 360, &[0.0]);
    // While it is quiet there is no share of the last minutes, and the budget is what it was.
    run.expect("absent(slo:sli_error:ratio_rate5m)", 240, &[1.0]);
    run.expect("slo:period_error_budget_remaining:ratio", 240, &[1.0, 1.0]);
    run.check();
}

#[test]
fn failures_before_the_quiet_are_not_forgotten_in_it() {
    let mut run = Run::of(SPEC, 1);
    run.add(orders("a", &[phase(60, 1000.0, 0.5), phase(600, 0.0, 0.0)]));
    // Half of the budget of the time in which there was anything: quiet hours are not good hours.
    run.expect(
        "abs(slo:period_burn_rate:ratio - 0.5) < bool 1e-9",
        60,
        &[1.0],
    );
    run.expect(
        "abs(slo:period_burn_rate:ratio - 0.5) < bool 0.01",
        660,
        &[1.0],
    );
    run.check();
}

#[test]
fn a_part_without_series_is_none() {
    let mut run = Run::of(SPEC, 1);
    let all = History::counter(
        r#"orders_total{job="shop",env="a",result="paid"}"#.to_owned(),
        &[phase(60, 100.0, 0.0)],
        |phase| phase.all,
    );
    run.add(vec![all]);
    run.expect("slo:sli_error:ratio_rate5m", 60, &[0.0]);
    run.check();
}

#[test]
fn bounds_are_matched_as_either_prometheus_writes_them() {
    let phases = [phase(120, 100.0, 20.0)];
    for one in ["1", "1.0"] {
        let mut run = Run::of(SPEC, 1);
        run.add(times("a", one, &phases));
        run.expect(
            "abs(slo:sli_error:ratio_rate5m - 0.2) < bool 1e-9",
            120,
            &[1.0],
        );
        run.expect_firing("FastBudgetBurn", "page", 120, &["a"]);
        run.check();
    }
}

/// Three days of all kinds of trouble: at each moment the alerts fire that the workbook's own expressions fire.
#[test]
fn alerts_fire_as_by_the_book() {
    let mut run = Run::of(SPEC, 2);
    run.add(orders(
        "a",
        &[
            phase(600, 1000.0, 0.0),
            phase(30, 1000.0, 100.0),
            phase(400, 1000.0, 0.2),
            phase(20, 1000.0, 7.0),
            phase(600, 500.0, 0.0),
            phase(300, 1000.0, 7.0),
            phase(960, 1000.0, 0.5),
            phase(700, 2000.0, 7.0),
            phase(10, 1000.0, 1000.0),
            phase(700, 1000.0, 0.0),
        ],
    ));
    run.add_rules(&by_the_book());
    let firing = |alert: &str, severity: &str| {
        format!(
            "(count(ALERTS{{alertname=\"{alert}\",alertstate=\"firing\",sloth_severity=\"{severity}\"}}) or vector(0))"
        )
    };
    for severity in ["page", "ticket"] {
        let (ours, theirs) = (
            firing("PaidBudgetBurn", severity),
            firing("ByTheBook", severity),
        );
        run.record(
            &format!("{severity}_differs"),
            &format!("abs({ours} - {theirs})"),
        );
        run.expect(
            &format!("max_over_time({severity}_differs[3d])"),
            4320,
            &[0.0],
        );
        // It begins and ends more than once, so that there is something to agree on.
        run.record(&format!("{severity}_fires"), &theirs);
        run.expect(
            &format!("changes({severity}_fires[3d]) >= bool 4"),
            4320,
            &[1.0],
        );
    }
    run.check();
}
