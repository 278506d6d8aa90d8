//! Parties (*parter*) under random ids, found by keyed hashes of their numbers.

use crate::{
    StoreError, Tx,
    vault::{self, Field},
};
use domain::{Entropy, Instant, PartyId};
use keyring::Keyring;
use std::{fmt, str::FromStr};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyKind {
    Person,
    Organisation,
    /// A machine client.
    System,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub id: PartyId,
    pub kind: PartyKind,
    pub created_at: Instant,
    /// When its key was destroyed; nothing about it can be read since.
    pub erased_at: Option<Instant>,
}

/// The number by which a party is known outside, already parsed and checked by `ident`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Identifier<'a> {
    /// Personal or coordination number (*personnummer*, *samordningsnummer*): 12 digits.
    PersonalNumber(&'a str),
    /// Organisation number (*organisationsnummer*): 10 digits.
    OrganisationNumber(&'a str),
}

impl<'a> Identifier<'a> {
    /// The kind under which the number is hashed, and the number.
    fn checked(self) -> Result<(&'static str, &'a str), StoreError> {
        let (kind, digits, length) = match self {
            Identifier::PersonalNumber(digits) => ("personal_number", digits, 12),
            Identifier::OrganisationNumber(digits) => ("organisation_number", digits, 10),
        };
        if digits.len() != length || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(StoreError::Refused(format!("a {kind} is looked up by its {length} digits")));
        }
        Ok((kind, digits))
    }

    fn party_kind(self) -> PartyKind {
        match self {
            Identifier::PersonalNumber(_) => PartyKind::Person,
            Identifier::OrganisationNumber(_) => PartyKind::Organisation,
        }
    }

    fn field(self) -> Field<'static> {
        match self {
            Identifier::PersonalNumber(_) => Field::PersonalNumber,
            Identifier::OrganisationNumber(_) => Field::OrganisationNumber,
        }
    }
}

/// Shows the kind, never the number.
impl fmt::Debug for Identifier<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Identifier::PersonalNumber(_) => "PersonalNumber(…)",
            Identifier::OrganisationNumber(_) => "OrganisationNumber(…)",
        })
    }
}

/// A new party without a number.
pub fn create(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    kind: PartyKind,
    now: Instant,
) -> Result<PartyId, StoreError> {
    let id = PartyId::new(entropy);
    tx.execute(
        "INSERT INTO party (id, kind, created_at) VALUES ($1, $2, $3)",
        &[id.into(), kind.to_string().into(), now.into()],
    )?;
    Ok(id)
}

pub fn get(tx: &mut Tx<'_>, id: PartyId) -> Result<Option<Party>, StoreError> {
    let Some(row) =
        tx.query_opt("SELECT kind, created_at, erased_at FROM party WHERE id = $1", &[id.into()])?
    else {
        return Ok(None);
    };
    let kind: String = row.get(0)?;
    Ok(Some(Party {
        id,
        kind: kind.parse().map_err(|e: BadPartyKind| StoreError::Corrupt(e.to_string()))?,
        created_at: row.get(1)?,
        erased_at: row.get(2)?,
    }))
}

/// Makes every other transaction that holds the same party wait until this one has ended: what somebody may have only
/// once, or only so many of, is counted after it.
pub fn hold(tx: &mut Tx<'_>, id: PartyId) -> Result<(), StoreError> {
    let held = tx.execute("UPDATE party SET kind = kind WHERE id = $1", &[id.into()])?;
    if held == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// The party with this number, under any live lookup key.
pub fn find(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    identifier: Identifier<'_>,
) -> Result<Option<PartyId>, StoreError> {
    let (kind, digits) = identifier.checked()?;
    for hash in keys.lookup_hashes(kind, digits) {
        let row = tx.query_opt("SELECT party FROM party_lookup WHERE hash = $1", &[hash.into()])?;
        if let Some(row) = row {
            return row.get(0).map(Some);
        }
    }
    Ok(None)
}

/// The party with this number; made, with the number in its vault, if there is none.
pub fn find_or_create(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    identifier: Identifier<'_>,
    now: Instant,
) -> Result<PartyId, StoreError> {
    if let Some(known) = find(tx, keys, identifier)? {
        return Ok(known);
    }
    let (kind, digits) = identifier.checked()?;
    let id = create(tx, entropy, identifier.party_kind(), now)?;
    let hash = keys.lookup_hash(kind, digits);
    let ours = tx.execute(
        "INSERT INTO party_lookup (hash, party) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        &[hash.into(), id.into()],
    )?;
    if ours == 0 {
        // Another node made the party at the same moment, and has committed by now.
        tx.execute("DELETE FROM party WHERE id = $1", &[id.into()])?;
        return find(tx, keys, identifier)?.ok_or(StoreError::Conflict);
    }
    vault::set_field(tx, keys, entropy, id, identifier.field(), digits)?;
    Ok(id)
}

/// Erases a party (*radering*): its data key, fields, lookup hashes, drafts, and which records concern it. Facts and records keep its random id, which
/// no longer leads to anybody; evidence sealed under the key can no longer be read. `false`: unknown or erased before.
pub fn erase(tx: &mut Tx<'_>, party: PartyId, now: Instant) -> Result<bool, StoreError> {
    let erased = tx.execute(
        "UPDATE party SET erased_at = $1 WHERE id = $2 AND erased_at IS NULL",
        &[now.into(), party.into()],
    )?;
    for table in ["party_key", "party_field", "party_lookup", "record_about", "lookup_reason"] {
        tx.execute(&format!("DELETE FROM {table} WHERE party = $1"), &[party.into()])?;
    }
    // Its names in e-services lead to nobody from now on.
    tx.execute("DELETE FROM oidc_subject WHERE person = $1", &[party.into()])?;
    tx.execute("DELETE FROM form_draft WHERE person = $1", &[party.into()])?;
    tx.execute("UPDATE problem_note SET person = NULL WHERE person = $1", &[party.into()])?;
    Ok(erased == 1)
}

/// The word is no kind of party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a party is a person, an organisation or a system")]
pub struct BadPartyKind;

impl FromStr for PartyKind {
    type Err = BadPartyKind;
    fn from_str(word: &str) -> Result<Self, BadPartyKind> {
        match word {
            "person" => Ok(Self::Person),
            "organisation" => Ok(Self::Organisation),
            "system" => Ok(Self::System),
            _ => Err(BadPartyKind),
        }
    }
}

impl fmt::Display for PartyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person => "person",
            Self::Organisation => "organisation",
            Self::System => "system",
        })
    }
}
