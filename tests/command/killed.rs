//! `generate` killed, or refused, at every step. `strace` does it: it sees every system call, and sends the signal on entering one.
//!
//! Between two system calls a process changes nothing that outlives it, so that these are all the places there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use super::Project;

const OLD: &str = "monospec: 1
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
outputs: { schema: false, rust: generated/metrics.rs }
lints: { missing-up-alert: allow }
";

/// Three files have other bytes, two are new, and one is no longer asked for.
fn new() -> String {
    OLD.replace("localhost:1", "localhost:2")
        .replace("above: 10", "above: 20")
        .replace("Orders that wait", "Orders in the queue")
        .replace("  orders:\n", "  sales:\n")
        .replace("schema: false, ", "")
}

type Files = BTreeMap<String, Vec<u8>>;

/// Every file below the folder of the artefacts.
fn files(project: &Project) -> Files {
    fn walk(folder: &Path, root: &Path, found: &mut Files) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, root, found);
            } else {
                let name = path
                    .strip_prefix(root)
                    .expect("below")
                    .display()
                    .to_string();
                found.insert(name, fs::read(&path).expect("a file"));
            }
        }
    }
    let mut found = Files::new();
    let root = project.path().join("generated");
    walk(&root, &root, &mut found);
    found
}

/// A project in which the old artefacts are replaced by the new ones, again and again.
struct Scene {
    project: Project,
    old: Files,
    new: Files,
}

impl Scene {
    fn new() -> Self {
        let project = Project::new(&[("spec/monospec.yaml", OLD)]);
        let generate = || {
            let run = project.monospec(&["generate"]);
            assert_eq!(run.status, Some(0), "{}", run.stderr);
            files(&project)
        };
        let old = generate();
        fs::write(project.path().join("spec/monospec.yaml"), new()).expect("a spec");
        let new = generate();
        let changed = |(path, bytes): &(&String, &Vec<u8>)| old.get(*path) != Some(bytes);
        assert_eq!(new.iter().filter(changed).count(), CHANGED);
        assert_eq!(
            old.keys().filter(|path| !new.contains_key(*path)).count(),
            1
        );
        Self { project, old, new }
    }

    /// Makes the disk what it was before.
    fn reset(&self) {
        let root = self.project.path().join("generated");
        fs::remove_dir_all(&root).expect("a folder");
        for (path, bytes) in &self.old {
            let path = root.join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
    }

    /// `monospec generate` below strace, and how it ended: nothing where it was killed.
    fn traced(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = Command::new("strace")
            .args(["-f", "-qq"])
            .args(arguments)
            .args([
                "-o",
                "trace.txt",
                "--",
                env!("CARGO_BIN_EXE_monospec"),
                "generate",
            ])
            .current_dir(self.project.path())
            .output()
            .unwrap_or_else(|error| {
                panic!("cannot run strace: {error}. Install the package `strace` of your system")
            });
        let words = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !words.contains("strace: "),
            "strace cannot trace here: {words}"
        );
        (output.status.code(), words)
    }

    /// The names of the system calls that it makes.
    fn system_calls(&self) -> BTreeSet<String> {
        self.reset();
        assert_eq!(self.traced(&[]).0, Some(0));
        let trace = fs::read_to_string(self.project.path().join("trace.txt")).expect("a trace");
        trace
            .lines()
            .filter_map(|line| line.split_once('(')?.0.split_whitespace().last())
            .map(str::to_owned)
            .collect()
    }

    /// Every artefact has the old bytes or the new ones; returns what else there is.
    #[track_caller]
    fn assert_whole(&self, at: &str) -> Vec<String> {
        let found = files(&self.project);
        for path in self.old.keys().chain(self.new.keys()) {
            let bytes = found.get(path);
            assert!(
                bytes == self.old.get(path) || bytes == self.new.get(path),
                "{at}: {path} is neither old nor new"
            );
        }
        let known = |path: &&String| self.old.contains_key(*path) || self.new.contains_key(*path);
        found.keys().filter(|path| !known(path)).cloned().collect()
    }

    /// The next run makes everything new, and removes what the one before left.
    #[track_caller]
    fn assert_mended(&self, at: &str) {
        if files(&self.project) == self.old {
            return; // it did nothing yet
        }
        let run = self.project.monospec(&["generate"]);
        assert_eq!(run.status, Some(0), "{at}: {}", run.stderr);
        assert!(files(&self.project) == self.new, "{at}");
        let run = self.project.monospec(&["check"]);
        assert_eq!(run.status, Some(0), "{at}: {}", run.stdout);
    }
}

/// How many files are written anew.
const CHANGED: usize = 6;

#[test]
fn a_killed_generate_leaves_old_files_and_new_ones() {
    let scene = Scene::new();
    let calls = scene.system_calls();
    let mut kills = BTreeMap::new();
    let mut unfinished = 0;
    for call in &calls {
        for when in 1.. {
            scene.reset();
            let inject = format!("inject={call}:signal=SIGKILL:when={when}");
            let (status, words) = scene.traced(&["-e", &format!("trace={call}"), "-e", &inject]);
            let at = format!("{call} {when}");
            if let Some(status) = status {
                assert_eq!(status, 0, "{at}: {words}");
                break;
            }
            *kills.entry(call.as_str()).or_insert(0) += 1;
            for path in scene.assert_whole(&at) {
                let name = path.rsplit('/').next().unwrap_or_default();
                assert!(
                    name.starts_with(".monospec-") && name.ends_with(".tmp"),
                    "{at}: {path}"
                );
                unfinished += 1;
            }
            scene.assert_mended(&at);
        }
    }
    // It was killed where it matters: at each replacement, each write, the removal, and with files unfinished.
    let killed_at = |names: &[&str]| {
        names
            .iter()
            .filter_map(|name| kills.get(name))
            .sum::<usize>()
    };
    assert_eq!(
        killed_at(&["rename", "renameat", "renameat2"]),
        CHANGED,
        "{kills:?}"
    );
    assert_eq!(killed_at(&["unlink", "unlinkat"]), 1, "{kills:?}");
    assert!(killed_at(&["write"]) > CHANGED, "{kills:?}");
    assert!(unfinished > 0, "{kills:?}");
}

#[test]
fn a_refused_generate_leaves_nothing_unfinished() {
    let scene = Scene::new();
    for (call, error) in [("write", "ENOSPC"), ("rename,?renameat,?renameat2", "EIO")] {
        let mut refusals = 0;
        for when in 1.. {
            scene.reset();
            let inject = format!("inject={call}:error={error}:when={when}");
            let (status, words) = scene.traced(&["-e", &format!("trace={call}"), "-e", &inject]);
            let at = format!("{call} {when}");
            if status == Some(0) {
                break;
            }
            assert_eq!(status, Some(2), "{at}: {words}");
            assert!(words.starts_with("error: cannot "), "{at}: {words}");
            assert_eq!(scene.assert_whole(&at), [""; 0], "{at}");
            if call == "write" {
                let found = files(&scene.project);
                // The last write is the one to stdout.
                assert!(
                    found == scene.old || found == scene.new,
                    "{at}: some are new"
                );
            }
            scene.assert_mended(&at);
            refusals += 1;
        }
        assert!(refusals >= CHANGED, "{call}: {refusals}");
    }
}
