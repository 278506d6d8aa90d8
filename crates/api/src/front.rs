//! Forms that other sites post at the front: the authorisation and log-out endpoints must take `POST` (OpenID Connect Core
//! §3.1.2.1, RP-Initiated Logout 1.0 §2). A browser brings no cookie of ours with them, so that each is turned into the same
//! request by `GET`, which it follows with them.

use axum::Router;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use oidc::redirect::encoded;
use oidc::{Params, discovery};

use crate::Api;
use crate::sent::Form;

pub fn routes() -> Router<Api> {
    Router::new()
        .route(discovery::AUTHORIZE, post(|form: Form| async move { by_get(discovery::AUTHORIZE, &form.0) }))
        .route(discovery::LOGOUT, post(|form: Form| async move { by_get(discovery::LOGOUT, &form.0) }))
}

fn by_get(path: &str, params: &Params) -> Response {
    let pairs = params
        .names()
        .map(|name| format!("{}={}", encoded(name), encoded(params.get(name).unwrap_or_default())));
    Redirect::to(&format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))).into_response()
}
