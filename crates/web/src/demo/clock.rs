//! `/demo/clock`: moves the clock of a demo by one of the page's steps.

use app::clock::{NotMoved, Wanted};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use page::door::problem;
use page::{Posted, Problem, Visit, codes};
use std::time::Duration;

use crate::asking::see_other;
use crate::hall::Hall;

/// Days that the buttons move the clock by.
pub(super) const STEPS: [u16; 3] = [1, 7, 30];

pub(super) async fn advance(State(hall): State<Hall>, visit: Visit, posted: Posted) -> Response {
    // A test's store is moved through the operations listener only: its pages are those of the real thing.
    let (Some(_), Some(mover)) = (&hall.phone, &hall.mover) else {
        return Problem::of(&codes::NOT_FOUND).into_response();
    };
    let asked = posted.answers.only("days").and_then(|days| days.parse::<u16>().ok());
    let Some(days) = asked.filter(|days| STEPS.contains(days)) else {
        return Problem::of(&codes::UNREADABLE).into_response();
    };
    match mover.advance(Wanted::By(Duration::from_secs(u64::from(days) * 24 * 3600))).await {
        Ok(_) => see_other("/?moved=yes", None),
        Err(NotMoved::Backwards | NotMoved::TooFar) => Problem::of(&codes::CONFLICT).into_response(),
        Err(NotMoved::Beside(why)) => {
            tracing::warn!(why, "the simulators did not move, and so nothing did");
            Problem::of(&codes::BUSY).into_response()
        }
        Err(NotMoved::Broken(refusal)) => problem(&visit, refusal, None).into_response(),
    }
}
