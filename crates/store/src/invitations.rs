//! The two one-time invitations by which an installation gets its first officers. Neither gives a right until two
//! different people have used them and the second has confirmed.

use crate::{Row, StoreError, Tx};
use domain::{Instant, PartyId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the code; the code itself is shown once and kept nowhere.
    pub code_hash: [u8; 32],
    /// 1 or 2.
    pub number: u32,
    /// Who used it, after a login with e-ID.
    pub person: Option<PartyId>,
    pub redeemed_at: Option<Instant>,
    pub confirmed_at: Option<Instant>,
}

const COLUMNS: &str = "code_hash, number, person, redeemed_at, confirmed_at";

/// Stores an unused invitation.
///
/// # Errors
/// [`StoreError::Unique`] if there is one of this number.
pub fn insert(tx: &mut Tx<'_>, code_hash: [u8; 32], number: u32) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO invitation (code_hash, number) VALUES ($1, $2)",
        &[code_hash.into(), number.into()],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, code_hash: [u8; 32]) -> Result<Option<Invitation>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM invitation WHERE code_hash = $1");
    tx.query_opt(&sql, &[code_hash.into()])?.as_ref().map(read).transpose()
}

/// Both, by number.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Invitation>, StoreError> {
    tx.query(&format!("SELECT {COLUMNS} FROM invitation ORDER BY number"), &[])?.iter().map(read).collect()
}

/// Uses an invitation. `false`: unknown, used before, or this person has used the other one.
pub fn redeem(
    tx: &mut Tx<'_>,
    code_hash: [u8; 32],
    person: PartyId,
    now: Instant,
) -> Result<bool, StoreError> {
    let used = tx.execute(
        "UPDATE invitation SET person = $1, redeemed_at = $2 WHERE code_hash = $3 AND person IS NULL \
         AND NOT EXISTS (SELECT 1 FROM invitation other WHERE other.person = $1)",
        &[person.into(), now.into(), code_hash.into()],
    )?;
    Ok(used == 1)
}

/// Marks an invitation as confirmed. `false`: not used yet, or confirmed before.
pub fn confirm(tx: &mut Tx<'_>, number: u32, now: Instant) -> Result<bool, StoreError> {
    let confirmed = tx.execute(
        "UPDATE invitation SET confirmed_at = $1 WHERE number = $2 AND person IS NOT NULL AND confirmed_at IS NULL",
        &[now.into(), number.into()],
    )?;
    Ok(confirmed == 1)
}

fn read(row: &Row) -> Result<Invitation, StoreError> {
    Ok(Invitation {
        code_hash: row.get(0)?,
        number: row.get(1)?,
        person: row.get(2)?,
        redeemed_at: row.get(3)?,
        confirmed_at: row.get(4)?,
    })
}
