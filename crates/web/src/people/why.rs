//! "Why can X?": every link of the one decision in words, with dates, up to the application and the terms.
//!
//! It is the same `decide` that every act asks, about the other person; only the login is the visitor's own.

use app::application::SERVICE;
use app::{App, Names};
use askama::Template;
use authority::{Decision, FactsView as _, Known, holders};
use axum::extract::{Path, Query, State};
use axum::response::Response;
use catalogue::Relation;
use domain::fact::{Mandate, MandateKind, Right};
use domain::{FactId, PartyId};
use page::door::Visitor;
use page::{Answers, Choice, Form, Mistakes, Problem, Select, Tr};
use serde::Deserialize;
use std::collections::BTreeMap;

use super::{END, Named, entry_name, first_permission, not_found};
use crate::hall::Hall;
use crate::offer::spoken;

mod words;

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    permission: Option<String>,
}

/// A link of the chain in words.
struct Step {
    what: String,
    says: Vec<String>,
    /// The stable code in words, if it does not hold.
    code: Option<String>,
}

#[derive(Template)]
#[template(path = "people/why.html")]
struct Body<'a> {
    tr: &'a Tr,
    allowed: bool,
    answer: String,
    steps: Vec<Step>,
    note: String,
    /// Who may take the authorisation away.
    enders: Vec<String>,
    end: Option<String>,
    action: String,
    other: Select,
}

/// What the words are made from.
struct Ground<'v> {
    app: &'v App,
    visitor: &'v Visitor,
    names: Names,
    givers: BTreeMap<FactId, PartyId>,
    holder: PartyId,
    /// What is asked about; its service says which connection and which terms.
    permission: &'v str,
}

impl<'v> Ground<'v> {
    fn mandate(&self, id: FactId) -> Option<Known<'v, Mandate>> {
        self.visitor.visit.known.index.mandate(id)
    }

    fn name(&self) -> &str {
        self.names.of(self.holder)
    }
}

pub(super) async fn page(
    State(hall): State<Hall>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (app, refused) = (&hall.app, |refusal| visitor.refused(refusal));
    let holder = named.id(&visitor)?;
    let Some(permission) = permission(&visitor, holder, asked.permission.as_deref()) else {
        return Err(not_found(&visitor));
    };
    let decision = app.why(&visitor.visit, SERVICE, holder, permission).await.map_err(refused)?;
    let enders = enders(app, &visitor);
    let givers = app.givers(&decision.chain).await.map_err(refused)?;
    let of_chain = decision.chain.iter().filter_map(|id| visitor.visit.known.index.mandate(*id));
    let wanted =
        of_chain.map(|known| known.says.holder).chain(givers.values().copied()).chain(enders.iter().copied());
    let wanted = wanted.chain([holder, visitor.party.id, app.agency()]);
    let names = app.names(&visitor.visit, wanted).await.map_err(refused)?;
    let ground = Ground { app, visitor: &visitor, names, givers, holder, permission };
    let people = format!("{}/people", visitor.base());
    let body = body(&ground, &decision, permission, &enders, &people);
    Ok(visitor
        .frame(visitor.tr().get("why-title"))
        .back(visitor.tr().get("people-title"), people)
        .render(&body))
}

fn body<'g>(
    ground: &Ground<'g>,
    decision: &Decision,
    permission: &str,
    enders: &[PartyId],
    people: &str,
) -> Body<'g> {
    let (visitor, tr) = (ground.visitor, ground.visitor.tr());
    let what = entry_name(visitor, permission);
    let key = if decision.allowed { "why-allowed" } else { "why-refused" };
    let end = decision.chain.first().filter(|_| visitor.may(END));
    Body {
        tr,
        allowed: decision.allowed,
        answer: tr.with(key, &[("name", ground.name().into()), ("what", what.into())]),
        steps: words::steps(ground, decision),
        note: tr.with("why-note", &[("time", tr.date_time(visitor.page.now).into())]),
        enders: enders.iter().map(|person| ground.names.of(*person).to_owned()).collect(),
        end: end.map(|id| format!("{people}/{}/end?mandate={id}", ground.holder)),
        action: format!("{people}/{}/why", ground.holder),
        other: other(visitor, permission),
    }
}

/// The permission that is asked about: the one in the address, else the first that the person has here.
fn permission<'v>(visitor: &'v Visitor, holder: PartyId, asked: Option<&str>) -> Option<&'v str> {
    let known = &visitor.visit.known;
    match asked.filter(|id| !id.is_empty()) {
        Some(id) => askable(visitor).map(|(known, _)| known).find(|known| *known == id),
        None => {
            let mut here = known.index.mandates_of(holder).filter(|m| m.says.grantor == visitor.party.id);
            here.find_map(|mandate| first_permission(visitor, &mandate.says.permissions))
        }
    }
}

/// The permissions that can be had at an organisation, with their names.
fn askable(visitor: &Visitor) -> impl Iterator<Item = (&str, &str)> {
    let lang = spoken(visitor.page.lang());
    // Those of connected e-services too: an administrator gives them on the same page.
    let services = visitor.visit.known.catalogue.services();
    services
        .flat_map(|service| service.permissions.values())
        .filter(|permission| permission.relation == Relation::Organisation)
        .map(move |permission| (permission.id.as_str(), permission.name.get(lang)))
}

fn other(visitor: &Visitor, chosen: &str) -> Select {
    let tr = visitor.tr();
    let answers = Answers::empty().with("permission", chosen);
    let choices = askable(visitor).map(|(id, name)| Choice::new(id, name)).collect();
    Form::new(tr, &answers, &Mistakes::none()).select("permission", tr.get("why-other-permission"), choices)
}

/// Who may end mandates here: those whose own mandate lets them.
fn enders(app: &App, visitor: &Visitor) -> Vec<PartyId> {
    let known = &visitor.visit.known;
    let at = visitor.page.now;
    let found = holders(&known.index, &known.catalogue, app.agency(), visitor.party.id, END, Right::Use, at);
    let mut people: Vec<PartyId> = found.into_iter().map(|holder| holder.person).collect();
    people.dedup();
    people.truncate(50);
    people
}

fn at_agency(kind: MandateKind) -> bool {
    kind == MandateKind::AgencyRole
}
