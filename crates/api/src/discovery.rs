//! What clients find out by themselves: both metadata documents, and the public keys.

use app::App;
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use oidc::{authzen, discovery};
use serde_json::{Value, json};
use std::sync::Arc;

use crate::{Api, reply};

/// Seconds that the metadata may be kept.
const METADATA_KEPT: u64 = 3600;

pub fn routes(issuer: &str) -> Router<Api> {
    let document = |value: &Value| -> Arc<str> { value.to_string().into() };
    let (openid, decisions) = (document(&discovery::document(issuer)), document(&authzen::document(issuer)));
    let serve = |text: Arc<str>| get(move || async move { reply::public(&text, METADATA_KEPT) });
    Router::new()
        .route(discovery::CONFIGURATION, serve(openid))
        .route(authzen::CONFIGURATION, serve(decisions))
        .route(discovery::KEYS, get(keys))
}

/// The keys that are announced, in use or retired (RFC 7517 §5).
async fn keys(State(app): State<App>) -> Response {
    let keys: Vec<Value> = app.token_keys().iter().map(oidc::jws::OwnKey::jwk).collect();
    reply::public(&json!({"keys": keys}).to_string(), app::keys::KEYS_KEPT.as_secs())
}
