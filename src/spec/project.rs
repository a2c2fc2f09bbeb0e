//! Which files a spec may be made of: those of its project.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The spec by its full path, and the folder of its project: the one that holds `spec/`, or the spec's own.
pub(crate) fn home(spec: &Path) -> (PathBuf, PathBuf) {
    let folder = spec.parent().unwrap_or(Path::new(""));
    // Without `..`, where the folder exists.
    let absolute = match (fs::canonicalize(non_empty(folder)), spec.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => std::path::absolute(spec).unwrap_or_else(|_| spec.to_owned()),
    };
    let holder = absolute.parent().unwrap_or(Path::new(""));
    let home = match holder.file_name() {
        Some(name) if name == "spec" => holder.parent().unwrap_or(holder),
        _ => holder,
    };
    let home = home.to_owned();
    (absolute, home)
}

/// The working directory has no name in a relative path.
fn non_empty(folder: &Path) -> &Path {
    if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    }
}

/// Why a path is not one of the project's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It begins at the root of the file system, which is another one on every machine.
    Absolute,
    /// It leads out of the project's folder.
    Outside,
    /// It is, or leads over, a link out of the project's folder.
    Link,
}

/// What `name` is in `folder`, if that is in the folder `home`.
pub(super) fn find(home: &Path, folder: &Path, name: &str) -> Result<PathBuf, Refusal> {
    let name = Path::new(name);
    if name.has_root() || name.is_absolute() {
        return Err(Refusal::Absolute);
    }
    let mut written =
        fs::canonicalize(non_empty(folder)).unwrap_or_else(|_| home.join(non_empty(folder)));
    for part in name.components() {
        match part {
            Component::ParentDir => {
                written.pop();
            }
            Component::Normal(part) => written.push(part),
            _ => {}
        }
    }
    if !written.starts_with(home) {
        return Err(Refusal::Outside);
    }
    let path = folder.join(name);
    match fs::canonicalize(&path) {
        Ok(real) if !real.starts_with(home) => Err(Refusal::Link),
        // What is not there is told when it is read.
        _ => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_is_the_folder_that_holds_the_spec_folder_or_the_specs_own() {
        let root = std::env::temp_dir().join(format!("monospec-project-{}", std::process::id()));
        fs::create_dir_all(root.join("spec/parts")).expect("a folder");
        let root = fs::canonicalize(&root).expect("it is there");
        let (absolute, found) = home(&root.join("spec/../spec/monospec.yaml"));
        assert_eq!(absolute, root.join("spec/monospec.yaml"));
        assert_eq!(found, root);
        assert_eq!(
            home(&root.join("spec/parts/one.yaml")).1,
            root.join("spec/parts")
        );

        let spec = root.join("spec");
        let find = |name| find(&root, &spec, name);
        assert_eq!(
            find("../shared/labels.yaml"),
            Ok(spec.join("../shared/labels.yaml"))
        );
        assert_eq!(
            find("parts/../../spec/a.yaml"),
            Ok(spec.join("parts/../../spec/a.yaml"))
        );
        assert_eq!(find("../../a.yaml"), Err(Refusal::Outside));
        assert_eq!(find("parts/../../../a.yaml"), Err(Refusal::Outside));
        assert_eq!(find("/a.yaml"), Err(Refusal::Absolute));
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("..", spec.join("up")).expect("a link");
            std::os::unix::fs::symlink("../..", spec.join("out")).expect("a link");
            assert_eq!(find("up/spec/parts"), Ok(spec.join("up/spec/parts")));
            assert_eq!(find("out/."), Err(Refusal::Link));
        }
        fs::remove_dir_all(root).expect("it goes");
    }
}
