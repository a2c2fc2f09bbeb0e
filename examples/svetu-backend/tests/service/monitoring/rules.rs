//! The committed rules, as Prometheus evaluates them.

use serde_json::{Value, json};

use super::prometheus::Prometheus;
use super::{JOB, none_of};
use crate::support::{PATIENCE, generated, read, wait_for};

/// So many seconds stand for a minute in hurried rules. The least window is then five minutes, that is ten scrapes.
const SECONDS_A_MINUTE: u32 = 2;

/// The committed rules with seconds for minutes: names, labels, expressions and thresholds are the same. The rules of objectives are
/// left out: they look back for hours and days, in a hurry, too.
pub(crate) fn hurried() -> String {
    let mut file: Value = serde_saphyr::from_str(&read(&generated("alerts.yml"))).expect("YAML");
    let groups = file["groups"].as_array_mut().expect("groups");
    groups.retain(|group| group["name"] == JOB);
    let rules = groups
        .iter_mut()
        .flat_map(|group| group["rules"].as_array_mut().expect("rules"));
    for rule in rules {
        for key in ["for", "keep_firing_for"] {
            if let Some(time) = rule.get_mut(key) {
                *time = hurried_time(time.as_str().expect("text")).into();
            }
        }
        rule["expr"] = hurried_expression(rule["expr"].as_str().expect("text")).into();
    }
    // All JSON is YAML.
    file.to_string()
}

fn hurried_time(time: &str) -> String {
    let minutes = time.strip_suffix('m').and_then(|count| count.parse().ok());
    let minutes: u32 = minutes.unwrap_or_else(|| panic!("not minutes: {time}"));
    format!("{}s", minutes * SECONDS_A_MINUTE)
}

/// Times are in brackets, or follow `offset`.
fn hurried_expression(expression: &str) -> String {
    let mut hurried = String::new();
    let mut rest = expression;
    while let Some(start) = ["[", "offset "]
        .iter()
        .filter_map(|before| Some(rest.find(before)? + before.len()))
        .min()
    {
        let end = rest[start..].find([']', ')', '\n']).expect("it ends");
        hurried += &rest[..start];
        hurried += &hurried_time(rest[start..start + end].trim_end());
        rest = &rest[start + end..];
    }
    hurried + rest
}

#[test]
fn hurried_rules_differ_in_times_only() {
    let expression = "rate(a_total{b=~\"5..\"}[5m]) - c offset 10m\n> 0.5 or d offset 1m)";
    let hurried = "rate(a_total{b=~\"5..\"}[10s]) - c offset 20s\n> 0.5 or d offset 2s)";
    assert_eq!(hurried_expression(expression), hurried);
}

/// Every rule that the file holds, group by group as Prometheus lists them: by name.
fn written() -> Vec<Value> {
    let mut file: Value = serde_saphyr::from_str(&read(&generated("alerts.yml"))).expect("YAML");
    let groups = file["groups"].as_array_mut().expect("groups");
    groups.sort_by_key(|group| group["name"].to_string());
    groups
        .iter()
        .flat_map(|group| group["rules"].as_array().expect("rules"))
        .cloned()
        .collect()
}

/// Prometheus has the rules of the file, and none of them fails when it is evaluated from now on.
pub(crate) fn are_healthy(prometheus: &Prometheus) {
    let written = written();
    assert!(!written.is_empty());
    let before = prometheus.rules().expect("rules");
    let loaded = wait_for(PATIENCE, || {
        let loaded = prometheus.rules()?;
        let mut rules = loaded.iter().zip(&before);
        match rules.find(|(now, before)| now["lastEvaluation"] == before["lastEvaluation"]) {
            Some((rule, _)) => Err(format!("not evaluated since: {rule}")),
            None => Ok(loaded),
        }
    });
    let told = loaded.iter().map(|rule| (&rule["name"], &rule["labels"]));
    let expected = written.iter().map(|rule| {
        let name = rule.get("alert").unwrap_or(&rule["record"]);
        (name, &rule["labels"])
    });
    assert_eq!(told.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let failed = loaded
        .iter()
        .filter(|rule| rule["health"] != "ok" || rule.get("lastError").is_some());
    none_of(&failed.collect::<Vec<_>>());
}

/// Waits until these alerts, by name and state, are pending or firing, and no others. A scrape that takes too long when the
/// machine is busy may bring another one for a moment, and so slow requests may spend the budget of the objective that is about them.
pub(crate) fn wait_for_alerts(prometheus: &Prometheus, expected: &[(&str, &str)]) -> Vec<Value> {
    wait_for(PATIENCE, || {
        let alerts = prometheus.alerts()?;
        let of_machine = |alert: &Value| alert["labels"]["alertname"] == "LatencyBudgetBurn";
        let told: Vec<Value> = alerts
            .iter()
            .filter(|it| !of_machine(it))
            .cloned()
            .collect();
        let active = told.iter().filter_map(|alert| {
            let name = alert["labels"]["alertname"].as_str()?;
            Some((name, alert["state"].as_str()?))
        });
        if active.eq(expected.iter().copied()) {
            Ok(told)
        } else {
            Err(format!("not {expected:?} but {alerts:?}"))
        }
    })
}

/// Writes that the old model refuses are all that is wrong; whoever is told of them is told how many there were.
pub(crate) fn traffic_explains_what_fires(prometheus: &Prometheus) {
    let alerts = wait_for_alerts(prometheus, &[("DualWriteFailures", "firing")]);
    let alert = &alerts[0];
    let labels = json!({
        "alertname": "DualWriteFailures",
        "job": JOB,
        "service": JOB,
        "severity": "warning",
        "team": "platform",
    });
    assert_eq!(alert["labels"], labels);
    let summary = alert["annotations"]["summary"].as_str().expect("a summary");
    let count = summary
        .strip_prefix("About ")
        .and_then(|rest| rest.strip_suffix(" write(s) reached only one attribute model within 5m"));
    let counted = count.is_some_and(|count| count.parse::<u32>().is_ok_and(|n| n > 0));
    assert!(counted, "{summary}");
    let annotations = alert["annotations"].as_object().expect("annotations");
    for (name, text) in annotations {
        let text = text.as_str().expect("text");
        // A template that cannot be expanded leaves its error in the text.
        assert!(!text.contains("<error"), "{name}: {text}");
    }
}
