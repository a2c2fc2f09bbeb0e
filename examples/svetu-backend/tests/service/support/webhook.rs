//! Whoever is told of alerts.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::Value;

/// A server that takes what is posted, and remembers it by its path.
pub(crate) struct Webhook {
    pub(crate) address: String,
    messages: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Webhook {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("it listens").to_string();
        let messages = Arc::new(Mutex::new(Vec::new()));
        let taken = Arc::clone(&messages);
        // It ends with the program.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let message = take(&stream).expect("a request");
                taken.lock().expect("no panic").push(message);
            }
        });
        Self { address, messages }
    }

    /// What was posted to a path, in order.
    pub(crate) fn messages(&self, path: &str) -> Vec<Value> {
        let messages = self.messages.lock().expect("no panic");
        let messages = messages.iter().filter(|(to, _)| to == path);
        messages.map(|(_, body)| body.clone()).collect()
    }
}

/// Takes one request of a connection, and answers it.
fn take(mut stream: &TcpStream) -> io::Result<(String, Value)> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut length = 0;
    while line.trim() != "" {
        line.clear();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().map_err(io::Error::other)?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    // Slack's client wants words.
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
    )?;
    Ok((path, serde_json::from_slice(&body)?))
}
