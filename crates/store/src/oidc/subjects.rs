//! A person's name (`sub`) in one sector: random, the same at every login, and another in the next sector.

use crate::{StoreError, Tx};
use domain::{Entropy, PartyId};

/// The name; made at the person's first login there.
pub fn find_or_create(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    sector: &str,
    person: PartyId,
) -> Result<[u8; 16], StoreError> {
    if let Some(known) = of_person(tx, sector, person)? {
        return Ok(known);
    }
    let mut subject = [0; 16];
    entropy.fill(&mut subject);
    let made = tx.execute(
        "INSERT INTO oidc_subject (sector, person, subject) VALUES ($1, $2, $3) \
         ON CONFLICT (sector, person) DO NOTHING",
        &[sector.into(), person.into(), subject.as_slice().into()],
    )?;
    // Another node made it at the same moment, and has committed by now.
    if made == 1 { Ok(subject) } else { of_person(tx, sector, person)?.ok_or(StoreError::Conflict) }
}

/// The name, if the person has one there.
pub fn of_person(tx: &mut Tx<'_>, sector: &str, person: PartyId) -> Result<Option<[u8; 16]>, StoreError> {
    tx.query_opt(
        "SELECT subject FROM oidc_subject WHERE sector = $1 AND person = $2",
        &[sector.into(), person.into()],
    )?
    .map(|row| row.get(0))
    .transpose()
}

/// Whom a name stands for in this sector.
pub fn person_of(tx: &mut Tx<'_>, sector: &str, subject: [u8; 16]) -> Result<Option<PartyId>, StoreError> {
    tx.query_opt(
        "SELECT person FROM oidc_subject WHERE subject = $1 AND sector = $2",
        &[subject.as_slice().into(), sector.into()],
    )?
    .map(|row| row.get(0))
    .transpose()
}
