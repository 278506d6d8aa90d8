//! `/for/{self}/mine`: for whom one may act and why, and the way to one's own requests, receipts, events and logins.
//!
//! In a visit for anybody else these pages do not exist: they are a person's, not a party's.

mod receipts;
mod why;

use app::{App, Names, Want};
use askama::Template;
use authority::{FactsView as _, Known};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use domain::fact::{Mandate, MandateKind};
use domain::{FactId, PartyId};
use page::door::Visitor;
use page::{Badge, Problem, TimeTag, Tone, Tr, codes};
use std::collections::{BTreeMap, BTreeSet};

use crate::hall::Hall;
use crate::people::{last_day, swedish_order, what};

/// What seeing one's own needs.
pub(crate) const READ: &str = "platform.mandate.read_own";
/// Parties on the page; whoever has more finds them by the search of `/party`.
const SHOWN: usize = 50;

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/for/{party}/mine", get(overview))
        .route("/for/{party}/mine/{mandate}/why", get(why::page))
        .route("/for/{party}/mine/receipts", get(receipts::list))
        .route("/for/{party}/mine/receipts/{record}", get(receipts::download))
}

/// The visitor acts for themselves and may see what is theirs.
async fn own(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    if !visitor.visit.acts_for_self() {
        return Err(not_found(visitor));
    }
    let want = Want::to(READ, visitor.person.id);
    app.require(&visitor.visit, &want).await.map(|_| ()).map_err(|refusal| visitor.refused(refusal))
}

fn not_found(visitor: &Visitor) -> Problem {
    Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame(""))
}

fn base(visitor: &Visitor) -> String {
    format!("{}/mine", visitor.base())
}

struct Row {
    what: String,
    about: String,
    badge: Badge,
    from: TimeTag,
    until: Option<String>,
    given_by: String,
    why: String,
}

/// A party and what the visitor holds there.
struct Party {
    name: String,
    number: String,
    caption: String,
    rows: Vec<Row>,
}

/// A page of one's own that is entered from here.
struct Link {
    label: String,
    says: String,
    href: String,
}

#[derive(Template)]
#[template(path = "mine/overview.html")]
struct Overview<'a> {
    tr: &'a Tr,
    parties: Vec<Party>,
    limited: Option<String>,
    links: Vec<Link>,
}

async fn overview(State(hall): State<Hall>, visitor: Visitor) -> Result<Response, Problem> {
    let app = &hall.app;
    own(app, &visitor).await?;
    let mut by_party: BTreeMap<PartyId, Vec<Known<'_, Mandate>>> = BTreeMap::new();
    for mandate in held(&visitor) {
        by_party.entry(mandate.says.grantor).or_default().push(mandate);
    }
    let wanted = by_party.keys().copied().chain([app.agency()]);
    let names = app.names(&visitor.visit, wanted).await.map_err(|refusal| visitor.refused(refusal))?;
    let working: BTreeSet<FactId> =
        app.choices(&visitor.visit).into_iter().flat_map(|choice| choice.mandates).collect();
    let mut all: Vec<_> = by_party.into_iter().collect();
    all.sort_by_cached_key(|(party, _)| (swedish_order(names.of(*party)), *party));
    let (tr, found) = (visitor.tr(), all.len());
    let shown = all.into_iter().take(SHOWN);
    let body = Overview {
        tr,
        parties: shown.map(|(id, held)| party(app, &visitor, &names, &working, id, held)).collect(),
        limited: (found > SHOWN)
            .then(|| tr.with("party-found", &[("shown", SHOWN.into()), ("found", found.into())])),
        links: links(&hall, &visitor),
    };
    Ok(visitor.frame(tr.get("mine-title")).wide().render(&body))
}

/// The visitor's mandates in force or to come.
fn held(visitor: &Visitor) -> impl Iterator<Item = Known<'_, Mandate>> {
    let now = visitor.page.now;
    let all = visitor.visit.known.index.mandates_of(visitor.person.id);
    all.filter(move |mandate| mandate.version.valid_to.is_none_or(|to| now < to))
}

fn party(
    app: &App,
    visitor: &Visitor,
    names: &Names,
    working: &BTreeSet<FactId>,
    id: PartyId,
    mut held: Vec<Known<'_, Mandate>>,
) -> Party {
    held.sort_by_key(|mandate| (mandate.says.kind, mandate.version.valid_from, mandate.id()));
    let (tr, name) = (visitor.tr(), names.of(id));
    let row = |mandate: &Known<'_, Mandate>| {
        let what = what(visitor, &mandate.says.permissions);
        Row {
            about: tr.with("people-for", &[("what", what.as_str().into()), ("name", name.into())]),
            what,
            badge: badge(visitor, working, mandate),
            from: tr.time_tag(mandate.version.valid_from),
            until: mandate.version.valid_to.map(|to| last_day(tr, to)),
            given_by: given_by(app, visitor, names, mandate),
            why: format!("{}/{}/why", base(visitor), mandate.id()),
        }
    };
    Party {
        name: name.to_owned(),
        number: names.number(id).to_owned(),
        caption: tr.with("mine-caption", &[("name", name.into())]),
        rows: held.iter().map(row).collect(),
    }
}

fn badge(visitor: &Visitor, working: &BTreeSet<FactId>, mandate: &Known<'_, Mandate>) -> Badge {
    let tr = visitor.tr();
    if visitor.page.now < mandate.version.valid_from {
        Badge::plain(tr.get("people-coming"))
    } else if working.contains(&mandate.id()) {
        Badge::new(Tone::Success, tr.get("people-active"))
    } else {
        Badge::new(Tone::Error, tr.get("people-stopped"))
    }
}

/// By role: the subject is told what gave the mandate, not which other person did (R-002-09).
fn given_by(app: &App, visitor: &Visitor, names: &Names, mandate: &Known<'_, Mandate>) -> String {
    let tr = visitor.tr();
    if mandate.says.parent.is_some() && mandate.says.kind != MandateKind::AgencyRole {
        let organisation = names.of(mandate.says.grantor);
        return tr.with("mine-by-administrator", &[("organisation", organisation.into())]);
    }
    names.of(app.agency()).to_owned()
}

/// One's own requests have a page when the navigation knows it; the others always.
fn links(hall: &Hall, visitor: &Visitor) -> Vec<Link> {
    let (tr, base) = (visitor.tr(), visitor.base());
    let link =
        |key: &str, href: String| Link { label: tr.get(key), says: tr.get(&format!("{key}-says")), href };
    let entries = hall.menu().entries().iter();
    let requests = entries.filter(|entry| entry.path == "/requests" && visitor.may(entry.permission)).take(1);
    let requests = requests.map(|entry| link(entry.key, format!("{base}{}", entry.path)));
    let always = [
        link("mine-receipts", format!("{base}/mine/receipts")),
        link("nav-records-own", format!("{base}/records")),
        link("mine-sessions", "/sessions".to_owned()),
    ];
    requests.chain(always).collect()
}
