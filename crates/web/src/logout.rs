//! `/logout`: ends the session, and says what that reached and what it did not.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use page::door::SESSION_COOKIE;
use page::{FormGuard, Posted, Problem, Tr, Visit};

use crate::asking::{Perhaps, see_other};
use crate::hall::Hall;
use crate::session::of_this_session;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/logout", get(told).post(log_out))
}

#[derive(Template)]
#[template(path = "logout/done.html")]
struct Done<'a> {
    tr: &'a Tr,
}

#[derive(Template)]
#[template(path = "logout/ask.html")]
struct Ask<'a> {
    tr: &'a Tr,
    guard: FormGuard,
}

async fn told(visit: Visit, Perhaps(visitor): Perhaps) -> Response {
    let tr = &visit.tr;
    match visitor {
        Some(visitor) => visitor.frame(tr.get("logout-ask")).render(&Ask { tr, guard: visitor.guard() }),
        None => visit.frame(tr.get("logout-title")).render(&Done { tr }),
    }
}

/// Twice is the same as once: whoever is logged out already is told so.
async fn log_out(
    State(hall): State<Hall>,
    visit: Visit,
    Perhaps(visitor): Perhaps,
    posted: Posted,
) -> Response {
    if let Some(visitor) = visitor {
        if let Err(refused) = of_this_session(&hall, &visitor, &posted.answers) {
            return Problem::from(refused).in_frame(visitor.frame("")).into_response();
        }
        if let Err(refusal) = hall.app.log_out(&visitor.visit).await {
            return visitor.refused(refusal).into_response();
        }
    }
    see_other("/logout", visit.cookies().clear(SESSION_COOKIE).ok())
}
