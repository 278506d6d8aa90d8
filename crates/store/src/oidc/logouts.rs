//! Clients that are to be told of a session's end, at least once each.

use crate::{Row, StoreError, Tx};
use domain::Instant;
use std::time::Duration;

/// How long a node has for those that it took: after that another may tell them.
pub const LEASE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logout {
    pub id: [u8; 16],
    pub client: String,
    /// The client's name of the person.
    pub subject: [u8; 16],
    /// The client's name of the session.
    pub sid: String,
    /// How often it was taken for telling.
    pub attempts: u32,
    pub next_at: Instant,
}

const COLUMNS: &str = "id, client, subject, sid, attempts, next_at";

pub fn enqueue(tx: &mut Tx<'_>, logout: &Logout) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO oidc_logout (id, client, subject, sid, state, attempts, next_at) \
         VALUES ($1, $2, $3, $4, 'waiting', 0, $5)",
        &[
            logout.id.as_slice().into(),
            logout.client.as_str().into(),
            logout.subject.as_slice().into(),
            logout.sid.as_str().into(),
            logout.next_at.into(),
        ],
    )?;
    Ok(())
}

/// Takes those that are due, the longest waiting first; no other node gets them for [`LEASE`].
pub fn lease(tx: &mut Tx<'_>, now: Instant, node: &str, limit: u32) -> Result<Vec<Logout>, StoreError> {
    // The condition stands twice: a node that waited for the other's row lock must look again at the row it gets.
    let due = "state = 'waiting' AND next_at <= $1";
    let sql = format!(
        "UPDATE oidc_logout SET leased_by = $2, next_at = $3, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM oidc_logout WHERE {due} ORDER BY next_at, id LIMIT $4) AND {due} \
         RETURNING {COLUMNS}"
    );
    tx.query(&sql, &[now.into(), node.into(), (now + LEASE).into(), limit.into()])?.iter().map(read).collect()
}

/// The client has heard.
pub fn told(tx: &mut Tx<'_>, id: [u8; 16]) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE oidc_logout SET state = 'told', leased_by = NULL WHERE id = $1",
        &[id.as_slice().into()],
    )?;
    Ok(())
}

/// The client has not heard: again at `next_at`, or `None`: given up.
pub fn failed(tx: &mut Tx<'_>, id: [u8; 16], next_at: Option<Instant>) -> Result<(), StoreError> {
    match next_at {
        Some(next_at) => tx.execute(
            "UPDATE oidc_logout SET next_at = $1, leased_by = NULL WHERE id = $2 AND state = 'waiting'",
            &[next_at.into(), id.as_slice().into()],
        )?,
        None => tx.execute(
            "UPDATE oidc_logout SET state = 'failed', leased_by = NULL WHERE id = $1 AND state = 'waiting'",
            &[id.as_slice().into()],
        )?,
    };
    Ok(())
}

fn read(row: &Row) -> Result<Logout, StoreError> {
    Ok(Logout {
        id: row.get(0)?,
        client: row.get(1)?,
        subject: row.get(2)?,
        sid: row.get(3)?,
        attempts: row.get(4)?,
        next_at: row.get(5)?,
    })
}
