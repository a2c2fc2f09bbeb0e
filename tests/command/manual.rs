//! What is made of the definition of the command: completions for shells, and manual pages.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Stdio};

use super::{Project, monospec, run};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

#[test]
fn shells_are_told_of_commands_and_options() {
    for shell in SHELLS {
        let run = run(&mut monospec(&["completions", shell]));
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{shell}");
        for word in ["generate", "deny-warnings", "from-cargo"] {
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
    let run = run(&mut monospec(&["completions", "tcsh"]));
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
}

/// Has bash complete what was typed; nothing but the last word may be incomplete.
fn completed(typed: &[&str]) -> Vec<String> {
    let script = run(&mut monospec(&["completions", "bash"])).stdout;
    let mut bash = Command::new("bash")
        .args(["--norc", "--noprofile", "-s", "--"])
        .args(typed)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run bash: {error}. Install bash"));
    let ask = "COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1))
        _monospec \"$1\" \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"
        printf '%s\\n' \"${COMPREPLY[@]}\"\n";
    let mut stdin = bash.stdin.take().expect("a pipe");
    write!(stdin, "{script}\n{ask}").expect("bash reads");
    drop(stdin);
    let output = bash.wait_with_output().expect("it ends");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes() {
    assert_eq!(completed(&["monospec", "gen"]), ["generate"]);
    assert_eq!(
        completed(&["monospec", "lint", "--deny"]),
        ["--deny-warnings"]
    );
    assert_eq!(
        completed(&["monospec", "check", "--format", ""]),
        ["human", "json", "github", "sarif"]
    );
}

#[test]
fn every_command_has_a_page() {
    let project = Project::new(&[]);
    let run = project.monospec(&["man", "man1"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(run.stdout, "11 pages are in man1\n");
    let help = project.monospec(&["--help"]).stdout;
    let (_, commands) = help.split_once("Commands:\n").expect("commands");
    let commands = commands
        .lines()
        .map_while(|line| line.split_whitespace().next());
    let mut expected: Vec<String> = commands
        .filter(|name| *name != "help")
        .map(|name| format!("monospec-{name}.1"))
        .collect();
    expected.push("monospec.1".to_owned());
    expected.sort();
    let mut pages: Vec<String> = fs::read_dir(project.path().join("man1"))
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    pages.sort();
    assert_eq!(pages, expected);

    let main = fs::read_to_string(project.path().join("man1/monospec.1")).expect("the page");
    assert_eq!(project.monospec(&["man"]).stdout, main);
    for page in &pages {
        let text = fs::read_to_string(project.path().join("man1").join(page)).expect("a page");
        let name = page.trim_end_matches(".1");
        let title = format!(".TH {name} 1 ");
        assert!(text.lines().any(|line| line.starts_with(&title)), "{text}");
        for section in [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH OPTIONS"] {
            assert!(
                text.lines().any(|line| line == section),
                "{page}: {section}"
            );
        }
        assert!(text.contains("Exit status:"), "{page}");
    }
}
