//! Trials of registrations: each lives some minutes. The caller's bytes hold a private key, and are sealed in the store so
//! that any node can go on with the trial.

use crate::{StoreError, Tx};
use domain::{Entropy, Instant};
use keyring::{Keyring, Purpose};
use std::fmt;

#[derive(Clone, PartialEq, Eq)]
pub struct StoredTrial {
    /// Also the id of its client.
    pub id: String,
    pub ends_at: Instant,
    /// 1 at first, raised by every [`update`].
    pub version: u32,
    pub body: Vec<u8>,
}

impl fmt::Debug for StoredTrial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredTrial")
            .field("id", &self.id)
            .field("ends_at", &self.ends_at)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

pub fn insert(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    trial: &StoredTrial,
) -> Result<(), StoreError> {
    let sealed = keys.seal(Purpose::Forms, &context(&trial.id), &trial.body, entropy)?;
    tx.execute(
        "INSERT INTO oidc_trial (id, ends_at, version, sealed) VALUES ($1, $2, 1, $3)",
        &[trial.id.as_str().into(), trial.ends_at.into(), sealed.into()],
    )?;
    Ok(())
}

/// The trial, over or not, until it is forgotten.
pub fn find(tx: &mut Tx<'_>, keys: &Keyring, id: &str) -> Result<Option<StoredTrial>, StoreError> {
    let sql = "SELECT ends_at, version, sealed FROM oidc_trial WHERE id = $1";
    let Some(row) = tx.query_opt(sql, &[id.into()])? else { return Ok(None) };
    let body = keys.unseal(Purpose::Forms, &context(id), &row.get::<Vec<u8>>(2)?)?;
    Ok(Some(StoredTrial {
        id: id.to_owned(),
        ends_at: row.get(0)?,
        version: row.get(1)?,
        body: body.to_vec(),
    }))
}

/// Writes the body, if the trial is still at its version; raises the version. `false`: somebody was faster.
pub fn update(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    trial: &StoredTrial,
) -> Result<bool, StoreError> {
    let sealed = keys.seal(Purpose::Forms, &context(&trial.id), &trial.body, entropy)?;
    let updated = tx.execute(
        "UPDATE oidc_trial SET sealed = $1, version = version + 1 WHERE id = $2 AND version = $3",
        &[sealed.into(), trial.id.as_str().into(), trial.version.into()],
    )?;
    Ok(updated == 1)
}

fn context(id: &str) -> Vec<u8> {
    [b"oidc-trial\0".as_slice(), id.as_bytes()].concat()
}
