//! `/for/{party}/applications`: employers' applications on paper, at the agency (terms §4; R-004-20, -23).

mod register;
mod view;

use app::application::{ApplicationView, Filter, SCAN_LIMIT};
use app::{App, Names};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::response::Response;
use axum::routing::{get, post};
use page::door::Visitor;
use page::{Badge, MAX_FORM, Problem, TimeTag, Tone, Tr, codes};
use serde::Deserialize;

use crate::hall::Hall;

pub(crate) const READ: &str = "platform.application.read";
const REGISTER: &str = "platform.application.register";
const CONFIRM: &str = "platform.application.confirm";
const RETURN: &str = "platform.application.return";
/// The scan, and the fields with what stands around them.
const MOST: usize = SCAN_LIMIT + 2 * MAX_FORM;

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/for/{party}/applications", get(list))
        .route(
            "/for/{party}/applications/register",
            get(register::form).post(register::register).layer(DefaultBodyLimit::max(MOST)),
        )
        .route("/for/{party}/applications/{case}", get(view::page))
        .route("/for/{party}/applications/{case}/scan", get(view::scan))
        .route("/for/{party}/applications/{case}/confirm", post(view::confirm))
        .route("/for/{party}/applications/{case}/return", post(view::send_back))
}

/// These pages are the agency's own: in a visit for anybody else they do not exist.
fn at_agency(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    if visitor.party.id == app.agency() { Ok(()) } else { Err(not_found(visitor)) }
}

fn not_found(visitor: &Visitor) -> Problem {
    Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame(""))
}

fn base(visitor: &Visitor) -> String {
    format!("{}/applications", visitor.base())
}

/// The state in words. Colour is not alone in saying it.
fn badge(tr: &Tr, state: &str) -> Badge {
    let says = tr.get(&format!("application-state-{state}"));
    match state {
        "registered" => Badge::new(Tone::Warning, says),
        "confirmed" => Badge::new(Tone::Success, says),
        _ => Badge::plain(says),
    }
}

#[derive(Debug, Deserialize)]
struct Asked {
    show: Option<String>,
}

struct Row {
    organisation: String,
    number: String,
    href: String,
    badge: Badge,
    opened: TimeTag,
    opener: String,
    due: Option<String>,
}

#[derive(Template)]
#[template(path = "applications/list.html")]
struct List<'a> {
    tr: &'a Tr,
    register: Option<String>,
    open: String,
    all: String,
    all_shown: bool,
    none: String,
    rows: Vec<Row>,
    limited: bool,
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let filter = if asked.show.as_deref() == Some("all") { Filter::All } else { Filter::Open };
    let refused = |refusal| visitor.refused(refusal);
    let found = app.applications(&visitor.visit, filter).await.map_err(refused)?;
    let parties = found.iter().flat_map(|case| [case.body.organisation, case.body.opener]);
    let names = app.names(&visitor.visit, parties).await.map_err(refused)?;
    let (tr, base) = (visitor.tr(), base(&visitor));
    let none = match filter {
        Filter::Open => "applications-none-open",
        Filter::All => "applications-none",
    };
    let body = List {
        tr,
        register: visitor.may(REGISTER).then(|| format!("{base}/register")),
        all: format!("{base}?show=all"),
        all_shown: filter == Filter::All,
        none: tr.get(none),
        rows: found.iter().map(|case| row(tr, &names, &base, case)).collect(),
        limited: found.len() >= 100,
        open: base,
    };
    Ok(visitor.frame(tr.get("applications-title")).wide().render(&body))
}

fn row(tr: &Tr, names: &Names, base: &str, case: &ApplicationView) -> Row {
    Row {
        organisation: names.of(case.body.organisation).to_owned(),
        number: names.number(case.body.organisation).to_owned(),
        href: format!("{base}/{}", case.id),
        badge: badge(tr, &case.state),
        opened: tr.time_tag(case.opened_at),
        opener: names.of(case.body.opener).to_owned(),
        due: case.due_at.map(|due| crate::people::last_day(tr, due)),
    }
}
