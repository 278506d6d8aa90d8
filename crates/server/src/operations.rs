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

/// Ready when the store answers.
async fn ready(State(app): State<App>) -> impl IntoResponse {
    match app.status().await {
        Ok(_) => (StatusCode::OK, "ready\n"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer\n"),
    }
}

/// Prometheus text format 0.0.4.
async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let floods = app.floods();
    match app.status().await {
        Ok(status) => {
            let mut text = String::new();
            for (name, help, value) in [
                ("behorig_seq", "Number of the last change.", status.head.seq.0),
                ("behorig_log_size", "Records in the log's tree.", status.log_size),
                ("behorig_log_waiting", "Records that wait for their place in the tree.", status.log_waiting),
                ("behorig_mail_waiting", "Letters that wait to be sent.", status.mail_waiting),
                (
                    "behorig_beginnings_waiting",
                    "Logins and requests of e-services that are under way.",
                    floods.waiting,
                ),
            ] {
                text.push_str(&format!("# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}\n"));
            }
            let (name, help) = (
                "behorig_beginnings_refused_total",
                "Logins and requests by strangers that this node refused because there were too many.",
            );
            text.push_str(&format!(
                "# HELP {name} {help}\n# TYPE {name} counter\n{name} {}\n",
                floods.refused
            ));
            (StatusCode::OK, [(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text)
        }
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            [(header::CONTENT_TYPE, "text/plain")],
            "the store does not answer\n".to_owned(),
        ),
    }
}
