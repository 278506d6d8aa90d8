//! `GET /clock`, `POST /clock`: domain time told and moved forward, in demo and test stores. `POST /clock/right`, in every
//! store: the machine's clock has jumped, and is right as it stands now.
//!
//! Whoever reaches this listener may move the clock, so that no web page may be able to: only JSON is read (a page of
//! another origin cannot send it unasked, Fetch §4.10), and only under a name that never leaves this machine (against DNS
//! rebinding).

use app::App;
use app::clock::{Moved, Mover, NotMoved, Wanted};
use axum::extract::rejection::JsonRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::Instant;
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// Two numbers need no more.
const LARGEST: usize = 1024;

#[derive(Clone)]
struct Held {
    app: App,
    mover: Mover,
}

pub(super) fn router(app: App, mover: Mover) -> Router {
    Router::new()
        .route("/clock", get(told).post(moved))
        .layer(DefaultBodyLimit::max(LARGEST))
        .with_state(Held { app, mover })
}

pub(super) fn accepting(app: App) -> Router {
    Router::new().route("/clock/right", post(right)).layer(DefaultBodyLimit::max(LARGEST)).with_state(app)
}

/// Nothing is to be said but that it is so.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Right {}

async fn right(
    State(app): State<App>,
    headers: HeaderMap,
    said: Result<Json<Right>, JsonRejection>,
) -> Response {
    if !is_own(&headers) {
        return problem(StatusCode::FORBIDDEN, "ORIGIN", "from this machine and from no web page only");
    }
    if let Err(rejection) = said {
        return problem(rejection.status(), "MISTAKE", &rejection.body_text());
    }
    match app.accept_the_clock().await {
        Ok(off) if off.is_zero() => Json(json!({"now": app.wall_now().to_string()})).into_response(),
        Ok(off) => {
            let says = format!(
                "the clock is {} s off by the database server's time or by the newest record: set it right; if it is right, \
                 docs/operate.md says what to do",
                off.as_secs()
            );
            problem(StatusCode::CONFLICT, "CLOCK_OFF", &says)
        }
        Err(_) => problem(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "the store does not answer"),
    }
}

async fn told(State(held): State<Held>) -> Response {
    match held.app.latest().await {
        Ok(_) => Json(json!({
            "now": held.app.now().to_string(),
            "ahead_seconds": held.app.clock().ahead().as_secs(),
        }))
        .into_response(),
        Err(_) => problem(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "the store does not answer"),
    }
}

/// One of the two; both, or neither, is a mistake.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ask {
    advance_seconds: Option<u64>,
    to: Option<jiff::Timestamp>,
}

async fn moved(
    State(held): State<Held>,
    headers: HeaderMap,
    ask: Result<Json<Ask>, JsonRejection>,
) -> Response {
    if !is_own(&headers) {
        return problem(StatusCode::FORBIDDEN, "ORIGIN", "from this machine and from no web page only");
    }
    let wanted = match ask {
        Ok(Json(Ask { advance_seconds: Some(by), to: None })) => Wanted::By(Duration::from_secs(by)),
        Ok(Json(Ask { advance_seconds: None, to: Some(to) })) => Wanted::To(Instant::from(to)),
        Ok(Json(_)) => {
            let says = "give either advance_seconds or to, such as {\"advance_seconds\": 86400}";
            return problem(StatusCode::UNPROCESSABLE_ENTITY, "MISTAKE", says);
        }
        Err(rejection) => return problem(rejection.status(), "MISTAKE", &rejection.body_text()),
    };
    match held.mover.advance(wanted).await {
        Ok(Moved { from, to }) => {
            Json(json!({"from": from.to_string(), "to": to.to_string()})).into_response()
        }
        Err(NotMoved::Backwards) => {
            problem(StatusCode::UNPROCESSABLE_ENTITY, "BACKWARDS", "the clock goes forward only")
        }
        Err(NotMoved::TooFar) => problem(
            StatusCode::UNPROCESSABLE_ENTITY,
            "TOO_FAR",
            "at most ten years at once and fifteen in all",
        ),
        Err(NotMoved::Beside(why)) => {
            let says = format!("nothing was moved, because the simulators were not: {why}");
            problem(StatusCode::BAD_GATEWAY, "SIMULATORS", &says)
        }
        Err(NotMoved::Broken(refusal)) => {
            tracing::error!(?refusal, "the clock stopped on its way");
            problem(
                StatusCode::SERVICE_UNAVAILABLE,
                "UNAVAILABLE",
                "the store does not answer; see how far the clock came with GET /clock",
            )
        }
    }
}

fn problem(status: StatusCode, code: &str, says: &str) -> Response {
    (status, Json(json!({"code": code, "says": says}))).into_response()
}

/// Not by a page of a browser, and asked for by a name of this machine.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(&header::HOST).unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let by_page = headers.contains_key(header::ORIGIN)
        || headers.contains_key(HeaderName::from_static("sec-fetch-site"));
    ["127.0.0.1", "localhost", "[::1]"].contains(&name) && !by_page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_page_and_no_foreign_name_moves_the_clock() {
        let of = |pairs: &[(&'static str, &'static str)]| {
            let pairs = pairs
                .iter()
                .map(|(name, value)| (HeaderName::from_static(name), http::HeaderValue::from_static(value)));
            is_own(&pairs.collect())
        };
        assert!(of(&[("host", "127.0.0.1:8402")]) && of(&[("host", "localhost:8402")]));
        assert!(of(&[("host", "[::1]:8402")]));
        assert!(!of(&[]) && !of(&[("host", "rebound.example:8402")]));
        assert!(!of(&[("host", "127.0.0.1:8402"), ("origin", "http://localhost:8400")]));
        assert!(!of(&[("host", "127.0.0.1:8402"), ("sec-fetch-site", "same-origin")]));
    }
}
