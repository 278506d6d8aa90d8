//! The language switch: one POST that keeps the choice in a cookie and returns to the page.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use http::header;

use crate::{Lang, Lifetime, Posted, Problem, Site, lang::LANG_COOKIE, local_path, problem::codes};

/// Half a year, as the remembered method.
const KEPT_SECONDS: u32 = 180 * 24 * 3600;

/// `POST /language` with `lang` and `return`. Needs no form token: a foreign site is stopped by the
/// origin check, and the worst it could do is to change the language.
pub(crate) async fn switch(State(site): State<Site>, posted: Posted) -> Response {
    let value = |name: &str| posted.answers.only(name);
    let back = value("return").and_then(local_path).unwrap_or("/");
    let Some(lang) = value("lang").and_then(Lang::from_tag) else {
        return Problem::of(&codes::UNREADABLE).into_response();
    };
    let mut response = Redirect::to(back).into_response();
    if let Ok(cookie) = site.cookies().set(LANG_COOKIE, lang.tag(), Lifetime::Seconds(KEPT_SECONDS)) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}
