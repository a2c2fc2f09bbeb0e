//! The committed artefacts at work: the service, scraped by a real Prometheus that evaluates its rules and answers what its
//! dashboards ask.

mod dashboards;
pub(crate) mod prometheus;
mod rules;
mod traffic;
mod types;

use std::fmt::Display;
use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;

use self::prometheus::{Prometheus, Rules};
use self::traffic::Traffic;
use crate::support::{PATIENCE, Service, Stores, missing, wait_for};

pub(crate) const JOB: &str = "svetu-backend";

/// Waits until Prometheus scraped the service so many times within the last minute.
pub(crate) fn wait_for_scrapes(prometheus: &Prometheus, count: u32) {
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
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
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
    let stores = Stores::start();
    let service = Service::start(&stores, &[]);
    service.ready("ok");
    let traffic = Traffic::start(&service.address);
    let prometheus = Prometheus::start(&service.address, Rules::Committed);

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
    none_of(&dashboards::problems_by_default(
        &prometheus,
        &service.address,
    ));
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
