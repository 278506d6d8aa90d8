//! `/for/{party}`: what can be done here for the party, in words; `/home` leads to it.
//!
//! What is not possible just now is told with the link that is missing and who can mend it (R-002-09).

use app::Want;
use app::oidc::Elsewhere;
use askama::Template;
use authority::{Decision, FactsView as _};
use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use catalogue::{Relation, Service};
use page::door::{Visitor, broken_links};
use page::{Notice, Problem, Tone, Tr};

use crate::asking::see_other;
use crate::elsewhere::{Place, place};
use crate::hall::Hall;
use crate::{offer, requests};

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/home", get(home)).route("/for/{party}", get(party))
}

async fn home(visitor: Visitor) -> Response {
    see_other(&visitor.base(), None)
}

/// A page that one may go to from here.
struct Link {
    label: String,
    says: Option<String>,
    href: String,
}

/// A service as this visitor may use it for this party.
struct Part {
    name: String,
    says: String,
    links: Vec<Link>,
    /// What may be done, in the catalogue's words.
    may: Vec<String>,
    /// What stands against what the visitor has been given.
    missing: Vec<String>,
}

#[derive(Template)]
#[template(path = "home/party.html")]
struct Home<'a> {
    tr: &'a Tr,
    lead: String,
    /// Requests that wait for this visitor's answer.
    waiting: Option<Notice>,
    parts: Vec<Part>,
    /// Where to ask for authority, for whoever acts for nobody else.
    alone: Option<String>,
    /// The own requests, for whoever acts for an organisation and is not the one to ask there.
    more: Option<String>,
}

async fn party(State(hall): State<Hall>, visitor: Visitor) -> Result<Response, Problem> {
    let tr = visitor.tr();
    let known = &visitor.visit.known;
    let elsewhere = hall.app.elsewhere().await.map_err(|refusal| visitor.refused(refusal))?;
    let parts: Vec<Part> =
        known.catalogue.services().filter_map(|service| part(&hall, &visitor, &elsewhere, service)).collect();
    let own = visitor.visit.acts_for_self();
    let name = visitor.party.name.as_str();
    let body = Home {
        tr,
        lead: if own {
            tr.get("home-lead-myself")
        } else {
            tr.with("home-lead-party", &[("name", name.into())])
        },
        waiting: waiting(&hall, &visitor).await?,
        more: (concerns(&hall, &visitor, Relation::Organisation) && !visitor.may(requests::ANSWER))
            .then(|| format!("{}/requests", visitor.base())),
        alone: (own && hall.app.choices(&visitor.visit).len() == 1)
            .then(|| format!("{}/requests/new", visitor.base())),
        parts,
    };
    Ok(visitor.frame(tr.get("home-title")).render(&body))
}

/// Somebody asks for authority: seen on the first page by whoever can answer.
async fn waiting(hall: &Hall, visitor: &Visitor) -> Result<Option<Notice>, Problem> {
    let waiting = hall.app.requests_waiting(&visitor.visit).await.map_err(|r| visitor.refused(r))?;
    let tr = visitor.tr();
    Ok((waiting > 0).then(|| {
        let says = tr.with("home-requests-says", &[("count", (waiting as u64).into())]);
        Notice::new(Tone::Info, tr.get("home-requests"), says)
            .link(tr.get("home-requests-link"), format!("{}/requests", visitor.base()))
    }))
}

fn part(hall: &Hall, visitor: &Visitor, elsewhere: &[Elsewhere], service: &Service) -> Option<Part> {
    let (tr, lang) = (visitor.tr(), offer::spoken(visitor.page.lang()));
    let (mut may, mut missing) = (Vec::new(), Vec::new());
    for permission in service.permissions.values().filter(|p| concerns(hall, visitor, p.relation)) {
        let decision = hall.app.decide(&visitor.visit, &Want::to(&permission.id, visitor.party.id));
        if decision.allowed || is_step(&decision) {
            may.push(permission.name.get(lang).to_owned());
        } else if given(visitor, &permission.id) {
            for link in broken_links(&decision) {
                let sentence = link.sentence(tr);
                if !missing.contains(&sentence) {
                    missing.push(sentence);
                }
            }
        }
    }
    let of_service = |permission: &str| permission.split('.').next() == Some(service.id.as_str());
    let links = hall
        .menu()
        .entries()
        .iter()
        .filter(|entry| of_service(entry.permission) && visitor.may(entry.permission));
    let links = links.map(|entry| {
        let says = format!("{}-says", entry.key);
        Link {
            label: tr.get(entry.key),
            says: tr.has(&says).then(|| tr.get(&says)),
            href: format!("{}{}", visitor.base(), entry.path),
        }
    });
    // A service that is elsewhere is opened there, by whoever may do something in it.
    let there = elsewhere.iter().filter(|to| !may.is_empty() && to.service == service.id).map(|to| {
        let Place { label, href } = place(visitor, to);
        Link { label, says: None, href }
    });
    let links: Vec<Link> = links.chain(there).collect();
    (!may.is_empty() || !missing.is_empty()).then(|| Part {
        name: service.name.get(lang).to_owned(),
        says: service.description.get(lang).to_owned(),
        links,
        may,
        missing,
    })
}

/// Only the case itself is missing: a step after another person's is decided with its case, not here.
fn is_step(decision: &Decision) -> bool {
    decision.codes().all(|code| code == authority::code::RULE_TWO_PERSONS)
}

/// Whether a permission of this relation can be used for the party of the visit at all.
fn concerns(hall: &Hall, visitor: &Visitor, relation: Relation) -> bool {
    let own = visitor.visit.acts_for_self();
    match relation {
        Relation::Own => own,
        Relation::Agency => visitor.party.id == hall.app.agency(),
        Relation::Organisation => !own && visitor.party.id != hall.app.agency(),
    }
}

/// Whether a mandate in force from the party names the permission, whatever else stands against it.
fn given(visitor: &Visitor, permission: &str) -> bool {
    let known = &visitor.visit.known;
    known.index.mandates_of(visitor.person.id).any(|mandate| {
        mandate.says.grantor == visitor.party.id
            && mandate.holds_at(visitor.page.now)
            && mandate.says.permissions.iter().any(|entry| known.catalogue.contains(entry, permission))
    })
}
