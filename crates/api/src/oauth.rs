//! The endpoints that clients call: pushed requests, tokens, userinfo, introspection.

use app::App;
use app::oidc::Userinfo;
use axum::extract::State;
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use http::{HeaderMap, StatusCode};
use oidc::{ErrorCode, Fault, discovery};
use page::door::ClientAddress;
use serde_json::{Map, Value, json};

use crate::sent::{self, Form};
use crate::{Api, reply};

pub fn routes() -> Router<Api> {
    Router::new()
        .route(discovery::PUSH, post(push))
        .route(discovery::TOKEN, post(token))
        .route(discovery::INTROSPECT, post(introspect))
        .route(discovery::USERINFO, get(userinfo).post(userinfo_by_form))
}

async fn push(
    State(app): State<App>,
    Extension(ClientAddress(from)): Extension<ClientAddress>,
    Form(params): Form,
) -> Response {
    match app.push(&params, from).await {
        Ok((uri, life)) => {
            reply::json(StatusCode::CREATED, &json!({"request_uri": uri, "expires_in": life.as_secs()}))
        }
        Err(denied) => reply::denied(&denied),
    }
}

async fn token(State(app): State<App>, Form(params): Form) -> Response {
    match app.token(&params).await {
        Ok(tokens) => {
            let mut body = Map::new();
            body.insert("access_token".into(), tokens.access_token.into());
            body.insert("token_type".into(), "Bearer".into());
            body.insert("expires_in".into(), tokens.expires_in.as_secs().into());
            body.extend(tokens.id_token.map(|token| ("id_token".into(), token.into())));
            body.extend(tokens.scope.map(|scope| ("scope".into(), scope.into())));
            reply::json(StatusCode::OK, &Value::Object(body))
        }
        Err(denied) => reply::denied(&denied),
    }
}

async fn introspect(State(app): State<App>, Form(params): Form) -> Response {
    match app.introspect(&params).await {
        Ok(told) => reply::json(StatusCode::OK, &Value::Object(told.0)),
        Err(denied) => reply::denied(&denied),
    }
}

async fn userinfo(State(app): State<App>, headers: HeaderMap) -> Response {
    match sent::bearer(&headers) {
        Some(token) => told(&app, token).await,
        None => no_token(),
    }
}

/// The token may also come in a form (RFC 6750 §2.2), or in the header of a POST without a body.
async fn userinfo_by_form(State(api): State<Api>, request: axum::extract::Request) -> Response {
    use axum::extract::FromRequest as _;
    if let Some(token) = sent::bearer(request.headers()) {
        let token = token.to_owned();
        return told(&api.app, &token).await;
    }
    match Form::from_request(request, &api).await {
        Ok(Form(params)) => match params.get("access_token") {
            Some(token) => told(&api.app, token).await,
            None => no_token(),
        },
        Err(response) => response,
    }
}

fn no_token() -> Response {
    reply::fault(&Fault::new(ErrorCode::InvalidToken, "Send the access token as Bearer."))
}

async fn told(app: &App, token: &str) -> Response {
    match app.userinfo(token).await {
        Ok(Userinfo::Json(claims)) => reply::json(StatusCode::OK, &Value::Object(claims)),
        Ok(Userinfo::Signed(jwt)) => reply::typed(StatusCode::OK, "application/jwt", jwt),
        Err(denied) => reply::denied(&denied),
    }
}
