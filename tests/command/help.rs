//! The help texts, as they stand in `help/`.

use std::fs;
use std::path::Path;

use super::{monospec, run};

/// Compares with the file, and brings the file up to date, so that the change is seen in a review.
#[track_caller]
fn assert_text(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/command/help")
        .join(name);
    let lines = text.replace("monospec.exe", "monospec");
    let text: String = lines
        .lines()
        .flat_map(|line| [line.trim_end(), "\n"])
        .collect();
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if expected.replace("\r\n", "\n") != text {
        fs::write(&path, &text).expect("the help text");
        panic!("{name} was not what the command prints, and now is: review the difference\n{text}");
    }
}

#[test]
fn every_command_explains_itself() {
    let help = run(&mut monospec(&["--help"]));
    assert_eq!((help.status, help.stderr.as_str()), (Some(0), ""));
    assert_text("monospec.txt", &help.stdout);
    for command in [
        "init",
        "lint",
        "generate",
        "check",
        "resolve",
        "schema",
        "completions",
        "man",
    ] {
        let help = run(&mut monospec(&[command, "--help"]));
        assert_eq!((help.status, help.stderr.as_str()), (Some(0), ""));
        assert!(help.stdout.contains("\nExamples:\n"), "{command}");
        assert!(help.stdout.contains("\nExit status:\n"), "{command}");
        assert_text(&format!("{command}.txt"), &help.stdout);
    }
}

#[test]
fn without_arguments_there_is_help_and_a_usage_error() {
    let bare = run(&mut monospec(&[]));
    let short = run(&mut monospec(&["-h"]));
    assert_eq!((bare.status, bare.stdout.as_str()), (Some(2), ""));
    assert_eq!(bare.stderr, short.stdout);
}

#[test]
fn the_version_is_the_packages() {
    let version = run(&mut monospec(&["--version"]));
    assert_eq!(version.status, Some(0));
    assert_eq!(
        version.stdout,
        format!("monospec {}\n", env!("CARGO_PKG_VERSION"))
    );
}
