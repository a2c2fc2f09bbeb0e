//! What a real Prometheus makes of the expressions, over made-up series of what is declared.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::process::Command;

use monospec::model::Catalogue;
use monospec::model::catalogue::{Labels, Metric, MetricType, Values};
use serde_json::{Value, json};

/// What Prometheus answers.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Some series.
    Something,
    /// None.
    Nothing,
    /// An error: one series has several partners.
    SeveralPartners,
}

/// Evaluates expressions an hour after all series began.
pub(crate) fn ask(
    expressions: &[&str],
    catalogue: &Catalogue,
    folder: &super::Folder,
) -> Vec<Answer> {
    let series: Vec<Value> = series(expressions, catalogue)
        .into_iter()
        .map(|(series, values)| json!({ "series": series, "values": values }))
        .collect();
    // What is expected is nothing: the tool then tells what there is.
    let asked: Vec<Value> = expressions
        .iter()
        .map(|text| json!({ "expr": text, "eval_time": "1h", "exp_samples": [] }))
        .collect();
    let tests: Vec<Value> = asked
        .into_iter()
        .map(|asked| json!({ "interval": "15s", "input_series": series, "promql_expr_test": [asked] }))
        .collect();
    tests
        .into_iter()
        .enumerate()
        .map(|(i, test)| {
            let file = json!({ "rule_files": [], "tests": [test] });
            let path = folder.write(&format!("test{i}.yml"), file.to_string());
            let output = Command::new("promtool")
                .args(["test", "rules"])
                .arg(path)
                .current_dir(folder.path())
                .output()
                .expect("promtool, which comes with Prometheus: install the package `prometheus`");
            let words = String::from_utf8_lossy(&output.stderr).into_owned()
                + &String::from_utf8_lossy(&output.stdout);
            if output.status.success() {
                Answer::Nothing
            } else if words.contains("multiple matches for labels")
                || words.contains("many-to-many matching not allowed")
            {
                Answer::SeveralPartners
            } else {
                assert!(words.contains("got:"), "{}: {words}", expressions[i]);
                Answer::Something
            }
        })
        .collect()
}

/// Series of every metric that the expressions name, and their values.
fn series(expressions: &[&str], catalogue: &Catalogue) -> Vec<(String, &'static str)> {
    let words: BTreeSet<&str> = expressions
        .iter()
        .flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
        .collect();
    let mut all = Vec::new();
    for metric in &catalogue.metrics {
        let suffixes: &[&str] = match metric.kind {
            MetricType::Histogram => &["_bucket", "_sum", "_count"],
            MetricType::Summary => &["", "_sum", "_count"],
            _ => &[""],
        };
        for suffix in suffixes {
            let name = format!("{}{suffix}", metric.name);
            if words.contains(name.as_str()) {
                let values = match (metric.kind, *suffix) {
                    (MetricType::Gauge, _) => "10+0x400",
                    (MetricType::Info, _) => "1+0x400",
                    _ => "0+1x400",
                };
                all.extend(
                    combinations(metric, suffix, catalogue)
                        .into_iter()
                        .map(|labels| (format!("{name}{{{labels}}}"), values)),
                );
            }
        }
    }
    for job in &catalogue.jobs {
        let labels = format!("job=\"{0}\",instance=\"{0}:1\"", job.name);
        all.push((format!("up{{{labels}}}"), "1+0x400"));
    }
    all
}

/// Every combination of labels; of an open one of the service, two values.
fn combinations(metric: &Metric, suffix: &str, catalogue: &Catalogue) -> Vec<String> {
    let job = &catalogue.jobs[metric.job];
    let mut first = format!("job=\"{0}\",instance=\"{0}:1\"", job.name);
    for (label, value) in job.scrape.iter().flat_map(|scrape| &scrape.labels) {
        write!(first, ",{label}=\"{value}\"").expect("a string");
    }
    let mut all = vec![first];
    let mut spread = |label: &str, values: Vec<String>| {
        all = all
            .iter()
            .flat_map(|labels| {
                values
                    .iter()
                    .map(move |value| format!("{labels},{label}=\"{value}\""))
            })
            .collect();
    };
    let Labels::Known(labels) = &metric.labels else {
        return all;
    };
    for label in labels {
        let values = match &label.values {
            Values::Closed { values, .. } => values.iter().map(|v| v.text.clone()).collect(),
            Values::HttpStatus { .. } => vec!["200".to_owned(), "500".to_owned()],
            // How many series an exporter has of these, nobody declares.
            Values::Open { .. } if metric.job != 0 => vec!["a".to_owned()],
            Values::Open { max_values: 1 } => vec!["only".to_owned()],
            Values::Open { .. } => vec!["a".to_owned(), "b".to_owned()],
        };
        spread(&label.name, values);
    }
    if suffix == "_bucket" {
        let bounds = metric.buckets.iter().map(f64::to_string);
        spread("le", bounds.chain(["+Inf".to_owned()]).collect());
    }
    all
}
