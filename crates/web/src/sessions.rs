//! `/sessions`: where one is logged in (*inloggningar*), and ending it there.
//!
//! They are the person's own, whomever the session acts for: as with `/logout` no party stands in the address.

use app::session::{Client, Family, OwnSession, System, Which};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::SessionId;
use page::door::{Sent, Visitor};
use page::{Badge, FormGuard, Problem, TimeTag, Tone, Tr, codes};
use serde::Deserialize;

use crate::asking::see_other;
use crate::hall::Hall;
use crate::offer::spoken;

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/sessions", get(list))
        .route("/sessions/{session}/end", post(end))
        .route("/sessions/end-others", post(end_others))
}

struct Row {
    client: String,
    badge: Option<Badge>,
    /// With which login method, in words.
    method: String,
    party: String,
    opened: TimeTag,
    seen: TimeTag,
    ends: TimeTag,
    /// Where it is ended.
    end: Option<String>,
    button: String,
}

#[derive(Template)]
#[template(path = "sessions/list.html")]
struct List<'a> {
    tr: &'a Tr,
    lead: String,
    guard: FormGuard,
    rows: Vec<Row>,
    others: Option<()>,
}

async fn list(State(hall): State<Hall>, visitor: Visitor) -> Result<Response, Problem> {
    let refused = |refusal| visitor.refused(refusal);
    let own = hall.app.own_sessions(&visitor.visit).await.map_err(refused)?;
    let names =
        hall.app.names(&visitor.visit, own.iter().map(|session| session.party)).await.map_err(refused)?;
    let tr = visitor.tr();
    let row = |session: &OwnSession| {
        let party = if session.party == visitor.person.id {
            tr.get("sessions-self")
        } else {
            names.of(session.party).to_owned()
        };
        row(&visitor, session, party)
    };
    let body = List {
        tr,
        lead: tr.with("sessions-lead", &[("count", own.len().into())]),
        guard: visitor.guard(),
        rows: own.iter().map(row).collect(),
        others: own.iter().any(|session| session.which == Which::Other).then_some(()),
    };
    Ok(visitor.frame(tr.get("sessions-title")).wide().render(&body))
}

fn row(visitor: &Visitor, session: &OwnSession, party: String) -> Row {
    let tr = visitor.tr();
    let method = visitor.visit.known.catalogue.method(&session.method);
    let method = method.map_or(session.method.as_str(), |known| known.name.get(spoken(visitor.page.lang())));
    let this = session.which == Which::This;
    Row {
        client: client(tr, session.client),
        badge: this.then(|| Badge::new(Tone::Success, tr.get("sessions-this"))),
        method: tr.with("sessions-method", &[("method", method.into())]),
        party,
        opened: tr.time_tag(session.opened_at),
        seen: tr.time_tag(session.seen_at),
        ends: tr.time_tag(session.ends_at),
        end: match (session.which, session.id) {
            (Which::This, _) => Some("/logout".to_owned()),
            (Which::Other, id) => id.map(|id| format!("/sessions/{id}/end")),
        },
        button: tr.get(if this { "page-logout" } else { "sessions-end" }),
    }
}

/// The browser in words that its user knows it by.
fn client(tr: &Tr, client: Option<Client>) -> String {
    let Some(Client { family, system }) = client else { return tr.get("sessions-client-unknown") };
    let browser = match family {
        Family::Firefox => "Firefox",
        Family::Edge => "Edge",
        Family::Opera => "Opera",
        Family::Samsung => "Samsung Internet",
        Family::Chrome => "Chrome",
        Family::Safari => "Safari",
        Family::Other => &tr.get("sessions-client-other"),
    };
    let on = match system {
        System::Android => "Android",
        System::Ios => "iPhone/iPad",
        System::Windows => "Windows",
        System::Mac => "Mac",
        System::ChromeOs => "ChromeOS",
        System::Linux => "Linux",
        System::Other => return browser.to_owned(),
    };
    tr.with("sessions-client", &[("browser", browser.into()), ("system", on.into())])
}

#[derive(Debug, Deserialize)]
struct Named {
    session: String,
}

async fn end(State(hall): State<Hall>, Path(named): Path<Named>, sent: Sent) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let Ok(id) = named.session.parse::<SessionId>() else {
        return Err(Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame("")));
    };
    hall.app.end_session(&visitor.visit, id).await.map_err(|refusal| visitor.refused(refusal))?;
    Ok(see_other("/sessions", None))
}

async fn end_others(State(hall): State<Hall>, sent: Sent) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    hall.app.end_other_sessions(&visitor.visit).await.map_err(|refusal| visitor.refused(refusal))?;
    Ok(see_other("/sessions", None))
}
