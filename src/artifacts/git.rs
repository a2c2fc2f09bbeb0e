//! What a clone would not have: files that git does not track.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use super::atomic::or_here;
use super::{Artifacts, Drift, DriftKind};

/// Paths that are handed to git at once: systems bound the length of a command.
const AT_ONCE: usize = 500;

impl Artifacts {
    /// The files that are there, and that git does not track. What is staged is tracked.
    ///
    /// Nothing where there is no git or no repository, and where git does not track the spec either: such a project has not been
    /// committed yet.
    pub fn untracked(&self, root: &Path, spec: &Path) -> Vec<Drift> {
        let folder = spec.parent().unwrap_or(Path::new(""));
        let has_spec = spec
            .file_name()
            .and_then(|name| listed(folder, TRACKED, &[name]))
            .is_some_and(|found| !found.is_empty());
        if !has_spec {
            return Vec::new();
        }
        let there: Vec<&str> = self
            .iter()
            .map(|(path, _)| path)
            .filter(|path| root.join(path).is_file())
            .collect();
        let mut drift = Vec::new();
        for paths in there.chunks(AT_ONCE) {
            let Some(tracked) = listed(root, TRACKED, paths) else {
                return Vec::new();
            };
            let mut missing = paths.to_vec();
            missing.retain(|path| !tracked.contains(*path));
            if missing.is_empty() {
                continue;
            }
            let ignored = listed(root, IGNORED, &missing).unwrap_or_default();
            drift.extend(missing.into_iter().map(|path| Drift {
                path: path.to_owned(),
                kind: match ignored.contains(path) {
                    true => DriftKind::Ignored,
                    false => DriftKind::Untracked,
                },
                old: None,
                new: None,
            }));
        }
        drift
    }
}

/// Options of `git ls-files`: what is in the index, and what is not and shall not be.
const TRACKED: &[&str] = &["--cached"];
const IGNORED: &[&str] = &["--others", "--ignored", "--exclude-standard"];

/// Which of these paths git lists, relative to the folder; nothing if it cannot say.
fn listed(folder: &Path, which: &[&str], paths: &[impl AsRef<OsStr>]) -> Option<BTreeSet<String>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(or_here(folder))
        .args(["--literal-pathspecs", "ls-files", "-z"])
        .args(which)
        .arg("--")
        .args(paths)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let paths = output.stdout.split(|byte| *byte == 0);
    let paths = paths.filter(|path| !path.is_empty());
    Some(
        paths
            .map(|path| String::from_utf8_lossy(path).into_owned())
            .collect(),
    )
}
