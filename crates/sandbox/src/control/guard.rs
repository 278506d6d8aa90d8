//! Who may ask, and the headers of every answer.

use super::problem::Problem;
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use std::time::Duration;

/// How long a request may take, its body included.
const REQUEST_TIME: Duration = Duration::from_secs(30);

/// Refuses foreign host names and writing requests of foreign pages; sets the security headers.
pub async fn guard(request: Request, next: Next) -> Response {
    let mut response = match admit(&request) {
        Ok(()) => match tokio::time::timeout(REQUEST_TIME, next.run(request)).await {
            Ok(response) => response,
            Err(_) => {
                Problem::new(StatusCode::REQUEST_TIMEOUT, "TIMEOUT", "The request took too long to arrive")
                    .into_response()
            }
        },
        Err(problem) => problem.into_response(),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        ("cache-control", "no-store"),
        // Not `no-referrer`: browsers would then send `Origin: null` with our own forms (Fetch §3.2).
        ("referrer-policy", "same-origin"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'"),
    ] {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

fn admit(request: &Request) -> Result<(), Problem> {
    let host = text(request.headers(), &header::HOST).unwrap_or_default();
    if !is_loopback_name(host) {
        return Err(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "HOST",
            "Ask for localhost, 127.0.0.1 or [::1]",
        ));
    }
    if request.method().is_safe() {
        return Ok(());
    }
    // Browsers say `Sec-Fetch-Site`; programs say neither and may.
    let own = match text(request.headers(), &HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => text(request.headers(), &header::ORIGIN)
            .is_none_or(|origin| origin.strip_prefix("http://") == Some(host)),
    };
    if !own {
        return Err(Problem::new(StatusCode::FORBIDDEN, "ORIGIN", "Not from a page of another origin"));
    }
    Ok(())
}

/// A name that the visitor's own machine answers to. `*.localhost` never leaves it (RFC 6761 §6.3).
fn is_loopback_name(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => return rest.split_once(']').is_some_and(|(address, _)| address == "::1"),
        None => host.split_once(':').map_or(host, |(name, _)| name),
    };
    name == "127.0.0.1"
        || name.eq_ignore_ascii_case("localhost")
        || name.to_ascii_lowercase().ends_with(".localhost")
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}
