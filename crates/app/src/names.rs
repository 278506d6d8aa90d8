//! Names of parties for pages: read from the vault when a page needs them, never kept.

use crate::{App, Refusal, refusal::Stop};
use domain::PartyId;
use ident::{OrganisationNumber, PersonalNumber};
use std::collections::BTreeMap;
use store::parties::PartyKind;
use store::vault::Field;

/// What a page may show of a party to somebody who may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyName {
    pub id: PartyId,
    pub kind: PartyKind,
    pub name: String,
    /// `NNNNNN-NNNN` for an organisation; a person's number only masked (`19900101-••••`).
    pub number: Option<String>,
}

impl App {
    /// Names of several parties at once. A party that is erased or unknown is left out.
    pub async fn names(&self, parties: impl IntoIterator<Item = PartyId>) -> Result<Names, Refusal> {
        let mut wanted: Vec<PartyId> = parties.into_iter().collect();
        wanted.sort_unstable();
        wanted.dedup();
        let app = self.clone();
        self.read(move |tx| {
            let ring = app.ring();
            let mut names = BTreeMap::new();
            for (id, fields) in store::vault::fields(tx, &ring, &wanted)? {
                let Some(party) = store::parties::get(tx, id)? else { continue };
                let kind = party.kind;
                let text = |field: Field<'_>| fields.get(field).map(|plain| plain.as_str().to_owned());
                let number = match kind {
                    PartyKind::Organisation => text(Field::OrganisationNumber)
                        .and_then(|n| OrganisationNumber::parse(&n).ok())
                        .map(|n| n.to_string()),
                    _ => text(Field::PersonalNumber)
                        .and_then(|n| PersonalNumber::parse(&n).ok())
                        .map(|n| n.masked()),
                };
                let name = text(Field::DisplayName).unwrap_or_else(|| "–".to_owned());
                names.insert(id, PartyName { id, kind, name, number });
            }
            Ok::<_, Stop>(Names(names))
        })
        .await
    }

    /// The name of one party; [`Refusal::NotFound`] if it is erased or unknown.
    pub async fn name(&self, party: PartyId) -> Result<PartyName, Refusal> {
        self.names([party]).await?.0.remove(&party).ok_or(Refusal::NotFound)
    }
}

/// Names by party.
#[derive(Debug, Clone, Default)]
pub struct Names(pub BTreeMap<PartyId, PartyName>);

impl Names {
    /// The name, or a dash for a party that is erased.
    pub fn of(&self, party: PartyId) -> &str {
        self.0.get(&party).map_or("–", |p| p.name.as_str())
    }

    pub fn number(&self, party: PartyId) -> &str {
        self.0.get(&party).and_then(|p| p.number.as_deref()).unwrap_or("")
    }
}
