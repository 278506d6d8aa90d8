//! What a program sends, read within bounds: a form or JSON, of 64 KiB, in 10 seconds.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, StatusCode, header};
use oidc::{ErrorCode, Fault, Params};
use std::time::Duration;

use crate::reply;

/// The largest body, in bytes.
pub const MOST: usize = 64 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);

/// The parameters of a form.
#[derive(Debug)]
pub struct Form(pub Params);

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        if has_basic(request.headers()) {
            let says = "Passwords are not taken: authenticate with private_key_jwt.";
            return Err(reply::fault(&Fault::new(ErrorCode::InvalidClient, says)));
        }
        let bytes = body(request, "application/x-www-form-urlencoded").await?;
        parse(&bytes).map(Self).map_err(|fault| reply::fault(&fault))
    }
}

/// A body of JSON, unread.
#[derive(Debug)]
pub struct Json(pub Vec<u8>);

impl<S: Send + Sync> FromRequest<S> for Json {
    type Rejection = Response;

    async fn from_request(request: Request, _: &S) -> Result<Self, Response> {
        body(request, "application/json").await.map(Self)
    }
}

/// Reads the pairs of a form or of a query.
pub fn parse(bytes: &[u8]) -> Result<Params, Fault> {
    const UNREADABLE: Fault =
        Fault::new(ErrorCode::InvalidRequest, "The form cannot be read: UTF-8, percent-encoded.");
    let uri = http::Uri::builder()
        .path_and_query(format!("/?{}", std::str::from_utf8(bytes).map_err(|_| UNREADABLE)?))
        .build()
        .map_err(|_| UNREADABLE)?;
    let pairs: axum::extract::Query<Vec<(String, String)>> =
        axum::extract::Query::try_from_uri(&uri).map_err(|_| UNREADABLE)?;
    Params::parse(pairs.0)
}

async fn body(request: Request, wanted: &str) -> Result<Vec<u8>, Response> {
    let refused = |status: StatusCode, says| {
        reply::json(status, &reply::error("invalid_request", says)).into_response()
    };
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind != wanted {
        return Err(refused(
            StatusCode::BAD_REQUEST,
            "The content type of the body is another than this endpoint takes.",
        ));
    }
    match tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), MOST)).await {
        Ok(Ok(bytes)) => Ok(bytes.to_vec()),
        Ok(Err(_)) => {
            Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 64 KiB, or broke off."))
        }
        Err(_) => Err(refused(StatusCode::REQUEST_TIMEOUT, "The body took longer than ten seconds.")),
    }
}

fn has_basic(headers: &HeaderMap) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic "))
}

/// The token of an `Authorization: Bearer` header; exactly one.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (given.next(), given.next()) else { return None };
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
