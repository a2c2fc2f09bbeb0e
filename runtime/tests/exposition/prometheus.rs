//! What Prometheus stores.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::families;
use crate::sample::{Sample, Told, sorted};
use crate::server::Server;
use crate::support::{Folder, Process, start, wait_for};

/// A running server. The process ends before its folder is removed.
struct Prometheus {
    _process: Process,
    _folder: Folder,
    address: String,
}

impl Prometheus {
    /// Starts a server that scrapes each of these paths as a job of that name.
    fn start(target: &Server, jobs: &[&str]) -> Self {
        let folder = Folder::new("prometheus");
        let mut config = "global: { scrape_interval: 1s }\nscrape_configs:\n".to_owned();
        for job in jobs {
            writeln!(
                config,
                "  - {{ job_name: {job}, metrics_path: /{job}, static_configs: [{{ targets: ['{}'] }}] }}",
                target.address
            )
            .expect("text");
        }
        let path = folder.join("prometheus.yml");
        fs::write(&path, config).expect("a file");
        let log = folder.join("log");
        let mut process = start(
            Command::new("prometheus")
                .arg(format!("--config.file={}", path.display()))
                .arg(format!(
                    "--storage.tsdb.path={}",
                    folder.join("data").display()
                ))
                .arg("--web.listen-address=127.0.0.1:0")
                .stdout(Stdio::null())
                .stderr(File::create(&log).expect("a file")),
            "scripts/test installs it",
        );
        let address = wait_for(|| {
            // Asked first: what it says last is then in the log.
            let ended = process.0.try_wait().expect("it can be asked");
            let log = fs::read_to_string(&log).expect("a log");
            match (address_in(&log), ended) {
                (Some(address), None) => Ok(address),
                (_, Some(status)) => panic!("prometheus ended with {status}:\n{log}"),
                (None, None) => Err(format!("prometheus does not say where it listens:\n{log}")),
            }
        });
        Self {
            _process: process,
            _folder: folder,
            address,
        }
    }

    /// The data that the API answers with.
    fn get(&self, path: &str, parameter: &str, value: &str) -> Result<Vec<Value>, String> {
        let mut encoded = String::new();
        for byte in value.bytes() {
            write!(encoded, "%{byte:02X}").expect("text");
        }
        let url = format!("/api/v1/{path}?{parameter}={encoded}");
        let answer = self.ask(&url).map_err(|error| error.to_string())?;
        let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        let answer: Value = serde_json::from_str(body).map_err(|error| error.to_string())?;
        let data = &answer["data"];
        let list = data["result"].as_array().or_else(|| data.as_array());
        list.cloned().ok_or_else(|| answer.to_string())
    }

    fn ask(&self, url: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(Duration::from_secs(10)))?;
        // 1.0, so that the answer comes in one piece.
        write!(
            stream,
            "GET {url} HTTP/1.0\r\nHost: {}\r\n\r\n",
            self.address
        )?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }

    /// The samples of a job as they are stored.
    fn samples(&self, job: &str) -> Vec<Sample> {
        let stored = self.get("query", "query", &format!("{{job=\"{job}\"}}"));
        let stored = stored.unwrap_or_else(|why| panic!("{why}"));
        let sample = |stored: &Value| {
            let labels = stored["metric"].as_object().expect("labels").iter();
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            let mut name = String::new();
            let mut own = Vec::new();
            for (label, value) in labels {
                match label.as_str() {
                    "__name__" => name = text(value),
                    "job" | "instance" => {}
                    label => own.push((label.to_owned(), text(value))),
                }
            }
            // What Prometheus adds of its own.
            let added = name == "up" || name.starts_with("scrape_");
            let own = own
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()));
            let value = text(&stored["value"][1]).parse().expect("a number");
            (!added).then(|| Sample::new(&name, own, value))
        };
        sorted(stored.iter().filter_map(sample))
    }

    /// What it learned of the families of a job.
    fn told(&self, job: &str) -> Vec<Told> {
        let learned = self.get(
            "targets/metadata",
            "match_target",
            &format!("{{job=\"{job}\"}}"),
        );
        let learned = learned.unwrap_or_else(|why| panic!("{why}"));
        let told = |learned: &Value| {
            let said = |what: &str| learned[what].as_str().expect("a text");
            Told::new(said("metric"), said("type"), said("help"), said("unit"))
        };
        sorted(learned.iter().map(told))
    }
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

#[test]
fn every_format_is_stored_alike() {
    let target = Server::start(families::registry());
    let jobs = ["text", "openmetrics", "negotiated"];
    let prometheus = Prometheus::start(&target, &jobs);
    wait_for(|| match prometheus.get("query", "query", "up == 1") {
        Ok(up) if up.len() == jobs.len() => Ok(()),
        other => {
            let targets = prometheus.ask("/api/v1/targets").unwrap_or_default();
            Err(format!("not all targets are up: {other:?}\n{targets}"))
        }
    });
    let expected = sorted(families::samples());
    for job in jobs {
        assert_eq!(prometheus.samples(job), expected, "{job}");
    }
    assert_eq!(prometheus.told("text"), sorted(families::told_in_text()));
    let openmetrics = sorted(families::told_in_openmetrics());
    for job in ["openmetrics", "negotiated"] {
        assert_eq!(prometheus.told(job), openmetrics, "{job}");
    }
    let encoding = cfg!(feature = "gzip").then_some("gzip");
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    assert_eq!(target.chosen(), Some((content_type, encoding)));
}
