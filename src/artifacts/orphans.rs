//! Files that were generated from this spec before and are no longer asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::atomic::{or_here, relative};
use super::owner::Owner;
use super::{Artifacts, Error, Mark};

/// Nothing that is generated is larger.
const MAX_BYTES: u64 = 16 << 20;

/// What a build leaves behind, copies of generated code among it.
const BUILD_FOLDER: &str = "target";

/// The orphans of a spec by their paths relative to the root, and their bytes.
///
/// Looked for in the folders of the artefacts, in those that shall be searched and below them, but never below the root itself. What cannot be read, is
/// hidden or a link is none of ours.
///
/// # Errors
///
/// If an artefact's path leaves the project.
pub(super) fn find(
    artifacts: &Artifacts,
    root: &Path,
    mark: &Mark,
) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut search = Search {
        root: or_here(root),
        mark,
        wanted: BTreeSet::new(),
        seen: BTreeSet::new(),
        found: BTreeMap::new(),
    };
    let mut folders = BTreeSet::new();
    for (path, _) in artifacts.iter() {
        let path = relative(path)?;
        folders.insert(path.parent().unwrap_or(Path::new("")).to_owned());
        // By the system's own name: where case does not count, a file may be listed in another spelling.
        search.wanted.extend(fs::canonicalize(root.join(&path)));
    }
    for folder in &artifacts.folders {
        folders.insert(relative(folder)?);
    }
    for folder in folders {
        search.begin(folder);
    }
    Ok(search.found)
}

struct Search<'a> {
    root: &'a Path,
    mark: &'a Mark,
    wanted: BTreeSet<PathBuf>,
    seen: BTreeSet<PathBuf>,
    found: BTreeMap<String, Vec<u8>>,
}

impl Search<'_> {
    fn begin(&mut self, folder: PathBuf) {
        let real = |path: &Path| fs::canonicalize(path).ok();
        let in_place = real(self.root).map(|root| root.join(&folder));
        if in_place.is_none() || in_place != real(&self.root.join(&folder)) {
            return; // not there, or through a link
        }
        let deep = !folder.as_os_str().is_empty();
        let mut waiting = vec![folder];
        while let Some(folder) = waiting.pop() {
            if !self.seen.insert(folder.clone()) || (deep && self.is_project(&folder)) {
                continue;
            }
            let Ok(entries) = fs::read_dir(self.root.join(&folder)) else {
                continue;
            };
            for entry in entries.flatten() {
                let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string())
                else {
                    continue;
                };
                if name.starts_with('.') {
                    continue;
                }
                if kind.is_file() {
                    self.file(&folder.join(name));
                } else if deep && kind.is_dir() && name != BUILD_FOLDER {
                    waiting.push(folder.join(name));
                }
            }
        }
    }

    /// Whether a project of its own lies here, whose spec has the same name as this one: its files carry the same mark.
    fn is_project(&self, folder: &Path) -> bool {
        self.root.join(folder).join(&self.mark.spec).exists()
    }

    fn file(&mut self, path: &Path) {
        let full = self.root.join(path);
        if fs::metadata(&full).map_or(true, |metadata| metadata.len() > MAX_BYTES) {
            return;
        }
        let Ok(bytes) = fs::read(&full) else {
            return;
        };
        if Owner::of(&bytes, self.mark) != Owner::ThisSpec {
            return;
        }
        let wanted = fs::canonicalize(&full).map_or(true, |full| self.wanted.contains(&full));
        if !wanted && let Some(path) = with_slashes(path) {
            self.found.insert(path, bytes);
        }
    }
}

fn with_slashes(path: &Path) -> Option<String> {
    let names: Option<Vec<&str>> = path.iter().map(|name| name.to_str()).collect();
    Some(names?.join("/"))
}
