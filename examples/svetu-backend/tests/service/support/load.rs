//! The load generator.

use std::process::{Command, Output, Stdio};

use super::Process;

fn command(address: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_svetu-load"));
    command
        .args(["--url", &format!("http://{address}")])
        .args(arguments);
    command
}

/// Load that ends when it is dropped; it would end by itself some time.
pub(crate) fn start(address: &str, arguments: &[&str]) -> Process {
    let process = command(address, arguments)
        .args(["--duration", "600"])
        .stdout(Stdio::null())
        .spawn();
    Process(process.expect("it is started"))
}

/// Load that has ended.
pub(crate) fn run(address: &str, arguments: &[&str]) -> Output {
    command(address, arguments).output().expect("it is started")
}

/// Writes attributes: or the first reads would find nothing, which is no good day.
pub(crate) fn fill(address: &str) {
    let writes = ["--rate", "0", "--requests", "500", "--mix", "write"];
    assert!(run(address, &writes).status.success());
}
