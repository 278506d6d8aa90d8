//! A new version of the catalogue: what it changes and for whom, what stands against it, and bringing it in force
//! (design §2: stored, hashed, dated, shown first as who gains and who loses, refused where live facts name what it
//! drops; R-004-51: no published version of the terms is ever altered).

use crate::installation::apply_in;
use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
pub use authority::{Difference, Turn};
use authority::{Index, differences, own_differences};
use catalogue::{Catalogue, Change, Mistake};
use domain::fact::{MethodPhase, PermissionId};
use domain::{Clock, Entropy, Fact, FactId, FactVersion, Instant, PartyId, Seq};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::oidc::clients::StoredClient;
use store::{Store, Tx};

/// What a catalogue would do if it were brought in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The change that brought the version in force there; `None` before the first.
    pub in_force: Option<Seq>,
    pub agency: PartyId,
    /// `None`: there is no version in force that this release can read, so that nobody can say what differs.
    pub effects: Option<Effects>,
    /// What live facts and connected e-services name and the catalogue does not hold. Anything here, and it is refused.
    pub in_use: Vec<InUse>,
}

/// What differs from the version in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effects {
    pub changes: Vec<Change>,
    /// Who gains and who loses what, at which party.
    pub people: Vec<Difference>,
    /// What everyone may do for themselves from now on, or no longer.
    pub everyone: Vec<(Turn, PermissionId)>,
    /// Published versions of the terms that it alters or drops. Anything here, and it is refused.
    pub altered_terms: Vec<Mistake>,
}

/// A name that live facts or connected e-services need and that the catalogue does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InUse {
    /// `permission` (or package), `service`, `method` or `terms`.
    pub what: &'static str,
    pub id: String,
    pub facts: BTreeSet<FactId>,
    /// Connected e-services that are this service.
    pub clients: BTreeSet<String>,
}

impl Effects {
    /// How many people gain, or lose, something. Who acts for two parties counts once at each.
    pub fn count(&self, turn: Turn) -> usize {
        let at = |d: &&Difference| d.turn == turn;
        self.people.iter().filter(at).map(|d| (d.party, d.person)).collect::<BTreeSet<_>>().len()
    }
}

impl Preview {
    /// The code by which it would be refused.
    pub fn refused(&self) -> Option<&'static str> {
        let altered = self.effects.as_ref().is_some_and(|effects| !effects.altered_terms.is_empty());
        match (altered, self.in_use.is_empty()) {
            (true, _) => Some("TERMS_ALTERED"),
            (false, false) => Some("CATALOGUE_IN_USE"),
            (false, true) => None,
        }
    }
}

/// What `catalogue` would do now; `None`: it is the version in force, word by word. Nothing is changed.
///
/// # Errors
/// `NOT_INSTALLED`, or the store.
pub async fn preview(
    store: &Store,
    catalogue: Catalogue,
    clock: Arc<dyn Clock>,
) -> Result<Option<Preview>, Stop> {
    store.read(move |tx| compare(tx, &catalogue, clock.now())).await
}

/// What applying a catalogue did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It was in force already, word by word.
    Same,
    /// It came in force by this change, and did this.
    New(Seq, Box<Preview>),
}

