//! Plain pages that the foot of every page leads to: help and cookies here, the statement of accessibility beside.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use page::door::problem;
use page::{Cookies, Frame, Tr, Visit};

use crate::accessibility;
use crate::asking::{ORDER_COOKIE, Perhaps};
use crate::hall::Hall;
use crate::logout::LOGGED_OUT_COOKIE;
use crate::offer::{self, Audience, sentence, spoken};

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/help", get(help))
        .route("/accessibility", get(accessibility::show))
        .route("/cookies", get(cookies))
}

/// The frame of a page that everybody may read: the visitor's own, if somebody is logged in.
pub(crate) fn frame(visit: &Visit, perhaps: &Perhaps, title: impl Into<String>) -> Frame {
    match &perhaps.0 {
        Some(visitor) => visitor.frame(title),
        None => visit.frame(title),
    }
}

/// Who helps with an e-ID.
struct Issuer {
    method: String,
    name: String,
    href: String,
}

#[derive(Template)]
#[template(path = "content/help.html")]
struct Help<'a> {
    tr: &'a Tr,
    audiences: Vec<Audience>,
    issuers: Vec<Issuer>,
}

impl Help<'_> {
    /// The number as a telephone takes it (RFC 3966).
    fn dialled(telephone: &str) -> String {
        telephone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// R-004-39: whom to ask, with hours.
async fn help(State(hall): State<Hall>, visit: Visit, perhaps: Perhaps) -> Response {
    let known = match hall.app.latest().await {
        Ok(known) => known,
        Err(refusal) => return problem(&visit, refusal, None).into_response(),
    };
    let lang = spoken(visit.lang());
    let issuers = known.catalogue.methods().map(|method| Issuer {
        method: method.name.get(lang).to_owned(),
        name: sentence(method.issuer.get(lang)),
        href: method.issuer_help.get(lang).to_owned(),
    });
    let body = Help {
        tr: &visit.tr,
        audiences: offer::audiences(&known, &visit.tr, visit.now),
        issuers: issuers.collect(),
    };
    frame(&visit, &perhaps, visit.tr.get("help-title")).render(&body)
}

/// A cookie as the page lists it.
struct Cookie {
    name: String,
    why: String,
    how_long: String,
}

#[derive(Template)]
#[template(path = "content/cookies.html")]
struct CookieList<'a> {
    tr: &'a Tr,
    cookies: Vec<Cookie>,
}

/// Every cookie that is set here (lag 2022:482 9 kap. 28 §): by its name as the browser shows it.
async fn cookies(visit: Visit, perhaps: Perhaps) -> Response {
    let body = CookieList { tr: &visit.tr, cookies: listed(visit.cookies(), &visit.tr) };
    frame(&visit, &perhaps, visit.tr.get("cookies-title")).render(&body)
}

fn listed(cookies: Cookies, tr: &Tr) -> Vec<Cookie> {
    let all = [
        (page::door::SESSION_COOKIE, "cookies-session"),
        (page::door::BROWSER_COOKIE, "cookies-browser"),
        (ORDER_COOKIE, "cookies-order"),
        (LOGGED_OUT_COOKIE, "cookies-logged-out"),
        (page::LANG_COOKIE, "cookies-lang"),
    ];
    let cookie = |(name, key): (&str, &str)| Cookie {
        name: cookies.wire_name(name),
        why: tr.get(key),
        how_long: tr.get(&format!("{key}-how-long")),
    };
    all.map(cookie).into()
}
