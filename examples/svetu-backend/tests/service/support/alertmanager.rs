//! An Alertmanager with a configuration that monospec wrote.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{PATIENCE, Process, ask, missing, read, wait_for};

/// A running server. The process ends before its folder is removed.
pub(crate) struct Alertmanager {
    _process: Process,
    folder: TempDir,
    pub(crate) address: String,
}

impl Alertmanager {
    /// Starts one that listens on this address.
    pub(crate) fn start(program: &Path, config: &Path, address: &str) -> Self {
        let folder = TempDir::with_prefix("svetu-alertmanager-").expect("a folder");
        let log = File::create(folder.path().join("log")).expect("a file");
        let process = Command::new(program)
            .arg(format!("--config.file={}", config.display()))
            .arg(format!(
                "--storage.path={}",
                folder.path().join("data").display()
            ))
            .arg(format!("--web.listen-address={address}"))
            .arg(format!("--web.external-url=http://{address}"))
            .args(["--cluster.listen-address=", "--log.level=debug"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{}", missing(&program.display().to_string(), &error)));
        let mut process = Process(process);
        wait_for(PATIENCE, || {
            let ended = process.0.try_wait().expect("it can be asked");
            let log = read(&folder.path().join("log"));
            assert!(ended.is_none(), "Alertmanager ended:\n{log}");
            match ask(address, "GET", "/-/ready", "") {
                Ok(answer) if answer.status == 200 => Ok(()),
                other => Err(format!("Alertmanager is not ready: {other:?}\n{log}")),
            }
        });
        Self {
            _process: process,
            folder,
            address: address.to_owned(),
        }
    }

    /// How often groups of alerts were looked at for something to tell.
    pub(crate) fn flushes(&self) -> usize {
        let log = read(&self.folder.path().join("log"));
        log.matches("msg=flushing").count()
    }

    /// The groups of alerts that are not over.
    pub(crate) fn groups(&self) -> Result<Vec<Value>, String> {
        let path = "/api/v2/alerts/groups";
        let answer = ask(&self.address, "GET", path, "").map_err(|error| error.to_string())?;
        serde_json::from_str(&answer.body).map_err(|error| format!("{error}: {answer:?}"))
    }
}
