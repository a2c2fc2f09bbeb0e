//! One spec, several environments: each has its artefacts, the code is one.

use std::fs;

use serde_json::Value;

use super::Project;

const SPEC: &str = "monospec: 1
service: { name: shop }
metrics:
  queue_length: { type: gauge, help: Orders that wait. }
alerts:
  QueueLong: { signal: queue_length, above: 10, severity: warning, summary: long }
environments:
  staging:
    scrape: { targets: [\"shop.staging:1\"] }
    alerts: { QueueLong: { above: 20 } }
  production:
    scrape: { targets: [\"shop:1\"] }
outputs: { rust: src/metrics.rs }
lints: { missing-up-alert: allow }
";

fn project() -> Project {
    Project::new(&[("spec/monospec.yaml", SPEC)])
}

#[test]
fn each_environment_has_its_artefacts() {
    let project = project();
    let run = project.monospec(&["generate"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let mut expected = Vec::new();
    for environment in ["production", "staging"] {
        for file in [
            "alerts.yml",
            "alerts_test.yml",
            "grafana/overview.json",
            "grafana/provisioning/dashboards/shop-{environment}.yml",
            "grafana/provisioning/datasources/shop-{environment}.yml",
            "prometheus.yml",
        ] {
            let file = file.replace("{environment}", environment);
            expected.push(format!("generated/{environment}/{file}"));
        }
    }
    expected.push("generated/monospec.schema.json".to_owned());
    expected.push("src/metrics.rs".to_owned());
    expected.sort();
    let created: Vec<&str> = run
        .stdout
        .lines()
        .filter_map(|line| line.strip_prefix("created  "))
        .collect();
    assert_eq!(created, expected);
    for (environment, threshold) in [("staging", "> 20"), ("production", "> 10")] {
        let path = format!("generated/{environment}/alerts.yml");
        let rules = fs::read_to_string(project.path().join(path)).expect("rules");
        assert!(rules.contains(threshold), "{rules}");
    }
    let run = project.monospec(&["check"]);
    assert_eq!(run.status, Some(0), "{}", run.stdout);
    assert_eq!(run.stdout, "14 artefacts are up to date\n");
}

#[test]
fn an_environment_that_is_gone_leaves_orphans() {
    let project = project();
    assert_eq!(project.monospec(&["generate"]).status, Some(0));
    let spec = SPEC.replace("  staging:\n", "  testing:\n");
    fs::write(project.path().join("spec/monospec.yaml"), spec).expect("a spec");
    let run = project.monospec(&["check"]);
    assert_eq!(run.status, Some(1));
    for words in [
        "generated/testing/alerts.yml is missing\n",
        "generated/staging/alerts.yml is no longer asked for\n",
    ] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    let run = project.monospec(&["generate"]);
    assert!(
        run.stdout.ends_with("; 6 orphans removed\n"),
        "{}",
        run.stdout
    );
    assert_eq!(project.monospec(&["check"]).status, Some(0));
}

#[test]
fn what_is_gone_is_found_where_nothing_else_is_written() {
    let outputs = "outputs: { schema: false, prometheus: false, grafana: false, alert_tests: false, alerts: 'rules/of/{environment}/shop.yml' }\n";
    let spec = SPEC.replace("outputs: { rust: src/metrics.rs }\n", outputs);
    let project = Project::new(&[("spec/monospec.yaml", &spec)]);
    let run = project.monospec(&["generate"]);
    assert!(
        run.stdout.ends_with("2 artefacts: 2 created\n"),
        "{}",
        run.stdout
    );
    let spec = spec.replace("  staging:\n", "  testing:\n");
    fs::write(project.path().join("spec/monospec.yaml"), spec).expect("a spec");
    let run = project.monospec(&["generate"]);
    assert_eq!(
        run.stdout,
        "removed  rules/of/staging/shop.yml\n\
         created  rules/of/testing/shop.yml\n\
         2 artefacts: 1 created, 1 unchanged; 1 orphan removed\n"
    );
    assert_eq!(project.monospec(&["check"]).status, Some(0));
}

#[test]
fn the_meaning_of_one_environment_is_asked_for_by_name() {
    let project = project();
    let run = project.monospec(&["resolve", "--environment", "staging"]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    let model: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(model["environment"], "staging");
    assert_eq!(
        model["outputs"]["prometheus"],
        "generated/staging/prometheus.yml"
    );
    for arguments in [&["resolve"][..], &["resolve", "--environment", "testing"]] {
        let run = project.monospec(arguments);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
        assert!(
            run.stderr.contains("`staging` or `production`"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_mistake_in_all_environments_is_told_once() {
    let spec = SPEC.replace("signal: queue_length", "signal: queue_lngth");
    let project = Project::new(&[("spec/monospec.yaml", &spec)]);
    let run = project.monospec(&["lint"]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stderr.ends_with("spec/monospec.yaml: 1 error\n"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("(in "), "{}", run.stderr);
}
