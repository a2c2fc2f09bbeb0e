//! Alertmanager and its tool: those of the system, and newer ones for what these do not know yet.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A version: major and minor.
pub(crate) type Version = (u32, u32);

/// `amtool`, at least of this version.
pub(crate) fn amtool(version: Version) -> PathBuf {
    program(&["amtool"], version)
}

/// The one that the system has if it is new enough, else the one that `scripts/test` builds.
pub(crate) fn program(names: &[&str], version: Version) -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/alertmanager");
    let of_system = names.iter().map(PathBuf::from);
    let built = names.iter().map(|name| built.join(name));
    let mut found = of_system
        .chain(built)
        .filter_map(|program| Some((version_of(&program)?, program)))
        .filter(|(known, _)| *known >= version);
    let (major, minor) = version;
    let (_, program) = found.next().unwrap_or_else(|| {
        panic!(
            "there is no {} {major}.{minor} or newer: scripts/test installs Debian's package `prometheus-alertmanager`, and builds \
             a newer one into target/alertmanager",
            names.join(" or ")
        )
    });
    program
}

/// What a program says of itself: `amtool, version 0.25.0 (branch: …`, or `amtool, version v0.28.1` where it was built as a module.
fn version_of(program: &Path) -> Option<Version> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let words = [output.stdout, output.stderr].concat();
    let words = String::from_utf8_lossy(&words).into_owned();
    let text = words.split("version ").nth(1)?;
    let mut numbers = text.trim_start_matches('v').split(['.', ' ', ',']);
    match (numbers.next()?.parse(), numbers.next()?.parse()) {
        (Ok(major), Ok(minor)) => Some((major, minor)),
        // Built from the module's sources, which know no version: as scripts/test does.
        _ => Some(BUILT),
    }
}

/// What `scripts/test` builds.
const BUILT: Version = (0, 28);

/// What the tool says of configurations.
pub(crate) fn check_configs(version: Version, files: &[PathBuf]) -> Result<(), String> {
    assert!(!files.is_empty(), "there is nothing to check");
    let amtool = amtool(version);
    let output = run(&amtool, [OsStr::new("check-config")], files);
    match output.status.success() {
        true => Ok(()),
        false => Err(format!(
            "{} check-config found something:\n{}{}",
            amtool.display(),
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}

pub(crate) fn run<'a>(
    program: &Path,
    arguments: impl IntoIterator<Item = &'a OsStr>,
    more: &[PathBuf],
) -> Output {
    let mut command = Command::new(program);
    command.args(arguments).args(more);
    command
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()))
}
