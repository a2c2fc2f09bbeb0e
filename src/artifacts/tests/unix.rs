//! Links and permissions.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::*;

#[test]
fn a_link_is_read_through_and_never_replaced() {
    let folder = Folder::new();
    folder.put("real.yml", &ours("x: 1"));
    fs::create_dir_all(folder.0.join("g")).expect("a folder");
    symlink("../real.yml", folder.0.join("g/a.yml")).expect("a link");
    symlink("nowhere", folder.0.join("g/dangling.yml")).expect("a link");
    symlink("loop.yml", folder.0.join("g/loop.yml")).expect("a link");
    let (same, new) = (ours("x: 1"), ours("x: 2"));
    let force = WriteOptions {
        force: true,
        ..WRITE
    };
    assert_eq!(
        write(&folder, &[("g/a.yml", &same)]),
        [pair("g/a.yml", ChangeKind::Unchanged)]
    );
    for path in ["g/a.yml", "g/dangling.yml"] {
        let error = try_write(&folder, &[(path, &new)], force).expect_err(path);
        assert!(matches!(error, Error::Link(_)), "{error}");
    }
    let error = try_write(&folder, &[("g/loop.yml", &new)], force).expect_err("a loop");
    assert!(error.to_string().starts_with("cannot read "), "{error}");
    assert_eq!(folder.text("real.yml"), same);
    assert_eq!(
        drift(&folder, &[("g/dangling.yml", &new)])[0].1,
        DriftKind::Missing
    );
}

#[test]
fn orphans_are_not_looked_for_through_links() {
    let folder = Folder::new();
    folder.put("shared/ours.yml", &ours("x: 1"));
    fs::create_dir_all(folder.0.join("g")).expect("a folder");
    symlink("../shared", folder.0.join("g/link")).expect("a link");
    symlink("../shared/ours.yml", folder.0.join("g/ours.yml")).expect("a link");
    symlink("shared", folder.0.join("out")).expect("a link");
    let new = ours("x: 2");
    let files = [("g/a.yml", new.as_str()), ("out/a.yml", new.as_str())];
    assert_eq!(write(&folder, &files).len(), 2);
    assert_eq!(drift(&folder, &files), []);
    assert_eq!(folder.text("shared/a.yml"), new);
}

#[test]
fn permissions_are_kept() {
    let folder = Folder::new();
    folder.put("g/a.yml", &ours("x: 1"));
    let path = folder.0.join("g/a.yml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("permissions");
    write(&folder, &[("g/a.yml", &ours("x: 2"))]);
    let mode = fs::metadata(&path).expect("metadata").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

/// `/proc` takes files from nobody, not even from root.
#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_may_not_be_written_is_an_error() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("/proc/self", folder.0.join("g")).expect("a link");
    let result = try_write(
        &folder,
        &[("b.yml", "x"), ("g/a.yml", &ours("x: 2"))],
        WRITE,
    );
    let message = result.expect_err("refused").to_string();
    assert!(message.starts_with("cannot create a file in "), "{message}");
    assert!(!folder.0.join("b.yml").exists(), "nothing else is written");
}
