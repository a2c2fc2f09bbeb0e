//! The real promtool, started as often as needed.

use std::io;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::cli::Failure;

/// A promtool that starts.
pub(super) struct Promtool {
    path: PathBuf,
    /// Such as `2.42.0`.
    pub(super) version: String,
}

impl Promtool {
    /// Looks for it, and asks for its version.
    pub(super) fn find(path: &Path) -> Result<Self, Failure> {
        let output = Command::new(path)
            .arg("--version")
            .output()
            .map_err(|error| {
                let name = path.display();
                match error.kind() {
                    io::ErrorKind::NotFound => Failure::new(format!("there is no `{name}`"))
                        .help("it comes with Prometheus; name another one with `--promtool`"),
                    _ => Failure::new(format!("cannot start `{name}`: {error}")),
                }
            })?;
        // Up to 2.x it tells its version on stderr.
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8_lossy(&told);
        let mut words = told
            .split_whitespace()
            .skip_while(|word| *word != "version");
        match (told.starts_with("promtool"), words.nth(1)) {
            (true, Some(version)) => Ok(Self {
                path: path.to_owned(),
                version: version.to_owned(),
            }),
            _ => Err(Failure::new(format!("`{}` is no promtool", path.display()))),
        }
    }

    /// Plays the tests in each of some files: nothing if all is well, what promtool says otherwise.
    pub(super) fn test(
        &self,
        files: &[PathBuf],
        tell: &mut dyn FnMut(usize),
    ) -> Result<Vec<Option<String>>, Failure> {
        let at_once = thread::available_parallelism().map_or(1, NonZero::get);
        let mut results = Vec::with_capacity(files.len());
        for some in files.chunks(at_once) {
            let started: Result<Vec<Child>, Failure> =
                some.iter().map(|file| self.start(file)).collect();
            for child in started? {
                tell(results.len());
                let output = child
                    .wait_with_output()
                    .map_err(|error| self.failed(&error))?;
                results.push(match output.status.code() {
                    Some(0) => None,
                    Some(_) => Some(
                        String::from_utf8_lossy(&[output.stdout, output.stderr].concat())
                            .into_owned(),
                    ),
                    None => {
                        return Err(Failure::new(format!(
                            "`{}` was killed",
                            self.path.display()
                        )));
                    }
                });
            }
        }
        Ok(results)
    }

    fn start(&self, file: &Path) -> Result<Child, Failure> {
        Command::new(&self.path)
            .args(["test", "rules"])
            .arg(file)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::new(format!("cannot start `{}`: {error}", self.path.display()))
    }
}
