//! Why an act was allowed on the day it was done: the mandates of its record, the connection and the terms, as they
//! were known then (design §3, two time axes; issue: "the officer finds who sent it and why they could").

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::{Record, Reference};
use authority::{AsOf, FactsView, Known};
use domain::fact::{AcceptanceWay, Mandate, MandateKind, PermissionId};
use domain::{Fact, FactId, Instant, PartyId, Seq};
use std::collections::BTreeSet;
use store::Tx;

/// What an allowed act rested on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// The permission that was used.
    pub permission: PermissionId,
    pub actor: PartyId,
    pub party: PartyId,
    pub at: Instant,
    /// The last change that was known to the decision.
    pub as_of: Seq,
    /// Connection, terms, then the mandates from the one that the agency registered to the actor's own.
    pub steps: Vec<Step>,
}

/// One of the things that it rested on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Connected { since: Instant },
    Accepted { version: String, since: Instant, way: AcceptanceWay },
    Held(Held),
}

/// A mandate of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    pub mandate: FactId,
    pub holder: PartyId,
    pub kind: MandateKind,
    pub permissions: BTreeSet<PermissionId>,
    pub since: Instant,
    /// The end that was known then.
    pub until: Option<Instant>,
    /// Who gave it; `None` for one that the agency registered.
    pub given_by: Option<PartyId>,
}

impl App {
    /// Why the act under this reference was allowed, if it is one of this service.
    pub(crate) async fn why_at(&self, reference: &str, service: &str) -> Result<Option<Why>, Refusal> {
        let Ok(reference) = reference.parse::<Reference>() else { return Ok(None) };
        let service = service.to_owned();
        self.read(move |tx| {
            let Some(record) = store::records::find_by_reference(tx, &reference)? else { return Ok(None) };
            why(tx, &record, &service)
        })
        .await
    }
}

fn why(tx: &mut Tx<'_>, record: &Record, service: &str) -> Result<Option<Why>, Stop> {
    let (Some(actor), Some(party), Some(decided)) = (record.actor, record.party, &record.decided) else {
        return Ok(None);
    };
    let own = decided.permission.split('.').next() == Some(service);
    if !own || !decided.allowed {
        return Ok(None);
    }
    let at = record.at;
    let known = AsOf::new(decided.as_of, store::facts::slice_as_known_at(tx, decided.as_of, actor, party)?);
    let mut steps = Vec::new();
    let since =
        known.connections(party, service).filter(|c| c.holds_at(at)).map(|c| c.version.valid_from).min();
    steps.extend(since.map(|since| Step::Connected { since }));
    let latest =
        known.acceptances(party, service).filter(|a| a.holds_at(at)).max_by_key(|a| a.version.valid_from);
    steps.extend(latest.map(|accepted| Step::Accepted {
        version: accepted.says.version.clone(),
        since: accepted.version.valid_from,
        way: accepted.says.way,
    }));
    for id in decided.chain.iter().rev() {
        if let Some(mandate) = known.mandate(*id) {
            steps.push(Step::Held(held(tx, mandate)?));
        }
    }
    let permission = decided.permission.clone();
    Ok(Some(Why { permission, actor, party, at, as_of: decided.as_of, steps }))
}

fn held(tx: &mut Tx<'_>, mandate: Known<'_, Mandate>) -> Result<Held, Stop> {
    // The first version tells who gave it: a later one may stand on another mandate, when its giver has left.
    let first = store::facts::history(tx, mandate.id())?.into_iter().next();
    let since = first.as_ref().map_or(mandate.version.valid_from, |version| version.valid_from);
    let parent = match first.map(|version| version.fact) {
        Some(Fact::Mandate(first)) => first.parent,
        _ => None,
    };
    let given_by = match parent {
        Some(parent) => holder(tx, parent)?,
        None => None,
    };
    Ok(Held {
        mandate: mandate.id(),
        holder: mandate.says.holder,
        kind: mandate.says.kind,
        permissions: mandate.says.permissions.clone(),
        since,
        until: mandate.version.valid_to,
        given_by,
    })
}

/// Who holds a mandate; the holder never changes.
fn holder(tx: &mut Tx<'_>, id: FactId) -> Result<Option<PartyId>, Stop> {
    Ok(match store::facts::history(tx, id)?.into_iter().next().map(|version| version.fact) {
        Some(Fact::Mandate(mandate)) => Some(mandate.holder),
        _ => None,
    })
}
