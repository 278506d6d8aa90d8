//! `POST /session/renew`: the visitor stays logged in. Entering has renewed the session already; this only answers.
//! `POST /session/keep` and `/session/drop`: what was typed on a page and is not sent, kept or let go.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use page::door::{Sent, Visitor};
use page::{Answers, FormGuard, GuardRefused, Posted, Problem, codes, local_path};

use crate::asking::see_other;
use crate::hall::Hall;
use crate::next;

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/session/renew", post(renew))
        .route("/session/keep", post(keep))
        .route("/session/drop", post(drop_kept))
}

/// With `stay` the page remains as it is, with all that was typed (WCAG 2.2 SC 2.2.1); else back to it.
async fn renew(State(hall): State<Hall>, visitor: Visitor, posted: Posted) -> Response {
    if let Err(refused) = of_this_session(&hall, &visitor, &posted.answers) {
        return Problem::from(refused).in_frame(visitor.frame("")).into_response();
    }
    if posted.answers.chose("stay", "1") {
        return StatusCode::NO_CONTENT.into_response();
    }
    let back = posted.answers.only("return").and_then(local_path);
    see_other(back.unwrap_or("/home"), None)
}

/// Where the script of a page sends its form when time has run out. The session has mostly ended by then, and [`Sent`] has
/// kept the form before this is reached; if it lives on (another tab renewed it), the form is kept all the same.
async fn keep(sent: Sent) -> Response {
    let kept = sent.keep().await;
    match kept.map_err(|refusal| sent.refused(refusal)) {
        Ok(page) => see_other(next::wanted(&page).unwrap_or("/home"), None),
        Err(refused) => refused,
    }
}

/// Back to the page, with an empty form.
async fn drop_kept(State(hall): State<Hall>, sent: Sent) -> Response {
    let Some(page) = sent.answers.only("page").and_then(next::wanted) else {
        return Problem::of(&codes::UNREADABLE).in_frame(sent.visitor.frame("")).into_response();
    };
    let path = page.split(['?', '#']).next().unwrap_or(page);
    match hall.app.drop_kept_form(&sent.visitor.visit, path).await {
        Ok(()) => see_other(page, None),
        Err(refusal) => sent.refused(refusal),
    }
}

/// The form is this session's. For whom it was made does not matter where the whole session is meant.
pub(crate) fn of_this_session(hall: &Hall, visitor: &Visitor, answers: &Answers) -> Result<(), GuardRefused> {
    let mac = |message: &[u8]| hall.app.form_mac(message);
    match FormGuard::check(mac, &visitor.visit.session.key_hash, visitor.party.id, answers) {
        Ok(()) | Err(GuardRefused::OtherParty(_)) => Ok(()),
        Err(refused) => Err(refused),
    }
}
