//! A PostgreSQL server of a test's own.

use std::fs;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What makes a server's data, and what runs it on this port. Somebody else runs both if the test is root's: PostgreSQL refuses
/// to be.
pub(crate) fn commands(folder: &Path, port: &str) -> [Command; 2] {
    if is_root() {
        let [user, group] = ["-u", "-g"].map(id_of_postgres);
        chown(folder, Some(user), Some(group)).expect("root may do this");
    }
    let data = folder.join("data");
    let mut create = program("initdb", folder);
    create
        .args(["--auth=trust", "--username=monospec", "--no-locale"])
        .args(["--no-sync", "--no-instructions", "--pgdata"])
        .arg(&data);
    let mut run = program("postgres", folder);
    run.args(["-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "unix_socket_directories=", "-c", "fsync=off"])
        .args(["-p", port, "-D"])
        .arg(&data);
    [create, run]
}

fn program(name: &str, folder: &Path) -> Command {
    let program = binary(name);
    let mut command = Command::new(if is_root() {
        "setpriv".into()
    } else {
        program.clone()
    });
    if is_root() {
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]);
        command.arg(program);
    }
    command.current_dir(folder);
    command
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

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

fn id_of_postgres(option: &str) -> u32 {
    let id = Command::new("id").args([option, "postgres"]).output();
    let id = id.expect("there is id").stdout;
    let id = String::from_utf8_lossy(&id);
    id.trim()
        .parse()
        .expect("there is no user postgres, which comes with PostgreSQL; scripts/test installs it")
}
