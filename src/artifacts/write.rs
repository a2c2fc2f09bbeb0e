//! Writing artefacts: all is checked before anything is touched.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::atomic::{Staged, relative, sweep};
use super::compare::OnDisk;
use super::owner::Owner;
use super::{Artifacts, Error, InTheWay, Mark, orphans};

/// How files are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WriteOptions {
    /// Whether files that were not generated from this spec are overwritten.
    pub force: bool,
    /// Whether files that were generated from this spec and are no longer asked for are removed.
    pub remove_orphans: bool,
}

/// What became of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path relative to the root, with `/` between folders.
    pub path: String,
    /// What was done.
    pub kind: ChangeKind,
}

/// What was done with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// It did not exist.
    Created,
    /// It has other bytes than before.
    Updated,
    /// It was as it should be, and was not touched.
    Unchanged,
    /// It is no longer asked for.
    Removed,
}

impl ChangeKind {
    /// `created`, `updated`, `unchanged` or `removed`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Removed => "removed",
        }
    }
}

impl Artifacts {
    /// Brings the files below `root` to what they should be, and says what became of each, in the order of the paths.
    ///
    /// A file is replaced as a whole, and only if its bytes change. All new bytes are written before the first file is
    /// replaced, so that a full disk or a folder that may not be written leaves every file as it was. A process that is
    /// killed leaves each file as it was or as it shall be, and perhaps hidden files that the next call removes.
    ///
    /// # Errors
    ///
    /// If a file is in the way that was not generated from this spec and `force` is off, if one is a symbolic link, or if
    /// the system refuses.
    pub fn write(
        &self,
        root: &Path,
        mark: &Mark,
        options: WriteOptions,
    ) -> Result<Vec<Change>, Error> {
        self.write_telling(root, mark, options, &mut |_, _| {})
    }

    /// Does the same, and tells which of how many files is written next.
    pub(crate) fn write_telling(
        &self,
        root: &Path,
        mark: &Mark,
        options: WriteOptions,
        tell: &mut dyn FnMut(usize, usize),
    ) -> Result<Vec<Change>, Error> {
        let mut changes = Vec::new();
        let mut in_the_way = Vec::new();
        let mut replaced = Vec::new();
        let mut folders = BTreeSet::new();
        for (path, new) in self.iter() {
            let full = root.join(relative(path)?);
            folders.extend(full.parent().map(Path::to_owned));
            let found = OnDisk::look(&full)?;
            let kind = match &found.bytes {
                Some(old) if old == new => ChangeKind::Unchanged,
                _ if found.link => return Err(Error::Link(full)),
                None => ChangeKind::Created,
                Some(old) => {
                    if !options.force {
                        in_the_way.extend(refusal(&full, Owner::of(old, mark)));
                    }
                    ChangeKind::Updated
                }
            };
            if kind != ChangeKind::Unchanged {
                replaced.push((full, new));
            }
            changes.push(Change {
                path: path.to_owned(),
                kind,
            });
        }
        if !in_the_way.is_empty() {
            return Err(Error::InTheWay(in_the_way));
        }
        let orphans = if options.remove_orphans {
            orphans::find(self, root, mark)?
        } else {
            Default::default()
        };

        for folder in &folders {
            sweep(folder);
        }
        let count = replaced.len();
        let staged: Vec<Staged> = replaced
            .into_iter()
            .enumerate()
            .map(|(i, (path, bytes))| {
                tell(i + 1, count);
                Staged::new(path, bytes)
            })
            .collect::<Result<_, _>>()?;
        for file in staged {
            file.commit()?;
        }
        for path in orphans.into_keys() {
            let full = root.join(&path);
            fs::remove_file(&full).map_err(Error::io("remove", full))?;
            changes.push(Change {
                path,
                kind: ChangeKind::Removed,
            });
        }
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(changes)
    }
}

fn refusal(path: &Path, owner: Owner) -> Option<InTheWay> {
    let owner = match owner {
        Owner::ThisSpec => return None,
        Owner::OtherSpec(spec) => Some(spec),
        Owner::Nobody => None,
    };
    Some(InTheWay {
        path: path.to_owned(),
        owner,
    })
}
