//! `amtool config routes test` sends each alert where the spec says.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use monospec::model::Model;

use super::alertmanager::{amtool, run};
use super::folder::Folder;
use super::server::compile;

/// The receivers of an alert with these labels.
pub(crate) fn receivers(config: &Path, labels: &[&str]) -> String {
    let arguments = ["config", "routes", "test", "--config.file"].map(OsStr::new);
    let arguments = arguments.into_iter().chain([config.as_os_str()]);
    let arguments = arguments.chain(labels.iter().map(OsStr::new));
    let output = run(&amtool((0, 25)), arguments, &[]);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What a spec means, and the configuration that is written for it.
fn config(spec: &str, path: &str) -> (Folder, Model, PathBuf) {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join(spec);
    let folder = Folder::new();
    let mut compilation = compile(&spec);
    for (path, bytes) in compilation.artifacts().iter() {
        folder.write(path, bytes);
    }
    let config = folder.path().join(path);
    let model = compilation.models.pop().expect("a model");
    (folder, model, config)
}

#[test]
fn the_first_route_that_matches_takes_an_alert() {
    let spec = "tests/golden/right/notify-routes/monospec.yaml";
    let (_folder, _, config) = config(spec, "monitoring/am.yaml");
    let shelf = r#"area=stock \"A\", shelf 1.5"#;
    // A dot is a dot.
    let other_shelf = r#"area=stock \"A\", shelf 1x5"#;
    for (labels, expected) in [
        (["severity=critical", shelf, "kind=paid"], "log,oncall,team"),
        (
            ["severity=critical", "area=orders", "region=eu"],
            "log,oncall,team",
        ),
        (["severity=critical", other_shelf, "kind=paid"], "log"),
        (["kind=paid", "area=orders", "region=eu"], "log,team"),
        (["kind=paid", "area=orders", "region=us"], "log"),
        (
            ["alertname=QueueLong", "team=checkout", "kind=other"],
            "log,log",
        ),
    ] {
        assert_eq!(receivers(&config, &labels), expected, "{labels:?}");
    }
}

/// The example: the team hears of everything, whoever is on call of what is critical, too.
#[test]
fn every_alert_of_the_example_finds_its_receivers() {
    let (_folder, model, config) = config("spec/monospec.yaml", "generated/alertmanager.yml");
    let mut severities = std::collections::BTreeSet::new();
    let slos = model.monitoring.slos.iter().map(|slo| &slo.alert);
    for alert in model.monitoring.alerts.iter().chain(slos) {
        for rule in &alert.rules {
            let mut labels = vec![format!("alertname={}", alert.name)];
            labels.extend(rule.labels.iter().map(|(k, v)| format!("{k}={v}")));
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            let expected = match rule.severity.as_str() {
                "critical" => "oncall,team",
                _ => "team",
            };
            assert_eq!(receivers(&config, &labels), expected, "{labels:?}");
            severities.insert(rule.severity.as_str());
        }
    }
    assert_eq!(severities.len(), 3, "{severities:?}");
}
