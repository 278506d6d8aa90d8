//! Answers: JSON that nobody keeps, with headers under which a browser makes nothing else of it.

use app::Refusal;
use app::oidc::Denied;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderName, HeaderValue, StatusCode, header};
use oidc::{ErrorCode, Fault};
use serde_json::{Value, json};

const NOSNIFF: (HeaderName, HeaderValue) =
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));

/// JSON with a status; not to be stored (RFC 6749 §5.1).
pub fn json(status: StatusCode, body: &Value) -> Response {
    typed(status, "application/json", body.to_string())
}

/// Text of another type.
pub fn typed(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(NOSNIFF.0, NOSNIFF.1);
    response
}

/// A document that everybody may read and keep for so many seconds.
pub fn public(body: &str, seconds: u64) -> Response {
    let mut response = body.to_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if let Ok(age) = HeaderValue::from_str(&format!("public, max-age={seconds}")) {
        headers.insert(header::CACHE_CONTROL, age);
    }
    // Programs in a browser may find us too: there is nothing secret in it.
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(NOSNIFF.0, NOSNIFF.1);
    response
}

/// The body of an error (RFC 6749 §5.2).
pub fn error(code: &str, says: &str) -> Value {
    json!({"error": code, "error_description": says})
}

/// A refusal by protocol.
pub fn fault(fault: &Fault) -> Response {
    let status = StatusCode::from_u16(fault.code.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut response = json(status, &error(fault.code.word(), fault.says));
    if matches!(fault.code, ErrorCode::InvalidToken | ErrorCode::InsufficientScope) {
        // RFC 6750 §3.
        let challenge = format!("Bearer error=\"{}\", error_description=\"{}\"", fault.code, fault.says);
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
    }
    response
}

/// A call that was not carried out.
pub fn denied(denied: &Denied) -> Response {
    match denied {
        Denied::Fault(of) => fault(of),
        Denied::Refused(refusal) => refused(refusal),
    }
}

fn refused(refusal: &Refusal) -> Response {
    match refusal {
        Refusal::TooMany(left) => {
            let says = "Too many requests were begun from this address: wait, as Retry-After says.";
            // RFC 9126 §2.3: 429 for too many in a time.
            let word = ErrorCode::TemporarilyUnavailable.word();
            let mut response = json(StatusCode::TOO_MANY_REQUESTS, &error(word, says));
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(left.as_secs().max(1)));
            response
        }
        Refusal::Unavailable | Refusal::Full | Refusal::Clock | Refusal::Conflict(_) => {
            let says = "Too much to do just now, nothing was done: try again.";
            let mut response = fault(&Fault::new(ErrorCode::TemporarilyUnavailable, says));
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
            response
        }
        Refusal::Broken(reference) => {
            let says = format!("Our fault; nothing was done. Reference: {reference}");
            json(StatusCode::INTERNAL_SERVER_ERROR, &error(ErrorCode::ServerError.word(), &says))
        }
        other => {
            tracing::error!(?other, "a machine surface met a refusal that it has no answer for");
            fault(&Fault::new(ErrorCode::ServerError, "Our fault; nothing was done."))
        }
    }
}
