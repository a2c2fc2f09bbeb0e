//! Unit tests of rules, as promtool runs them.

use std::process::Command;

use serde_json::{Value, json};

use crate::folder::Folder;
use crate::history::History;

/// A spec's rules, series, and what shall come of them.
pub(crate) struct Run {
    folder: Folder,
    minutes: usize,
    rule_files: Vec<String>,
    /// The groups of all rules: promtool evaluates them in any order unless it is told one.
    groups: Vec<String>,
    series: Vec<History>,
    expectations: Vec<Value>,
}

impl Run {
    /// The rules of a spec, with samples and evaluations every so many minutes.
    pub(crate) fn of(spec: &str, minutes: usize) -> Self {
        let folder = Folder::new();
        let compilation = monospec::compile(&folder.write("monospec.yaml", spec)).expect("a spec");
        assert_eq!(compilation.report.errors(), 0, "{:?}", compilation.report);
        let artifacts = compilation.artifacts();
        let (_, rules) = artifacts
            .iter()
            .find(|(path, _)| path.ends_with("alerts.yml"))
            .expect("rules");
        folder.write("alerts.yml", rules);
        let rules = String::from_utf8_lossy(rules);
        let names = rules
            .lines()
            .filter_map(|line| line.strip_prefix("  - name: "));
        let groups: Vec<String> = names.map(str::to_owned).collect();
        assert!(!groups.is_empty(), "no group was found");
        Self {
            folder,
            groups,
            minutes,
            rule_files: vec!["alerts.yml".to_owned()],
            series: Vec::new(),
            expectations: Vec::new(),
        }
    }

    pub(crate) fn add(&mut self, series: Vec<History>) {
        self.series.extend(series);
    }

    /// Rules beside those of the spec, evaluated after them.
    pub(crate) fn add_rules(&mut self, rules: &[Value]) {
        let name = format!("more-{}", self.rule_files.len());
        let file = format!("{name}.yml");
        let group = json!({ "groups": [{ "name": name, "rules": rules }] });
        self.folder.write(&file, group.to_string());
        self.rule_files.push(file);
        self.groups.push(name);
    }

    /// What an expression is all the time, as a series to ask about later.
    pub(crate) fn record(&mut self, record: &str, expression: &str) {
        self.add_rules(&[json!({ "record": record, "expr": expression })]);
    }

    /// At a minute an expression has these values, whatever their labels.
    pub(crate) fn expect(&mut self, expression: &str, minute: u32, values: &[f64]) {
        // As many series as values, each with one of them: promtool would compare labels, too.
        let samples: Vec<Value> = values
            .iter()
            .enumerate()
            .map(|(i, value)| json!({ "labels": format!("{{i=\"{i}\"}}"), "value": value }))
            .collect();
        let numbered = match values {
            [_] => format!("label_replace(max by () ({expression}), \"i\", \"0\", \"\", \"\")"),
            _ => values
                .iter()
                .enumerate()
                .map(|(i, _)| {
                    let rank = format!("topk({}, sort_desc({expression}))", i + 1);
                    format!("label_replace(min by () ({rank}), \"i\", \"{i}\", \"\", \"\")")
                })
                .collect::<Vec<_>>()
                .join(" or "),
        };
        self.expectations.push(json!({
            "expr": numbered,
            "eval_time": format!("{minute}m"),
            "exp_samples": samples,
        }));
    }

    /// At a minute an alert fires in these deployments, and in no other.
    pub(crate) fn expect_firing(
        &mut self,
        alert: &str,
        severity: &str,
        minute: u32,
        envs: &[&str],
    ) {
        let firing = format!(
            "count by (env) (ALERTS{{alertname=\"{alert}\",alertstate=\"firing\",sloth_severity=\"{severity}\"}})"
        );
        let samples: Vec<Value> = envs
            .iter()
            .map(|env| json!({ "labels": format!("{{env=\"{env}\"}}"), "value": 1 }))
            .collect();
        self.expectations.push(json!({
            "expr": firing,
            "eval_time": format!("{minute}m"),
            "exp_samples": samples,
        }));
    }

    /// Has promtool run it.
    pub(crate) fn check(self) {
        assert!(!self.expectations.is_empty(), "nothing is expected");
        let interval = format!("{}m", self.minutes);
        let series: Vec<Value> = self
            .series
            .iter()
            .map(|it| json!({ "series": it.series, "values": it.values(self.minutes) }))
            .collect();
        let tests = json!({
            "rule_files": self.rule_files,
            "evaluation_interval": interval,
            "group_eval_order": self.groups,
            "tests": [{
                "interval": interval,
                "input_series": series,
                "promql_expr_test": self.expectations,
            }],
        });
        // YAML contains JSON.
        let file = self.folder.write("test.yml", tests.to_string());
        let output = Command::new("promtool")
            .args(["test", "rules"])
            .arg(&file)
            .output()
            .unwrap_or_else(|error| {
                panic!("cannot run promtool: {error}. It comes with Prometheus: install the package `prometheus` of your system")
            });
        assert!(
            output.status.success(),
            "promtool test rules:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
