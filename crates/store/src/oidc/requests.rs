//! Requests for a login that were pushed (RFC 9126) or that wait for the visitor. Each ends in one code.

use crate::{StoreError, Tx};
use domain::{Entropy, Instant};
use keyring::{Keyring, Purpose};
use std::fmt;

#[derive(Clone, PartialEq, Eq)]
pub struct StoredRequest {
    /// SHA-256 of the handle that only the client or the visitor's browser has.
    pub handle_hash: [u8; 32],
    pub client: String,
    pub made_at: Instant,
    pub expires_at: Instant,
    /// When it ended in a code.
    pub used_at: Option<Instant>,
    /// The caller's bytes; sealed in the store, for a client may name a person in it.
    pub body: Vec<u8>,
}

impl fmt::Debug for StoredRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredRequest")
            .field("client", &self.client)
            .field("expires_at", &self.expires_at)
            .field("used_at", &self.used_at)
            .finish_non_exhaustive()
    }
}

pub fn insert(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    request: &StoredRequest,
) -> Result<(), StoreError> {
    let sealed = keys.seal(Purpose::Forms, &context(&request.handle_hash), &request.body, entropy)?;
    tx.execute(
        "INSERT INTO oidc_request (handle_hash, client, made_at, expires_at, used_at, sealed) \
         VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            request.handle_hash.into(),
            request.client.as_str().into(),
            request.made_at.into(),
            request.expires_at.into(),
            request.used_at.into(),
            sealed.into(),
        ],
    )?;
    Ok(())
}

pub fn find(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    handle_hash: [u8; 32],
) -> Result<Option<StoredRequest>, StoreError> {
    let row = tx.query_opt(
        "SELECT client, made_at, expires_at, used_at, sealed FROM oidc_request WHERE handle_hash = $1",
        &[handle_hash.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let body = keys.unseal(Purpose::Forms, &context(&handle_hash), &row.get::<Vec<u8>>(4)?)?;
    Ok(Some(StoredRequest {
        handle_hash,
        client: row.get(0)?,
        made_at: row.get(1)?,
        expires_at: row.get(2)?,
        used_at: row.get(3)?,
        body: body.to_vec(),
    }))
}

/// A visitor has come with it: it lasts until `until` from now on, if that is later.
pub fn prolong(tx: &mut Tx<'_>, handle_hash: [u8; 32], until: Instant) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE oidc_request SET expires_at = $1 WHERE handle_hash = $2 AND expires_at < $1",
        &[until.into(), handle_hash.into()],
    )?;
    Ok(())
}

/// Ends it in a code. `false`: it has ended in one before.
pub fn use_up(tx: &mut Tx<'_>, handle_hash: [u8; 32], now: Instant) -> Result<bool, StoreError> {
    let used = tx.execute(
        "UPDATE oidc_request SET used_at = $1 WHERE handle_hash = $2 AND used_at IS NULL",
        &[now.into(), handle_hash.into()],
    )?;
    Ok(used == 1)
}

/// How many requests wait for a visitor at `now`.
pub fn waiting(tx: &mut Tx<'_>, now: Instant) -> Result<u64, StoreError> {
    tx.query_one("SELECT count(*) FROM oidc_request WHERE expires_at > $1", &[now.into()])?.get(0)
}

fn context(handle_hash: &[u8; 32]) -> Vec<u8> {
    [b"oidc-request\0".as_slice(), handle_hash].concat()
}

/// Drops every request that waits for a visitor's login.
pub fn forget_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM oidc_request", &[])
}
