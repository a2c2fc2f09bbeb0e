//! OpenSearch, as far as its health goes.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::uri::{InvalidUri, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use monospec_runtime::CheckResult;
use serde::Deserialize;
use tokio::time::timeout;

/// After this time an answer is not waited for any more: less than the health check may take.
const LIMIT: Duration = Duration::from_millis(1500);

/// More than a report of health has, in bytes.
const MAX_BODY: usize = 64 * 1024;

/// A cluster.
pub(crate) struct Search {
    client: Client<HttpConnector, Body>,
    health: Uri,
}

/// What is read of the report of health.
#[derive(Deserialize)]
struct ClusterHealth {
    status: String,
}

impl Search {
    /// The cluster at this address, of which any node may be asked.
    pub(crate) fn new(url: &Uri) -> Result<Self, InvalidUri> {
        let health = format!("{}/_cluster/health", url.to_string().trim_end_matches('/'));
        Ok(Self {
            client: Client::builder(TokioExecutor::new()).build_http(),
            health: health.parse()?,
        })
    }

    /// Whether the cluster has every primary shard: `green` or `yellow`, see
    /// [cluster health](https://docs.opensearch.org/latest/api-reference/cluster-api/cluster-health/).
    pub(crate) async fn check(&self) -> CheckResult {
        timeout(LIMIT, self.ask())
            .await
            .unwrap_or_else(|_| Err("no answer in time".into()))
    }

    async fn ask(&self) -> CheckResult {
        let response = self.client.get(self.health.clone()).await?;
        if !response.status().is_success() {
            return Err(format!("OpenSearch answers {}", response.status()).into());
        }
        let body = to_bytes(Body::new(response.into_body()), MAX_BODY).await?;
        let health: ClusterHealth = serde_json::from_slice(&body)?;
        match health.status.as_str() {
            "green" | "yellow" => Ok(()),
            status => Err(format!("the cluster is {status:?}").into()),
        }
    }
}
