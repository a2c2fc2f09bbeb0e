//! svetu-load: asks a service at a steady rate, and reports how it answered.

mod mix;
mod report;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, Uri};
use clap::Parser;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use crate::mix::Mix;
use crate::report::Report;

/// After this time an answer is no longer waited for.
const LIMIT: Duration = Duration::from_secs(10);

/// So long a connection that was refused is not tried again.
const PAUSE: Duration = Duration::from_millis(10);

/// Asks svetu-backend at a steady rate, and reports how it answered.
#[derive(Parser)]
#[command(name = "svetu-load", after_help = mix::HELP)]
struct Arguments {
    /// Where the service is
    #[arg(long, default_value = "http://127.0.0.1:3000")]
    url: Uri,
    /// Requests per second, as far as the connections get; 0 for as many as they get
    #[arg(long, default_value_t = 50)]
    rate: u32,
    /// For how many seconds
    #[arg(long, default_value_t = 30)]
    duration: u32,
    /// End after so many requests
    #[arg(long)]
    requests: Option<u64>,
    /// How many requests may be under way, each on a connection that is kept
    #[arg(long, default_value_t = 16)]
    connections: u16,
    /// What to ask for, with weights
    #[arg(long, default_value = "read=85,write=10,list=5")]
    mix: Mix,
}

/// What the connections share.
struct Plan {
    client: Client<HttpConnector, Body>,
    url: String,
    mix: Mix,
    rate: u32,
    requests: u64,
    start: Instant,
    end: Instant,
    taken: AtomicU64,
    stopped: AtomicBool,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::parse();
    let start = Instant::now();
    let plan = Arc::new(Plan {
        client: Client::builder(TokioExecutor::new()).build_http(),
        url: arguments.url.to_string().trim_end_matches('/').to_owned(),
        mix: arguments.mix,
        rate: arguments.rate,
        requests: arguments.requests.unwrap_or(u64::MAX),
        start,
        end: start + Duration::from_secs(arguments.duration.into()),
        taken: AtomicU64::new(0),
        stopped: AtomicBool::new(false),
    });
    let mut connections = JoinSet::new();
    for _ in 0..arguments.connections {
        connections.spawn(ask(Arc::clone(&plan)));
    }
    let mut report = Report::default();
    loop {
        tokio::select! {
            part = connections.join_next() => match part {
                Some(part) => report.add(part?),
                None => break,
            },
            Ok(()) = tokio::signal::ctrl_c() => plan.stopped.store(true, Ordering::Relaxed),
        }
    }
    write!(std::io::stdout(), "{}", report.summary(start.elapsed()))?;
    Ok(if report.answered() > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Takes one request after the other off the plan.
async fn ask(plan: Arc<Plan>) -> Report {
    let mut report = Report::default();
    while let Some(due) = plan.next() {
        sleep_until(due).await;
        let answer = match plan.mix.request(&plan.url) {
            Ok(request) => timeout(LIMIT, send(&plan.client, request)).await,
            Err(error) => Ok(Err(error.into())),
        };
        match answer {
            // From when it was due: whoever waits for a connection waits for an answer too.
            Ok(Ok(status)) => report.answer(status, due.elapsed()),
            Ok(Err(error)) => {
                report.error(error.as_ref());
                sleep(PAUSE).await;
            }
            Err(_) => report.error(&std::io::Error::other("no answer in time")),
        }
    }
    report
}

impl Plan {
    /// When the next request is due; none if there is none any more.
    fn next(&self) -> Option<Instant> {
        let number = self.taken.fetch_add(1, Ordering::Relaxed);
        let due = match self.rate {
            0 => Instant::now(),
            rate => self.start + Duration::from_secs(number) / rate,
        };
        let over = number >= self.requests
            || due >= self.end
            || Instant::now() >= self.end
            || self.stopped.load(Ordering::Relaxed);
        (!over).then_some(due)
    }
}

/// Sends a request and reads the whole answer, or the connection could not be used again.
async fn send(
    client: &Client<HttpConnector, Body>,
    request: Request<Body>,
) -> Result<StatusCode, Box<dyn Error + Send + Sync>> {
    let response = client.request(request).await?;
    let status = response.status();
    to_bytes(Body::new(response.into_body()), usize::MAX).await?;
    Ok(status)
}
