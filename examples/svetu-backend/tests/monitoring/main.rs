//! The committed artefacts at work: the service, scraped by a real Prometheus that evaluates its rules and answers what its
//! dashboards ask.

mod dashboards;
mod prometheus;
mod rules;
#[path = "../support/mod.rs"]
mod support;
mod traffic;
mod types;

use std::fmt::Display;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::prometheus::{Prometheus, missing};
use crate::rules::wait_for_alerts;
use crate::support::{Service, wait_for};
use crate::traffic::Traffic;

/// So long Prometheus may take to come to see something. Most is seen within two scrapes.
const PATIENCE: Duration = Duration::from_secs(60);

const JOB: &str = "svetu-backend";

/// A file that `monospec generate` wrote.
fn generated(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../generated")
        .join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Waits until Prometheus scraped the service so many times within the last minute.
fn wait_for_scrapes(prometheus: &Prometheus, count: u32) {
    let query = format!("sum_over_time(up{{job=\"{JOB}\"}}[1m]) >= {count}");
    wait_for(PATIENCE, || match prometheus.query(&query)?.as_slice() {
        [] => Err(format!("less than {count} scrapes")),
        _ => Ok(()),
    });
}

/// Fails with all problems at once.
#[track_caller]
fn none_of(problems: &[impl Display]) {
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn promtool_finds_nothing_wrong_with_the_exposition() {
    let service = Service::start(&[]);
    traffic::round(&service.address);
    let exposition = service.get("/metrics").body;
    let mut promtool = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{}", missing("promtool", &error)));
    let mut stdin = promtool.stdin.take().expect("it is piped");
    stdin
        .write_all(exposition.as_bytes())
        .expect("promtool reads");
    drop(stdin);
    let output = promtool.wait_with_output().expect("promtool ends");
    let said = [output.stdout, output.stderr].concat();
    assert_eq!(String::from_utf8_lossy(&said), "");
    assert!(output.status.success(), "{}", output.status);
}

#[test]
fn rules_panels_and_types_hold_in_prometheus() {
    let service = Service::start(&[]);
    service.ready("ok");
    let traffic = Traffic::start(&service.address);
    let prometheus = Prometheus::start(&service.address);

    wait_for_scrapes(&prometheus, 2);
    // No alert tells of it yet, since there is nothing from ten minutes ago to compare it with; that must not be an error.
    let flag = "/admin/flags/UNIFIED_ATTRIBUTES_FALLBACK";
    assert_eq!(service.status("PUT", flag, "false"), 204);
    wait_for(PATIENCE, || {
        let off =
            r#"feature_flag_status{flag_name="UNIFIED_ATTRIBUTES_FALLBACK",enabled="true"} == 0"#;
        match prometheus.query(off)?.as_slice() {
            [] => Err("the flag is not seen as off".to_owned()),
            _ => Ok(()),
        }
    });
    wait_for_scrapes(&prometheus, 5);

    wait_for_target(&prometheus, &service.address);
    rules::are_healthy(&prometheus);
    rules::traffic_explains_what_fires(&prometheus);
    types::agree(&prometheus);
    none_of(&dashboards::problems(&prometheus, &service.address));
    traffic.stop();
}

/// Waits until the service is up; it is the only target.
fn wait_for_target(prometheus: &Prometheus, address: &str) {
    let labels = json!({ "job": JOB, "instance": address });
    wait_for(PATIENCE, || {
        let targets = prometheus.get("targets", &[])?;
        match targets["activeTargets"].as_array().map(Vec::as_slice) {
            Some([target]) if target["labels"] == labels && target["health"] == "up" => Ok(()),
            _ => Err(targets.to_string()),
        }
    });
}

#[test]
fn a_service_that_is_gone_is_noticed_until_it_is_back() {
    let service = Service::start(&[]);
    service.ready("ok");
    let prometheus = Prometheus::start(&service.address);
    wait_for_scrapes(&prometheus, 3);
    wait_for_alerts(&prometheus, &[]);

    let Service { process, address } = service;
    drop(process);
    let alerts = wait_for_alerts(&prometheus, &[("ServiceDown", "pending")]);
    let alert = &alerts[0];
    let labels = json!({
        "alertname": "ServiceDown",
        "instance": address,
        "job": JOB,
        "service": JOB,
        "severity": "critical",
        "team": "platform",
    });
    assert_eq!(alert["labels"], labels);
    let summary = "svetu-backend does not answer Prometheus";
    assert_eq!(alert["annotations"]["summary"], summary);

    let port = address.rsplit(':').next().expect("a port");
    // Somebody else's request may be sent from this port right now.
    let service = wait_for(PATIENCE, || Service::try_start(&[("PORT", port)]));
    wait_for_alerts(&prometheus, &[]);
    wait_for_target(&prometheus, &service.address);
}
