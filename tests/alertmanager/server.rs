//! An Alertmanager that reads what monospec writes.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use monospec::Compilation;
use monospec::model::Model;
use serde_json::{Value, json};

use super::alertmanager::{Version, program};
use super::folder::Folder;
use super::{http, wait_for};

/// It is ended with the test.
pub(crate) struct Server {
    child: Child,
    log: PathBuf,
    address: String,
}

impl Server {
    /// Starts one with the artefacts of a spec.
    pub(crate) fn start(version: Version, folder: &Folder, compilation: &Compilation) -> Self {
        for (path, bytes) in compilation.artifacts().iter() {
            folder.write(path, bytes);
        }
        let program = program(&["prometheus-alertmanager", "alertmanager"], version);
        let log = folder.path().join("alertmanager.log");
        let child = Command::new(&program)
            .arg("--config.file")
            .arg(folder.path().join("generated/alertmanager.yml"))
            .arg("--storage.path")
            .arg(folder.path().join("storage"))
            .args(["--web.listen-address=127.0.0.1:0", "--log.level=debug"])
            .args(["--web.external-url=http://alertmanager.example.com"])
            .arg("--cluster.listen-address=")
            .stdout(File::create(&log).expect("a log"))
            .stderr(File::options().append(true).open(&log).expect("a log"))
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut server = Self {
            child,
            log,
            address: String::new(),
        };
        server.address = wait_for("Alertmanager's address", || {
            let ended = server.child.try_wait().expect("a child");
            assert!(ended.is_none(), "{ended:?}:\n{}", server.log());
            let log = server.log();
            let line = log.lines().find(|line| line.contains("Listening on"))?;
            let address = line.split(" address=").nth(1)?;
            Some(address.split(' ').next()?.to_owned())
        });
        wait_for("Alertmanager", || {
            let status = http::get(&server.address, "/-/ready").ok()?;
            status.contains(" 200 ").then_some(())
        });
        server
    }

    /// What it has said so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Tells it of alerts, as Prometheus does.
    pub(crate) fn tell(&self, alerts: &[Value]) {
        let status = http::post(&self.address, "/api/v2/alerts", &json!(alerts));
        let status = status.expect("an answer");
        assert!(status.contains(" 200 "), "{status}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let errors = log.lines().filter(|line| line.contains("err="));
            let errors: Vec<&str> = errors.take(20).collect();
            let _ = std::io::stderr().write_all(errors.join("\n").as_bytes());
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A spec without errors.
pub(crate) fn compile(spec: &Path) -> Compilation {
    let compilation = monospec::compile(spec).expect("a spec");
    let report = &compilation.report;
    assert_eq!(
        report.errors(),
        0,
        "{}: {:?}",
        spec.display(),
        report.findings
    );
    compilation
}

/// An alert as Prometheus sends it, with labels of its series.
pub(crate) fn alert(model: &Model, name: &str, severity: &str, series: &[(&str, &str)]) -> Value {
    let mut alerts = model.monitoring.alerts.iter();
    let alert = alerts.find(|alert| alert.name == name).expect(name);
    let mut rules = alert.rules.iter();
    let rule = rules.find(|rule| rule.severity.as_str() == severity);
    let rule = rule.expect(severity);
    let mut labels = json!({ "alertname": name });
    let own = rule.labels.iter().map(|(k, v)| (k.as_str(), v.as_str()));
    for (label, value) in own.chain(series.iter().copied()) {
        labels[label] = json!(value);
    }
    let mut annotations = json!({});
    for (key, text) in &rule.annotations {
        annotations[key] = json!(text);
    }
    json!({
        "labels": labels,
        "annotations": annotations,
        "generatorURL": "http://prometheus.example.com/graph?g0.expr=up&g0.tab=1",
    })
}

/// The same alert, over.
pub(crate) fn resolved(mut alert: Value) -> Value {
    alert["startsAt"] = json!("2020-01-01T00:00:00Z");
    alert["endsAt"] = json!("2020-01-01T00:01:00Z");
    alert
}
