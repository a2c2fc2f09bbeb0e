//! Comparing artefacts with what is on the disk.

use std::fs;
use std::io;
use std::path::Path;

use super::atomic::{is_missing, relative};
use super::owner::Owner;
use super::{Artifacts, Error, Mark, orphans};

/// A file that is not as the spec wants it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// Its path relative to the root, with `/` between folders.
    pub path: String,
    /// In what way.
    pub kind: DriftKind,
    /// What is on the disk, if anything.
    pub old: Option<Vec<u8>>,
    /// What the spec wants, if anything.
    pub new: Option<Vec<u8>>,
}

/// In what way a file is not as the spec wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DriftKind {
    /// It does not exist.
    Missing,
    /// It was generated from this spec and has other bytes.
    Differs,
    /// It has other bytes, and was not generated from this spec.
    Foreign,
    /// It was generated from this spec and is no longer asked for.
    Orphan,
    /// It is there, and git does not track it: a clone would not have it.
    Untracked,
    /// It is there, and git is told to ignore it.
    Ignored,
}

impl DriftKind {
    /// `missing`, `differs`, `foreign`, `orphan`, `untracked` or `ignored`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Differs => "differs",
            Self::Foreign => "foreign",
            Self::Orphan => "orphan",
            Self::Untracked => "untracked",
            Self::Ignored => "ignored",
        }
    }
}

impl Artifacts {
    /// What generating would change below `root`, in the order of the paths. Writes nothing.
    ///
    /// # Errors
    ///
    /// If a file cannot be read, or an artefact's path leaves the project.
    pub fn compare(&self, root: &Path, mark: &Mark) -> Result<Vec<Drift>, Error> {
        let mut drift = Vec::new();
        for (path, new) in self.iter() {
            let found = OnDisk::look(&root.join(relative(path)?))?;
            let kind = match &found.bytes {
                None => DriftKind::Missing,
                Some(old) if old == new => continue,
                Some(old) if Owner::of(old, mark) == Owner::ThisSpec => DriftKind::Differs,
                Some(_) => DriftKind::Foreign,
            };
            drift.push(Drift {
                path: path.to_owned(),
                kind,
                old: found.bytes,
                new: Some(new.to_owned()),
            });
        }
        drift.extend(
            orphans::find(self, root, mark)?
                .into_iter()
                .map(|(path, old)| Drift {
                    path,
                    kind: DriftKind::Orphan,
                    old: Some(old),
                    new: None,
                }),
        );
        drift.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(drift)
    }
}

/// What is where an artefact shall be.
pub(super) struct OnDisk {
    /// The bytes of the file; nothing if there is none.
    pub(super) bytes: Option<Vec<u8>>,
    /// Whether the path is a symbolic link.
    pub(super) link: bool,
}

impl OnDisk {
    pub(super) fn look(path: &Path) -> Result<Self, Error> {
        let link = match fs::symlink_metadata(path) {
            Ok(metadata) => metadata.is_symlink(),
            Err(error) if is_missing(&error) => {
                return Ok(Self {
                    bytes: None,
                    link: false,
                });
            }
            Err(error) => return Err(Error::io("read", path)(error)),
        };
        let read = match fs::metadata(path) {
            Ok(metadata) if metadata.is_file() => fs::read(path),
            // Reading a pipe would wait for its writer.
            Ok(_) => Err(io::Error::other("it is not a file")),
            Err(error) => Err(error),
        };
        let bytes = match read {
            Ok(bytes) => Some(bytes),
            Err(error) if link && is_missing(&error) => None,
            Err(error) => return Err(Error::io("read", path)(error)),
        };
        Ok(Self { bytes, link })
    }
}
