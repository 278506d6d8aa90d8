//! Drafts of forms (*utkast*): what was typed and could not be taken, because the session had ended or acted for
//! another party. Sealed under the key of the person who typed it, found by that person alone, few, and for a day.

use crate::{StoreError, Tx, vault};
use domain::{Entropy, Instant, PartyId};
use keyring::{Keyring, seal_with, unseal_with};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a draft can be taken up again.
pub const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// Drafts that a person can have; the oldest give way.
pub const MOST: u32 = 10;
/// Longest draft in bytes: a form's text, and the names of its fields.
pub const MAX_LEN: usize = 128 * 1024;
/// Longest address of a form's page.
pub const MAX_PATH: usize = 300;

/// Keeps what was typed on the page at `path`; what was kept there before is gone.
///
/// # Errors
/// [`StoreError::Refused`] above [`MAX_LEN`] or [`MAX_PATH`]; [`StoreError::Conflict`] if there is no such person or it
/// was erased.
pub fn keep(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    person: PartyId,
    path: &str,
    typed: &[u8],
    now: Instant,
) -> Result<(), StoreError> {
    if typed.len() > MAX_LEN || path.len() > MAX_PATH {
        return Err(StoreError::Refused("a form's draft or its address is too long".into()));
    }
    let key = vault::data_key_or_new(tx, keys, entropy, person)?;
    let sealed = seal_with(&key, &context(person, path), typed, entropy)?;
    tx.execute(
        "INSERT INTO form_draft (person, path, saved_at, sealed) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (person, path) DO UPDATE SET saved_at = excluded.saved_at, sealed = excluded.sealed",
        &[person.into(), path.into(), now.into(), sealed.into()],
    )?;
    tx.execute(
        "DELETE FROM form_draft WHERE person = $1 AND path NOT IN \
         (SELECT path FROM form_draft WHERE person = $1 ORDER BY saved_at DESC, path LIMIT $2)",
        &[person.into(), MOST.into()],
    )?;
    Ok(())
}

/// A draft as it was kept; wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Draft {
    pub typed: Zeroizing<Vec<u8>>,
    pub saved_at: Instant,
}

/// Nothing of what it holds.
impl std::fmt::Debug for Draft {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Draft").field("saved_at", &self.saved_at).finish_non_exhaustive()
    }
}

/// What this person typed on the page at `path`, if it is not older than a day.
pub fn find(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    person: PartyId,
    path: &str,
    now: Instant,
) -> Result<Option<Draft>, StoreError> {
    let row = tx.query_opt(
        "SELECT k.sealed, d.sealed, d.saved_at FROM form_draft d JOIN party_key k ON k.party = d.person \
         WHERE d.person = $1 AND d.path = $2 AND d.saved_at > $3",
        &[person.into(), path.into(), (now - LIFE).into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let key = vault::open_data_key(keys, person, &row.get::<Vec<u8>>(0)?)?;
    let typed = unseal_with(&key, &context(person, path), &row.get::<Vec<u8>>(1)?)?;
    Ok(Some(Draft { typed, saved_at: row.get(2)? }))
}

/// Whether there is a draft, however old.
pub fn exists(tx: &mut Tx<'_>, person: PartyId, path: &str) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM form_draft WHERE person = $1 AND path = $2";
    Ok(tx.query_opt(sql, &[person.into(), path.into()])?.is_some())
}

/// Takes a draft away. `false`: there was none.
pub fn remove(tx: &mut Tx<'_>, person: PartyId, path: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM form_draft WHERE person = $1 AND path = $2";
    Ok(tx.execute(sql, &[person.into(), path.into()])? == 1)
}

/// Whether any draft is past its day: asked before [`remove_old`], so that an idle round writes nothing.
pub fn any_old(tx: &mut Tx<'_>, now: Instant) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM form_draft WHERE saved_at <= $1 LIMIT 1";
    Ok(tx.query_opt(sql, &[(now - LIFE).into()])?.is_some())
}

/// Takes away what is past its day, of everybody; gives how many that were.
pub fn remove_old(tx: &mut Tx<'_>, now: Instant) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM form_draft WHERE saved_at <= $1", &[(now - LIFE).into()])
}

fn context(person: PartyId, path: &str) -> Vec<u8> {
    [b"form-draft\0".as_slice(), person.as_bytes(), path.as_bytes()].concat()
}
