//! The health checks of the spec.

use std::sync::Arc;

use monospec_runtime::CheckResult;

use crate::cache::Cache;
use crate::database::Database;
use crate::disk::Disk;
use crate::metrics::HealthChecks;
use crate::search::Search;

/// What the service depends on: the same connections that requests use.
pub(crate) struct Dependencies {
    pub(crate) database: Arc<Database>,
    pub(crate) cache: Arc<Cache>,
    pub(crate) disk: Disk,
    pub(crate) search: Search,
}

impl HealthChecks for Dependencies {
    async fn database(&self) -> CheckResult {
        let result = self.database.ping().await;
        logged("database", result.map_err(Into::into))
    }

    async fn redis(&self) -> CheckResult {
        let result = self.cache.ping().await;
        logged("redis", result.map_err(Into::into))
    }

    async fn disk(&self) -> CheckResult {
        logged("disk", self.disk.check().await)
    }

    async fn opensearch(&self) -> CheckResult {
        logged("opensearch", self.search.check().await)
    }
}

/// Why a check failed is only told here: the answers of health are public.
fn logged(check: &str, result: CheckResult) -> CheckResult {
    result.inspect_err(|error| tracing::warn!(check, %error, "a health check failed"))
}
