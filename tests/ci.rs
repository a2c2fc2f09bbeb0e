//! What docs/ci.md shows works: with the real pre-commit, the schemas of GitHub and GitLab, and a shell.
#![cfg(all(feature = "cli", unix))]

#[path = "support/folder.rs"]
mod folder;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use folder::Folder;

const PAGE: &str = include_str!("../docs/ci.md");

const SPEC: &str = "monospec: 1
service: { name: shop }
scrape: { targets: [\"localhost:1\"] }
outputs: { grafana: false, schema: false, alert_tests: false }
";

/// The blocks of the page in a language that hold some words.
fn block(language: &str, words: &str) -> &'static str {
    let fence = format!("```{language}\n");
    let blocks = PAGE.split(&fence).skip(1);
    let mut blocks = blocks.map(|block| block.split_once("```").expect("its end").0);
    let found = blocks.find(|block| block.contains(words));
    found.unwrap_or_else(|| panic!("the page has no block with {words}"))
}

/// A program that scripts/test installs for the tests.
fn python(name: &str) -> PathBuf {
    let program = root().join("target/python/bin").join(name);
    assert!(
        program.exists(),
        "{} is missing: scripts/test installs it, from tests/requirements.txt",
        program.display()
    );
    program
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A command that finds monospec and does not see the surroundings' configuration of git.
fn command(program: impl AsRef<Path>, folder: &Folder) -> Command {
    let monospec = Path::new(env!("CARGO_BIN_EXE_monospec"));
    let mut path = vec![monospec.parent().expect("a folder").to_owned()];
    path.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    let mut command = Command::new(program.as_ref());
    command
        .current_dir(folder.path())
        .env("PATH", env::join_paths(path).expect("a path"))
        .env("PRE_COMMIT_HOME", folder.path().join(".git/pre-commit"))
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    command
}

/// Whether it went well, and all that it printed.
fn run(command: &mut Command) -> (bool, String) {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("cannot run {:?}: {error}", command.get_program()));
    let words = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&words).into_owned(),
    )
}

fn git(folder: &Folder, arguments: &[&str]) -> String {
    let mut command = command("git", folder);
    command.args(["-c", "user.name=test", "-c", "user.email=test@example.com"]);
    let (done, words) = run(command.args(arguments));
    assert!(done, "git {arguments:?}: {words}");
    words.trim().to_owned()
}

#[test]
fn pre_commit_runs_the_hooks_of_a_clone() {
    let hooks = Folder::new();
    let manifest = fs::read(root().join(".pre-commit-hooks.yaml")).expect("the hooks");
    hooks.write(".pre-commit-hooks.yaml", manifest);
    git(&hooks, &["init", "--quiet"]);
    git(&hooks, &["add", "."]);
    git(&hooks, &["commit", "--quiet", "--message", "hooks"]);
    let (done, words) =
        run(command(python("pre-commit"), &hooks)
            .args(["validate-manifest", ".pre-commit-hooks.yaml"]));
    assert!(done, "{words}");

    let project = Folder::new();
    let config = block("yaml", "repos:")
        .replace(
            "https://github.com/OWNER/monospec",
            &hooks.path().display().to_string(),
        )
        .replace("v0.1.0", &git(&hooks, &["rev-parse", "HEAD"]))
        // What the page says to those who have it installed: here nobody waits for a build.
        .replace(
            "- id: monospec-generate",
            "- id: monospec-generate\n        language: system",
        )
        .replace(
            "- id: monospec-check",
            "- id: monospec-check\n        language: system",
        );
    project.write(".pre-commit-config.yaml", config);
    project.write("spec/monospec.yaml", SPEC);
    git(&project, &["init", "--quiet"]);
    git(&project, &["add", "."]);
    let pre_commit =
        || run(command(python("pre-commit"), &project).args(["run", "--color", "never"]));

    // New artefacts are written, and have to be added.
    let (done, words) = pre_commit();
    assert!(!done, "{words}");
    assert!(
        words.contains("run `git add generated/alerts.yml generated/prometheus.yml`"),
        "{words}"
    );
    git(&project, &["add", "."]);
    let (done, words) = pre_commit();
    assert!(done && words.matches("Passed").count() == 2, "{words}");
    git(&project, &["commit", "--quiet", "--message", "all"]);

    // A change of the spec renews them, which stops the commit once.
    project.write(
        "spec/monospec.yaml",
        SPEC.replace("localhost:1", "localhost:2"),
    );
    git(&project, &["add", "spec"]);
    let (done, words) = pre_commit();
    assert!(
        !done && words.contains("files were modified by this hook"),
        "{words}"
    );
    git(&project, &["add", "generated"]);
    let (done, words) = pre_commit();
    assert!(done, "{words}");

    // An error stops it, too.
    project.write("spec/monospec.yaml", SPEC.replace("service", "sevice"));
    git(&project, &["add", "spec"]);
    let (done, words) = pre_commit();
    assert!(
        !done && words.contains("error[unknown-key]: `sevice` is not a key here"),
        "{words}"
    );
}

