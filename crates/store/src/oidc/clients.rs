//! Registered clients (*anslutna e-tjänster*). What a registration says is the caller's to read: JSON.

use crate::{Row, StoreError, Tx};
use domain::Instant;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredClient {
    pub id: String,
    /// The service of the catalogue that it belongs to.
    pub service: String,
    pub registered_at: Instant,
    /// Since when it may do nothing more.
    pub disabled_at: Option<Instant>,
    /// When a client that was registered for one trial ends.
    pub ends_at: Option<Instant>,
    /// 1 at first, raised by every [`update`].
    pub version: u32,
    pub body: String,
}

impl StoredClient {
    /// Whether it may do anything.
    pub fn is_live(&self, now: Instant) -> bool {
        self.disabled_at.is_none() && self.ends_at.is_none_or(|end| now < end)
    }
}

const COLUMNS: &str = "id, service, registered_at, disabled_at, ends_at, version, body";

/// Registers a client. `false`: there is one of this id.
pub fn insert(tx: &mut Tx<'_>, client: &StoredClient) -> Result<bool, StoreError> {
    let put = tx.execute(
        "INSERT INTO oidc_client (id, service, registered_at, disabled_at, ends_at, version, body) \
         VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT (id) DO NOTHING",
        &[
            client.id.as_str().into(),
            client.service.as_str().into(),
            client.registered_at.into(),
            client.disabled_at.into(),
            client.ends_at.into(),
            client.body.as_str().into(),
        ],
    )?;
    Ok(put == 1)
}

/// Writes service, end of use and body, if the client is still at `expected_version`; raises the version.
pub fn update(tx: &mut Tx<'_>, client: &StoredClient, expected_version: u32) -> Result<bool, StoreError> {
    let updated = tx.execute(
        "UPDATE oidc_client SET service = $1, disabled_at = $2, body = $3, version = version + 1 \
         WHERE id = $4 AND version = $5",
        &[
            client.service.as_str().into(),
            client.disabled_at.into(),
            client.body.as_str().into(),
            client.id.as_str().into(),
            expected_version.into(),
        ],
    )?;
    Ok(updated == 1)
}

pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<StoredClient>, StoreError> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM oidc_client WHERE id = $1"), &[id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// All but those of trials, by id; at most 1,000.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<StoredClient>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM oidc_client WHERE ends_at IS NULL ORDER BY id LIMIT 1000");
    tx.query(&sql, &[])?.iter().map(read).collect()
}

/// Takes away trials that ended before `now`, with their clients.
pub fn forget_trials(tx: &mut Tx<'_>, now: Instant) -> Result<u64, StoreError> {
    let trials = tx.execute("DELETE FROM oidc_trial WHERE ends_at < $1", &[now.into()])?;
    Ok(trials + tx.execute("DELETE FROM oidc_client WHERE ends_at < $1", &[now.into()])?)
}

/// Takes a trial's client away before its time. No other client is ever deleted: its id is in records.
pub fn end_trial(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM oidc_client WHERE id = $1 AND ends_at IS NOT NULL", &[id.into()])?;
    Ok(())
}

fn read(row: &Row) -> Result<StoredClient, StoreError> {
    Ok(StoredClient {
        id: row.get(0)?,
        service: row.get(1)?,
        registered_at: row.get(2)?,
        disabled_at: row.get(3)?,
        ends_at: row.get(4)?,
        version: row.get(5)?,
        body: row.get(6)?,
    })
}
