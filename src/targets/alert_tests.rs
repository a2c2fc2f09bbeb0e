//! Proofs of the alerts, as
//! [`promtool test rules` reads them](https://prometheus.io/docs/prometheus/latest/configuration/unit_testing_rules/).

use std::time::Duration;

use serde::Serialize;
use serde_saphyr::LitString;

use super::Target;
use super::yaml::{self, Texts};
use crate::artifacts::{Artifacts, Mark};
use crate::model::Model;
use crate::model::proof::{self, Firing, FiringAlert, RuleProof, Samples, Situation};
use crate::promql::{self, AggregateOp, MatchOp, Matcher, Selector};
use crate::spec::document::Time;

/// Writes `outputs.alert_tests`.
pub const TARGET: Target = Target {
    name: "alert_tests",
    render,
};

#[derive(Serialize)]
struct File<'a> {
    rule_files: [String; 1],
    evaluation_interval: String,
    tests: Vec<Test<'a>>,
}

#[derive(Serialize)]
struct Test<'a> {
    name: String,
    interval: String,
    input_series: Vec<Input>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    alert_rule_test: Vec<AlertTest<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    promql_expr_test: Vec<ExprTest>,
}

#[derive(Serialize)]
struct Input {
    series: String,
    values: String,
}

#[derive(Serialize)]
struct AlertTest<'a> {
    eval_time: String,
    alertname: &'a str,
    exp_alerts: Vec<Expected<'a>>,
}

#[derive(Serialize)]
struct Expected<'a> {
    exp_labels: Texts<'a>,
    #[serde(skip_serializing_if = "Texts::is_empty")]
    exp_annotations: Texts<'a>,
}

#[derive(Serialize)]
struct ExprTest {
    expr: LitString,
    eval_time: String,
    exp_samples: Vec<Sample>,
}

#[derive(Serialize)]
struct Sample {
    labels: String,
    value: u32,
}

fn render(model: &Model, artifacts: &mut Artifacts) {
    let (Some(path), Some(rules)) = (&model.outputs.alert_tests, &model.outputs.alerts) else {
        return;
    };
    let proofs = &model.monitoring.proofs;
    let situations = proofs.iter().flat_map(|proof| {
        let situations = proof.situations.as_ref().map(Vec::as_slice);
        let situations = situations.unwrap_or_default().iter();
        situations.map(move |situation| (proof, situation))
    });
    artifacts.insert(path, text(&model.mark, situations, relative(path, rules)));
}

/// The file, with some situations, for the rules in another one.
pub(crate) fn text<'a>(
    mark: &Mark,
    situations: impl Iterator<Item = (&'a RuleProof, &'a Situation)> + Clone,
    rules: String,
) -> String {
    let step = situations
        .clone()
        .map(|(_, situation)| situation.step)
        .min();
    let file = File {
        rule_files: [rules],
        evaluation_interval: time(step.unwrap_or(Duration::from_secs(60))),
        tests: situations
            .map(|(proof, situation)| test(proof, situation))
            .collect(),
    };
    yaml::file(mark, &file)
}

fn title(proof: &RuleProof, situation: &Situation) -> String {
    format!(
        "{} {}: {}",
        proof.alert,
        proof.severity.as_str(),
        situation.name
    )
}

fn test<'a>(proof: &'a RuleProof, situation: &'a Situation) -> Test<'a> {
    let mut test = Test {
        name: title(proof, situation),
        interval: time(situation.step),
        input_series: situation
            .series
            .iter()
            .map(|input| Input {
                series: input.series.to_string(),
                values: values(&input.samples),
            })
            .collect(),
        alert_rule_test: Vec::new(),
        promql_expr_test: Vec::new(),
    };
    for check in &situation.checks {
        let eval_time = time(check.at);
        match &check.firing {
            Firing::Exactly(alerts) => test.alert_rule_test.push(AlertTest {
                eval_time,
                alertname: &proof.alert,
                exp_alerts: alerts.iter().map(expected).collect(),
            }),
            Firing::Labels(alerts) => test.promql_expr_test.push(ExprTest {
                expr: LitString(firing(proof).to_string()),
                eval_time,
                exp_samples: alerts
                    .iter()
                    .map(|labels| sample(&proof.alert, labels))
                    .collect(),
            }),
            Firing::With(labels) => {
                let by: Vec<&str> = labels.iter().map(|(name, _)| name.as_str()).collect();
                let series = promql::Query::from(firing(proof));
                let some = promql::Query::aggregate(AggregateOp::Group, by, series);
                test.promql_expr_test.push(ExprTest {
                    expr: LitString(some.to_string()),
                    eval_time,
                    exp_samples: vec![Sample {
                        labels: braces(labels).to_string(),
                        value: 1,
                    }],
                });
            }
        }
    }
    test
}

fn expected(alert: &FiringAlert) -> Expected<'_> {
    Expected {
        exp_labels: Texts(&alert.labels),
        exp_annotations: Texts(&alert.annotations),
    }
}

/// [What fires](https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime) of a rule.
fn firing(proof: &RuleProof) -> Selector {
    Selector::new("ALERTS")
        .with("alertname", MatchOp::Equal, &proof.alert)
        .with("alertstate", MatchOp::Equal, "firing")
        .with("severity", MatchOp::Equal, proof.severity.as_str())
}

fn sample(alert: &str, labels: &proof::Labels) -> Sample {
    let mut series = Selector::new("ALERTS")
        .with("alertname", MatchOp::Equal, alert)
        .with("alertstate", MatchOp::Equal, "firing");
    series.matchers.append(&mut braces(labels).matchers);
    Sample {
        labels: series.to_string(),
        value: 1,
    }
}

/// `{job="shop"}`
fn braces(labels: &proof::Labels) -> Selector {
    let equal = |(name, value): &(String, String)| Matcher::new(name, MatchOp::Equal, value);
    Selector {
        metric: None,
        matchers: labels.iter().map(equal).collect(),
        offset: None,
        at: None,
    }
}

/// `0+10x20`: a first sample, and what follows it.
fn values(samples: &Samples) -> String {
    match samples {
        Samples::Written(text) => text.clone(),
        Samples::Lines(lines) => {
            let line = |line: &proof::Line| {
                let sign = if line.slope < 0.0 { "" } else { "+" };
                format!(
                    "{}{sign}{}x{}",
                    line.start,
                    line.slope,
                    line.samples.saturating_sub(1)
                )
            };
            lines.iter().map(line).collect::<Vec<_>>().join(" ")
        }
    }
}

fn time(time: Duration) -> String {
    Time(time).to_string()
}

/// The path of a file as it is seen from the folder of another; both are relative to the same folder.
fn relative(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    from.pop();
    let to: Vec<&str> = to.split('/').collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| "..");
    up.chain(to[common..].iter().copied())
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::relative;

    #[test]
    fn paths_are_relative_to_the_tests() {
        for (from, to, path) in [
            (
                "generated/alerts_test.yml",
                "generated/alerts.yml",
                "alerts.yml",
            ),
            (
                "tests/alerts.yml",
                "generated/alerts.yml",
                "../generated/alerts.yml",
            ),
            ("a/b/t.yml", "a/r.yml", "../r.yml"),
            ("t.yml", "a/r.yml", "a/r.yml"),
        ] {
            assert_eq!(relative(from, to), path);
        }
    }
}
