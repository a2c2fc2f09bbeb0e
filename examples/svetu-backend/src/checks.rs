//! The health checks of the spec.

use std::path::PathBuf;
use std::process;

use monospec_runtime::CheckResult;
use tokio::fs;
use tokio::net::TcpStream;

use crate::config::Config;
use crate::metrics::HealthChecks;

/// What the service depends on.
pub(crate) struct Dependencies {
    database: Option<String>,
    redis: Option<String>,
    opensearch: Option<String>,
    data: PathBuf,
}

impl Dependencies {
    pub(crate) fn new(config: &Config) -> Self {
        Self {
            database: config.database.clone(),
            redis: config.redis.clone(),
            opensearch: config.opensearch.clone(),
            data: config.data.clone(),
        }
    }
}

impl HealthChecks for Dependencies {
    async fn database(&self) -> CheckResult {
        reach(self.database.as_deref()).await
    }

    async fn redis(&self) -> CheckResult {
        reach(self.redis.as_deref()).await
    }

    /// The standard library cannot tell how much room there is, but a full or read-only disk takes no file.
    async fn disk(&self) -> CheckResult {
        let probe = self.data.join(format!(".svetu-backend-{}", process::id()));
        fs::write(&probe, b"written by a health check").await?;
        fs::remove_file(&probe).await?;
        Ok(())
    }

    async fn opensearch(&self) -> CheckResult {
        reach(self.opensearch.as_deref()).await
    }
}

/// Whether something takes connections at this address. Without an address the store in memory is used, which is always
/// there.
async fn reach(address: Option<&str>) -> CheckResult {
    if let Some(address) = address {
        TcpStream::connect(address).await?;
    }
    Ok(())
}
