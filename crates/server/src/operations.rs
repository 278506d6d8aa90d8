//! The operations listener: health, readiness, metrics, and in demo and test stores the clock. Loopback only; it
//! knows no person.

use app::App;
use app::clock::Mover;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use http::{StatusCode, header};

mod clock;

/// `mover` is `None` in production: there the clock has no address at all.
pub fn router(app: App, mover: Option<Mover>) -> Router {
    let clock = mover.map(|mover| clock::router(app.clone(), mover)).unwrap_or_default();
    Router::new()
        .route("/healthz", get(|| async { "ok\n" }))
        .route("/readyz", get(ready))
        .route("/metrics", get(metrics))
        .with_state(app)
        .merge(clock)
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

/// Prometheus text format 0.0.4.
async fn metrics(State(app): State<App>) -> impl IntoResponse {
    match app.status().await {
        Ok(status) => {
            let mut text = String::new();
            for (name, help, value) in [
                ("behorig_seq", "Number of the last change.", status.head.seq.0),
                ("behorig_log_size", "Records in the log's tree.", status.log_size),
                ("behorig_log_waiting", "Records that wait for their place in the tree.", status.log_waiting),
                ("behorig_mail_waiting", "Letters that wait to be sent.", status.mail_waiting),
                ("behorig_store_full", "1 while the store has no room to write.", u64::from(status.full)),
                (
                    "behorig_clock_off_seconds",
                    "How far the machine's clock is off; 0 while it is trusted. Nothing is answered meanwhile.",
                    status.clock_off.as_secs(),
                ),
            ] {
                text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
            }
            (StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
        }
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/plain")],
            "the store does not answer\n".to_owned(),
        ),
    }
}
