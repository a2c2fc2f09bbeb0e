//! What the service asks of OpenSearch, answered as OpenSearch would.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use serde_json::json;

/// The status of a cluster that does not answer at all.
pub(crate) const SILENT: &str = "silent";

/// A cluster of which nothing is there but its health.
pub(crate) struct OpenSearch {
    port: u16,
    cluster: Arc<Mutex<Cluster>>,
}

struct Cluster {
    status: &'static str,
    asked: u32,
    /// Connections that are never answered.
    kept: Vec<TcpStream>,
}

impl OpenSearch {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it listens").port();
        let cluster = Arc::new(Mutex::new(Cluster {
            status: "green",
            asked: 0,
            kept: Vec::new(),
        }));
        let answering = Arc::clone(&cluster);
        // It ends with the program.
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                answer(&mut answering.lock().expect("no panic"), stream);
            }
        });
        Self { port, cluster }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// `green`, `yellow`, `red` or [`SILENT`].
    pub(crate) fn set(&self, status: &'static str) {
        let mut cluster = self.cluster.lock().expect("no panic");
        cluster.status = status;
        cluster.kept.clear();
    }

    /// How often it was asked for its health.
    pub(crate) fn asked(&self) -> u32 {
        self.cluster.lock().expect("no panic").asked
    }
}

/// Answers one request on a connection. A client that goes away is not our business.
fn answer(cluster: &mut Cluster, mut stream: TcpStream) {
    if cluster.status == SILENT {
        cluster.kept.push(stream);
        return;
    }
    let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    lines.find(String::is_empty);
    let status = if request.starts_with("GET /_cluster/health HTTP/1.1") {
        cluster.asked += 1;
        "200 OK"
    } else {
        "404 Not Found"
    };
    let body = json!({ "cluster_name": "svetu", "status": cluster.status, "timed_out": false });
    let body = body.to_string();
    let length = body.len();
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Connection: close\r\n\r\n{body}"
    );
}