#[test]
fn what_runs_in_ci_is_what_its_hosts_read() {
    let folder = Folder::new();
    for (name, text) in [
        ("workflow.yml", block("yaml", "name: monitoring")),
        ("scanning.yml", block("yaml", "name: code scanning")),
        ("gitlab.yml", block("yaml", "image: rust")),
    ] {
        folder.write(name, text);
    }
    folder.write(
        "action.yml",
        fs::read(root().join("action.yml")).expect("the action"),
    );
    for (schema, file) in [
        ("vendor.github-workflows", "workflow.yml"),
        ("vendor.github-workflows", "scanning.yml"),
        ("vendor.gitlab-ci", "gitlab.yml"),
        ("vendor.github-actions", "action.yml"),
    ] {
        let mut check = command(python("check-jsonschema"), &folder);
        let (done, words) = run(check.args(["--builtin-schema", schema, file]));
        assert!(done, "{file}: {words}");
    }
    let rust = fs::read_to_string(root().join("Cargo.toml")).expect("Cargo.toml");
    let version = rust
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "));
    let image = format!(
        "image: rust:{}\n",
        version.expect("a version").trim_matches('"')
    );
    assert!(PAGE.contains(&image), "{image}");
}

/// The steps of the action that are ours, as a runner runs them; that monospec is built is not tried here.
#[test]
fn the_steps_of_the_action_run() {
    let folder = Folder::new();
    folder.write("my shop/spec/monospec.yaml", SPEC);
    let steps = steps(&fs::read_to_string(root().join("action.yml")).expect("the action"));
    let [sources, check] = steps.as_slice() else {
        panic!("{steps:?}")
    };
    let shell = |script: &str| {
        let mut bash = command("bash", &folder);
        bash.args(["-e", "-o", "pipefail", "-c", script]);
        bash.env("GITHUB_OUTPUT", folder.path().join("output"));
        bash.env("GITHUB_PATH", folder.path().join("path"));
        bash.env("HOME", folder.path());
        bash
    };
    let (done, words) = run(shell(sources).current_dir(root()));
    assert!(done, "{words}");
    let output = fs::read_to_string(folder.path().join("output")).expect("an output");
    let hash = output.trim().strip_prefix("hash=").expect("a hash");
    assert!(
        hash.len() == 40 && hash.chars().all(|c| c.is_ascii_hexdigit()),
        "{output}"
    );

    let (done, words) = run(shell(check).env("SPEC", "my shop/spec/monospec.yaml"));
    assert!(!done, "{words}");
    assert!(
        words.starts_with("::error file=my shop/generated/alerts.yml,title=drift::"),
        "{words}"
    );
    let (done, words) = run(shell(check).env("SPEC", ""));
    assert!(!done && words.contains("there is no spec here"), "{words}");
}

/// The scripts of an action that stand on lines of their own.
fn steps(action: &str) -> Vec<String> {
    let scripts = action.split("      run: |\n").skip(1);
    scripts
        .map(|rest| {
            let lines = rest.lines().take_while(|line| line.starts_with("        "));
            lines
                .map(|line| line.trim_start().to_owned() + "\n")
                .collect()
        })
        .collect()
}

#[test]
fn a_loop_over_specs_tells_that_one_has_drifted() {
    let folder = Folder::new();
    for service in ["orders", "shop"] {
        folder.write(&format!("services/{service}/spec/monospec.yaml"), SPEC);
        let mut generate = command(env!("CARGO_BIN_EXE_monospec"), &folder);
        let spec = format!("services/{service}/spec/monospec.yaml");
        assert!(run(generate.args(["generate", &spec])).0);
    }
    let script = block("sh", "for spec in");
    let (done, words) = run(command("sh", &folder).args(["-c", script]));
    assert!(
        done && words.matches("2 artefacts are up to date").count() == 2,
        "{words}"
    );
    folder.write("services/orders/generated/alerts.yml", "");
    let output = command("sh", &folder)
        .args(["-c", script])
        .output()
        .expect("a shell");
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stdout).contains("2 artefacts are up to date"));
}
