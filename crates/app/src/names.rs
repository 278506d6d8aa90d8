//! Names of parties for pages: read from the vault when a page needs them, never kept, and always for somebody's eyes.
//!
//! Whoever may not be shown to the one who looks has a stand-in instead: a word that is the same at every look of the
//! same party, so that rows of a list can be told apart and a mandate can be ended, and that leads nowhere. The same
//! stand-in serves for people who were erased, whose name was never told, whose name is another than the organisation
//! typed, and who bear the population register's mark: which of these it is, nobody sees.

mod same;

use crate::{App, Refusal, Visit, refusal::Stop, session::sha256};
use domain::PartyId;
use ident::{OrganisationNumber, PersonalNumber};
use std::collections::{BTreeMap, BTreeSet};
use store::Tx;
use store::parties::PartyKind;
use store::vault::{Field, PlainFields};

pub(crate) use same::goes_with;

/// What a page may show of a party to somebody who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyName {
    pub id: PartyId,
    pub kind: PartyKind,
    pub name: String,
    /// `NNNNNN-NNNN` for an organisation; a person's number only masked (`19900101-••••`).
    pub number: Option<String>,
}

/// Whose eyes a name is for.
#[derive(Debug, Clone, Copy)]
struct Eyes {
    person: PartyId,
    party: PartyId,
}

impl App {
    /// Names of several parties at once, for the visitor's eyes. A party that is unknown is left out, and so is an
    /// organisation that was erased.
    pub async fn names(
        &self,
        visit: &Visit,
        parties: impl IntoIterator<Item = PartyId>,
    ) -> Result<Names, Refusal> {
        self.names_for(Eyes { person: visit.person(), party: visit.party() }, parties).await
    }

    /// The name of a party as the party itself sees it; [`Refusal::NotFound`] if it is unknown or nothing is kept of it.
    pub async fn own_name(&self, party: PartyId) -> Result<PartyName, Refusal> {
        let own = Eyes { person: party, party };
        self.names_for(own, [party]).await?.0.remove(&party).ok_or(Refusal::NotFound)
    }

    async fn names_for(
        &self,
        eyes: Eyes,
        parties: impl IntoIterator<Item = PartyId>,
    ) -> Result<Names, Refusal> {
        let mut wanted: Vec<PartyId> = parties.into_iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let app = self.clone();
        self.read(move |tx| {
            let ring = app.ring();
            let mut kept = store::vault::fields(tx, &ring, &wanted)?;
            let marked = store::protected::marked(tx, &ring, &wanted)?;
            let mut names = BTreeMap::new();
            for id in &wanted {
                let fields = kept.remove(id).unwrap_or_default();
                if let Some(name) = named(tx, *id, &fields, eyes, marked.contains(id))? {
                    names.insert(*id, name);
                }
            }
            Ok::<_, Stop>(Names(names))
        })
        .await
    }

    /// Which of these people may not be shown to the visitor.
    pub async fn hidden(
        &self,
        visit: &Visit,
        people: impl IntoIterator<Item = PartyId>,
    ) -> Result<BTreeSet<PartyId>, Refusal> {
        let others: Vec<PartyId> = people.into_iter().filter(|person| *person != visit.person()).collect();
        let app = self.clone();
        self.read(move |tx| Ok(store::protected::marked(tx, &app.ring(), &others)?)).await
    }
}

fn named(
    tx: &mut Tx<'_>,
    id: PartyId,
    fields: &PlainFields,
    eyes: Eyes,
    marked: bool,
) -> Result<Option<PartyName>, Stop> {
    let Some(party) = store::parties::get(tx, id)? else { return Ok(None) };
    let kind = party.kind;
    let text = |field: Field<'_>| fields.get(field).map(|plain| plain.as_str().to_owned());
    let own = eyes.person == id;
    if kind == PartyKind::Person && !own && (marked || !is_theirs_to_see(fields, eyes.party)) {
        return Ok(Some(PartyName { id, kind, name: stand_in(eyes.party, id), number: None }));
    }
    let number = match kind {
        PartyKind::Organisation => text(Field::OrganisationNumber)
            .and_then(|n| OrganisationNumber::parse(&n).ok())
            .map(|n| n.to_string()),
        _ => text(Field::PersonalNumber).and_then(|n| PersonalNumber::parse(&n).ok()).map(|n| n.masked()),
    };
    match text(Field::DisplayName) {
        // Nothing is kept of it: it was erased.
        None if number.is_none() => Ok(None),
        name => Ok(Some(PartyName { id, kind, name: name.unwrap_or_else(|| "–".to_owned()), number })),
    }
}

/// A name is there, and it is not told to an organisation that typed the number with another one: a form is no directory.
fn is_theirs_to_see(fields: &PlainFields, party: PartyId) -> bool {
    let Some(name) = fields.get(Field::DisplayName) else { return false };
    let (given, surname) = (fields.get(Field::GivenName), fields.get(Field::Surname));
    match (fields.get(Field::FreeText(&called(party))), given, surname) {
        // As long as no e-ID has told the name, it is the one that was typed.
        (Some(typed), Some(given), Some(surname)) => goes_with(typed, given, surname) || **typed == **name,
        _ => true,
    }
}

/// Under which name a person's vault keeps what an organisation called them when it gave them a mandate.
pub(crate) fn called(organisation: PartyId) -> String {
    format!("called.{organisation}")
}

/// The same word in both languages, and a few signs that differ from organisation to organisation.
fn stand_in(party: PartyId, person: PartyId) -> String {
    /// Crockford's letters: none is mistaken for another.
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let hash = sha256(&[b"stand-in\0".as_slice(), party.as_bytes(), person.as_bytes()].concat());
    let signs: String = hash.iter().take(5).map(|b| char::from(LETTERS[usize::from(b & 31)])).collect();
    format!("Person {signs}")
}

/// Names by party.
#[derive(Debug, Clone, Default)]
pub struct Names(pub BTreeMap<PartyId, PartyName>);

impl Names {
    /// The name or its stand-in, or a dash for an organisation that is erased.
    pub fn of(&self, party: PartyId) -> &str {
        self.0.get(&party).map_or("–", |p| p.name.as_str())
    }

    pub fn number(&self, party: PartyId) -> &str {
        self.0.get(&party).and_then(|p| p.number.as_deref()).unwrap_or("")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_is_the_same_at_one_organisation_and_another_at_the_next() {
        let [here, there, eva, sven] = [1u8, 2, 3, 4].map(|n| PartyId::from_bytes([n; 16]));
        assert_eq!(stand_in(here, eva), stand_in(here, eva));
        assert_ne!(stand_in(here, eva), stand_in(here, sven));
        assert_ne!(stand_in(here, eva), stand_in(there, eva));
        assert!(stand_in(here, eva).starts_with("Person ") && stand_in(here, eva).len() == 12);
    }
}
