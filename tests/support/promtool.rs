//! What Prometheus' own checker says of rules and configurations.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// Rules as every linter of promtool wants them; what it says otherwise.
pub(crate) fn check_rules(files: &[PathBuf]) -> Result<(), String> {
    let arguments = ["check", "rules", "--lint=all", "--lint-fatal"];
    judge(&arguments, &run(&arguments, files))
}

/// Configurations; the files that they name, other than rules, have to be there.
///
/// Debian builds promtool without the discovery of Kubernetes: what such a promtool does not know is left out.
pub(crate) fn check_configs(files: &[PathBuf]) -> Result<(), String> {
    let arguments = ["check", "config"];
    let output = run(&arguments, files);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    if !words.contains("field kubernetes_sd_configs not found") {
        return judge(&arguments, &output);
    }
    for file in files {
        let config = fs::read_to_string(file).expect("a configuration");
        fs::write(file, without_kubernetes(&config)).expect("a configuration");
    }
    judge(&arguments, &run(&arguments, files))
}

/// A configuration without the block below `kubernetes_sd_configs:`.
fn without_kubernetes(config: &str) -> String {
    let mut kept = String::new();
    let mut block = None;
    for line in config.lines() {
        let indent = line.len() - line.trim_start().len();
        if block.is_some_and(|block| indent > block) {
            continue;
        }
        block = (line.trim() == "kubernetes_sd_configs:").then_some(indent);
        if block.is_none() {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

fn run(arguments: &[&str], files: &[PathBuf]) -> Output {
    assert!(!files.is_empty(), "there is nothing to check");
    Command::new("promtool")
        .args(arguments)
        .args(files)
        .output()
        .unwrap_or_else(|error| {
            panic!(
                "cannot run promtool: {error}. It comes with Prometheus: install the package `prometheus` of your system, \
                 or unpack a release from https://prometheus.io/download and put its promtool on the PATH"
            )
        })
}

fn judge(arguments: &[&str], output: &Output) -> Result<(), String> {
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "promtool {} found something:\n{}{}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}
