//! The service of the README.

mod metrics {
    include!(concat!(env!("OUT_DIR"), "/metrics.rs"));
}

use std::sync::Arc;

use axum::{Router, extract::State, routing::get};
use metrics::{Flags, HealthChecks, Metrics, start_health};
use monospec_runtime::CheckResult;
use monospec_runtime::axum::{health_routes, metrics_routes};
use monospec_runtime::http::HttpLayer;
use tokio::net::{TcpListener, TcpStream};

struct Checks;

impl HealthChecks for Checks {
    async fn warehouse(&self) -> CheckResult {
        TcpStream::connect("127.0.0.1:5432").await?; // a check that is left out does not compile
        Ok(())
    }
}

async fn order(State(flags): State<Flags>) -> &'static str {
    if flags.new_prices() { "12.50" } else { "12.00" }
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let metrics = Arc::new(Metrics::new());
    let flags = Flags::from_env(&metrics);
    let health = start_health(&metrics, Checks);
    let app = Router::new()
        .route("/orders/{id}", get(order))
        .with_state(flags)
        .merge(metrics_routes(&metrics)) // /metrics
        .merge(health_routes(&health)) // /health/live and /health/ready
        // Last: it records nothing of a route that is added after it.
        .layer(HttpLayer::new(metrics).expect_routes(["/orders/{id}"]));
    axum::serve(TcpListener::bind("127.0.0.1:3002").await?, app).await
}
