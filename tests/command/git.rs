//! `check` in a repository of git: what it does not track, a clone does not have.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::Project;

const SPEC: &str = "monospec: 1
service: { name: shop }
scrape: { targets: [\"localhost:1\"] }
outputs: { grafana: false, alert_tests: false, schema: false }
";

/// The real git, in surroundings that are the same everywhere.
fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=test",
            "-c",
            "user.email=test@example.com",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap_or_else(|error| {
            panic!("cannot run git: {error}. Install it, or put it on the PATH")
        });
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {words}");
    words
}

/// A project in a repository, its artefacts written and nothing committed but the spec.
fn project(spec: &str) -> Project {
    let project = Project::new(&[(spec, SPEC)]);
    git(project.path(), &["init", "--quiet"]);
    git(project.path(), &["add", spec]);
    let run = project.monospec(&["generate", spec]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    project
}

#[test]
fn what_git_does_not_track_is_told_until_it_is_staged() {
    let project = project("spec/monospec.yaml");
    let run = project.monospec(&["check"]);
    assert_eq!(run.status, Some(1));
    assert_eq!(
        run.stdout,
        "generated/alerts.yml is not tracked by git\ngenerated/prometheus.yml is not tracked by git\n"
    );
    assert_eq!(
        run.stderr,
        "error: 2 files are not tracked by git, and would be missing in a clone\n  \
         = help: run `git add generated/alerts.yml generated/prometheus.yml`\n"
    );
    git(
        project.path(),
        &["add", "generated/alerts.yml", "generated/prometheus.yml"],
    );
    let run = project.monospec(&["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    git(project.path(), &["commit", "--quiet", "--message", "all"]);
    assert_eq!(project.monospec(&["check"]).status, Some(0));
    // From inside of a folder, too.
    let mut command = super::monospec(&["check", "monospec.yaml"]);
    let run = super::run(command.current_dir(project.path().join("spec")));
    assert_eq!(run.status, Some(0), "{}", run.stdout);
}

#[test]
fn what_git_ignores_is_told() {
    let project = project("spec/monospec.yaml");
    fs::write(project.path().join(".gitignore"), "*.yml\n").expect("a file");
    git(project.path(), &["add", "--force", "generated/alerts.yml"]);
    let run = project.monospec(&["check"]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (Some(1), "generated/prometheus.yml is ignored by git\n")
    );
    assert!(
        run.stderr
            .ends_with("help: run `git add --force generated/prometheus.yml`\n"),
        "{}",
        run.stderr
    );
    let run = project.monospec(&["check", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).expect("one document");
    assert_eq!(
        document["drift"],
        serde_json::json!([{ "path": "generated/prometheus.yml", "kind": "ignored", "diff": null }])
    );
    let run = project.monospec(&["check", "--format", "github"]);
    assert_eq!(
        run.stdout,
        "::error file=generated/prometheus.yml,title=drift::generated/prometheus.yml is ignored by git%0A\
         run `git add --force generated/prometheus.yml`\n"
    );
}

#[test]
fn each_kind_of_drift_has_what_mends_it() {
    let project = project("spec/monospec.yaml");
    let alerts = project.path().join("generated/alerts.yml");
    fs::write(&alerts, "groups: []\n").expect("a file");
    git(project.path(), &["add", "generated/alerts.yml"]);
    let run = project.monospec(&["check"]);
    assert_eq!(run.status, Some(1));
    for words in [
        "error: 1 file is not what spec/monospec.yaml says\n  = help: run `monospec generate spec/monospec.yaml --force`\n",
        "error: 1 file is not tracked by git, and would be missing in a clone\n  = help: run `git add generated/prometheus.yml`\n",
    ] {
        assert!(run.stderr.contains(words), "{}", run.stderr);
    }
}

#[test]
fn a_project_that_git_does_not_know_is_left_alone() {
    // No repository; one without the spec; a folder of a larger one that ignores all of it.
    let project = Project::new(&[("spec/monospec.yaml", SPEC)]);
    assert_eq!(project.monospec(&["generate"]).status, Some(0));
    assert_eq!(project.monospec(&["check"]).status, Some(0));
    git(project.path(), &["init", "--quiet"]);
    assert_eq!(project.monospec(&["check"]).status, Some(0));
    fs::write(project.path().join(".gitignore"), "*\n").expect("a file");
    assert_eq!(project.monospec(&["check"]).status, Some(0));
}

#[test]
fn without_git_nothing_is_said() {
    let project = project("spec/monospec.yaml");
    let mut command = super::monospec(&["check"]);
    let run = super::run(
        command
            .current_dir(project.path())
            .env("PATH", project.path()),
    );
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    // A repository that git refuses to read.
    fs::remove_file(project.path().join(".git/HEAD")).expect("it was there");
    assert_eq!(project.monospec(&["check"]).status, Some(0));
}

/// A hook runs with the index of the commit that is being made, and at the top of the repository.
#[test]
#[cfg(unix)]
fn a_hook_of_git_sees_what_will_be_committed() {
    use std::os::unix::fs::PermissionsExt as _;

    let spec = "services/the shop/spec/monospec.yaml";
    let project = project(spec);
    let hook = project.path().join(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().expect("a folder")).expect("a folder");
    let text = format!(
        "#!/bin/sh\nexec '{}' check '{spec}'\n",
        env!("CARGO_BIN_EXE_monospec")
    );
    fs::write(&hook, text).expect("a hook");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("a hook");
    let commit = |arguments: &[&str]| {
        let mut all = vec![
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "commit",
            "--quiet",
            "--message",
            "all",
        ];
        all.extend(arguments);
        let output = Command::new("git")
            .args(all)
            .current_dir(project.path())
            .output();
        let output = output.expect("git runs");
        (
            output.status.success(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (done, words) = commit(&[]);
    assert!(!done);
    let mending = "git add 'services/the shop/generated/alerts.yml' 'services/the shop/generated/prometheus.yml'";
    assert!(words.contains(mending), "{words}");
    git(project.path(), &["add", "services"]);
    let (done, words) = commit(&["--all"]);
    assert!(done, "{words}");
    let target = project
        .path()
        .join("services/the shop/generated/alerts.yml");
    fs::write(&target, "").expect("a file");
    let (done, words) = commit(&["--all"]);
    assert!(!done && words.contains("1 file is not what"), "{words}");
}
