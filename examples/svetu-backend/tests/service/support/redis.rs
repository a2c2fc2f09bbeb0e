//! A Redis server.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use tempfile::TempDir;

use super::{PATIENCE, Process, free_port, missing, read, signal, wait_for};

/// A server, which can be stopped, paused and brought back. It forgets everything when it is stopped.
pub(crate) struct Redis {
    server: Option<Process>,
    folder: TempDir,
    port: u16,
}

impl Redis {
    pub(crate) fn start() -> Self {
        let mut server = Self {
            server: None,
            folder: TempDir::with_prefix("svetu-redis-").expect("a folder"),
            port: free_port(),
        };
        server.run();
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Starts the server, and again after it was stopped.
    pub(crate) fn run(&mut self) {
        let log = self.folder.path().join("log");
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
            .args(["--save", "", "--appendonly", "no", "--dir"])
            .arg(self.folder.path())
            .stdout(File::create(&log).expect("a file"))
            .spawn()
            .unwrap_or_else(|error| panic!("{}", missing("redis-server", &error)));
        let process = self.server.insert(Process(process));
        wait_for(PATIENCE, || {
            let ended = process.0.try_wait().expect("it can be asked");
            let log = read(&log);
            assert!(ended.is_none(), "Redis ended:\n{log}");
            if log.contains("Ready to accept connections") {
                Ok(())
            } else {
                Err(log)
            }
        });
    }

    pub(crate) fn stop(&mut self) {
        self.server = None;
    }

    /// The server keeps its connections and takes new ones, but does nothing.
    pub(crate) fn pause(&self) {
        signal("STOP", &[self.id()]);
    }

    pub(crate) fn resume(&self) {
        signal("CONT", &[self.id()]);
    }

    /// How often it was sent PING.
    pub(crate) fn pings(&self) -> u32 {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream
            .write_all(b"INFO commandstats\r\nQUIT\r\n")
            .expect("it reads");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("it answers");
        let calls = text.lines().find_map(|line| {
            let (calls, _) = line.strip_prefix("cmdstat_ping:calls=")?.split_once(',')?;
            calls.parse().ok()
        });
        calls.unwrap_or_else(|| panic!("no PING in\n{text}"))
    }

    fn id(&self) -> u32 {
        self.server.as_ref().expect("it runs").id()
    }
}
