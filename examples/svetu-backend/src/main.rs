//! svetu-backend: a marketplace backend whose monitoring is compiled from a spec.

mod api;
mod attributes;
mod cache;
mod chaos;
mod checks;
mod config;
mod database;
mod disk;
mod routes;
mod search;
mod table;

/// What the spec says, as code.
mod metrics {
    include!(concat!(env!("OUT_DIR"), "/metrics.rs"));
}

use std::error::Error;
use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use monospec_runtime::Health;
use tokio::net::TcpListener;

use crate::attributes::Attributes;
use crate::cache::Cache;
use crate::checks::Dependencies;
use crate::config::Config;
use crate::database::Database;
use crate::disk::Disk;
use crate::metrics::{Flags, Metrics, start_health};
use crate::search::Search;

/// What every request may need.
struct App {
    metrics: Arc<Metrics>,
    flags: Flags,
    health: Health,
    attributes: Attributes,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .init();
    let config = Config::from_env()?;
    // First of all: who cannot listen should not start anything.
    let listener = TcpListener::bind(("127.0.0.1", config.port))
        .await
        .map_err(|error| format!("cannot listen on 127.0.0.1:{}: {error}", config.port))?;
    let metrics = Arc::new(Metrics::new());
    let flags = Flags::from_env(&metrics);
    // Nothing of this connects yet: what the service depends on may come later than the service.
    let database = Arc::new(Database::new(Arc::clone(&metrics), config.database)?);
    let cache = Arc::new(Cache::new(Arc::clone(&metrics), config.redis)?);
    let dependencies = Dependencies {
        database: Arc::clone(&database),
        cache: Arc::clone(&cache),
        disk: Disk::new(config.data, config.min_free),
        search: Search::new(&config.opensearch)?,
    };
    let health = start_health(&metrics, dependencies);
    let app = Arc::new(App {
        attributes: Attributes::new(Arc::clone(&metrics), flags.clone(), &database, cache),
        metrics,
        flags,
        health: health.clone(),
    });
    let address = listener.local_addr()?;
    writeln!(std::io::stdout(), "listening on http://{address}")?;
    axum::serve(listener, routes::router(app, config.chaos))
        .with_graceful_shutdown(shutdown(health, config.shutdown_delay))
        .await?;
    Ok(())
}

/// Ends when the service shall take no more requests: told to end, it is first not ready for a while, so that nothing new
/// is sent to it.
async fn shutdown(health: Health, delay: Duration) {
    told_to_end().await;
    health.shutdown();
    tokio::time::sleep(delay).await;
}

async fn told_to_end() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}
