//! Programs that a test runs, and folders that it writes to.

use std::fmt::Display;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// A process that ends with the test, however the test ends.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder that goes when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("{name}-{}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    pub(crate) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left lies among the files of the build.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts a program; `install` says how to get it.
pub(crate) fn start(command: &mut Command, install: &str) -> Process {
    let started = command.spawn();
    Process(started.unwrap_or_else(|error| {
        let program = command.get_program().display();
        panic!("this test needs {program}, which cannot be started ({error}): {install}")
    }))
}

/// Gives a program this input and waits for its output.
pub(crate) fn feed(command: &mut Command, input: &[u8], install: &str) -> io::Result<Output> {
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut process = start(command, install);
    let mut stdin = process.0.stdin.take().expect("it is piped");
    let mut stdout = process.0.stdout.take().expect("it is piped");
    let mut stderr = process.0.stderr.take().expect("it is piped");
    let read = |from: &mut dyn io::Read| {
        let mut bytes = Vec::new();
        from.read_to_end(&mut bytes).map(|_| bytes)
    };
    std::thread::scope(|scope| {
        // A program that refuses its input may not read it to the end.
        scope.spawn(move || stdin.write_all(input).is_ok());
        let stderr = scope.spawn(move || read(&mut stderr));
        let stdout = read(&mut stdout)?;
        Ok(Output {
            stdout,
            stderr: stderr.join().expect("it does not panic")?,
            status: process.0.wait()?,
        })
    })
}

/// Tries until something is there, for a limited time; says then why it is not.
#[track_caller]
pub(crate) fn wait_for<T, E: Display>(mut attempt: impl FnMut() -> Result<T, E>) -> T {
    const PATIENCE: Duration = Duration::from_secs(60);
    let end = Instant::now() + PATIENCE;
    loop {
        match attempt() {
            Ok(found) => return found,
            Err(why) => assert!(Instant::now() < end, "after {PATIENCE:?}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}
