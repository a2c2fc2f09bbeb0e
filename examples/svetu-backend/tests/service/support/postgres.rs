//! A PostgreSQL server with a folder of its own.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write};
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::{PATIENCE, Process, free_port, missing, read, signal, wait_for};

/// More than the service may use, so that it is the service that runs out of them.
const CONNECTIONS: u32 = 250;

/// A server, which can be stopped, paused and brought back.
pub(crate) struct Postgres {
    server: Option<Process>,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    pub(crate) fn start() -> Self {
        let folder = TempDir::with_prefix("svetu-postgres-").expect("a folder");
        if is_root(folder.path()) {
            let [user, group] = ["-u", "-g"].map(id_of_postgres);
            chown(folder.path(), Some(user), Some(group)).expect("root may do this");
        }
        let mut server = Self {
            server: None,
            folder,
            port: free_port(),
        };
        let created = server
            .program("initdb")
            .args(["--auth=trust", "--username=svetu", "--encoding=UTF8"])
            .args(["--no-locale", "--no-sync", "--no-instructions", "--pgdata"])
            .arg(server.folder.path().join("data"))
            .output()
            .unwrap_or_else(|error| panic!("{}", missing("PostgreSQL", &error)));
        assert!(created.status.success(), "{created:?}");
        server.run();
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("postgresql://svetu@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts the server, and again after it was stopped.
    pub(crate) fn run(&mut self) {
        let log = self.folder.path().join("log");
        let process = self
            .program("postgres")
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .args(["-c", "fsync=off", "-c", "shared_buffers=16MB"])
            .args(["-c", &format!("max_connections={CONNECTIONS}")])
            .args(["-p", &self.port.to_string(), "-D"])
            .arg(self.folder.path().join("data"))
            .stdout(Stdio::null())
            .stderr(File::create(&log).expect("a file"))
            .spawn()
            .unwrap_or_else(|error| panic!("{}", missing("PostgreSQL", &error)));
        let process = self.server.insert(Process(process));
        wait_for(PATIENCE, || {
            let ended = process.0.try_wait().expect("it can be asked");
            let log = read(&log);
            assert!(ended.is_none(), "PostgreSQL ended:\n{log}");
            if log.contains("ready to accept connections") {
                Ok(())
            } else {
                Err(log)
            }
        });
    }

    /// Stops the server; its clients lose their connections.
    pub(crate) fn stop(&mut self) {
        self.end("INT");
    }

    /// The server keeps its connections and takes new ones, but does nothing.
    pub(crate) fn pause(&self) {
        signal("STOP", &self.processes());
    }

    pub(crate) fn resume(&self) {
        signal("CONT", &self.processes());
    }

    /// Holds a table, so that whoever wants to use it has to wait until this is dropped.
    pub(crate) fn lock(&self, table: &str) -> Process {
        let mut client = Command::new(binary("psql"))
            .args(["--quiet", "--no-align", "--tuples-only", &self.url()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}", missing("psql", &error)));
        let stdin = client.stdin.as_mut().expect("it is piped");
        writeln!(stdin, "BEGIN; LOCK TABLE {table}; SELECT 'locked';").expect("it reads");
        let stdout = client.stdout.take().expect("it is piped");
        let client = Process(client);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "locked");
        client
    }

    fn end(&mut self, how: &str) {
        let Some(mut server) = self.server.take() else {
            return;
        };
        signal(how, &[server.id()]);
        wait_for(PATIENCE, || match server.0.try_wait() {
            Ok(Some(_)) => Ok(()),
            other => Err(format!("PostgreSQL does not end: {other:?}")),
        });
    }

    /// The server and those that serve its clients, each a process in a group of its own.
    fn processes(&self) -> Vec<u32> {
        let server = self.server.as_ref().expect("it runs").id();
        let mut processes = vec![server];
        for entry in fs::read_dir("/proc").expect("processes").flatten() {
            let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            // `id (name) state parent …`, where a name may have anything in it.
            let parent = stat.rsplit_once(") ").and_then(|(_, rest)| {
                let (_, rest) = rest.split_once(' ')?;
                rest.split(' ').next()?.parse().ok()
            });
            if parent == Some(server) {
                let name = entry.file_name();
                processes.extend(name.to_str().and_then(|id| id.parse::<u32>().ok()));
            }
        }
        processes
    }

    /// A program of PostgreSQL, run by somebody else if need be: it refuses to be run by root.
    fn program(&self, name: &str) -> Command {
        let program = binary(name);
        let root = is_root(Path::new("/proc/self"));
        let mut command = if root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
            command.arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        if self.server.is_some() {
            self.resume();
            if std::thread::panicking() {
                // To panic again would hide why. The others end when they see that the first one is gone.
                return;
            }
            self.end("QUIT");
        }
    }
}

fn is_root(path: &Path) -> bool {
    fs::metadata(path).expect("it is there").uid() == 0
}

fn id_of_postgres(option: &str) -> u32 {
    let id = Command::new("id")
        .args([option, "postgres"])
        .output()
        .expect("there is id");
    let id = String::from_utf8_lossy(&id.stdout);
    id.trim()
        .parse()
        .expect("there is no user postgres, which comes with PostgreSQL; scripts/test installs it")
}

/// Debian keeps the servers, by version, where no shell finds them.
fn binary(name: &str) -> PathBuf {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut found: Vec<_> = versions
        .flatten()
        .map(|version| version.path().join("bin").join(name))
        .filter(|path| path.exists())
        .collect();
    found.sort();
    found.pop().unwrap_or_else(|| name.into())
}
