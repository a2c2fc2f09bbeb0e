//! Files as seen from the root of their repository: what a code host calls them.

use std::path::{Component, Path, PathBuf};

/// The path of a file relative to the root of the git repository that it is in, with `/` between folders; as it is where there is
/// no repository, or no file but a built-in catalogue.
pub(crate) fn path(name: &str) -> String {
    let below = || {
        let path = plain(&std::path::absolute(name).ok()?);
        let root = path
            .ancestors()
            .skip(1)
            .find(|folder| folder.join(".git").exists())?;
        Some(with_slashes(path.strip_prefix(root).ok()?))
    };
    if name.starts_with("std:") {
        return name.to_owned();
    }
    below().unwrap_or_else(|| with_slashes(Path::new(name)))
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

fn with_slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if cfg!(windows) {
        text.replace('\\', "/")
    } else {
        text.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_dots() {
        assert_eq!(plain(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(plain(Path::new("/../a")), Path::new("/a"));
    }

    #[test]
    fn a_catalogue_that_is_built_in_is_no_file() {
        assert_eq!(path("std:process"), "std:process");
    }
}
