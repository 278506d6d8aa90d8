//! Keys of every purpose as rows, and a version by which a running node notices that they were turned.

use crate::{Row, StoreError, Tx};
use keyring::StoredKey;

/// All keys and the version they were read at.
pub fn all(tx: &mut Tx<'_>) -> Result<(u64, Vec<StoredKey>), StoreError> {
    let version = version(tx)?;
    let rows = tx.query(
        "SELECT id, purpose, state, created_at, activated_at, retired_at, wrapped, public FROM stored_key \
         ORDER BY created_at, id",
        &[],
    )?;
    Ok((version, rows.iter().map(read).collect::<Result<_, _>>()?))
}

/// Raised by every [`save`].
pub fn version(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.query_one("SELECT version FROM stored_key_version WHERE one = 1", &[])?.get(0)
}

/// Saves new and changed keys, as `keyring` made them from what [`all`] read at `expected`; gives the new version.
///
/// # Errors
/// [`StoreError::Conflict`] if the keys were changed since.
pub fn save(tx: &mut Tx<'_>, expected: u64, keys: &[StoredKey]) -> Result<u64, StoreError> {
    let raised = tx.execute(
        "UPDATE stored_key_version SET version = version + 1 WHERE one = 1 AND version = $1",
        &[expected.into()],
    )?;
    if raised != 1 {
        return Err(StoreError::Conflict);
    }
    for key in keys {
        tx.execute(
            "INSERT INTO stored_key (id, purpose, state, created_at, activated_at, retired_at, wrapped, public) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, activated_at = excluded.activated_at, \
             retired_at = excluded.retired_at, wrapped = excluded.wrapped",
            &[
                key.id.as_str().into(),
                key.purpose.word().into(),
                key.state.word().into(),
                key.created_at.into(),
                key.activated_at.into(),
                key.retired_at.into(),
                key.wrapped.as_slice().into(),
                key.public.clone().into(),
            ],
        )?;
    }
    Ok(expected + 1)
}

fn read(row: &Row) -> Result<StoredKey, StoreError> {
    let word = |column| row.get::<String>(column);
    let damaged =
        || StoreError::Corrupt("a stored key has a state or purpose that this program does not know".into());
    Ok(StoredKey {
        id: word(0)?.parse().map_err(|_| damaged())?,
        purpose: word(1)?.parse().map_err(|_| damaged())?,
        state: word(2)?.parse().map_err(|_| damaged())?,
        created_at: row.get(3)?,
        activated_at: row.get(4)?,
        retired_at: row.get(5)?,
        wrapped: row.get(6)?,
        public: row.get(7)?,
    })
}
