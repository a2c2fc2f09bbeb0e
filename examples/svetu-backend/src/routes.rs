//! What can be asked for.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, put};
use axum::{Json, Router};
use monospec_runtime::axum::{health_routes, metrics_routes};
use monospec_runtime::http::HttpLayer;

use crate::{App, api, chaos};

const FLAGS: &str = "/admin/flags";
const FLAG: &str = "/admin/flags/{name}";

/// Every route, each recorded but for probes and scrapes.
pub(crate) fn router(app: Arc<App>, with_chaos: bool) -> Router {
    let attributes = if with_chaos {
        chaos::on(api::routes())
    } else {
        api::routes()
    };
    let routes = api::ROUTES.into_iter().chain([FLAGS, FLAG]);
    let recorded = HttpLayer::new(Arc::clone(&app.metrics)).expect_routes(routes);
    attributes
        .route(FLAGS, get(flags))
        .route(FLAG, put(set_flag))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .merge(metrics_routes(&app.metrics))
        .merge(health_routes(&app.health))
        // Last: what is added after it is not recorded.
        .layer(recorded)
        .with_state(app)
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
