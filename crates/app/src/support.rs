//! Support by reference code (*referenskod*): from what somebody reads out to the cause.
//!
//! An officer types the code and says why; the look-up is recorded before it is answered, and whom it concerned finds it
//! among their own records. The answer holds as much as the officer may see: no name without `platform.record.read`, and of
//! what else the person did then nothing that rests on a permission over special categories of data.

mod form;

pub use form::{Lookup, REASON_LIMIT, TypedLookup};
pub use store::problems::Note;

use crate::act::{Want, decided};
use crate::core::App;
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::Visit;
use activity::{Record, RecordClass, Reference};
use catalogue::Data;
use domain::{Instant, PartyId, RecordId};
use std::collections::BTreeMap;
use std::time::Duration;
use store::Tx;
use store::records::Part;

/// What looking a code up needs.
pub const LOOK: &str = "platform.reference.read";
/// What seeing names beside it needs.
const NAMES: &str = "platform.record.read";
/// The event of a look-up.
pub const LOOKED_UP: &str = "reference.looked_up";

/// Look-ups that an officer may make within [`WINDOW`], found or not: nobody guesses codes, and nobody reads through people.
pub const MOST: u64 = 30;
pub const WINDOW: Duration = Duration::from_secs(10 * 60);

/// How far before and after a code's instant its surroundings reach.
const BEFORE: Duration = Duration::from_secs(15 * 60);
const AFTER: Duration = Duration::from_secs(5 * 60);
/// Things told around it at most, of each kind.
const AROUND: u32 = 25;

/// Whether the officer may see names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What happened and why, and nobody by name.
    Cause,
    /// Names too.
    Names,
}

/// What a code leads to.
#[derive(Debug, Clone)]
pub struct Traced {
    pub reference: Reference,
    pub at: Instant,
    /// The act, where there was one.
    pub record: Option<Record>,
    /// The page, and what had broken.
    pub note: Option<Note>,
    /// Who met it, if anybody was logged in.
    pub person: Option<PartyId>,
    /// What else the person did and was shown about then, oldest first.
    pub around: Vec<Around>,
    pub scope: Scope,
}

/// One thing around it.
#[derive(Debug, Clone)]
pub struct Around {
    pub at: Instant,
    pub what: What,
}

#[derive(Debug, Clone)]
pub enum What {
    Act(Box<Record>),
    /// An act of this service, of which support may know no more.
    Hidden(String),
    Shown(Box<Note>),
}

impl App {
    /// Looks a code up. Recorded before the answer, also when it leads to nothing.
    ///
    /// Invalid: `REFERENCE_UNKNOWN` for a code that is malformed, of nobody or forgotten: one cannot tell which.
    /// Conflicts: `LOOKUP_LIMIT`.
    pub async fn look_up(&self, visit: &Visit, lookup: Lookup) -> Result<Traced, Refusal> {
        let want = Want::to(LOOK, self.agency());
        let decision = self.require(visit, &want).await?;
        let scope = match self.decide(visit, &Want::to(NAMES, self.agency())).allowed {
            true => Scope::Names,
            false => Scope::Cause,
        };
        // What this node has noted a moment ago is found too.
        self.keep_notes().await?;
        let (app, officer, known) = (self.clone(), visit.person(), visit.known.clone());
        let says = decided(&decision, LOOK);
        let found = self
            .write_plain(move |tx| {
                let now = app.now();
                if store::records::count_of_actor(tx, officer, LOOKED_UP, now - WINDOW)? >= MOST {
                    return Ok(Err(Refusal::Conflict("LOOKUP_LIMIT")));
                }
                let traced = match &lookup.reference {
                    Some(reference) => trace(tx, reference, scope)?,
                    None => None,
                };
                let person = traced.as_ref().and_then(|traced| traced.person);
                let found = if traced.is_some() { "yes" } else { "no" };
                let record = Record {
                    actor: Some(officer),
                    party: Some(app.agency()),
                    object: lookup.reference.as_ref().map(ToString::to_string),
                    decided: Some(says.clone()),
                    detail: BTreeMap::from([("found".to_owned(), found.to_owned())]),
                    ..Record::new(app.entropy(), now, RecordClass::Read, LOOKED_UP)
                };
                let about = person.filter(|person| *person != officer).map(|who| (who, Part::Concerned));
                app.append_about(tx, &record, about.as_slice())?;
                let owner = living(tx, person)?.unwrap_or(officer);
                store::lookups::keep(tx, &app.ring(), app.entropy(), record.id, owner, &lookup.reason)?;
                Ok(Ok(traced))
            })
            .await?;
        self.recorded();
        let traced = match found {
            Ok(traced) => traced,
            Err(refusal) => return Err(self.refuse_by_rule(visit, &want, refusal).await),
        };
        let unknown = || Refusal::Invalid(vec![FieldFault::new("code", "REFERENCE_UNKNOWN")]);
        let mut traced = traced.ok_or_else(unknown)?;
        if scope == Scope::Cause {
            for around in &mut traced.around {
                if let What::Act(record) = &around.what
                    && let Some(service) = special(&known.catalogue, record)
                {
                    around.what = What::Hidden(service);
                }
            }
        }
        Ok(traced)
    }

