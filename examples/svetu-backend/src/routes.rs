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

use crate::metrics::{HEALTH_LIVE_PATH, HEALTH_READY_PATH, METRICS_PATH};
use crate::middleware::{UNMATCHED, expect, record};
use crate::{App, api, chaos};

const FLAGS: &str = "/admin/flags";
const FLAG: &str = "/admin/flags/{name}";

/// Every route. Probes and scrapes are not recorded as requests.
pub(crate) fn router(app: Arc<App>, with_chaos: bool) -> Router {
    for route in api::ROUTES.into_iter().chain([FLAGS, FLAG, UNMATCHED]) {
        expect(&app.metrics, route);
    }
    let attributes = if with_chaos {
        chaos::on(api::routes())
    } else {
        api::routes()
    };
    let recorded = attributes
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
