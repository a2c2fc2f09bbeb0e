//! What the targets have in common.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// Hands bytes over as the spec of a project that has no other file.
pub fn as_spec<T>(bytes: &[u8], work: impl FnOnce(&Path) -> T) -> T {
    // One file a process: libFuzzer runs one input at a time, and several processes at once.
    static SPEC: LazyLock<PathBuf> = LazyLock::new(|| {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() {
            memory.to_owned()
        } else {
            std::env::temp_dir()
        };
        let folder = parent.join(format!("monospec-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        folder.join("monospec.yaml")
    });
    std::fs::write(&*SPEC, bytes).expect("a file");
    work(&SPEC)
}
