//! Refusals of the control API: `{code, message}`, and the reading of JSON bodies.

use crate::bankid::phone::Refusal;
use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::de::DeserializeOwned;
use serde_json::json;

/// A refusal with a stable code and a sentence for the developer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub message: &'static str,
}

impl Problem {
    pub const fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self { status, code, message }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({"code": self.code, "message": self.message}))).into_response()
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        const MISSING: StatusCode = StatusCode::NOT_FOUND;
        const CONFLICT: StatusCode = StatusCode::CONFLICT;
        const BAD: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
        let (status, code, message) = match refusal {
            Refusal::UnknownPerson => (MISSING, "UNKNOWN_PERSON", "No such person; GET /people lists them"),
            Refusal::QrSyntax => (BAD, "QR_SYNTAX", "That is no text of a BankID QR code"),
            Refusal::QrForeign => {
                (BAD, "QR_FOREIGN", "The code belongs to no order of this sandbox, or to one long over")
            }
            Refusal::QrWrong => (BAD, "QR_WRONG", "The code was not made with the order's secret"),
            Refusal::QrStale => {
                (CONFLICT, "QR_STALE", "The code is more than five seconds old; read a newer one")
            }
            Refusal::TokenSyntax => (BAD, "TOKEN_SYNTAX", "That is no autostart token"),
            Refusal::TokenForeign => {
                (BAD, "TOKEN_FOREIGN", "The token belongs to no order of this sandbox, or to one long over")
            }
            Refusal::AlreadyPickedUp => (CONFLICT, "ALREADY_PICKED_UP", "An app has the order already"),
            Refusal::OrderOver => (CONFLICT, "ORDER_OVER", "The order is over; start a new one"),
            Refusal::WrongPerson => (CONFLICT, "WRONG_PERSON", "The order is for another person"),
            Refusal::NoMatchingBankId => (
                CONFLICT,
                "NO_MATCHING_BANKID",
                "The order accepts no BankID of the kind that the person has",
            ),
            Refusal::NoOrder => {
                (CONFLICT, "NO_ORDER", "The person has no order in hand; scan or start one first")
            }
            Refusal::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "INTERNAL",
                "The evidence could not be made; see the sandbox's log",
            ),
        };
        Self::new(status, code, message)
    }
}

/// A JSON body of exactly the type expected. Unknown fields are refused: a misspelt fault that silently does
/// nothing would make a test lie.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let media_type = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let essence = media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/json") {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "MEDIA_TYPE",
                "Send JSON with Content-Type: application/json",
            ));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|e| {
            if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", "The body is larger than 64 KiB")
            } else {
                Problem::new(StatusCode::BAD_REQUEST, "CUT_OFF", "The body did not arrive whole")
            }
        })?;
        serde_json::from_slice(&bytes).map(Body).map_err(|e| match e.classify() {
            serde_json::error::Category::Data => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "WRONG_FIELDS",
                "The JSON has a wrong, missing or unknown field; see /openapi.json",
            ),
            _ => Problem::new(StatusCode::BAD_REQUEST, "NOT_JSON", "The body is no JSON"),
        })
    }
}
