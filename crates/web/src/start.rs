//! `/`: the first page. In a demo the page of people ([`crate::demo`]); else what this is, and one button.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use page::door::problem;
use page::{Tr, Visit};

use crate::asking::{Perhaps, see_other};
use crate::demo::Asked;
use crate::hall::Hall;
use crate::offer::{self, Audience};

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/", get(first))
}

#[derive(Template)]
#[template(path = "start/first.html")]
struct First<'a> {
    tr: &'a Tr,
    audiences: Vec<Audience>,
}

async fn first(
    State(hall): State<Hall>,
    visit: Visit,
    Perhaps(visitor): Perhaps,
    Query(asked): Query<Asked>,
) -> Response {
    if let Some(phone) = &hall.phone {
        return crate::demo::people(&hall, phone, &visit, visitor, &asked).await;
    }
    if visitor.is_some() {
        return see_other("/home", None);
    }
    let known = match hall.app.latest().await {
        Ok(known) => known,
        Err(refusal) => return problem(&visit, refusal, None).into_response(),
    };
    let agency = hall.app.settings().agency_name.get(offer::spoken(visit.lang())).to_owned();
    let title = visit.tr.with("start-title", &[("agency", agency.into())]);
    let body = First { tr: &visit.tr, audiences: offer::audiences(&known, &visit.tr, visit.now) };
    visit.frame(title).render(&body)
}
