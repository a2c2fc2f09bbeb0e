//! A Prometheus server with the committed configuration.

use std::fmt::Write;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::rules;
use crate::support::{PATIENCE, Process, ask, generated, missing, read, wait_for};

/// Which rules a server has.
#[derive(Clone, Copy)]
pub(crate) enum Rules {
    /// Those that are committed, as they are.
    Committed,
    /// The same with two seconds for every minute.
    Hurried,
}

/// A running server. The process ends before its folder is removed.
pub(crate) struct Prometheus {
    _process: Process,
    _folder: TempDir,
    address: String,
}

impl Prometheus {
    /// Starts a server with the committed artefacts, in a hurry and with the service at this address.
    pub(crate) fn start(service: &str, rules: Rules) -> Self {
        let folder = TempDir::with_prefix("svetu-prometheus-").expect("a folder");
        let mut config = read(&generated("prometheus.yml"));
        for (committed, changed, count) in [
            ("- localhost:3000\n", format!("- {service}\n"), 1),
            (
                "scrape_interval: 10s\n",
                "scrape_interval: 1s\n".to_owned(),
                2,
            ),
            (
                "scrape_timeout: 10s\n",
                "scrape_timeout: 1s\n".to_owned(),
                1,
            ),
            (
                "evaluation_interval: 15s\n",
                "evaluation_interval: 1s\n".to_owned(),
                1,
            ),
        ] {
            assert_eq!(
                config.matches(committed).count(),
                count,
                "{committed}in\n{config}"
            );
            config = config.replace(committed, &changed);
        }
        let path = folder.path().join("prometheus.yml");
        fs::write(&path, config).expect("a file");
        let rules = match rules {
            Rules::Committed => read(&generated("alerts.yml")),
            Rules::Hurried => rules::hurried(),
        };
        fs::write(folder.path().join("alerts.yml"), rules).expect("a file");
        Self::serve(folder, Path::new("prometheus"), &path, "127.0.0.1:0")
    }

    /// Starts a server of this release with this configuration, on this address. Its data are kept in the folder.
    pub(crate) fn serve(folder: TempDir, program: &Path, config: &Path, address: &str) -> Self {
        let log = folder.path().join("log");
        let process = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.tsdb.path={}",
                folder.path().join("data").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .arg(format!("--web.external-url=http://{address}"))
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("a file"))
            .spawn()
            .unwrap_or_else(|error| panic!("{}", missing(&program.display().to_string(), &error)));
        let mut process = Process(process);
        let address = wait_for(PATIENCE, || {
            // Asked first: what it says last is then in the log.
            let ended = process.0.try_wait().expect("it can be asked");
            let log = read(&log);
            match (address_in(&log), ended) {
                (Some(address), None) => Ok(address),
                (_, Some(status)) => panic!("prometheus ended with {status}:\n{log}"),
                (None, None) => Err(format!("prometheus does not say where it listens:\n{log}")),
            }
        });
        wait_for(PATIENCE, || match ask(&address, "GET", "/-/ready", "") {
            Ok(answer) if answer.status == 200 => Ok(()),
            other => Err(format!(
                "prometheus is not ready: {other:?}\n{}",
                read(&log)
            )),
        });
        Self {
            _process: process,
            _folder: folder,
            address,
        }
    }

    /// Asks the API; what is not a success is an error, with the words of the server.
    pub(crate) fn get(&self, path: &str, parameters: &[(&str, &str)]) -> Result<Value, String> {
        let mut url = format!("/api/v1/{path}");
        for (index, (name, value)) in parameters.iter().enumerate() {
            let separator = if index == 0 { '?' } else { '&' };
            write!(url, "{separator}{}={}", encoded(name), encoded(value)).expect("text");
        }
        let answer = ask(&self.address, "GET", &url, "").map_err(|error| error.to_string())?;
        let mut body: Value =
            serde_json::from_str(&answer.body).map_err(|error| format!("{error}: {answer:?}"))?;
        if answer.status != 200 || body["status"] != "success" || body.get("warnings").is_some() {
            return Err(answer.body);
        }
        Ok(body["data"].take())
    }

    /// The series that an expression has now.
    pub(crate) fn query(&self, expression: &str) -> Result<Vec<Value>, String> {
        let data = self.get("query", &[("query", expression)])?;
        list(&data["result"])
    }

    /// The alerts that are pending or firing.
    pub(crate) fn alerts(&self) -> Result<Vec<Value>, String> {
        list(&self.get("alerts", &[])?["alerts"])
    }

    /// Every rule, as it was evaluated last.
    pub(crate) fn rules(&self) -> Result<Vec<Value>, String> {
        let data = self.get("rules", &[])?;
        let groups = list(&data["groups"])?;
        let rules = groups.iter().map(|group| list(&group["rules"]));
        rules
            .collect::<Result<Vec<_>, _>>()
            .map(|rules| rules.concat())
    }
}

fn list(value: &Value) -> Result<Vec<Value>, String> {
    value
        .as_array()
        .cloned()
        .ok_or_else(|| format!("not a list: {value}"))
}

/// The address that a log tells; it is chosen by the system, so that no two tests want the same.
fn address_in(log: &str) -> Option<String> {
    // The last line may not be complete yet.
    let (complete, _) = log.rsplit_once('\n')?;
    let mut lines = complete.lines();
    let line = lines.find(|line| line.contains("\"Listening on\""))?;
    let (_, rest) = line.split_once("address=")?;
    rest.split_whitespace().next().map(str::to_owned)
}

fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            write!(encoded, "%{byte:02X}").expect("text");
        }
    }
    encoded
}
