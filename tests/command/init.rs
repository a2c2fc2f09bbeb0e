//! The first spec: it compiles, without a finding, into what Prometheus takes.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::{Project, Run, promtool};

fn spec(project: &Project, folder: &str) -> String {
    let path = project.path().join(folder).join("spec/monospec.yaml");
    fs::read_to_string(path).expect("the spec")
}

/// Nothing is found in it, and Prometheus takes what comes of it.
#[track_caller]
fn assert_good(project: &Project, folder: &str) {
    let inside = project.path().join(folder);
    let spec = inside.join("spec/monospec.yaml");
    let spec = spec.to_str().expect("UTF-8");
    let run = project.monospec(&["lint", "--deny-warnings", spec]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(run.stderr.ends_with(": no findings\n"), "{}", run.stderr);
    let run = project.monospec(&["generate", spec]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let run = project.monospec(&["check", spec]);
    assert_eq!(run.status, Some(0), "{}{}", run.stdout, run.stderr);
    let rules = promtool::check_rules(&[inside.join("generated/alerts.yml")]);
    assert_eq!(rules, Ok(()));
    let configs = promtool::check_configs(&[inside.join("generated/prometheus.yml")]);
    assert_eq!(configs, Ok(()));
}

/// The refusal, and that nothing was written.
#[track_caller]
fn assert_refused(run: &Run, words: &str) {
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""));
    assert_eq!(run.stderr, words);
}

