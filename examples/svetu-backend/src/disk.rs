//! The room on a disk.

use std::path::PathBuf;
use std::sync::Arc;

use monospec_runtime::CheckResult;
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

/// The disk that holds a folder.
pub(crate) struct Disk {
    folder: PathBuf,
    /// How much room there has to be, in bytes.
    min_free: u64,
    asking: Arc<Mutex<()>>,
}

impl Disk {
    pub(crate) fn new(folder: PathBuf, min_free: u64) -> Self {
        Self {
            folder,
            min_free,
            asking: Arc::default(),
        }
    }

    /// Whether there is room, for those who are not root.
    pub(crate) async fn check(&self) -> CheckResult {
        // A network's disk may not answer for ever. That may keep one thread, and not another one with every check.
        let asking = Arc::clone(&self.asking).lock_owned().await;
        let folder = self.folder.clone();
        let free = spawn_blocking(move || {
            let _asking = asking;
            fs4::available_space(&folder)
        });
        let (free, min_free) = (free.await??, self.min_free);
        if free < min_free {
            return Err(format!("{free} bytes are free, less than {min_free}").into());
        }
        Ok(())
    }
}
