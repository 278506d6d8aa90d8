//! `/demo/altered`: one record altered in a copy of the store, and what the verifier says of it, in words.

use activity::verify::{Finding, Report};
use app::Refusal;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use page::door::problem;
use page::{Notice, Posted, Problem, Tone, Tr, Visit, codes};

use crate::hall::Hall;

#[derive(Template)]
#[template(path = "demo/altered.html")]
struct Body<'a> {
    tr: &'a Tr,
    did: String,
    found: Notice,
    findings: Vec<String>,
    /// The verifier's own lines, as the command prints them.
    report: String,
    own: Notice,
}

/// `_posted` holds no answer, but bounds what may be sent.
pub(super) async fn show(State(hall): State<Hall>, visit: Visit, _posted: Posted) -> Response {
    if hall.phone.is_none() {
        return Problem::of(&codes::NOT_FOUND).into_response();
    }
    let done = match hall.app.alter_a_copy().await {
        Ok(done) => done,
        // No store but a demo's file is copied to be hurt.
        Err(Refusal::Conflict("NOT_A_DEMO")) => return Problem::of(&codes::NOT_FOUND).into_response(),
        Err(refusal) => return problem(&visit, refusal, None).into_response(),
    };
    let tr = &visit.tr;
    let at = tr.date_time(done.altered.at);
    let event = crate::records::event(tr, &done.altered.event);
    let number = tr.number(done.altered.position);
    let body = Body {
        tr,
        did: tr.with("altered-did", &[("number", number.into()), ("event", event.into()), ("at", at.into())]),
        found: verdict(tr, &done.copy, "altered-copy"),
        findings: done.copy.findings.iter().map(|finding| words(tr, finding)).collect(),
        report: done.copy.to_string(),
        own: verdict(tr, &done.own, "altered-own"),
    };
    visit.frame(tr.get("altered-title")).back(tr.get("demo-title"), "/").render(&body)
}

fn verdict(tr: &Tr, report: &Report, key: &str) -> Notice {
    let (tone, end) = if report.is_sound() { (Tone::Success, "sound") } else { (Tone::Error, "unsound") };
    let says = tr.with(&format!("{key}-says"), &[("count", report.records.into())]);
    Notice::new(tone, tr.get(&format!("{key}-{end}")), says)
}

/// A finding as a sentence. The alteration of this page gives the first; whatever else a log can suffer is told by its word.
fn words(tr: &Tr, finding: &Finding) -> String {
    let position = finding.position().map(|position| tr.number(position)).unwrap_or_default();
    match finding {
        Finding::Altered { .. } => tr.with("altered-finding", &[("number", position.into())]),
        other => tr.with("altered-finding-other", &[("code", other.code().into())]),
    }
}
