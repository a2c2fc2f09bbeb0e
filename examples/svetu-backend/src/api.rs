//! The attributes over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::App;
use crate::database::DatabaseError;

/// After this time a request is given up.
const LIMIT: Duration = Duration::from_secs(4);

const V1: &str = "/api/v1/attributes";
const V2: &str = "/api/v2/attributes";
const ATTRIBUTE: &str = "/api/v2/attributes/{name}";

/// Every route here.
pub(crate) const ROUTES: [&str; 3] = [V1, V2, ATTRIBUTE];

/// An attribute as version 2 tells it.
#[derive(Serialize)]
struct Attribute {
    name: String,
    value: String,
}

/// What is said of an attribute to be written.
#[derive(Deserialize)]
struct Written {
    value: String,
}

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(V1, get(list_v1))
        .route(V2, get(list_v2))
        .route(ATTRIBUTE, get(read).put(write).delete(remove))
        .route_layer(from_fn(limited))
}

async fn limited(request: Request, next: Next) -> Response {
    match tokio::time::timeout(LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

async fn list_v1(
    State(app): State<Arc<App>>,
) -> Result<Json<BTreeMap<String, String>>, DatabaseError> {
    Ok(Json(app.attributes.list().await?))
}

async fn list_v2(State(app): State<Arc<App>>) -> Result<Json<Vec<Attribute>>, DatabaseError> {
    let attributes = app.attributes.list().await?.into_iter();
    let attributes = attributes.map(|(name, value)| Attribute { name, value });
    Ok(Json(attributes.collect()))
}

async fn read(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<Response, DatabaseError> {
    Ok(match app.attributes.read(&name).await? {
        Some(value) => Json(Attribute { name, value }).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

async fn write(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Json(written): Json<Written>,
) -> Result<StatusCode, DatabaseError> {
    app.attributes.write(&name, &written.value).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn remove(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<StatusCode, DatabaseError> {
    Ok(if app.attributes.remove(&name).await? {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    })
}

/// The answer tells as much as its reader needs, and the log all of it.
impl IntoResponse for DatabaseError {
    fn into_response(self) -> Response {
        let (status, text) = match &self {
            Self::Refused(_) => (
                StatusCode::UNPROCESSABLE_ENTITY,
                "the attribute does not fit into the model",
            ),
            Self::Unavailable(_) => (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database is not available",
            ),
            Self::Failed(_) => (StatusCode::INTERNAL_SERVER_ERROR, "the database failed"),
        };
        if status.is_server_error() {
            tracing::warn!(error = %self, status = status.as_u16(), "a request failed");
        }
        (status, text).into_response()
    }
}