/// Brings a version of the catalogue in force under a `seq` of its own, with the record of how many gained and lost.
///
/// Refused with [`Refusal::Conflict`] `CATALOGUE_IN_USE` where live facts name what it drops, and with `TERMS_ALTERED`
/// where it alters or drops a published version of the terms. Both are looked for under the lock.
pub async fn apply_catalogue(
    store: &Store,
    catalogue: Catalogue,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Applied, Stop> {
    let applied = store
        .write(move |tx| {
            let seq = store::seq::take(tx)?;
            let now = clock.now();
            let Some(preview) = compare(tx, &catalogue, now)? else {
                return Err(Stop::No(Refusal::Conflict("CATALOGUE_SAME")));
            };
            if let Some(code) = preview.refused() {
                return Err(Stop::No(Refusal::Conflict(code)));
            }
            apply_in(tx, seq, &catalogue, now)?;
            let record = Record {
                party: Some(preview.agency),
                seq: Some(seq),
                detail: detail(&catalogue, &preview),
                ..Record::new(entropy.as_ref(), now, RecordClass::System, "catalogue.applied")
            };
            store::records::append(tx, &record, entropy.as_ref())?;
            Ok(Applied::New(seq, Box::new(preview)))
        })
        .await;
    match applied {
        // The number that was taken is given back with the transaction.
        Err(Stop::No(Refusal::Conflict("CATALOGUE_SAME"))) => Ok(Applied::Same),
        other => other,
    }
}

/// The hash of what came in force and, where they are known, how many people it gave to and took from.
pub(crate) fn detail(catalogue: &Catalogue, preview: &Preview) -> BTreeMap<String, String> {
    let hash = catalogue.hash().iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut detail = BTreeMap::from([("catalogue".to_owned(), hash)]);
    if let Some(effects) = &preview.effects {
        for (name, turn) in [("gained", Turn::Gains), ("lost", Turn::Loses)] {
            detail.insert(name.to_owned(), effects.count(turn).to_string());
        }
    }
    detail
}

pub(crate) fn compare(tx: &mut Tx<'_>, new: &Catalogue, now: Instant) -> Result<Option<Preview>, Stop> {
    let installation = store::installation::find(tx)?.ok_or(Stop::No(Refusal::Conflict("NOT_INSTALLED")))?;
    let latest = store::catalogues::latest(tx)?;
    if latest.as_ref().is_some_and(|latest| latest.hash == new.hash()) {
        return Ok(None);
    }
    let agency = installation.agency;
    let facts = store::facts::all_current(tx)?;
    let in_use = in_use(&facts, &store::oidc::clients::all(tx)?, new, now);
    // One that another release wrote and this one cannot read is replaced by applying the files again.
    let before = latest.as_ref().and_then(|latest| Catalogue::from_canonical(&latest.body).ok());
    let effects = match before {
        None => None,
        Some(before) => {
            let index = Index::build(store::seq::head(tx)?.seq, facts);
            Some(Effects {
                changes: new.changes_since(&before),
                people: differences(&index, (&before, new), agency, index.parties(), now),
                everyone: own_differences(&before, new),
                altered_terms: new.altered_terms(&before),
            })
        }
    };
    Ok(Some(Preview { in_force: latest.map(|latest| latest.seq), agency, effects, in_use }))
}

/// What facts that hold, or will, and e-services that are not switched off need of a catalogue and `new` does not have. An
/// e-service whose service is gone could ask nothing more, and nobody would have been told.
fn in_use(facts: &[FactVersion], clients: &[StoredClient], new: &Catalogue, now: Instant) -> Vec<InUse> {
    let mut missing: BTreeMap<(&'static str, String), InUse> = BTreeMap::new();
    for version in facts.iter().filter(|version| version.valid_to.is_none_or(|to| now < to)) {
        for (what, id) in lacks(&version.fact, new) {
            entry(&mut missing, what, id).facts.insert(version.id);
        }
    }
    for client in clients.iter().filter(|c| c.disabled_at.is_none() && new.service(&c.service).is_none()) {
        entry(&mut missing, "service", client.service.clone()).clients.insert(client.id.clone());
    }
    missing.into_values().collect()
}

fn entry<'m>(
    missing: &'m mut BTreeMap<(&'static str, String), InUse>,
    what: &'static str,
    id: String,
) -> &'m mut InUse {
    let new = || InUse { what, id: id.clone(), facts: BTreeSet::new(), clients: BTreeSet::new() };
    missing.entry((what, id.clone())).or_insert_with(new)
}

/// The names in a fact that give somebody something and that the catalogue does not hold. A lock and a withdrawal
/// only take away: what they name may go.
fn lacks(fact: &Fact, new: &Catalogue) -> Vec<(&'static str, String)> {
    let service = |id: &String| new.service(id).is_none().then(|| ("service", id.clone()));
    let method = |id: &String| new.method(id).is_none().then(|| ("method", id.clone()));
    match fact {
        Fact::Mandate(mandate) => {
            let unknown = |id: &&PermissionId| new.permission(id).is_none() && new.package(id).is_none();
            mandate.permissions.iter().filter(unknown).map(|id| ("permission", id.clone())).collect()
        }
        Fact::Connection(connection) => service(&connection.service).into_iter().collect(),
        Fact::TermsAcceptance(accepted) => {
            let terms = new.service(&accepted.service).and_then(|s| s.terms_version(&accepted.version));
            let kept = terms.is_some_and(|terms| terms.hash == accepted.text_hash);
            let name = || ("terms", format!("{} {}", accepted.service, accepted.version));
            (!kept).then(name).into_iter().collect()
        }
        Fact::MethodPolicy(policy) => {
            service(&policy.service).into_iter().chain(policy.methods.iter().filter_map(method)).collect()
        }
        Fact::MethodState(state) if state.phase == MethodPhase::Active => {
            method(&state.method).into_iter().chain(state.service.as_ref().and_then(service)).collect()
        }
        Fact::MethodState(_) | Fact::Lock(_) => Vec::new(),
    }
}
