//! Releases of Prometheus beside the system's own, for what they have to agree about and for what they do not.

use std::path::{Path, PathBuf};

/// A program (`promtool`, `prometheus`) of a release: `2.42`, `2.53`, or `3`, the newest that Debian has.
pub(crate) fn program(release: &str, name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join(format!("target/prometheus-{release}"))
        .join(name);
    assert!(
        path.is_file(),
        "{} is missing: scripts/prometheus-releases puts it there, and scripts/test runs that",
        path.display()
    );
    path
}
