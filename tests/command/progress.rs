//! What those see who wait at a terminal. `script` (util-linux) is the terminal.
//!
//! The spec is a named pipe: the command reads it until the test writes it, however long that takes.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use super::{Project, monospec, run};

const SPEC: &str = "monospec: 1\nservice: { name: shop }\nscrape: { targets: [\"localhost:1\"] }\n";
const LINE: &str = "\rmonospec: reading …";

/// A project whose spec nobody has written yet.
fn unwritten() -> Project {
    let project = Project::new(&[]);
    let made = Command::new("mkfifo")
        .arg(project.path().join("monospec.yaml"))
        .status()
        .expect("mkfifo runs");
    assert!(made.success());
    project
}

fn write_spec(project: &Project) {
    let mut pipe = File::options()
        .write(true)
        .open(project.path().join("monospec.yaml"))
        .expect("the pipe");
    pipe.write_all(SPEC.as_bytes()).expect("the command reads");
}

/// A command in a terminal, ended with the test.
struct Terminal {
    child: Child,
    screen: ChildStdout,
}

impl Terminal {
    fn start(folder: &Path, arguments: &str) -> Self {
        let program = env!("CARGO_BIN_EXE_monospec");
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--echo", "never", "--command"])
            .arg(format!("'{program}' {arguments}"))
            .arg("/dev/null")
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run script: {error}. Install util-linux"));
        let screen = child.stdout.take().expect("a pipe");
        Self { child, screen }
    }

    /// What is printed until these words stand at its end.
    fn read_until(&mut self, words: &str) -> String {
        let mut text = Vec::new();
        while !text.ends_with(words.as_bytes()) {
            let mut byte = [0];
            let count = self.screen.read(&mut byte).expect("the screen");
            assert!(
                count > 0,
                "{:?} and no more",
                String::from_utf8_lossy(&text)
            );
            text.push(byte[0]);
        }
        String::from_utf8(text).expect("UTF-8")
    }

    fn end(mut self) -> (String, Option<i32>) {
        let mut text = String::new();
        self.screen.read_to_string(&mut text).expect("the screen");
        (text, self.child.wait().expect("it ends").code())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn who_waits_is_told_what_for() {
    for (arguments, end) in [
        ("lint", "monospec.yaml: no findings\r\n"),
        ("generate", "7 artefacts: 7 created\r\n"),
    ] {
        let project = unwritten();
        let mut terminal = Terminal::start(project.path(), arguments);
        assert_eq!(terminal.read_until(LINE), LINE, "nothing before it");
        write_spec(&project);
        let (text, status) = terminal.end();
        assert_eq!(status, Some(0), "{text}");
        assert!(text.ends_with(end), "{text:?}");
        // What stays on each line is what was written after the last return to its beginning.
        let lines = text.replace("\r\n", "\n");
        let stay = lines.lines().filter_map(|line| line.rsplit('\r').next());
        for line in stay {
            assert!(!line.contains("monospec: "), "{text:?}");
        }
        // The line is erased before something else is printed.
        let (before, _) = text.split_once("\r\n").expect("lines");
        let blank = before.rsplit('\r').nth(1).expect("what erases");
        assert!(
            blank.len() >= "monospec: reading …".chars().count(),
            "{text:?}"
        );
        assert_eq!(blank.trim_end_matches(' '), "", "{text:?}");
        if arguments == "generate" {
            for stage in [
                "resolving",
                "rendering prometheus",
                "writing 1 of 7",
                "writing 7 of 7",
            ] {
                assert!(text.contains(&format!("\rmonospec: {stage} …")), "{text:?}");
            }
        }
    }
}

#[test]
fn who_does_not_wait_is_told_nothing() {
    let project = Project::new(&[("monospec.yaml", SPEC)]);
    // A machine that takes more than a second for this is not what this is about: then the line is erased.
    let (text, status) = Terminal::start(project.path(), "lint").end();
    assert_eq!(status, Some(0));
    assert!(text.ends_with("monospec.yaml: no findings\r\n"), "{text:?}");
}

#[test]
fn programs_are_told_nothing() {
    let project = unwritten();
    thread::scope(|scope| {
        let lint = scope.spawn(|| run(monospec(&["lint"]).current_dir(project.path())));
        // Longer than people have patience.
        thread::sleep(Duration::from_millis(1500));
        write_spec(&project);
        let run = lint.join().expect("it ran");
        assert_eq!(run.stderr, "monospec.yaml: no findings\n");
    });
    let mut terminal = Terminal::start(project.path(), "lint --format=json");
    thread::sleep(Duration::from_millis(1500));
    write_spec(&project);
    let text = terminal.read_until("}\r\n");
    assert!(text.starts_with("{\r\n"), "{text:?}");
    fs::remove_file(project.path().join("monospec.yaml")).expect("the pipe");
}
