//! Replacing one file: its readers see the old bytes or the new ones, nothing in between.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

use super::Error;

/// Replaces a file if its bytes change, and creates it with its folders if it does not exist. Says whether it wrote.
///
/// A file that has these bytes already is not touched: its modification time stays.
///
/// # Errors
///
/// If the file cannot be read or replaced, or its folder cannot be made. The file is then as it was.
pub fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<bool, Error> {
    match fs::read(path) {
        Ok(old) if old == bytes => return Ok(false),
        Ok(_) => {}
        Err(error) if is_missing(&error) => {}
        Err(error) => return Err(Error::io("read", path)(error)),
    }
    sweep(path.parent().unwrap_or(Path::new("")));
    Staged::new(path.to_owned(), bytes)?.commit()?;
    Ok(true)
}

/// Replaces files that exist: all new bytes are written before the first file is replaced. Links stay, what they lead to is replaced.
///
/// # Errors
///
/// If a file cannot be replaced. As long as new bytes are written, every file is then as it was.
#[cfg(feature = "cli")]
pub(crate) fn replace_all(files: &[(PathBuf, Vec<u8>)]) -> Result<(), Error> {
    let mut staged = Vec::new();
    for (path, bytes) in files {
        let target = fs::canonicalize(path).map_err(Error::io("find", path))?;
        sweep(target.parent().unwrap_or(Path::new("")));
        staged.push(Staged::new(target, bytes)?);
    }
    staged.into_iter().try_for_each(Staged::commit)
}

/// Removes what processes have left in a folder that were killed while they wrote.
///
/// Their locks went with them; a file that is locked is being written by somebody else. What cannot be removed stays: it is
/// in nobody's way.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(or_here(folder)) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name
            .to_str()
            .is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let abandoned =
                File::open(entry.path()).map(|file| file.try_lock().is_ok().then_some(file));
            if let Ok(Some(_lock)) = abandoned {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// The bytes of a file, ready to take its place; dropped, they leave nothing behind.
#[derive(Debug)]
pub(super) struct Staged {
    /// Locked as long as it is open.
    _file: File,
    temporary: PathBuf,
    target: PathBuf,
    renamed: bool,
}

impl Staged {
    /// Writes the bytes beside the file, whose folders are made. A file that exists hands on its permissions.
    pub(super) fn new(target: PathBuf, bytes: &[u8]) -> Result<Self, Error> {
        let folder = or_here(target.parent().unwrap_or(Path::new(""))).to_owned();
        fs::create_dir_all(&folder).map_err(Error::io("create the folder", &folder))?;
        let (mut file, temporary) =
            unused(&folder).map_err(Error::io("create a file in", &folder))?;
        let written = file
            .write_all(bytes)
            .and_then(|()| match fs::metadata(&target) {
                Ok(old) => file.set_permissions(old.permissions()),
                Err(_) => Ok(()),
            });
        let staged = Self {
            _file: file,
            temporary,
            target,
            renamed: false,
        };
        written.map_err(Error::io("write", &staged.target))?;
        Ok(staged)
    }

    /// Puts the file in its place.
    pub(super) fn commit(mut self) -> Result<(), Error> {
        fs::rename(&self.temporary, &self.target).map_err(Error::io("replace", &self.target))?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.renamed {
            // There is nobody to tell.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// What the names of unfinished files begin and end with.
const PREFIX: &str = ".monospec-";
const SUFFIX: &str = ".tmp";

/// A new file of a name that nothing in the folder has, locked where the file system can.
fn unused(folder: &Path) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!("{PREFIX}{}-{count}{SUFFIX}", process::id()));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => {
                // Until it was locked, another process could take it for abandoned.
                let swept = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
                if !swept && path.exists() {
                    return Ok((file, path));
                }
            }
            // Left over from a process of the same id that was killed.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
}

/// The path of an artefact in the system's form.
///
/// # Errors
///
/// If it is absolute, goes up, or names no file.
pub(crate) fn relative(path: &str) -> Result<PathBuf, Error> {
    let outside = || Error::Outside(path.to_owned());
    if path.ends_with('/') {
        return Err(outside());
    }
    let mut clean = PathBuf::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(name) => clean.push(name),
            Component::CurDir => {}
            Component::ParentDir | Component::RootDir | Component::Prefix(_) => {
                return Err(outside());
            }
        }
    }
    if clean.as_os_str().is_empty() {
        return Err(outside());
    }
    Ok(clean)
}

/// The empty path is the current folder to us, and an error to the system.
pub(super) fn or_here(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Whether the file, or a folder it would lie in, does not exist.
pub(super) fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
