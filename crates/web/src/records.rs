//! `/for/{party}/records`: who did what in an organisation's name (R-004-27), and one's own events.
//!
//! Names come from the vault at the moment of reading; the log itself holds none.

use activity::{Record, RecordClass};
use app::records::{After, Page, Whose};
use app::{App, Names};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::PartyId;
use page::door::Visitor;
use page::{Badge, Problem, TimeTag, Tone, Tr};
use serde::Deserialize;

use crate::hall::Hall;
use crate::offer::spoken;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/for/{party}/records", get(list))
}

#[derive(Debug, Deserialize)]
struct Asked {
    after: Option<String>,
}

struct Row {
    at: TimeTag,
    what: String,
    says: Vec<String>,
    /// Who did it, and in the own list for whom.
    who: String,
    result: Badge,
    reference: String,
}

#[derive(Template)]
#[template(path = "records/list.html")]
struct List<'a> {
    tr: &'a Tr,
    lead: String,
    /// Heading of the column of parties.
    who: String,
    rows: Vec<Row>,
    first: Option<String>,
    later: Option<String>,
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let refused = |refusal| visitor.refused(refusal);
    // What is no end of a page begins at the beginning.
    let after: Option<After> = asked.after.as_deref().and_then(|text| text.parse().ok());
    let page = app.records(&visitor.visit, after).await.map_err(refused)?;
    let names = app.names(&visitor.visit, page.records.iter().flat_map(parties)).await.map_err(refused)?;
    let (tr, here) = (visitor.tr(), format!("{}/records", visitor.base()));
    let body = List {
        tr,
        lead: match page.whose {
            Whose::Own => tr.get("records-lead-own"),
            Whose::Party => tr.with("records-lead", &[("organisation", visitor.party.name.as_str().into())]),
        },
        who: tr.get("records-who"),
        rows: rows(&visitor, &names, &page),
        first: after.map(|_| here.clone()),
        later: page.next.map(|next| format!("{here}?after={next}")),
    };
    Ok(visitor.frame(tr.get("records-title")).wide().render(&body))
}

/// Whose names a row needs.
fn parties(record: &Record) -> impl Iterator<Item = PartyId> {
    record.actor.into_iter().chain(record.party).chain(holder(record))
}

/// Whom an act concerned, where its record says so.
fn holder(record: &Record) -> Option<PartyId> {
    record.detail.get("holder")?.parse().ok()
}

fn rows(visitor: &Visitor, names: &Names, page: &Page) -> Vec<Row> {
    let tr = visitor.tr();
    let row = |record: &Record| Row {
        at: tr.time_tag(record.at),
        what: event(tr, &record.event),
        says: says(visitor, names, record)
            .into_iter()
            .chain(
                page.reasons
                    .get(&record.id)
                    .map(|reason| tr.with("records-detail-reason", &[("reason", reason.as_str().into())])),
            )
            .collect(),
        who: match (page.whose, record.actor) {
            (_, None) => tr.get("records-nobody"),
            (Whose::Own, Some(actor)) => who(visitor, names, actor, record.party),
            (Whose::Party, Some(actor)) => names.of(actor).to_owned(),
        },
        result: result(tr, record),
        reference: record.reference.to_string(),
    };
    page.records.iter().map(row).collect()
}

/// Who acted, to the person whose list it is: they themselves, somebody in their own name, or an organisation. Who of its
/// people it was the organisation tells by the reference code, to whoever asks: whoever asks for authority must not learn
/// here who its administrators are.
fn who(visitor: &Visitor, names: &Names, actor: PartyId, party: Option<PartyId>) -> String {
    let (tr, own) = (visitor.tr(), visitor.person.id);
    let party = party.filter(|party| *party != actor);
    let party_name = || ("party", names.of(party.unwrap_or(actor)).into());
    match party {
        None if actor == own => tr.get("records-you"),
        Some(_) if actor == own => tr.with("records-you-for", &[party_name()]),
        None => names.of(actor).to_owned(),
        Some(_) => tr.with("records-staff", &[party_name()]),
    }
}

/// The event in words. A service brings the words of its own events: `sickness_report.sent` has the key
/// `event-sickness-report-sent`.
pub(crate) fn event(tr: &Tr, event: &str) -> String {
    let key = format!("event-{}", event.replace(['.', '_'], "-"));
    if tr.has(&key) {
        return tr.get(&key);
    }
    tracing::error!(event, "an event of the log has no words");
    tr.with("event-other", &[("event", event.into())])
}

/// What the record tells besides: whom it concerned, and which authorisation.
fn says(visitor: &Visitor, names: &Names, record: &Record) -> Vec<String> {
    let tr = visitor.tr();
    let (catalogue, lang) = (&visitor.visit.known.catalogue, spoken(visitor.page.lang()));
    let name = |id: &str| {
        let package = catalogue.package(id).map(|package| package.name.get(lang));
        package.or_else(|| catalogue.permission(id).map(|p| p.name.get(lang))).unwrap_or(id).to_owned()
    };
    let concerns =
        holder(record).map(|holder| tr.with("records-detail-holder", &[("name", names.of(holder).into())]));
    let given = record.detail.get("permission");
    let given = given.map(|id| tr.with("records-detail-permission", &[("what", name(id).into())]));
    // A refusal is told with what was asked for; for an act its own words say it.
    let refused = record.decided.as_ref().filter(|decided| !decided.allowed);
    let asked =
        refused.map(|decided| tr.with("records-asked", &[("what", name(&decided.permission).into())]));
    concerns.into_iter().chain(given).chain(asked).collect()
}

pub(crate) fn result(tr: &Tr, record: &Record) -> Badge {
    let refused = record.decided.as_ref().is_some_and(|decided| !decided.allowed);
    match record.class {
        _ if refused => Badge::new(Tone::Error, tr.get("records-refused")),
        RecordClass::Refusal => Badge::new(Tone::Error, tr.get("records-refused")),
        _ if record.fault.is_some() => Badge::new(Tone::Warning, tr.get("records-failed")),
        _ => Badge::new(Tone::Success, tr.get("records-allowed")),
    }
}
