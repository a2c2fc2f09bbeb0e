//! A server that remembers what it is sent, and a client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::{PATIENCE, wait_for};

/// What was sent to a path.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) path: String,
    pub(crate) headers: String,
    pub(crate) body: Value,
}

/// A server of JSON for whoever Alertmanager talks to. It lives as long as the test's process.
pub(crate) struct Sink {
    pub(crate) address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

/// What Telegram answers. Nobody else reads it.
const ANSWER: &str =
    r#"{"ok":true,"result":{"message_id":1,"date":0,"chat":{"id":-5,"type":"group"}}}"#;

impl Sink {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address").to_string();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let remembered = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let remembered = Arc::clone(&remembered);
                std::thread::spawn(move || {
                    let _ = answer(stream, &remembered);
                });
            }
        });
        Self { address, requests }
    }

    /// What has been sent to a path so far.
    pub(crate) fn requests(&self, path: &str) -> Vec<Request> {
        let requests = self.requests.lock().expect("nobody panics with it");
        let to_path = requests.iter().filter(|request| request.path == path);
        to_path.cloned().collect()
    }

    /// The first message to a path of which something holds.
    pub(crate) fn wait(&self, path: &str, holds: impl Fn(&Value) -> bool) -> Request {
        wait_for(&format!("a message to {path}"), || {
            let mut requests = self.requests(path).into_iter();
            requests.find(|request| holds(&request.body))
        })
    }
}

/// Requests of one connection, until it ends.
fn answer(mut stream: TcpStream, remembered: &Mutex<Vec<Request>>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let path = path.split('?').next().unwrap_or_default().to_owned();
        let mut headers = String::new();
        let mut length = 0;
        loop {
            line.clear();
            reader.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            headers.push_str(&line);
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        remembered.lock().expect("nobody panics").push(Request {
            path,
            headers,
            body: serde_json::from_slice(&body).expect("JSON"),
        });
        let length = ANSWER.len();
        write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{ANSWER}"
        )?;
    }
}

/// Posts JSON, and gives back the status line.
pub(crate) fn post(address: &str, path: &str, body: &Value) -> std::io::Result<String> {
    let body = body.to_string();
    let length = body.len();
    request(
        address,
        &format!(
            "POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
        ),
    )
}

/// The status line of what is got.
pub(crate) fn get(address: &str, path: &str) -> std::io::Result<String> {
    request(address, &format!("GET {path} HTTP/1.0\r\n\r\n"))
}

fn request(address: &str, text: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(text.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}
