//! Erasing a person (*radering*): the key of the person's data is destroyed, and nothing of it can be read any more
//! (design §2, erasure). Facts and records keep a random id that leads to nobody.
//!
//! The list outside the store comes first, then the store: a machine that stops in between erases at its next start, and a
//! restored older copy erases again before it serves.

mod list;

pub use list::{Entry, ErasureList, ListFault};

use crate::oidc::leave_at;
use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
use domain::{Clock, Entropy, Instant, PartyId};
use keyring::{Keyring, MasterKey};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use store::parties::{Identifier, PartyKind};
use store::{Store, StoreError, Tx};

/// Why somebody was not erased, or a list was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum NotErased {
    #[error(transparent)]
    List(#[from] ListFault),
    /// Nobody with this number, no such party, or erased before.
    #[error("there is nobody of that number or id to erase")]
    Unknown,
    /// Organisations and systems are no persons.
    #[error("only a person can be erased")]
    NoPerson,
    /// Facts that hold now, or will, name the person.
    #[error(
        "{facts} facts in force still name the person: end the mandates first, or somebody may be left without an administrator"
    )]
    InUse { facts: usize },
    /// The store has carried out more of the list than the list holds.
    #[error(
        "the list of erasures holds {listed} erasures, the store has carried out {applied}, or other ones: it is an older or \
         another list. Put the right one back; nobody is served before"
    )]
    Behind { listed: u64, applied: u64 },
    #[error("{}", .0.told())]
    Store(Stop),
}

impl NotErased {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::List(_) => "ERASURES_UNREADABLE",
            Self::Unknown => "PARTY_UNKNOWN",
            Self::NoPerson => "PARTY_NO_PERSON",
            Self::InUse { .. } => "PARTY_IN_USE",
            Self::Behind { .. } => "ERASURES_BEHIND",
            Self::Store(_) => "STORE",
        }
    }
}

impl From<Stop> for NotErased {
    fn from(stop: Stop) -> Self {
        Self::Store(stop)
    }
}

impl From<StoreError> for NotErased {
    fn from(error: StoreError) -> Self {
        Self::Store(Stop::Store(error))
    }
}

/// Whom a command means.
#[derive(Debug, Clone)]
pub enum Whom {
    Number(ident::PersonalNumber),
    Party(PartyId),
}

/// What acts of the installation itself need.
#[derive(Debug, Clone)]
pub struct Means {
    pub master: Arc<MasterKey>,
    pub clock: Arc<dyn Clock>,
    pub wall: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// Erases a person; gives the id that led to the person until now.
pub async fn erase(store: &Store, whom: Whom, list: &Path, means: &Means) -> Result<PartyId, NotErased> {
    let (master, now) = (means.master.clone(), means.clock.now());
    let party = store.read(move |tx| can_be_erased(tx, &whom, &master, now)).await?;
    let (path, master) = (list.to_owned(), means.master.clone());
    let list = tokio::task::spawn_blocking(move || ErasureList::append(&path, &master, now, party)).await;
    let list = list.map_err(|_| StoreError::Panicked)??;
    carry_out(store, list, means).await?;
    Ok(party)
}

fn can_be_erased(
    tx: &mut Tx<'_>,
    whom: &Whom,
    master: &MasterKey,
    now: Instant,
) -> Result<PartyId, NotErased> {
    let party = match whom {
        Whom::Party(party) => *party,
        Whom::Number(number) => {
            let ring = Keyring::open(master, &store::keys::all(tx)?.1).map_err(Stop::Key)?;
            store::parties::find(tx, &ring, Identifier::PersonalNumber(number.as_str()))?
                .ok_or(NotErased::Unknown)?
        }
    };
    let found = store::parties::get(tx, party)?.ok_or(NotErased::Unknown)?;
    if found.erased_at.is_some() {
        return Err(NotErased::Unknown);
    }
    if found.kind != PartyKind::Person {
        return Err(NotErased::NoPerson);
    }
    let facts = store::facts::slice(tx, party, party)?;
    let names = |fact: &domain::Fact| fact.subject() == Some(party) || fact.party() == Some(party);
    let held =
        facts.iter().filter(|version| names(&version.fact) && version.valid_to.is_none_or(|end| end > now));
    match held.count() {
        0 => Ok(party),
        facts => Err(NotErased::InUse { facts }),
    }
}

/// Carries out what of the list has not been carried out in this store, each erasure with its record; gives how many. For
/// every start of a node, and for a restored copy.
pub async fn carry_out(store: &Store, list: ErasureList, means: &Means) -> Result<u64, NotErased> {
    let means = means.clone();
    let list = Arc::new(list);
    store.write(move |tx| carry_out_in(tx, &list, &means)).await
}

/// As [`carry_out`], in a transaction that does more.
pub(crate) fn carry_out_in(tx: &mut Tx<'_>, list: &ErasureList, means: &Means) -> Result<u64, NotErased> {
    let applied = store::erasures::applied(tx)?;
    let done = usize::try_from(applied.entries).unwrap_or(usize::MAX);
    if list.at(done) != Some(applied) {
        let listed = list.entries().len() as u64;
        return Err(NotErased::Behind { listed, applied: applied.entries });
    }
    let rest = list.entries().get(done..).unwrap_or_default();
    if rest.is_empty() {
        return Ok(0);
    }
    let agency = store::installation::find(tx)?.map(|installation| installation.agency);
    for entry in rest {
        one(tx, entry, agency, means)?;
    }
    store::erasures::advance(tx, applied, list.end())?;
    Ok(rest.len() as u64)
}

fn one(tx: &mut Tx<'_>, entry: &Entry, agency: Option<PartyId>, means: &Means) -> Result<(), NotErased> {
    let (now, wall, entropy) = (means.clock.now(), means.wall.now(), means.entropy.as_ref());
    // E-services are told under the name by which they know the person, which goes with the person.
    for session in store::sessions::end_of(tx, entry.party, now)? {
        leave_at(tx, session, wall, entropy)?;
    }
    // A copy from before the person came knows nobody of this id.
    if !store::parties::erase(tx, entry.party, now)? {
        return Ok(());
    }
    let record = Record {
        party: agency,
        object: Some(format!("party:{}", entry.party)),
        detail: BTreeMap::from([("listed".to_owned(), entry.at.to_string())]),
        ..Record::new(entropy, now, RecordClass::System, "party.erased")
    };
    Ok(store::records::append(tx, &record, entropy)?)
}

/// Nobody is served before the list has been carried out: read at every start.
///
/// # Errors
/// [`NotErased::List`] and [`NotErased::Behind`]: the list is not the right one.
pub async fn before_serving(store: &Store, path: &Path, means: &Means) -> Result<u64, NotErased> {
    carry_out(store, ErasureList::read(path, &means.master)?, means).await
}

impl From<NotErased> for Refusal {
    fn from(refused: NotErased) -> Self {
        Refusal::Conflict(refused.code())
    }
}
