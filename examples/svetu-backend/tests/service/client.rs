//! A running service, and a client of HTTP as small as its questions.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// A running service, killed when the test ends.
pub(crate) struct Service {
    pub(crate) process: Child,
    address: String,
}

/// An answer to a request.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

impl Service {
    pub(crate) fn start(environment: &[(&str, &str)]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_svetu-backend"))
            .env_clear()
            .envs([("PORT", "0"), ("SHUTDOWN_DELAY_SECONDS", "1")])
            .env("DATA_DIR", env!("CARGO_TARGET_TMPDIR"))
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        let read = BufReader::new(stdout).read_line(&mut line);
        // Before anything is asserted, so that the process is ended by then.
        let address = line
            .trim()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        let service = Self { process, address };
        assert!(
            read.is_ok_and(|length| length > 0),
            "the service says where it listens"
        );
        service
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("the service listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("a limit");
        let (host, length) = (&self.address, body.len());
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        )
        .expect("the service reads");
        let mut text = String::new();
        stream
            .read_to_string(&mut text)
            .expect("the service answers");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let content_type = head
            .lines()
            .find_map(|line| line.strip_prefix("content-type: "))
            .unwrap_or_default();
        Answer {
            status: head[9..12].parse().expect("a status"),
            content_type: content_type.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "")
    }

    pub(crate) fn status(&self, method: &str, path: &str, body: &str) -> u16 {
        self.ask(method, path, body).status
    }

    /// Readiness, once it is this.
    pub(crate) fn ready(&self, status: &str) -> (u16, Value) {
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            let answer = self.get("/health/ready");
            let body = json_of(&answer);
            if body["status"] == status {
                return (answer.status, body);
            }
            assert!(Instant::now() < end, "not {status}: {body}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The value of a series.
    pub(crate) fn value(&self, series: &str) -> f64 {
        let text = self.get("/metrics").body;
        let value = text
            .lines()
            .find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        let value = value.unwrap_or_else(|| panic!("{series} is not in\n{text}"));
        value.parse().expect("a number")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The body of an answer that has to be JSON.
pub(crate) fn json_of(answer: &Answer) -> Value {
    assert_eq!(answer.content_type, "application/json", "{answer:?}");
    serde_json::from_str(&answer.body).unwrap_or_else(|error| panic!("{error}: {answer:?}"))
}
