//! What a command is at, for those who wait at a terminal.

use std::io::{self, Write as _};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Who waits no longer than this is told nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// One line on stderr, which goes when something else is printed, and in the end.
///
/// It moves the cursor by carriage returns only, which every terminal knows.
pub(super) struct Progress {
    shared: Arc<Shared>,
    /// Nobody looks.
    hidden: bool,
    /// Draws the line once, when patience ends; from then on whoever changes it does.
    waiter: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    line: Mutex<Line>,
    over: Condvar,
}

#[derive(Default)]
struct Line {
    /// Nothing where there is no line.
    stage: String,
    /// How wide the line on the terminal is.
    width: usize,
    late: bool,
    over: bool,
}

impl Progress {
    pub(super) fn new(visible: bool) -> Self {
        Self {
            shared: Arc::default(),
            hidden: !visible,
            waiter: None,
        }
    }

    pub(super) fn stage(&mut self, stage: &str) {
        if self.hidden {
            return;
        }
        {
            let mut line = self.shared.line();
            stage.clone_into(&mut line.stage);
            line.draw();
        }
        if self.waiter.is_none() {
            let shared = Arc::clone(&self.shared);
            self.waiter = Some(thread::spawn(move || shared.wait()));
        }
    }

    pub(super) fn clear(&mut self) {
        let mut line = self.shared.line();
        line.stage.clear();
        line.draw();
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.clear();
        self.shared.line().over = true;
        self.shared.over.notify_all();
        if let Some(waiter) = self.waiter.take() {
            // It does not panic, and there is nobody to tell.
            let _ = waiter.join();
        }
    }
}

impl Shared {
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait(&self) {
        let (mut line, _) = self
            .over
            .wait_timeout_while(self.line(), PATIENCE, |line| !line.over)
            .unwrap_or_else(PoisonError::into_inner);
        line.late = true;
        line.draw();
    }
}

impl Line {
    fn draw(&mut self) {
        if !self.late {
            return;
        }
        let text = match self.stage.as_str() {
            "" => String::new(),
            stage => format!("monospec: {stage} …"),
        };
        let (old, new) = (self.width, text.chars().count());
        self.width = new;
        let drawn = match (old, new) {
            (0, 0) => return,
            (_, 0) => format!("\r{:old$}\r", ""),
            _ => format!("\r{text:old$}"),
        };
        let mut stderr = io::stderr().lock();
        // It is there for people only, and is missed by nobody else.
        let _ = stderr
            .write_all(drawn.as_bytes())
            .and_then(|()| stderr.flush());
    }
}
