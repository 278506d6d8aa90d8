//! `/order/{id}`: an identification or signature under way, for the browser that began it.
//!
//! Works without JavaScript: the page is one answer that stays open and adds a line when something changes, the moving
//! code is a picture that the server pushes, and the last thing that comes is the order to move on. Where a browser
//! holds too many such connections already, the page loads itself anew every two seconds instead.

mod back;
mod done;
mod qr;
mod seats;
mod watch;

pub(crate) use seats::Seats;

use app::Refusal;
use app::identify::{OrderPage, Standing};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::OrderId;
use login::Device;
use page::door::problem;
use page::{Problem, Tr, Visit, codes};

use crate::asking::{BrowserKey, remember, see_other};
use crate::hall::Hall;
use seats::Kind;
use watch::{Status, Watch};

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/order/return", get(back::back))
        .route("/order/{id}", get(show))
        .route("/order/{id}/qr", get(qr::moving))
        .route("/order/{id}/qr.png", get(qr::still))
        .route("/order/{id}/cancel", post(cancel))
        .route("/order/{id}/done", get(done::done))
}

/// The order that a path names.
fn named(text: &str) -> Result<OrderId, Problem> {
    text.parse().map_err(|_| Problem::of(&codes::NOT_FOUND))
}

/// A refusal about an order. An order of another browser and one that never was look the same.
fn refused(visit: &Visit, refusal: Refusal) -> Problem {
    match refusal {
        Refusal::NotFound => Problem::of(&codes::OTHER_BROWSER),
        other => problem(visit, other, None),
    }
}

/// How the code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum View {
    /// Pushed by the server.
    Moving,
    /// One picture; the page loads itself anew.
    Still,
}

#[derive(Template)]
#[template(path = "order/page.html")]
struct Page<'a> {
    tr: &'a Tr,
    id: OrderId,
    lead: String,
    text: &'a str,
    text_lang: Option<&'a str>,
    qr: Option<&'static str>,
    link: Option<&'a str>,
    status: Status<'a>,
    /// What closes the page's list of states, where nothing is streamed.
    end: &'static str,
    view: View,
}

#[derive(Debug, serde::Deserialize)]
struct Asked {
    view: Option<String>,
}

async fn show(
    State(hall): State<Hall>,
    visit: Visit,
    BrowserKey(key): BrowserKey,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    headers: http::HeaderMap,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    let page = hall.app.order_page(id, &key).await.map_err(|refusal| refused(&visit, refusal))?;
    if !matches!(page.standing, Standing::Pending { .. }) {
        return Ok(see_other(&format!("/order/{id}/done"), None));
    }
    let seat = match asked.view.as_deref() {
        Some("still") => None,
        _ => hall.seats.take(key.hash(), Kind::Status),
    };
    let view = if seat.is_some() { View::Moving } else { View::Still };
    let body = body(&visit.tr, &page, view);
    let title = if page.is_signature { "order-title-sign" } else { "order-title-auth" };
    let frame = visit.frame(visit.tr.get(title)).with_script();
    let mut response = match seat {
        Some(seat) => {
            frame.stream(&body, Watch::new(hall.app.clone(), id, key, visit.tr.clone(), seat, &page).pieces())
        }
        None => frame.refresh(2, format!("/order/{id}?view=still")).render(&body),
    };
    if let Some(cookie) = remember(&headers, visit.cookies(), id) {
        response.headers_mut().append(http::header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn body<'a>(tr: &'a Tr, page: &'a OrderPage, view: View) -> Page<'a> {
    Page {
        tr,
        id: page.id,
        lead: tr.get(if page.is_signature { "order-lead-sign" } else { "order-lead-auth" }),
        text: &page.text,
        text_lang: page.text_lang.as_deref(),
        qr: (page.device == Device::Other && page.qr.is_some()).then_some(match view {
            View::Moving => "qr",
            View::Still => "qr.png",
        }),
        link: page.start_link.as_deref().filter(|_| page.device != Device::Other),
        status: Status::of(tr, page),
        end: if view == View::Still { "</div>" } else { "" },
        view,
    }
}

async fn cancel(
    State(hall): State<Hall>,
    visit: Visit,
    BrowserKey(key): BrowserKey,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    match hall.app.cancel_order(id, &key).await {
        Ok(back) => Ok(see_other(page::local_path(&back).unwrap_or("/login"), None)),
        // It ended at this very moment: its page tells how.
        Err(Refusal::Conflict(_)) => Ok(see_other(&format!("/order/{id}/done"), None)),
        Err(refusal) => Err(refused(&visit, refusal)),
    }
}
