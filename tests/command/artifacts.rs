//! Artefacts on the disk: written once, compared, told apart from what others wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::Project;

/// The repository's own spec, in a project of its own.
fn copy() -> Project {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/monospec.yaml");
    let text = fs::read_to_string(spec).expect("the spec");
    // Code is committed only when asked for, and is not what this is about.
    let (text, _) = text.split_once("\noutputs:").expect("outputs");
    Project::new(&[("spec/monospec.yaml", &format!("{text}\n"))])
}

const SMALL: &str = "monospec: 1
service: { name: shop }
scrape: { targets: [\"localhost:1\"] }
metrics:
  queue_length: { type: gauge, help: Orders that wait. }
alerts:
  QueueLong: { signal: queue_length, above: 10, severity: warning, summary: long }
dashboards:
  orders:
    title: Orders
    rows: [{ title: Orders, panels: [{ title: Queue, signal: queue_length }] }]
outputs: { schema: false }
lints: { missing-up-alert: allow }
";

fn small() -> Project {
    Project::new(&[("spec/monospec.yaml", SMALL)])
}

/// Every file below a folder, with its modification time.
fn files(folder: &Path) -> BTreeMap<PathBuf, SystemTime> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else {
            let modified = fs::metadata(&path).and_then(|about| about.modified());
            found.insert(path, modified.expect("a time"));
        }
    }
    found
}

#[test]
fn what_was_generated_is_what_check_expects() {
    let project = copy();
    let run = project.monospec(&["generate"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    assert!(
        run.stdout.contains("created  generated/prometheus.yml\n"),
        "{}",
        run.stdout
    );
    let run = project.monospec(&["check"]);
    assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
    assert!(
        run.stdout.ends_with(" artefacts are up to date\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn files_that_are_right_are_not_touched() {
    let project = copy();
    assert_eq!(project.monospec(&["generate"]).status, Some(0));
    let generated = project.path().join("generated");
    let past = SystemTime::now() - Duration::from_secs(3600);
    for path in files(&generated).keys() {
        let file = fs::File::options().write(true).open(path).expect("a file");
        file.set_modified(past).expect("a time");
    }
    let before = files(&generated);
    let run = project.monospec(&["generate"]);
    assert_eq!(run.status, Some(0));
    assert!(run.stdout.ends_with(" unchanged\n"), "{}", run.stdout);
    assert_eq!(files(&generated), before);
}

#[test]
fn an_edited_artefact_is_shown_with_what_mends_it() {
    let project = small();
    assert_eq!(project.monospec(&["generate"]).status, Some(0));
    let alerts = project.path().join("generated/alerts.yml");
    let text = fs::read_to_string(&alerts).expect("alerts");
    fs::write(&alerts, text.replace("> 10", "> 20")).expect("alerts");
    let run = project.monospec(&["check"]);
    assert_eq!(run.status, Some(1));
    for words in [
        "generated/alerts.yml differs\n",
        "--- generated/alerts.yml\n+++ generated/alerts.yml (generated)\n@@ ",
        "\n-          queue_length{job=\"shop\"} > 20\n+          queue_length{job=\"shop\"} > 10\n",
    ] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    let mending = "monospec generate";
    assert!(
        run.stderr
            .contains("1 file is not what spec/monospec.yaml says"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains(mending), "{}", run.stderr);
    let run = project.monospec(&["check", "--format", "github"]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stdout.contains("file=generated/alerts.yml"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains(mending), "{}", run.stdout);
    assert_eq!(project.monospec(&["generate"]).status, Some(0));
    assert_eq!(project.monospec(&["check"]).status, Some(0));
}

#[test]
fn missing_and_orphaned_files_are_drift() {
    let project = small();
    assert_eq!(project.monospec(&["generate"]).status, Some(0));
    fs::remove_file(project.path().join("generated/prometheus.yml")).expect("it was there");
    let spec = SMALL.replace("  orders:\n", "  sales:\n");
    fs::write(project.path().join("spec/monospec.yaml"), spec).expect("a spec");
    let run = project.monospec(&["check"]);
    assert_eq!(run.status, Some(1));
    for words in [
        "generated/prometheus.yml is missing\n",
        "generated/grafana/sales.json is missing\n",
        "generated/grafana/orders.json is no longer asked for\n",
    ] {
        assert!(run.stdout.contains(words), "{}", run.stdout);
    }
    // One target alone leaves the others, and orphans, as they are.
    let run = project.monospec(&["generate", "--only", "prometheus"]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert_eq!(
        run.stdout,
        "created  generated/prometheus.yml\n1 artefact: 1 created\n"
    );
    assert!(
        project
            .path()
            .join("generated/grafana/orders.json")
            .exists()
    );
    let run = project.monospec(&["generate"]);
    assert!(
        run.stdout
            .contains("removed  generated/grafana/orders.json\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.ends_with("; 1 orphan removed\n"),
        "{}",
        run.stdout
    );
    assert_eq!(project.monospec(&["check"]).status, Some(0));
}

#[test]
fn what_others_wrote_is_overwritten_only_by_force() {
    let project = small();
    let alerts = project.path().join("generated/alerts.yml");
    fs::create_dir_all(alerts.parent().expect("a folder")).expect("a folder");
    fs::write(&alerts, "groups: []\n").expect("a file");
    let run = project.monospec(&["check"]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stdout
            .contains("generated/alerts.yml differs and was not generated"),
        "{}",
        run.stdout
    );
    let run = project.monospec(&["generate"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr.contains("generated/alerts.yml"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("--force"), "{}", run.stderr);
    // Nothing else was written either.
    assert_eq!(files(&project.path().join("generated")).len(), 1);
    assert_eq!(fs::read_to_string(&alerts).expect("alerts"), "groups: []\n");
    assert_eq!(project.monospec(&["generate", "--force"]).status, Some(0));
    assert_eq!(project.monospec(&["check"]).status, Some(0));
}

#[test]
fn artefacts_go_below_another_folder_on_demand() {
    let project = small();
    let run = project.monospec(&["generate", "--out-dir", "build"]);
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.contains("created  build/generated/alerts.yml\n"),
        "{}",
        run.stdout
    );
    assert!(!project.path().join("generated").exists());
}

#[test]
fn outputs_that_are_off_are_not_written() {
    let off = "outputs: { prometheus: false, alerts: rules.yml, alert_tests: false, grafana: false, schema: false }\n";
    let spec = SMALL.replace("outputs: { schema: false }\n", off);
    let project = Project::new(&[("monospec.yaml", &spec)]);
    let run = project.monospec(&["generate"]);
    assert_eq!(
        (run.status, run.stdout.as_str()),
        (Some(0), "created  rules.yml\n1 artefact: 1 created\n")
    );
    let run = project.monospec(&["generate", "--only", "grafana"]);
    assert_eq!(run.status, Some(2));
    assert!(
        run.stderr
            .contains("asks for no file of the target `grafana`"),
        "{}",
        run.stderr
    );

    fs::write(
        project.path().join("monospec.yaml"),
        spec.replace("rules.yml", "false"),
    )
    .expect("a spec");
    for command in ["generate", "check"] {
        let run = project.monospec(&[command]);
        assert_eq!(run.status, Some(2), "{command}");
        assert!(
            run.stderr.contains("every one of its outputs is off"),
            "{}",
            run.stderr
        );
    }
}
