//! `POST /session/renew`: the visitor stays logged in. Entering has renewed the session already; this only answers.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use http::StatusCode;
use page::door::Visitor;
use page::{Answers, FormGuard, GuardRefused, Posted, Problem, local_path};

use crate::asking::see_other;
use crate::hall::Hall;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/session/renew", post(renew))
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

/// The form is this session's. For whom it was made does not matter where the whole session is meant.
pub(crate) fn of_this_session(hall: &Hall, visitor: &Visitor, answers: &Answers) -> Result<(), GuardRefused> {
    let mac = |message: &[u8]| hall.app.form_mac(message);
    match FormGuard::check(mac, &visitor.visit.session.key_hash, visitor.party.id, answers) {
        Ok(()) | Err(GuardRefused::OtherParty(_)) => Ok(()),
        Err(refused) => Err(refused),
    }
}
