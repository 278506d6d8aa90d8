//! `/for/{party}/requests`: asking for authority and answering those who ask (*förfrågningar om behörighet*).
//!
//! One address for both sides: whoever can answer sees what waits at the organisation, everybody else their own. The one
//! who asks never sees who the administrators are, nor whether a number that was typed led to anybody.

mod answer;
mod ask;
mod new;
mod view;

use app::access::{RequestView, Requests, Standing};
use app::{App, Names};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::CaseId;
use page::door::Visitor;
use page::{Badge, Problem, TimeTag, Tone, Tr, codes};
use serde::Deserialize;

use crate::hall::Hall;
use crate::people::{entry_name, last_day};

/// What answering and seeing one's own need.
pub(crate) const ANSWER: &str = "employer.mandate.give";
pub(crate) const READ_OWN: &str = app::access::READ_OWN;

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        // As the button of a refused page has it: `page::door::ASK`.
        .route("/requests/ask", post(ask::ask))
        .route("/for/{party}/requests", get(list))
        .route("/for/{party}/requests/new", get(new::form).post(new::send))
        .route("/for/{party}/requests/{case}", get(view::page))
        .route("/for/{party}/requests/{case}/withdraw", post(ask::withdraw))
        .route("/for/{party}/requests/{case}/grant", post(answer::grant))
        .route("/for/{party}/requests/{case}/decline", post(answer::decline))
}

/// The case that an address names.
#[derive(Debug, Deserialize)]
struct Named {
    case: String,
}

impl Named {
    fn id(&self, visitor: &Visitor) -> Result<CaseId, Problem> {
        self.case.parse().map_err(|_| not_found(visitor))
    }
}

fn not_found(visitor: &Visitor) -> Problem {
    Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame(""))
}

fn base(visitor: &Visitor) -> String {
    format!("{}/requests", visitor.base())
}

/// The state in words. Colour is not alone in saying it.
fn badge(tr: &Tr, standing: Standing) -> Badge {
    match standing {
        Standing::Waiting => Badge::new(Tone::Warning, tr.get("request-waiting")),
        Standing::Granted => Badge::new(Tone::Success, tr.get("request-granted")),
        Standing::Declined => Badge::new(Tone::Error, tr.get("request-declined")),
        Standing::Withdrawn => Badge::plain(tr.get("request-withdrawn")),
        Standing::Lapsed => Badge::plain(tr.get("request-lapsed")),
    }
}

/// The organisation as the one who asked knows it: by name, or by the number that was typed and nothing else.
fn organisation(names: &Names, view: &RequestView) -> String {
    match (&view.number, view.organisation) {
        (Some(number), _) => number.to_string(),
        (None, Some(party)) => names.of(party).to_owned(),
        (None, None) => "–".to_owned(),
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    show: Option<String>,
}

struct Row {
    /// The organisation in one's own list, the person in an administrator's.
    who: String,
    number: String,
    href: String,
    what: String,
    badge: Badge,
    opened: TimeTag,
    due: Option<String>,
}

#[derive(Template)]
#[template(path = "requests/list.html")]
struct List<'a> {
    tr: &'a Tr,
    lead: String,
    new: Option<String>,
    /// Where an administrator sees what waits, and where everything; `None` in one's own list.
    filter: Option<Filter>,
    none: String,
    who: String,
    rows: Vec<Row>,
}

struct Filter {
    waiting: String,
    all: String,
    all_shown: bool,
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    if visitor.may(ANSWER) { to_answer(&app, &visitor, &asked).await } else { own(&app, &visitor).await }
}

async fn to_answer(app: &App, visitor: &Visitor, asked: &Asked) -> Result<Response, Problem> {
    let which = if asked.show.as_deref() == Some("all") { Requests::All } else { Requests::Waiting };
    let refused = |refusal| visitor.refused(refusal);
    let found = app.requests(&visitor.visit, which).await.map_err(refused)?;
    let names =
        app.names(&visitor.visit, found.iter().map(|view| view.body.requester)).await.map_err(refused)?;
    let (tr, base) = (visitor.tr(), base(visitor));
    let none = match which {
        Requests::Waiting => "requests-none-waiting",
        Requests::All => "requests-none",
    };
    let row = |view: &RequestView| {
        let requester = view.body.requester;
        let (name, number) = (names.of(requester).to_owned(), names.number(requester).to_owned());
        row(visitor, &base, view, name, number)
    };
    let body = List {
        tr,
        lead: tr.with("requests-lead", &[("organisation", visitor.party.name.as_str().into())]),
        new: None,
        filter: Some(Filter {
            waiting: base.clone(),
            all: format!("{base}?show=all"),
            all_shown: which == Requests::All,
        }),
        none: tr.get(none),
        who: tr.get("requests-person"),
        rows: found.iter().map(row).collect(),
    };
    Ok(visitor.frame(tr.get("requests-title")).wide().render(&body))
}

async fn own(app: &App, visitor: &Visitor) -> Result<Response, Problem> {
    let refused = |refusal| visitor.refused(refusal);
    let found = app.own_requests(&visitor.visit).await.map_err(refused)?;
    let names = app
        .names(&visitor.visit, found.iter().filter_map(|view| view.organisation))
        .await
        .map_err(refused)?;
    let (tr, base) = (visitor.tr(), base(visitor));
    let rows = found.iter().map(|view| row(visitor, &base, view, organisation(&names, view), String::new()));
    let body = List {
        tr,
        lead: tr.get("requests-lead-own"),
        new: Some(format!("{base}/new")),
        filter: None,
        none: tr.get("requests-none-own"),
        who: tr.get("requests-organisation"),
        rows: rows.collect(),
    };
    Ok(visitor.frame(tr.get("requests-title-own")).wide().render(&body))
}

fn row(visitor: &Visitor, base: &str, view: &RequestView, who: String, number: String) -> Row {
    let tr = visitor.tr();
    Row {
        who,
        number,
        href: format!("{base}/{}", view.id),
        what: entry_name(visitor, &view.body.package).to_owned(),
        badge: badge(tr, view.standing),
        opened: tr.time_tag(view.opened_at),
        due: view.due_at.map(|due| last_day(tr, due)),
    }
}