    /// The reasons of those records that tell of a look-up, in the officers' words.
    pub(crate) async fn lookup_reasons(
        &self,
        records: &[Record],
    ) -> Result<BTreeMap<RecordId, String>, Refusal> {
        let ids: Vec<RecordId> =
            records.iter().filter(|record| record.event == LOOKED_UP).map(|record| record.id).collect();
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let app = self.clone();
        self.read(move |tx| {
            let mut reasons = BTreeMap::new();
            for id in &ids {
                if let Some(reason) = store::lookups::find(tx, &app.ring(), *id)? {
                    reasons.insert(*id, reason.as_str().to_owned());
                }
            }
            Ok(reasons)
        })
        .await
    }
}

/// The record and the note of a code, and what lies around them.
fn trace(tx: &mut Tx<'_>, reference: &Reference, scope: Scope) -> Result<Option<Traced>, Stop> {
    let record = store::records::find_by_reference(tx, reference)?;
    let note = store::problems::find(tx, reference)?;
    let Some(at) = record.as_ref().map(|record| record.at).or(note.as_ref().map(|note| note.at)) else {
        return Ok(None);
    };
    let actor = record.as_ref().and_then(|record| record.actor);
    let person = actor.or(note.as_ref().and_then(|note| note.person));
    let mut around = Vec::new();
    // What officials do at work is for the auditor.
    let agency = store::installation::find(tx)?.map(|installation| installation.agency);
    let at_work = record.as_ref().is_some_and(|record| record.party.is_some() && record.party == agency);
    if let Some(person) = person.filter(|_| !at_work || scope == Scope::Names) {
        let (from, to) = (at - BEFORE, at + AFTER);
        let acts = store::records::of_actor_between(tx, person, from, to, AROUND)?;
        let acts = acts.into_iter().filter(|act| act.reference != *reference);
        // Looking people up is no part of what happened to whom one has looked up.
        let acts = acts.filter(|act| act.event != LOOKED_UP);
        around.extend(acts.map(|act| Around { at: act.at, what: What::Act(Box::new(act)) }));
        let shown = store::problems::of_person(tx, person, from, to, AROUND)?;
        let known: Vec<Reference> = around
            .iter()
            .filter_map(|a| match &a.what {
                What::Act(act) => Some(act.reference.clone()),
                _ => None,
            })
            .chain([reference.clone()])
            .collect();
        let shown = shown.into_iter().filter(|note| !known.contains(&note.reference));
        around.extend(shown.map(|note| Around { at: note.at, what: What::Shown(Box::new(note)) }));
        around.sort_by_key(|around| around.at);
    }
    Ok(Some(Traced { reference: reference.clone(), at, record, note, person, around, scope }))
}

/// The service of an act that rests on a permission over special categories of data.
fn special(catalogue: &catalogue::Catalogue, record: &Record) -> Option<String> {
    let asked = record.decided.as_ref().map(|decided| &decided.permission);
    let id = asked.or_else(|| record.detail.get("permission"))?;
    let permission = catalogue.permission(id)?;
    (permission.data == Data::SpecialCategory).then(|| id.split('.').next().unwrap_or_default().to_owned())
}

/// Somebody who has not been erased.
fn living(tx: &mut Tx<'_>, person: Option<PartyId>) -> Result<Option<PartyId>, Stop> {
    let Some(person) = person else { return Ok(None) };
    let party = store::parties::get(tx, person)?;
    Ok(party.filter(|party| party.erased_at.is_none()).map(|_| person))
}
