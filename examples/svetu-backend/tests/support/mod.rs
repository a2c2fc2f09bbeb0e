//! What the tests of the service share: the service as a process, and a way to ask it.

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The families that the spec names itself, by the types that the text exposition gives them.
pub(crate) const FAMILIES: [(&str, &str); 11] = [
    ("http_requests_total", "counter"),
    ("http_request_duration_seconds", "histogram"),
    ("http_requests_in_flight", "gauge"),
    // A counter that is not called one: parsers of OpenMetrics would refuse it as a counter.
    ("unified_attributes_usage", "untyped"),
    ("feature_flag_status", "gauge"),
    ("dual_write_operations_total", "counter"),
    ("cache_operations_total", "counter"),
    ("database_connections_active", "gauge"),
    ("database_query_duration_seconds", "histogram"),
    ("redis_operations_total", "counter"),
    ("health_check_status", "gauge"),
];

/// A process that ends with the test, however the test ends.
pub(crate) struct Process(pub(crate) Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running service.
pub(crate) struct Service {
    pub(crate) process: Process,
    pub(crate) address: String,
}

/// An answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
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
    let content_type = head.lines().find_map(|line| {
        let (name, value) = line.split_once(": ")?;
        name.eq_ignore_ascii_case("content-type").then_some(value)
    });
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        content_type: content_type.unwrap_or_default().to_owned(),
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

impl Service {
    pub(crate) fn start(environment: &[(&str, &str)]) -> Self {
        Self::try_start(environment).unwrap_or_else(|why| panic!("{why}"))
    }

    pub(crate) fn try_start(environment: &[(&str, &str)]) -> Result<Self, &'static str> {
        let process = Command::new(env!("CARGO_BIN_EXE_svetu-backend"))
            .env_clear()
            .envs([("PORT", "0"), ("SHUTDOWN_DELAY_SECONDS", "1")])
            .env("DATA_DIR", env!("CARGO_TARGET_TMPDIR"))
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = Process(process.expect("the service is started"));
        let stdout = process.0.stdout.take().expect("it is piped");
        let mut line = String::new();
        let read = BufReader::new(stdout).read_line(&mut line);
        let address = line.trim().strip_prefix("listening on http://");
        match (read, address) {
            (Ok(_), Some(address)) => Ok(Self {
                process,
                address: address.to_owned(),
            }),
            _ => Err("the service does not say where it listens"),
        }
    }

    pub(crate) fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        ask(&self.address, method, path, body).expect("the service answers")
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    pub(crate) fn status(&self, method: &str, path: &str, body: &str) -> u16 {
        self.ask(method, path, body).status
    }

    /// Readiness, once it is this.
    pub(crate) fn ready(&self, status: &str) -> (u16, Value) {
        wait_for(Duration::from_secs(10), || {
            let answer = self.get("/health/ready");
            let body = json_of(&answer);
            if body["status"] == status {
                Ok((answer.status, body))
            } else {
                Err(format!("not {status}: {body}"))
            }
        })
    }
}

pub(crate) fn json_of(answer: &Answer) -> Value {
    assert_eq!(answer.content_type, "application/json", "{answer:?}");
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}
