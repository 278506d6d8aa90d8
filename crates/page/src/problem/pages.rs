//! The layer that makes problems visible, as a page or as JSON, also those that nobody made: the router's
//! 404 and 405, the extractors' refusals, and a panic.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use app::problems::Shown;
use askama::Template;
use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use domain::PartyId;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::json;

use super::{Contact, Inner, Pending, Problem, codes};
use crate::{Site, TimeTag, Tr, Value, Visit, security::Rendered};

/// Who turned out to be logged in, on the way to the answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Who(Arc<OnceLock<PartyId>>);

impl Who {
    pub(crate) fn is(&self, person: PartyId) {
        // The first answer stands: a request has one session.
        let _ = self.0.set(person);
    }
}

/// The middleware; see [`crate::dress`].
pub(crate) async fn pages(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let visit = Visit::of(&site, &parts);
    let json = wants_json(&parts.headers);
    let who = Who::default();
    parts.extensions.insert(who.clone());
    let (method, route) = (parts.method.clone(), parts.extensions.get::<MatchedPath>().cloned());
    let answer = AssertUnwindSafe(next.run(Request::from_parts(parts, body))).catch_unwind().await;
    let mut response = answer.unwrap_or_else(|panic| {
        tracing::error!("a handler panicked; nothing of it was answered");
        // Words that are put together may hold what somebody typed; fixed ones cannot.
        let words = panic.downcast_ref::<&'static str>().copied();
        Problem::of(&codes::OUR_FAULT).cause(words.unwrap_or("a handler panicked")).into_response()
    });
    let Some(problem) = problem_of(&mut response) else { return response };
    let inner = Filled::new(problem, &visit);
    site.note(Shown {
        reference: inner.reference.clone(),
        code: inner.inner.kind.code.to_owned(),
        status: response.status().as_u16(),
        method: method.to_string(),
        route: route.map(|route| route.as_str().to_owned()),
        rule: inner.inner.rule.clone(),
        cause: inner.inner.cause.map(str::to_owned),
        person: who.0.get().copied(),
    });
    let mut page = if json { inner.json() } else { inner.page(&visit) };
    *page.status_mut() = response.status();
    // Allow, Retry-After, Set-Cookie and the like stay; what described the old body goes.
    for name in
        [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::TRANSFER_ENCODING]
    {
        response.headers_mut().remove(name);
    }
    for (name, value) in response.headers() {
        page.headers_mut().append(name, value.clone());
    }
    page
}

/// The problem of a response: one that a handler made, or one for a bare status. Finished pages and the
/// JSON of handlers are left alone.
fn problem_of(response: &mut Response) -> Option<Problem> {
    if let Some(Pending(problem)) = response.extensions_mut().remove::<Pending>() {
        return Some((*problem).clone());
    }
    let status = response.status();
    let bare = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let failed = status.is_client_error() || status.is_server_error();
    let finished = response.extensions().get::<Rendered>().is_some();
    (failed && bare && !finished).then(|| Problem::of(codes::of_status(status.as_u16())))
}

/// Programs say that they want JSON; browsers name `text/html` first.
fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    kinds
        .into_iter()
        .find_map(|kind| match kind {
            "application/json" | "application/problem+json" => Some(true),
            "text/html" | "application/xhtml+xml" => Some(false),
            _ => None,
        })
        .unwrap_or(false)
}

/// A problem with its texts.
struct Filled {
    inner: Inner,
    tr: Tr,
    title: String,
    what: String,
    todo: String,
    label: String,
    href: String,
    who: Vec<Contact>,
    reference: String,
    at: domain::Instant,
}

impl Filled {
    fn new(problem: Problem, visit: &Visit) -> Self {
        let inner = *problem.0;
        let tr = visit.tr.clone();
        let arguments: Vec<(&str, Value<'_>)> =
            inner.arguments.iter().map(|(name, value)| (*name, Value::from(value.as_str()))).collect();
        let text = |end: &str| tr.with(&format!("problem-{}{end}", inner.kind.name), &arguments);
        let (key, href) = match &inner.action {
            Some((key, href)) => (*key, href.clone()),
            None => {
                let (key, href) = inner.kind.way.link();
                // Whoever is logged in has a start page of their own.
                let href = if inner.frame.is_some() && href == Some("/") { Some("/home") } else { href };
                (key, href.map_or_else(|| visit.here.clone(), str::to_owned))
            }
        };
        let what = inner.what.clone().unwrap_or_else(|| text("-what"));
        let todo = inner.todo.clone().unwrap_or_else(|| text("-do"));
        let (title, label) = (text(""), tr.get(key));
        let reference = inner.reference.clone().unwrap_or_else(|| visit.site.reference());
        let at = inner.at.unwrap_or(visit.now);
        let who = if inner.who.is_empty() { visit.site.config().support.clone() } else { inner.who.clone() };
        tracing::info!(code = inner.kind.code, reference, "a problem was shown");
        Self { inner, tr, title, what, todo, label, href, who, reference, at }
    }

    fn page(&self, visit: &Visit) -> Response {
        let frame = match &self.inner.frame {
            Some(frame) => frame.clone().titled(&self.title),
            None => visit.frame(&self.title),
        };
        let time = TimeTag::exact(&self.tr, self.at);
        let broken = self.inner.broken.iter().map(|link| BrokenView {
            sentence: link.sentence(&self.tr),
            mender: self.tr.get(link.mender.key()),
            code: &link.code,
        });
        let body = Body { view: self, broken: broken.collect(), time };
        // The frame itself could not be rendered: a plain answer ends the chain here.
        let response = frame.render(&body);
        if response.extensions().get::<Pending>().is_some() {
            return (StatusCode::INTERNAL_SERVER_ERROR, codes::OUR_FAULT.code).into_response();
        }
        response
    }

    fn json(&self) -> Response {
        let broken: Vec<_> = self
            .inner
            .broken
            .iter()
            .map(|link| {
                json!({
                    "code": link.code,
                    "text": link.sentence(&self.tr),
                    "who": self.tr.get(link.mender.key()),
                    "since": link.since.map(|at| at.to_string()),
                })
            })
            .collect();
        let body = json!({
            "code": self.inner.kind.code,
            "status": self.inner.kind.status,
            "title": self.title,
            "what": self.what,
            "do": self.todo,
            "broken": broken,
            "reference": self.reference,
            "at": self.at.to_string(),
        });
        let kind = HeaderValue::from_static("application/json");
        let language = HeaderValue::from_static(self.tr.lang().tag());
        ([(header::CONTENT_TYPE, kind), (header::CONTENT_LANGUAGE, language)], body.to_string())
            .into_response()
    }
}

struct BrokenView<'a> {
    sentence: String,
    mender: String,
    code: &'a str,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Body<'a> {
    view: &'a Filled,
    broken: Vec<BrokenView<'a>>,
    time: TimeTag,
}
