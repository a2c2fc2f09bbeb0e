//! Several specs in one repository: each leaves the files of the others alone.

use std::fs;
use std::path::Path;

use super::{Project, Run};

/// A spec whose artefacts go below a folder, each named after the service.
fn spec(service: &str, folder: &str) -> String {
    format!(
        "monospec: 1
service: {{ name: {service} }}
scrape: {{ targets: [\"{service}:1\"] }}
metrics:
  queue_length: {{ type: gauge, help: Orders that wait. }}
alerts:
  QueueLong: {{ signal: queue_length, above: 10, severity: warning, summary: long }}
outputs:
  prometheus: {folder}/{service}.prometheus.yml
  alerts: {folder}/{service}.alerts.yml
  alert_tests: {folder}/{service}.alerts_test.yml
  grafana: \"{folder}/grafana/{service}-{{dashboard}}.json\"
  schema: {folder}/{service}.schema.json
  rust: {folder}/{service}.rs
lints: {{ missing-up-alert: allow }}
"
    )
}

/// Two specs that write into one folder.
fn shared() -> Project {
    let project = Project::new(&[
        ("spec/orders.yaml", &spec("orders", "generated")),
        ("spec/payments.yaml", &spec("payments", "generated")),
    ]);
    for name in ["orders", "payments"] {
        let run = generate(&project, name);
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    }
    project
}

fn generate(project: &Project, name: &str) -> Run {
    project.monospec(&["generate", &format!("spec/{name}.yaml")])
}

fn assert_up_to_date(project: &Project, name: &str) {
    let run = project.monospec(&["check", &format!("spec/{name}.yaml")]);
    assert_eq!(run.status, Some(0), "{}", run.stdout);
    assert!(
        run.stdout.ends_with("8 artefacts are up to date\n"),
        "{}",
        run.stdout
    );
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("a file")
}

#[test]
fn specs_share_a_folder() {
    let project = shared();
    for name in ["orders", "payments", "orders"] {
        assert_up_to_date(&project, name);
        let run = generate(&project, name);
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        assert_eq!(run.stdout, "8 artefacts: 8 unchanged\n");
    }
}

#[test]
fn orphans_are_those_of_one_spec() {
    let project = shared();
    // The one spec renames all it writes; of the other nothing goes, and nothing differs.
    let renamed = spec("orders", "generated").replace("/orders", "/sales");
    fs::write(project.path().join("spec/orders.yaml"), renamed).expect("a spec");
    let run = project.monospec(&["check", "spec/orders.yaml"]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stdout
            .contains("generated/orders.rs is no longer asked for")
    );
    assert!(!run.stdout.contains("payments"), "{}", run.stdout);
    let run = generate(&project, "orders");
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(!run.stdout.contains("payments"), "{}", run.stdout);
    assert!(!project.path().join("generated/orders.rs").exists());
    assert_up_to_date(&project, "orders");
    assert_up_to_date(&project, "payments");
}

#[test]
fn drift_is_that_of_one_spec() {
    let project = shared();
    let alerts = project.path().join("generated/payments.alerts.yml");
    fs::write(&alerts, read(&alerts).replace("> 10", "> 20")).expect("rules");
    assert_up_to_date(&project, "orders");
    assert_eq!(generate(&project, "orders").status, Some(0));
    assert!(read(&alerts).contains("> 20"));
    let run = project.monospec(&["check", "spec/payments.yaml"]);
    assert_eq!(run.status, Some(1));
}

#[test]
fn one_file_of_two_specs_is_refused() {
    let project = shared();
    let taken = spec("orders", "generated").replace("orders.alerts.yml", "payments.alerts.yml");
    fs::write(project.path().join("spec/orders.yaml"), taken).expect("a spec");
    let alerts = project.path().join("generated/payments.alerts.yml");
    let before = read(&alerts);
    let run = generate(&project, "orders");
    assert_eq!(run.status, Some(2));
    for words in [
        "generated/payments.alerts.yml",
        "spec/payments.yaml",
        "--force",
    ] {
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
    assert_eq!(read(&alerts), before);
    let run = project.monospec(&["check", "spec/orders.yaml"]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stdout.contains("was not generated from this spec"),
        "{}",
        run.stdout
    );
    // By force it changes hands, and the other spec finds out.
    let run = project.monospec(&["generate", "spec/orders.yaml", "--force"]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert_eq!(generate(&project, "payments").status, Some(2));
}

#[test]
fn the_same_outputs_in_two_projects_do_not_meet() {
    let text = |service| {
        let spec = spec(service, "generated");
        spec.split_once("outputs:").expect("outputs").0.to_owned()
    };
    let project = Project::new(&[
        ("orders/spec/monospec.yaml", &text("orders")),
        ("payments/spec/monospec.yaml", &text("payments")),
    ]);
    for name in ["orders", "payments", "orders"] {
        let spec = format!("{name}/spec/monospec.yaml");
        let run = project.monospec(&["generate", &spec]);
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        assert!(!run.stdout.contains("removed"), "{}", run.stdout);
    }
    for name in ["orders", "payments"] {
        let spec = format!("{name}/spec/monospec.yaml");
        assert_eq!(project.monospec(&["check", &spec]).status, Some(0));
        let rules = read(&project.path().join(name).join("generated/alerts.yml"));
        assert!(rules.contains(&format!("job=\"{name}\"")), "{rules}");
    }
}
