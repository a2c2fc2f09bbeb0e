//! A server that answers scrapes.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use monospec_runtime::{Exposition, Format, Registry};

/// How the last request that left the choice was answered: the content type and the encoding.
pub(crate) type Chosen = Option<(&'static str, Option<&'static str>)>;

/// A server of one registry: under `/text` and `/openmetrics` in this format whatever is asked for, under `/negotiated` as
/// it is asked for. It ends when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    chosen: Arc<Mutex<Chosen>>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub(crate) fn start(registry: Registry) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let chosen = Arc::default();
        let ended = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (chosen, ended) = (Arc::clone(&chosen), Arc::clone(&ended));
            move || {
                for stream in listener.incoming() {
                    if ended.load(Ordering::Relaxed) {
                        return;
                    }
                    // A client that goes away is none of the server's business.
                    let _ = stream.and_then(|stream| answer(stream, &registry, &chosen));
                }
            }
        });
        Self {
            address,
            chosen,
            ended,
            thread: Some(thread),
        }
    }

    pub(crate) fn chosen(&self) -> Chosen {
        *self.chosen.lock().expect("nothing panics with it")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // It waits for a request.
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn answer(mut stream: TcpStream, registry: &Registry, chosen: &Mutex<Chosen>) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut headers = Vec::new();
    for line in lines {
        let line = line?;
        let Some((name, value)) = line.split_once(": ") else {
            break;
        };
        headers.push((name.to_ascii_lowercase(), value.to_owned()));
    }
    let header = |wanted: &str| {
        let mut headers = headers.iter();
        headers.find_map(|(name, value)| (name == wanted).then_some(value.as_str()))
    };
    let forced = |format: Format| registry.scrape(Some(format.content_type()), None);
    let exposition = match request.split(' ').nth(1) {
        Some("/text") => forced(Format::Text),
        Some("/openmetrics") => forced(Format::OpenMetrics),
        _ => {
            let answer = registry.scrape(header("accept"), header("accept-encoding"));
            let choice = (answer.content_type, answer.content_encoding);
            *chosen.lock().expect("nothing panics with it") = Some(choice);
            answer
        }
    };
    let Exposition {
        content_type,
        content_encoding,
        body,
        ..
    } = exposition;
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: {content_type}\r\n"
    )?;
    if let Some(encoding) = content_encoding {
        write!(stream, "Content-Encoding: {encoding}\r\n")?;
    }
    write!(stream, "Content-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(&body)
}
