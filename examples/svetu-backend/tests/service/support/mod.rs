//! What the tests share: processes that end with the test, and a way to ask them.

pub(crate) mod alertmanager;
pub(crate) mod load;
pub(crate) mod opensearch;
pub(crate) mod postgres;
pub(crate) mod redis;
pub(crate) mod service;
pub(crate) mod webhook;

use std::fmt::Display;
use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

pub(crate) use self::service::{Service, Stores};

/// So long something may take that takes a moment on a machine that has nothing else to do.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// A process that ends with the test, however the test ends.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What to say if a program cannot be started.
pub(crate) fn missing(program: &str, error: &io::Error) -> String {
    format!("{program} cannot be started ({error}); scripts/test installs it")
}

/// Sends a signal to processes.
pub(crate) fn signal(name: &str, processes: &[u32]) {
    let processes = processes.iter().map(ToString::to_string);
    // One of them may have ended meanwhile, which is then said.
    Command::new("kill")
        .arg(format!("-{name}"))
        .args(processes)
        .output()
        .expect("there is kill");
}

/// A file that `monospec generate` wrote, or the spec that it read.
pub(crate) fn generated(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../generated")
        .join(path)
}

pub(crate) fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A port that nobody listens on. It is below those that the system gives to whoever connects.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + (std::process::id() % 100) as u16 * 100;
    for _ in 0..1000 {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed) % 2000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
    panic!("no port is free from {first} on");
}

/// An answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    /// Where else it is, if it is.
    pub(crate) location: Option<String>,
    pub(crate) body: String,
}

/// Sends a request to an address and reads the answer.
pub(crate) fn ask(address: &str, method: &str, path: &str, body: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let length = body.len();
    // 1.0, so that the answer comes in one piece.
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    parse(&text).ok_or_else(|| io::Error::other(format!("not an answer: {text}")))
}

fn parse(text: &str) -> Option<Answer> {
    let (head, body) = text.split_once("\r\n\r\n")?;
    let header = |wanted: &str| {
        head.lines().find_map(|line| {
            let (name, value) = line.split_once(": ")?;
            name.eq_ignore_ascii_case(wanted).then(|| value.to_owned())
        })
    };
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        content_type: header("content-type").unwrap_or_default(),
        location: header("location"),
        body: body.to_owned(),
    })
}

/// Tries until something is there, for a limited time; says then why it is not.
#[track_caller]
pub(crate) fn wait_for<T, E: Display>(
    limit: Duration,
    mut attempt: impl FnMut() -> Result<T, E>,
) -> T {
    let end = Instant::now() + limit;
    loop {
        match attempt() {
            Ok(found) => return found,
            Err(why) => assert!(Instant::now() < end, "after {limit:?}: {why}"),
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}
