//! The command from outside: what it prints, where, and how it ends.
#![cfg(feature = "cli")]

mod artifacts;
mod clock;
mod environments;
mod explain;
mod fix;
mod forty;
mod git;
mod help;
mod init;
#[cfg(target_os = "linux")]
mod killed;
mod manual;
mod mistakes;
mod neighbours;
#[cfg(target_os = "linux")]
mod progress;
#[path = "../support/promtool.rs"]
mod promtool;
mod proofs;
mod sarif;
mod streams;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A run that ended.
struct Run {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

/// The command, in surroundings that are the same everywhere.
fn monospec(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_monospec"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "CI"] {
        command.env_remove(variable);
    }
    command
        .args(arguments)
        .env("COLUMNS", "100")
        .stdin(Stdio::null());
    command
}

fn run(command: &mut Command) -> Run {
    let output = command.output().expect("monospec runs");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Run {
        status: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}

/// A project of the test's own; it goes when the test ends.
struct Project(PathBuf);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "monospec-command-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let root = std::env::temp_dir().join(name);
        for (path, text) in files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        fs::create_dir_all(&root).expect("a folder");
        Self(root)
    }

    fn monospec(&self, arguments: &[&str]) -> Run {
        run(monospec(arguments).current_dir(&self.0))
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Not a spec: one error, at a known place.
const BROKEN: &str = "monospec: 1\nservice: { name: shop }\nmetrix: {}\n";

const COMMANDS_WITH_SPEC: [&str; 4] = ["lint", "generate", "check", "resolve"];

#[test]
fn a_spec_is_looked_for_in_two_places() {
    let none = Project::new(&[]);
    for command in COMMANDS_WITH_SPEC {
        let run = none.monospec(&[command]);
        assert_eq!(run.status, Some(2), "{command}");
        assert_eq!(run.stdout, "");
        assert!(
            run.stderr.starts_with(
                "error: there is no spec here, neither `spec/monospec.yaml` nor `monospec.yaml`\n"
            ),
            "{}",
            run.stderr
        );
    }
    let beside = Project::new(&[("monospec.yaml", BROKEN)]);
    assert!(
        beside
            .monospec(&["lint"])
            .stderr
            .contains(" monospec.yaml:3:1\n")
    );
    let both = Project::new(&[("monospec.yaml", BROKEN), ("spec/monospec.yaml", BROKEN)]);
    let run = both.monospec(&["lint"]);
    assert!(
        run.stderr.contains(" spec/monospec.yaml:3:1\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_spec_that_cannot_be_read_is_named() {
    let project = Project::new(&[]);
    for command in COMMANDS_WITH_SPEC {
        for format in ["human", "json"] {
            let run = project.monospec(&[command, "gone.yaml", "--format", format]);
            assert_eq!(run.status, Some(2));
            assert_eq!(run.stdout, "");
            assert!(
                run.stderr.starts_with("error: cannot read gone.yaml: "),
                "{}",
                run.stderr
            );
        }
    }
    let run = project.monospec(&["lint", "gone.yaml", "--format", "github"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stdout
            .starts_with("::error title=monospec::cannot read gone.yaml")
    );
}

#[test]
fn findings_are_for_people_or_for_programs() {
    let project = Project::new(&[("spec/monospec.yaml", BROKEN)]);
    let run = project.monospec(&["lint"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    assert!(run.stderr.starts_with("error["), "{}", run.stderr);
    assert!(
        run.stderr.contains("--> spec/monospec.yaml:3:1\n"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.ends_with("\n\nspec/monospec.yaml: 1 error\n"),
        "{}",
        run.stderr
    );

    let run = project.monospec(&["lint", "--format", "json"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("one document");
    assert_eq!(document["errors"], 1);
    assert_eq!(document["warnings"], 0);
    let finding = &document["findings"][0];
    assert_eq!(
        (&finding["line"], &finding["column"]),
        (&3.into(), &1.into())
    );
    assert_eq!(document.get("drift").or(document.get("files")), None);

    let run = project.monospec(&["--format=github", "lint"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(1), ""));
    assert!(
        run.stdout
            .starts_with("::error file=spec/monospec.yaml,line=3,endLine=3,col=1"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_spec_with_an_error_writes_and_compares_nothing() {
    let project = Project::new(&[("spec/monospec.yaml", BROKEN)]);
    for (command, consequence, key) in [
        ("generate", "nothing was written", "files"),
        ("check", "nothing was compared", "drift"),
    ] {
        let run = project.monospec(&[command]);
        assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
        let end = format!("\nspec/monospec.yaml: 1 error; {consequence}\n");
        assert!(run.stderr.ends_with(&end), "{}", run.stderr);

        let run = project.monospec(&[command, "--format", "json"]);
        let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("one document");
        assert_eq!(document["errors"], 1);
        assert_eq!(document[key], serde_json::json!([]));
    }
    let run = project.monospec(&["resolve", "--format", "json"]);
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr.ends_with("; there is no model\n"),
        "{}",
        run.stderr
    );
    let left: Vec<_> = fs::read_dir(project.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn the_hash_of_a_spec_is_that_in_its_code() {
    let spec = "monospec: 1\nservice: { name: shop }\noutputs: { rust: code.rs }\n";
    let project = Project::new(&[("monospec.yaml", spec)]);
    assert_eq!(project.monospec(&["generate"]).status, Some(0));
    let run = project.monospec(&["resolve"]);
    let model: serde_json::Value = serde_json::from_str(&run.stdout).expect("one document");
    let hash = model["spec_hash"].as_str().expect("a text");
    let code = fs::read_to_string(project.path().join("code.rs")).expect("code");
    assert!(code.contains(&format!("spec_info(\"{hash}\")")), "{code}");
}

#[test]
fn a_clean_spec_is_said_to_be_clean() {
    let project = Project::new(&[(
        "spec/monospec.yaml",
        "monospec: 1\nservice: { name: shop, owner: web }\nscrape: { targets: [\"localhost:1\"] }\n",
    )]);
    let run = project.monospec(&["lint", "--deny-warnings"]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert_eq!(run.stdout, "");
    assert_eq!(run.stderr, "spec/monospec.yaml: no findings\n");
}

#[test]
fn wrong_usage_is_status_2() {
    let project = Project::new(&[("spec/monospec.yaml", BROKEN)]);
    for (arguments, words) in [
        (
            &["generate", "--only", "nonsense"][..],
            "invalid value 'nonsense' for '--only <TARGETS>'",
        ),
        (
            &["lint", "--format", "xml"],
            "[possible values: human, json, github, sarif]",
        ),
        (
            &["lint", "--color", "sometimes"],
            "[possible values: auto, always, never]",
        ),
        (&["lnit"], "'lint'"),
        (&["lint", "a", "b"], "unexpected argument 'b'"),
    ] {
        let run = project.monospec(arguments);
        assert_eq!(run.status, Some(2), "{arguments:?}");
        assert_eq!(run.stdout, "");
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn the_schema_is_printed() {
    let run = run(&mut monospec(&["schema"]));
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let schema: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(schema["properties"]["metrics"].is_object());
    assert!(run.stdout.ends_with("}\n"));
}
