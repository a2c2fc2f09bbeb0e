//! Colours, and streams that nobody reads.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::process::Stdio;

use super::{BROKEN, Project, monospec, run};

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_are_for_terminals_unless_asked_for() {
    let project = Project::new(&[("spec/monospec.yaml", BROKEN)]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = monospec(arguments);
        command.current_dir(project.path());
        command.envs(variables.iter().copied());
        run(&mut command).stderr.contains(ESCAPE)
    };
    assert!(!colored(&["lint"], &[]));
    assert!(!colored(
        &["lint", "--color", "never"],
        &[("CLICOLOR_FORCE", "1")]
    ));
    assert!(colored(&["lint"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(
        &["lint"],
        &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]
    ));
    assert!(colored(&["lint", "--color=always"], &[("NO_COLOR", "1")]));
    // What clap prints heeds the option, too.
    assert!(colored(&["--color", "always", "lnit"], &[]));
    assert!(colored(
        &["lint", "--color=always", "--nonsense"],
        &[("NO_COLOR", "1")]
    ));
    assert!(!colored(
        &["lint", "--color=never", "--nonsense"],
        &[("CLICOLOR_FORCE", "1")]
    ));
    assert!(colored(&["lint", "gone.yaml", "--color=always"], &[]));
}

#[test]
fn colours_change_nothing_else() {
    let project = Project::new(&[("spec/monospec.yaml", BROKEN)]);
    let plain = project.monospec(&["lint", "--color=never"]);
    let colored = project.monospec(&["lint", "--color=always"]);
    let stripped = anstream::adapter::strip_str(&colored.stderr).to_string();
    assert_eq!(stripped, plain.stderr);
    let json = project.monospec(&["lint", "--format=json", "--color=always"]);
    assert!(!json.stdout.contains(ESCAPE));
}

/// The end of a pipe whose reader is gone.
fn closed() -> io::PipeWriter {
    let (reader, writer) = io::pipe().expect("a pipe");
    drop(reader);
    writer
}

#[test]
fn a_closed_pipe_is_no_error() {
    let fine = "monospec: 1\nservice: { name: shop }\nscrape: { targets: [\"localhost:1\"] }\n";
    let project = Project::new(&[("spec/monospec.yaml", BROKEN), ("fine.yaml", fine)]);
    for (arguments, status) in [
        (&["schema"][..], 0),
        (&["--help"], 0),
        (&["generate", "--help"], 0),
        (&["lint", "--format=json"], 1),
        (&["lint", "--format=github"], 1),
        (&["lint", "gone.yaml", "--format=github"], 2),
        (&["resolve", "fine.yaml"], 0),
        (&["generate", "fine.yaml"], 0),
        (&["check", "fine.yaml"], 0),
        (&["init", "new"], 0),
        (&["completions", "zsh"], 0),
        (&["man"], 0),
    ] {
        let mut command = monospec(arguments);
        let output = command
            .current_dir(project.path())
            .stdout(closed())
            .output()
            .expect("monospec runs");
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
    for (arguments, status) in [
        (&["lint"][..], 1),
        (&["lint", "gone.yaml"], 2),
        (&["lnit"], 2),
        (&[], 2),
    ] {
        let mut command = monospec(arguments);
        let output = command
            .current_dir(project.path())
            .stderr(closed())
            .output()
            .expect("monospec runs");
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
    }
}

/// `monospec resolve | head -1`: the pipe closes in the middle of more than it holds.
#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let metrics: String = (0..500)
        .map(|i| format!("  queue_{i}: {{ type: gauge, help: Orders that wait. }}\n"))
        .collect();
    let head =
        "monospec: 1\nservice: { name: shop }\nscrape: { targets: [\"localhost:1\"] }\nmetrics:\n";
    let project = Project::new(&[("monospec.yaml", &format!("{head}{metrics}"))]);
    let whole = project.monospec(&["resolve"]).stdout;
    assert!(whole.len() > 1 << 16, "it fits into the pipe");
    let mut child = monospec(&["resolve"])
        .current_dir(project.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("monospec runs");
    let mut line = String::new();
    let mut stdout = BufReader::with_capacity(16, child.stdout.take().expect("a pipe"));
    stdout.read_line(&mut line).expect("a line");
    drop(stdout);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!((line.as_str(), output.status.code()), ("{\n", Some(0)));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_is_lost_is_an_error() {
    let full = File::options()
        .write(true)
        .open("/dev/full")
        .expect("the device that is always full");
    let output = monospec(&["schema"])
        .stdout(full)
        .output()
        .expect("monospec runs");
    assert_eq!(output.status.code(), Some(2));
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(
        message.starts_with("error: cannot write to stdout: "),
        "{message}"
    );
}
