//! The control listener: plain HTTP on loopback, for programs (JSON) and for people (pages).
//!
//! Anybody who reaches it can approve anybody's login. Hence loopback only, a fixed set of host names (against
//! DNS rebinding), and no writing request from a page of another origin.

mod clock;
mod guard;
mod inbox;
mod page;
mod people;
mod phone;
mod problem;
mod register;
mod texts;

use crate::{serve, world::World};
use axum::{
    Json, Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode, header},
    middleware,
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use hyper_util::service::TowerToHyperService;
use problem::Problem;
use std::sync::Arc;
use tokio::net::TcpListener;

/// The largest body of this listener.
const BODY_LIMIT: usize = 64 * 1024;
const OPENAPI: &str = include_str!("../openapi.json");

type Route = (&'static [Method], &'static str, MethodRouter<Arc<World>>);

/// Every route that programs use; `openapi.json` describes exactly these.
fn api() -> Vec<Route> {
    const GET: &[Method] = &[Method::GET];
    const POST: &[Method] = &[Method::POST];
    vec![
        (GET, "/health", get(clock::health)),
        (GET, "/openapi.json", get(openapi)),
        (GET, "/people", get(people::list)),
        (GET, "/organisations", get(people::organisations)),
        (GET, "/register/v1/notices", get(register::notices)),
        (POST, "/register/notices", post(register::decide)),
        (POST, "/phone/scan", post(phone::scan)),
        (POST, "/phone/start", post(phone::start)),
        (POST, "/phone/approve", post(phone::approve)),
        (POST, "/phone/refuse", post(phone::refuse)),
        (POST, "/phone/fault", post(phone::fault)),
        (POST, "/phone/risk", post(phone::risk)),
        (&[Method::POST, Method::DELETE], "/fault", post(clock::fault).delete(clock::clear_faults)),
        (POST, "/clock", post(clock::advance)),
        (&[Method::GET, Method::DELETE], "/inbox", get(inbox::list).delete(inbox::clear)),
    ]
}

/// The pages for people.
fn pages() -> Vec<Route> {
    const GET: &[Method] = &[Method::GET];
    const POST: &[Method] = &[Method::POST];
    vec![
        (GET, "/", get(page::phone)),
        (GET, "/phone", get(page::phone)),
        (GET, "/phone/open", get(page::open)),
        (POST, "/phone/decide", post(page::decide)),
        (POST, "/phone/read", post(page::read)),
        (GET, "/inbox.html", get(inbox::readable)),
        (GET, "/sandbox.css", get(page::css)),
    ]
}

/// The whole control surface.
pub fn router(world: Arc<World>) -> Router {
    api()
        .into_iter()
        .chain(pages())
        .fold(Router::new(), |router, (_, path, handlers)| router.route(path, handlers))
        .fallback(|| async {
            Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing here; see /openapi.json")
        })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "METHOD_NOT_ALLOWED",
                "Not with this method; see /openapi.json",
            )
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn(guard::guard))
        .with_state(world)
}

/// Serves until dropped.
pub async fn run(listener: TcpListener, world: Arc<World>) {
    let router = router(world);
    serve::accept(listener, |stream| serve::http(stream, TowerToHyperService::new(router.clone()))).await;
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

/// `204 No Content`, written out.
fn done() -> Response {
    StatusCode::NO_CONTENT.into_response()
}

/// A JSON answer.
fn answer(value: impl serde::Serialize) -> Response {
    Json(value).into_response()
}

#[cfg(test)]
mod tests;
