//! `/order/return?n=…`: the way back from the app on the same device. The one-time value says only that the app opened
//! the address of an order of this browser; what happened is known from the provider alone. The value is dropped from
//! the address by a redirect, so that no history and no picture of the screen keeps it.

use app::Refusal;
use axum::extract::{Query, State};
use axum::response::Response;
use http::HeaderMap;
use page::{Problem, Visit, codes};

use super::refused;
use crate::asking::{BrowserKey, remembered, see_other};
use crate::hall::Hall;

#[derive(Debug, serde::Deserialize)]
pub(super) struct Asked {
    n: Option<String>,
}

pub(super) async fn back(
    State(hall): State<Hall>,
    visit: Visit,
    BrowserKey(key): BrowserKey,
    headers: HeaderMap,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let nonce = asked.n.filter(|value| value.len() <= 64).unwrap_or_default();
    for id in remembered(&headers, visit.cookies()) {
        match hall.app.is_return(id, &key, &nonce).await {
            Ok(true) => return Ok(see_other(&format!("/order/{id}"), None)),
            Ok(false) | Err(Refusal::NotFound) => {}
            Err(refusal) => return Err(refused(&visit, refusal)),
        }
    }
    Err(Problem::of(&codes::OTHER_BROWSER))
}
