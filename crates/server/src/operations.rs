//! The operations listener: health, readiness, metrics, and in demo and test stores the clock. Loopback only; it
//! knows no person.

use app::App;
use app::clock::Mover;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::StatusCode;

mod clock;
mod metrics;

/// `mover` is `None` in production: there the clock has no address at all.
pub fn router(app: App, mover: Option<Mover>) -> Router {
    let clock = mover.map(|mover| clock::router(app.clone(), mover)).unwrap_or_default();
    let accept = clock::accepting(app.clone());
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics::metrics))
        .with_state(app)
        .merge(clock)
        .merge(accept)
}

/// Ready when the store answers and the clock is right. Without room it still answers what only reads.
async fn ready(State(app): State<App>) -> impl IntoResponse {
    match app.status().await {
        Ok(status) if !status.clock_off.is_zero() => {
            (StatusCode::SERVICE_UNAVAILABLE, "the machine's clock is wrong: set it right\n")
        }
        Ok(status) if status.full => {
            (StatusCode::OK, "ready for reading only: the store is full, make room on its disk\n")
        }
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n"),
    }
}
