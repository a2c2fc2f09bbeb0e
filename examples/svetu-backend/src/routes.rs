//! What can be asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router, middleware};
use monospec_runtime::HealthResponse;
use serde::{Deserialize, Serialize};

use crate::App;
use crate::metrics::{HEALTH_LIVE_PATH, HEALTH_READY_PATH, METRICS_PATH};
use crate::middleware::{UNMATCHED, expect, record};

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

/// The routes that are recorded.
const ATTRIBUTES_V1: &str = "/api/v1/attributes";
const ATTRIBUTES_V2: &str = "/api/v2/attributes";
const ATTRIBUTE: &str = "/api/v2/attributes/{name}";
const FLAGS: &str = "/admin/flags";
const FLAG: &str = "/admin/flags/{name}";

/// Every route. Probes and scrapes are not recorded as requests.
pub(crate) fn router(app: Arc<App>) -> Router {
    for route in [
        ATTRIBUTES_V1,
        ATTRIBUTES_V2,
        ATTRIBUTE,
        FLAGS,
        FLAG,
        UNMATCHED,
    ] {
        expect(&app.metrics, route);
    }
    let recorded = Router::new()
        .route(ATTRIBUTES_V1, get(list_v1))
        .route(ATTRIBUTES_V2, get(list_v2))
        .route(ATTRIBUTE, get(read).put(write).delete(remove))
        .route(FLAGS, get(flags))
        .route(FLAG, put(set_flag))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn_with_state(Arc::clone(&app), record));
    let probes = Router::new()
        .route(METRICS_PATH, get(metrics))
        .route(HEALTH_LIVE_PATH, get(live))
        .route(HEALTH_READY_PATH, get(ready));
    recorded.merge(probes).with_state(app)
}

async fn list_v1(State(app): State<Arc<App>>) -> Json<BTreeMap<String, String>> {
    Json(app.attributes.list())
}

async fn list_v2(State(app): State<Arc<App>>) -> Json<Vec<Attribute>> {
    let attributes = app.attributes.list().into_iter();
    Json(
        attributes
            .map(|(name, value)| Attribute { name, value })
            .collect(),
    )
}

async fn read(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
) -> Result<Json<Attribute>, StatusCode> {
    let value = app.attributes.read(&name).ok_or(StatusCode::NOT_FOUND)?;
    Ok(Json(Attribute { name, value }))
}

async fn write(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Json(written): Json<Written>,
) -> Response {
    match app.attributes.write(&name, &written.value) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

async fn remove(State(app): State<Arc<App>>, Path(name): Path<String>) -> StatusCode {
    if app.attributes.remove(&name) {
        StatusCode::NO_CONTENT
    } else {
        StatusCode::NOT_FOUND
    }
}

async fn flags(State(app): State<Arc<App>>) -> Json<BTreeMap<&'static str, bool>> {
    Json(app.flags.iter().collect())
}

async fn set_flag(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    Json(enabled): Json<bool>,
) -> Response {
    match app.flags.set_by_name(&name, enabled) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::NOT_FOUND, error.to_string()).into_response(),
    }
}

async fn metrics(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let asked = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let exposition = app.metrics.scrape(asked(ACCEPT), asked(ACCEPT_ENCODING));
    let content_type = [(CONTENT_TYPE, exposition.content_type)];
    let content_encoding = exposition.content_encoding;
    let content_encoding = content_encoding.map(|encoding| [(CONTENT_ENCODING, encoding)]);
    (content_type, content_encoding, exposition.body).into_response()
}

async fn live(State(app): State<Arc<App>>) -> Response {
    answer(app.health.live())
}

async fn ready(State(app): State<Arc<App>>) -> Response {
    answer(app.health.ready())
}

fn answer(health: HealthResponse) -> Response {
    let status = StatusCode::from_u16(health.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, [(CONTENT_TYPE, "application/json")], health.body).into_response()
}
