//! Writing and comparing, on folders of the test's own.

mod orphans;
#[cfg(unix)]
mod unix;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use super::*;

/// A folder that goes when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "monospec-artifacts-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder for the test");
        Self(path)
    }

    fn put(&self, path: &str, text: &str) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("its folder");
        fs::write(path, text).expect("a file of the test");
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).expect(path)
    }

    /// Every file and link, by its path.
    fn files(&self) -> Vec<String> {
        fn walk(folder: &Path, root: &Path, out: &mut Vec<String>) {
            for entry in fs::read_dir(folder).expect("a folder").flatten() {
                if entry.file_type().expect("a type").is_dir() {
                    walk(&entry.path(), root, out);
                } else {
                    let path = entry.path();
                    let path = path.strip_prefix(root).expect("below the root");
                    out.push(path.to_str().expect("UTF-8").replace('\\', "/"));
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.0, &self.0, &mut out);
        out.sort();
        out
    }

    /// Sets a file's modification time to one that no writing gives.
    fn age(&self, path: &str) -> SystemTime {
        let old = SystemTime::now() - Duration::from_secs(1000);
        let file = fs::File::options()
            .write(true)
            .open(self.0.join(path))
            .expect(path);
        file.set_modified(old).expect("a time");
        file.metadata().and_then(|m| m.modified()).expect("a time")
    }

    fn modified(&self, path: &str) -> SystemTime {
        fs::metadata(self.0.join(path))
            .and_then(|m| m.modified())
            .expect(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn mark() -> Mark {
    Mark {
        spec: "spec/monospec.yaml".to_owned(),
    }
}

/// A file of this spec.
fn ours(text: &str) -> String {
    format!("# {}\n{text}\n", mark().line())
}

fn artifacts(files: &[(&str, &str)]) -> Artifacts {
    let mut artifacts = Artifacts::default();
    for (path, text) in files {
        artifacts.insert(*path, *text);
    }
    artifacts
}

const WRITE: WriteOptions = WriteOptions {
    force: false,
    remove_orphans: true,
};

fn write(folder: &Folder, files: &[(&str, &str)]) -> Vec<(String, ChangeKind)> {
    try_write(folder, files, WRITE).expect("written")
}

fn try_write(
    folder: &Folder,
    files: &[(&str, &str)],
    options: WriteOptions,
) -> Result<Vec<(String, ChangeKind)>, Error> {
    let changes = artifacts(files).write(&folder.0, &mark(), options)?;
    Ok(changes.into_iter().map(|c| (c.path, c.kind)).collect())
}

fn drift(folder: &Folder, files: &[(&str, &str)]) -> Vec<(String, DriftKind)> {
    let drift = artifacts(files)
        .compare(&folder.0, &mark())
        .expect("compared");
    drift.into_iter().map(|d| (d.path, d.kind)).collect()
}

fn pair<K>(path: &str, kind: K) -> (String, K) {
    (path.to_owned(), kind)
}

#[test]
fn only_files_whose_bytes_change_are_written() {
    let folder = Folder::new();
    let (a, b) = (ours("a: 1"), ours("b: 1"));
    let files = [
        ("generated/a.yml", a.as_str()),
        ("generated/deep/b.yml", b.as_str()),
    ];
    assert_eq!(
        drift(&folder, &files),
        [
            pair("generated/a.yml", DriftKind::Missing),
            pair("generated/deep/b.yml", DriftKind::Missing)
        ]
    );
    assert_eq!(
        write(&folder, &files),
        [
            pair("generated/a.yml", ChangeKind::Created),
            pair("generated/deep/b.yml", ChangeKind::Created)
        ]
    );
    assert_eq!(drift(&folder, &files), []);

    let before = folder.age("generated/a.yml");
    let changed = ours("b: 2");
    let files = [files[0], ("generated/deep/b.yml", changed.as_str())];
    assert_eq!(
        drift(&folder, &files),
        [pair("generated/deep/b.yml", DriftKind::Differs)]
    );
    assert_eq!(
        write(&folder, &files),
        [
            pair("generated/a.yml", ChangeKind::Unchanged),
            pair("generated/deep/b.yml", ChangeKind::Updated)
        ]
    );
    assert_eq!(folder.modified("generated/a.yml"), before);
    assert_eq!(folder.text("generated/deep/b.yml"), changed);
    assert_eq!(folder.files(), ["generated/a.yml", "generated/deep/b.yml"]);
}

#[test]
fn a_drift_holds_both_sides() {
    let folder = Folder::new();
    folder.put("g/a.yml", &ours("old"));
    folder.put("g/gone.yml", &ours("gone"));
    let new = ours("new");
    let drift = artifacts(&[("g/a.yml", &new), ("g/b.yml", &new)])
        .compare(&folder.0, &mark())
        .expect("compared");
    let sides: Vec<_> = drift
        .iter()
        .map(|d| (d.path.as_str(), d.old.as_deref(), d.new.as_deref()))
        .collect();
    let (old, gone, new) = (ours("old"), ours("gone"), new.as_bytes());
    assert_eq!(
        sides,
        [
            ("g/a.yml", Some(old.as_bytes()), Some(new)),
            ("g/b.yml", None, Some(new)),
            ("g/gone.yml", Some(gone.as_bytes()), None),
        ]
    );
}

#[test]
fn what_is_not_ours_is_overwritten_only_by_force_and_nothing_else_is_written_before() {
    let folder = Folder::new();
    folder.put("g/hand.yml", "written: by hand\n");
    folder.put(
        "g/other.yml",
        "# Generated by monospec from spec/other.yaml. Do not edit\n",
    );
    folder.put("g/orphan.yml", &ours("orphan"));
    let new = ours("x: 1");
    let files = [
        ("g/a.yml", new.as_str()),
        ("g/hand.yml", new.as_str()),
        ("g/other.yml", new.as_str()),
    ];
    assert_eq!(
        drift(&folder, &files),
        [
            pair("g/a.yml", DriftKind::Missing),
            pair("g/hand.yml", DriftKind::Foreign),
            pair("g/orphan.yml", DriftKind::Orphan),
            pair("g/other.yml", DriftKind::Foreign),
        ]
    );
    let before = folder.files();
    let error = try_write(&folder, &files, WRITE).expect_err("refused");
    let message = error.to_string();
    assert_eq!(message.lines().count(), 2, "{message}");
    for words in [
        "hand.yml exists and was not generated by monospec",
        "other.yml exists and was generated from spec/other.yaml",
        "`--force`",
    ] {
        assert!(message.contains(words), "{message}");
    }
    assert_eq!(folder.files(), before);
    assert_eq!(folder.text("g/hand.yml"), "written: by hand\n");

    let options = WriteOptions {
        force: true,
        ..WRITE
    };
    let changes = try_write(&folder, &files, options).expect("forced");
    assert_eq!(changes[1], pair("g/hand.yml", ChangeKind::Updated));
    assert_eq!(drift(&folder, &files), []);
}

#[test]
fn a_file_by_hand_that_is_as_it_should_be_is_in_nobodys_way() {
    let folder = Folder::new();
    folder.put("g/a.yml", "x: 1\n");
    let files = [("g/a.yml", "x: 1\n")];
    assert_eq!(drift(&folder, &files), []);
    assert_eq!(
        write(&folder, &files),
        [pair("g/a.yml", ChangeKind::Unchanged)]
    );
}

#[test]
fn paths_stay_inside_the_project() {
    let folder = Folder::new();
    let absolute = folder.0.join("x").display().to_string();
    for path in ["../x", "g/../../x", "", ".", "g/", absolute.as_str()] {
        let files = [("g/a.yml", "x"), (path, "x")];
        let error = try_write(&folder, &files, WRITE).expect_err(path);
        assert!(matches!(error, Error::Outside(_)), "{path}: {error}");
        assert!(artifacts(&files).compare(&folder.0, &mark()).is_err());
    }
    assert_eq!(folder.files(), [""; 0]);
}

#[test]
fn what_cannot_be_written_is_an_error_that_leaves_nothing_behind() {
    let folder = Folder::new();
    folder.put("g/file", "by hand");
    fs::create_dir_all(folder.0.join("g/folder.yml")).expect("a folder");
    let error = |path: &str| {
        let files = [("g/a.yml", "x"), (path, "x")];
        try_write(&folder, &files, WRITE)
            .expect_err(path)
            .to_string()
    };
    let message = error("g/file/b.yml");
    assert!(
        message.starts_with("cannot create the folder "),
        "{message}"
    );
    let message = error("g/folder.yml");
    assert!(
        message.starts_with("cannot read ") && message.ends_with("it is not a file"),
        "{message}"
    );
    assert_eq!(folder.files(), ["g/file"]);
    assert_eq!(
        drift(&folder, &[("g/file/b.yml", "x")]),
        [pair("g/file/b.yml", DriftKind::Missing)]
    );
}

#[test]
fn a_single_file_is_written_only_when_it_changes() {
    let folder = Folder::new();
    let path = folder.0.join("out/metrics.rs");
    assert!(write_if_changed(&path, b"a").expect("written"));
    let before = folder.age("out/metrics.rs");
    assert!(!write_if_changed(&path, b"a").expect("left alone"));
    assert_eq!(folder.modified("out/metrics.rs"), before);
    assert!(write_if_changed(&path, b"b").expect("written"));
    assert_eq!(folder.files(), ["out/metrics.rs"]);
    assert!(write_if_changed(&folder.0.join("out"), b"b").is_err());
}

#[test]
fn what_a_killed_process_left_is_removed() {
    let folder = Folder::new();
    folder.put("g/.monospec-1-0.tmp", "half");
    folder.put("g/.monospec-1-1.tmp", "of another process");
    folder.put("g/.monospec.tmp", "of somebody else");
    let busy = fs::File::open(folder.0.join("g/.monospec-1-1.tmp")).expect("a file");
    busy.lock().expect("a lock");
    let files = [("g/a.yml", ours("x: 1"))];
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect();
    write(&folder, &files);
    let left = ["g/.monospec-1-1.tmp", "g/.monospec.tmp", "g/a.yml"];
    assert_eq!(folder.files(), left);
    // Also by a run that has nothing to write.
    drop(busy);
    write(&folder, &files);
    assert_eq!(folder.files(), left[1..]);
}

#[test]
fn nobody_removes_what_is_being_written() {
    let folder = Folder::new();
    let path = folder.0.join("a.yml");
    let staged = atomic::Staged::new(path.clone(), b"new").expect("a file");
    atomic::sweep(&folder.0);
    assert_eq!(folder.files().len(), 1);
    staged.commit().expect("it is still there");
    assert_eq!(folder.text("a.yml"), "new");
}
