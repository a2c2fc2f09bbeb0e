//! What Cargo knows of a package.
//!
//! It is asked, and not its file read: a package may take its description from a workspace above it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::Failure;

/// A package, as far as [`cargo metadata`](https://doc.rust-lang.org/cargo/commands/cargo-metadata.html) is of use here.
#[derive(Debug, Deserialize)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) description: Option<String>,
    manifest_path: PathBuf,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// The package whose `Cargo.toml` is in a folder.
pub(super) fn package(folder: &Path) -> Result<Package, Failure> {
    let manifest = folder.join("Cargo.toml");
    let real = fs::canonicalize(&manifest).map_err(|error| {
        Failure::new(format!("cannot read {}: {error}", manifest.display()))
            .help("name the folder of a package: `monospec init --from-cargo DIR`")
    })?;
    let packages = metadata(&real)?.packages;
    let (mut own, members): (Vec<Package>, Vec<Package>) = packages
        .into_iter()
        .partition(|package| is_same(&package.manifest_path, &real));
    own.pop()
        .ok_or_else(|| no_package(&manifest, &real, &members))
}

fn is_same(manifest: &Path, real: &Path) -> bool {
    fs::canonicalize(manifest).is_ok_and(|manifest| manifest == real)
}

fn metadata(manifest: &Path) -> Result<Metadata, Failure> {
    // Cargo sets this for what it runs.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .args(["--color=never", "--manifest-path"])
        .arg(manifest)
        .output()
        .map_err(|error| Failure::new(format!("cannot run cargo: {error}")))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let words = words.trim().trim_start_matches("error: ");
        return Err(Failure::new(format!(
            "cargo cannot read the package: {words}"
        )));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::new(format!("cannot read what cargo says: {error}")))
}

/// The manifest is that of a workspace only.
fn no_package(manifest: &Path, real: &Path, members: &[Package]) -> Failure {
    let failure = Failure::new(format!(
        "{} is a workspace without a package of its own",
        manifest.display()
    ));
    let root = real.parent().unwrap_or(Path::new(""));
    let folders: Vec<String> = members
        .iter()
        .filter_map(|member| member.manifest_path.parent()?.strip_prefix(root).ok())
        .map(|folder| format!("`{}`", folder.display()))
        .collect();
    if folders.is_empty() {
        return failure.help("it has no members yet: `cargo new` makes one");
    }
    failure.help(format!("name one of its members: {}", folders.join(", ")))
}
