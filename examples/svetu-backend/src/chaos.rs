//! Faults on demand, to see what the alerts make of them. Only there if the environment asks for it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

const PATH: &str = "/admin/chaos";

const MAX_DELAY_MS: u32 = 10_000;

/// What goes wrong; nothing at first.
#[derive(Clone, Copy, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
struct Faults {
    /// The share of requests that are answered with 500, from 0 to 1.
    error_ratio: f64,
    /// How long every request waits first, in milliseconds.
    delay_ms: u32,
}

type Chaos = Arc<Mutex<Faults>>;

/// Has faults happen to these routes, and adds one to say which.
pub(crate) fn on<S: Clone + Send + Sync + 'static>(routes: Router<S>) -> Router<S> {
    let chaos = Chaos::default();
    let control = get(show).put(change).with_state(Arc::clone(&chaos));
    routes
        .route_layer(from_fn_with_state(chaos, happen))
        .route(PATH, control)
}

async fn show(State(chaos): State<Chaos>) -> Json<Faults> {
    Json(current(&chaos))
}

async fn change(State(chaos): State<Chaos>, Json(faults): Json<Faults>) -> Response {
    if !(0.0..=1.0).contains(&faults.error_ratio) || faults.delay_ms > MAX_DELAY_MS {
        let why = "error_ratio is from 0 to 1, delay_ms from 0 to 10000";
        return (StatusCode::UNPROCESSABLE_ENTITY, why).into_response();
    }
    *chaos.lock().unwrap_or_else(PoisonError::into_inner) = faults;
    StatusCode::NO_CONTENT.into_response()
}

async fn happen(State(chaos): State<Chaos>, request: Request, next: Next) -> Response {
    let faults = current(&chaos);
    tokio::time::sleep(Duration::from_millis(faults.delay_ms.into())).await;
    if fastrand::f64() < faults.error_ratio {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    next.run(request).await
}

fn current(chaos: &Chaos) -> Faults {
    *chaos.lock().unwrap_or_else(PoisonError::into_inner)
}