/// Every line of the spec is that of the template, but for the name; the case of the Rust target compiles its code.
#[test]
fn the_first_spec_is_the_case_of_the_rust_target() {
    let project = Project::new(&[]);
    let run = project.monospec(&["init", "my-service"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    let case =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rust_target/cases/init/monospec.yaml");
    let expected = fs::read_to_string(&case)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    let text = spec(&project, "my-service");
    if text != expected {
        fs::create_dir_all(case.parent().expect("a folder")).expect("a folder");
        fs::write(&case, text).expect("a file");
        panic!(
            "{} was not what `init` writes, and now is: renew what is expected of it",
            case.display()
        );
    }
    assert_good(&project, "my-service");
}

#[test]
fn the_next_steps_are_told() {
    let project = Project::new(&[]);
    let run = project.monospec(&["init"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    assert!(
        run.stdout
            .starts_with("created  spec/monospec.yaml\n\nNext\n"),
        "{}",
        run.stdout
    );
    for words in [
        "\n  monospec generate ",
        "monospec::build(\"spec/monospec.yaml\")",
        "\n  monospec = { path = \"../monospec\", default-features = false }\n",
        "docs/reference.md",
    ] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    let run = project.monospec(&["init", "services/shop"]);
    assert!(
        run.stdout
            .starts_with("created  services/shop/spec/monospec.yaml\n")
    );
    assert!(
        run.stdout.contains("\nNext, in services/shop\n"),
        "{}",
        run.stdout
    );
    let run = project.monospec(&["init", "json", "--format=json"]);
    let document: serde_json::Value = serde_json::from_str(&run.stdout).expect("one document");
    assert_eq!(document["files"][0]["change"], "created");
}

#[test]
fn a_spec_that_is_there_is_overwritten_only_by_force() {
    let project = Project::new(&[
        ("spec/monospec.yaml", "mine\n"),
        ("old/monospec.yaml", "mine\n"),
    ]);
    assert_refused(
        &project.monospec(&["init"]),
        "error: there is a spec already: spec/monospec.yaml\n  = help: `--force` overwrites it\n",
    );
    assert_eq!(spec(&project, ""), "mine\n");
    assert_refused(
        &project.monospec(&["init", "old"]),
        "error: there is a spec already: old/monospec.yaml\n  \
         = help: `--force` writes old/spec/monospec.yaml beside it, which is then found first\n",
    );
    assert!(!project.path().join("old/spec").exists());
    let run = project.monospec(&["init", "--force"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    assert!(run.stdout.starts_with("updated  spec/monospec.yaml\n"));
    assert_good(&project, "");
}

#[test]
fn the_service_is_called_like_its_folder() {
    let project = Project::new(&[]);
    for (folder, name) in [
        ("shop", "shop"),
        ("2048", "\"2048\""),
        ("true", "\"true\""),
        ("a b", "my-service"),
        ("ü", "my-service"),
    ] {
        assert_eq!(project.monospec(&["init", folder]).status, Some(0));
        let line = format!("\n  name: {name} #");
        assert!(spec(&project, folder).contains(&line), "{folder}");
        assert_good(&project, folder);
    }
}

#[test]
fn a_package_gives_its_name_and_description() {
    let manifest = |text: &str| format!("[package]\nname = \"shop\"\nedition = \"2024\"\n{text}");
    let project = Project::new(&[
        ("plain/Cargo.toml", &manifest("")),
        ("plain/src/lib.rs", ""),
        (
            "told/Cargo.toml",
            &manifest("description = \"\"\"\nSells: \\\"books\\\" # and\n  {more}\"\"\"\n"),
        ),
        ("told/src/lib.rs", ""),
        (
            "space/Cargo.toml",
            "[workspace]\nmembers = [\"shop\", \"tools/*\"]\n[workspace.package]\ndescription = \"Of all\"\n",
        ),
        (
            "space/shop/Cargo.toml",
            &manifest("description.workspace = true\n"),
        ),
        ("space/shop/src/main.rs", "fn main() {}"),
        (
            "space/tools/mend/Cargo.toml",
            "[package]\nname = \"_mend\"\nedition = \"2024\"\n",
        ),
        ("space/tools/mend/src/lib.rs", ""),
    ]);
    for (folder, description) in [
        ("plain", "# description: What it does, in a sentence"),
        ("told", r#"description: "Sells: \"books\" # and {more}""#),
        ("space/shop", "description: \"Of all\""),
    ] {
        let run = project.monospec(&["init", "--from-cargo", folder]);
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{folder}");
        let text = spec(&project, folder);
        assert!(text.contains("\n  name: shop #"), "{text}");
        assert!(text.contains(&format!("\n  {description}\n")), "{text}");
        assert_good(&project, folder);
    }
    assert_refused(
        &project.monospec(&["init", "--from-cargo", "space"]),
        "error: space/Cargo.toml is a workspace without a package of its own\n  \
         = help: name one of its members: `shop`, `tools/mend`\n",
    );
    assert_refused(
        &project.monospec(&["init", "--from-cargo", "space/tools/mend"]),
        "error: the package `_mend` has a name that a service cannot have\n  \
         = help: leave `--from-cargo` out, and set `service.name` in the spec\n",
    );
    assert!(!project.path().join("space/spec").exists());
}

#[test]
fn without_a_package_cargo_is_not_asked_in_vain() {
    let project = Project::new(&[
        ("broken/Cargo.toml", "nonsense"),
        ("empty/Cargo.toml", "[workspace]\nmembers = []\n"),
    ]);
    let run = project.monospec(&["init", "--from-cargo"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.starts_with("error: cannot read Cargo.toml: "),
        "{}",
        run.stderr
    );
    let run = project.monospec(&["init", "--from-cargo", "broken"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr
            .starts_with("error: cargo cannot read the package: "),
        "{}",
        run.stderr
    );
    let run = project.monospec(&["init", "--from-cargo", "empty"]);
    assert!(
        run.stderr.contains("it has no members yet"),
        "{}",
        run.stderr
    );
    let mut command: Command = super::monospec(&["init", "--from-cargo", "empty"]);
    let run = super::run(
        command
            .current_dir(project.path())
            .env("CARGO", "/nowhere/cargo"),
    );
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.starts_with("error: cannot run cargo: "),
        "{}",
        run.stderr
    );
    assert!(!project.path().join("spec").exists());
}
