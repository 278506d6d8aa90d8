//! The Relying Party API v6.0: `auth`, `sign`, `collect`, `cancel`.
//!
//! Checked in this order: injected trouble, path, method, media type, size and time of the body, its content.

use super::{
    error::ApiError,
    fault::{SLOW, Trouble},
    order::Order,
    orders::Collected,
    party::Party,
    request::{self, BODY_LIMIT},
    signature::Operation,
};
use crate::world::World;
use axum::{
    Json,
    body::{Body, Bytes},
    http::{Method, Request, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::time::Duration;

const BASE: &str = "/rp/v6.0/";
/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The API's methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Start(Operation),
    Collect,
    Cancel,
}

impl Call {
    fn of(path: &str) -> Option<Self> {
        match path.strip_prefix(BASE)? {
            "auth" => Some(Self::Start(Operation::Identification)),
            "sign" => Some(Self::Start(Operation::Signing)),
            "collect" => Some(Self::Collect),
            "cancel" => Some(Self::Cancel),
            _ => None,
        }
    }
}

/// Answers one call of a relying party whose certificate TLS has verified.
pub async fn answer(world: &World, party: &Party, request: Request<Body>) -> Response {
    let call = match admit(&request) {
        Ok(call) => call,
        Err(refusal) => return refusal.into_response(),
    };
    let trouble = world.faults().trouble();
    match trouble {
        Some(Trouble::Refuse(refusal)) => return ApiError::from(refusal).into_response(),
        Some(Trouble::Garbage) => {
            return ([(header::CONTENT_TYPE, "application/json")], "{\"orderRef\": \u{fffd}").into_response();
        }
        Some(Trouble::Slow) => tokio::time::sleep(SLOW).await,
        None => {}
    }
    let body = match body(request).await {
        Ok(body) => body,
        Err(refusal) => return refusal.into_response(),
    };
    match perform(world, party, call, &body) {
        Ok(answer) => Json(answer).into_response(),
        Err(refusal) => refusal.into_response(),
    }
}

fn admit(request: &Request<Body>) -> Result<Call, ApiError> {
    let call = Call::of(request.uri().path()).ok_or(ApiError::NotFound)?;
    if request.method() != Method::POST {
        return Err(ApiError::MethodNotAllowed);
    }
    // `application/json` and nothing after it: a charset is refused.
    let mut types = request.headers().get_all(header::CONTENT_TYPE).iter();
    match (types.next(), types.next()) {
        (Some(value), None) if value.as_bytes().eq_ignore_ascii_case(b"application/json") => Ok(call),
        _ => Err(ApiError::UnsupportedMediaType),
    }
}

async fn body(request: Request<Body>) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(BODY_TIME, axum::body::to_bytes(request.into_body(), BODY_LIMIT)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(ApiError::invalid("The body is too large or was cut off")),
        Err(_) => Err(ApiError::RequestTimeout),
    }
}

fn perform(world: &World, party: &Party, call: Call, body: &[u8]) -> Result<Value, ApiError> {
    let now = world.now();
    match call {
        Call::Start(operation) => {
            let start = request::start(operation, body)?;
            let named = start.requirement.personal_number.as_deref();
            let named = named.and_then(|n| world.people.by_number(n)).map(|p| p.id.as_str());
            world.orders().start(start, named, party.clone(), now, &*world.entropy).map(started)
        }
        Call::Collect => {
            let reference = request::order_ref(body)?;
            let collected = world.orders().collect(reference, party, now)?;
            Ok(match collected {
                Collected::Pending { hint } => {
                    json!({"orderRef": reference, "status": "pending", "hintCode": hint})
                }
                Collected::Failed { hint } => {
                    json!({"orderRef": reference, "status": "failed", "hintCode": hint})
                }
                Collected::Complete(completion) => {
                    json!({"orderRef": reference, "status": "complete", "completionData": completion})
                }
            })
        }
        Call::Cancel => {
            let reference = request::order_ref(body)?;
            world.orders().cancel(reference, party, now)?;
            Ok(json!({}))
        }
    }
}

fn started(order: &Order) -> Value {
    json!({
        "orderRef": order.reference,
        "autoStartToken": order.autostart_token,
        "qrStartToken": order.qr_start_token,
        "qrStartSecret": order.qr_start_secret,
    })
}
