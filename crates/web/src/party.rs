//! `/party`: for whom one acts (*företräder*). Oneself first, then organisations; switching needs no new login.

use app::{Names, PartyName};
use askama::Template;
use authority::{ActsFor, FactsView as _};
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use domain::PartyId;
use page::door::{Sent, Visitor};
use page::{FormGuard, Problem, Tr, codes};
use std::collections::BTreeSet;

use crate::asking::see_other;
use crate::hall::Hall;
use crate::{next, offer};

/// More than this, and one searches instead of reading.
const SEARCH_ABOVE: usize = 10;
/// Shown at once; the search narrows.
const SHOWN: usize = 50;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/party", get(choose).post(switch))
}

#[derive(Debug, serde::Deserialize)]
struct Asked {
    q: Option<String>,
    next: Option<String>,
}

struct Choice {
    id: PartyId,
    name: String,
    number: Option<String>,
    says: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "party/choose.html")]
struct Choose<'a> {
    tr: &'a Tr,
    guard: FormGuard,
    next: Option<&'a str>,
    query: &'a str,
    searchable: bool,
    found: Option<String>,
    choices: Vec<Choice>,
}

async fn choose(State(hall): State<Hall>, visitor: Visitor, Query(asked): Query<Asked>) -> Response {
    let choices = hall.app.choices(&visitor.visit);
    let names = match hall.app.names(&visitor.visit, choices.iter().map(|choice| choice.party)).await {
        Ok(names) => names,
        Err(refusal) => return visitor.refused(refusal).into_response(),
    };
    let query: String = asked.q.unwrap_or_default().trim().chars().take(100).collect();
    let mut shown = listed(&hall, &visitor, &choices, names);
    let searchable = shown.len() > SEARCH_ABOVE;
    if searchable && !query.is_empty() {
        shown.retain(|choice| matches(choice, &query));
    }
    let tr = visitor.tr();
    let found = (searchable && (!query.is_empty() || shown.len() > SHOWN)).then(|| {
        let shown_now = shown.len().min(SHOWN);
        tr.with("party-found", &[("shown", shown_now.into()), ("found", shown.len().into())])
    });
    shown.truncate(SHOWN);
    let body = Choose {
        tr,
        guard: visitor.guard(),
        next: asked.next.as_deref().and_then(next::wanted),
        query: &query,
        searchable,
        found,
        choices: shown,
    };
    let frame = visitor.frame(tr.get("party-title"));
    match crate::authorize::form_target(&hall, body.next).await {
        Some(origin) => frame.form_target(origin).render(&body),
        None => frame.render(&body),
    }
}

/// The person first, then organisations by name.
fn listed(hall: &Hall, visitor: &Visitor, choices: &[ActsFor], mut names: Names) -> Vec<Choice> {
    let mut listed: Vec<Choice> = choices
        .iter()
        .filter_map(|choice| {
            let PartyName { id, name, number, .. } = names.0.remove(&choice.party)?;
            let own = id == visitor.person.id;
            let says = match (own, id == hall.app.agency()) {
                (true, _) => visitor.tr().get("party-myself"),
                (_, true) => visitor.tr().with("party-agency", &[("roles", roles(visitor, choice).into())]),
                _ => roles(visitor, choice),
            };
            let number = number.filter(|_| !own);
            Some(Choice { id, name, number, says, current: id == visitor.party.id })
        })
        .collect();
    let own = visitor.person.id;
    listed.sort_by_cached_key(|choice| (choice.id != own, choice.name.to_lowercase()));
    listed
}

/// What the person holds for the party, in the catalogue's words.
fn roles(visitor: &Visitor, choice: &ActsFor) -> String {
    let known = &visitor.visit.known;
    let lang = offer::spoken(visitor.page.lang());
    let held = choice
        .mandates
        .iter()
        .filter_map(|id| known.index.mandate(*id))
        .flat_map(|mandate| &mandate.says.permissions);
    let names: BTreeSet<&str> = held
        .filter_map(|id| match known.catalogue.package(id) {
            Some(package) => Some(package.name.get(lang)),
            None => known.catalogue.permission(id).map(|permission| permission.name.get(lang)),
        })
        .collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// By a part of the name, or by the number with or without its hyphen.
fn matches(choice: &Choice, query: &str) -> bool {
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let number = choice.number.as_deref().map(digits).unwrap_or_default();
    let wanted = digits(query);
    choice.name.to_lowercase().contains(&query.to_lowercase())
        || (wanted.len() >= 4 && number.contains(&wanted))
}

async fn switch(State(hall): State<Hall>, sent: Sent) -> Response {
    let Some(party) = sent.answers.only("to").and_then(|text| text.parse::<PartyId>().ok()) else {
        return Problem::of(&codes::UNREADABLE).in_frame(sent.visitor.frame("")).into_response();
    };
    if let Err(refusal) = hall.app.switch_party(&sent.visitor.visit, party).await {
        return sent.refused(refusal);
    }
    // A page of another party is left behind: it would only say that it is for somebody else.
    let next = sent.answers.only("next").and_then(next::wanted);
    let next = next.filter(|path| !path.starts_with("/for/") || next::party_of(path) == Some(party));
    see_other(next.unwrap_or(&format!("/for/{party}")), None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_party_is_found_by_name_and_by_number() {
        let choice = Choice {
            id: PartyId::from_bytes([1; 16]),
            name: "Granåsens Åkeri AB".into(),
            number: Some("405620-1108".into()),
            says: String::new(),
            current: false,
        };
        for good in ["åkeri", "GRANÅS", "405620-1108", "4056201108", "6201"] {
            assert!(matches(&choice, good), "{good}");
        }
        for bad in ["björk", "999", "1108405620"] {
            assert!(!matches(&choice, bad), "{bad}");
        }
    }
}
