//! Orders: an identification or signature under way at an e-ID provider, kept between requests and on every node.

use crate::{Row, StoreError, Tx, Value};
use domain::{Entropy, Instant, OrderId};
use keyring::{Keyring, Purpose};
use std::{fmt, time::Duration};

/// The state of an order that is on its way. Every word but this and [`COLLECTED`] is the caller's and means that the
/// order is finished.
pub const PENDING: &str = "pending";
/// The state of an order whose result waits to be fetched by its browser.
pub const COLLECTED: &str = "collected";

#[derive(Clone, PartialEq, Eq)]
pub struct Order {
    pub id: OrderId,
    /// SHA-256 of the key of the browser that started it: it is finished there or not at all.
    pub browser_hash: [u8; 32],
    /// What it is for, in the caller's word, such as `login` or `sign`.
    pub purpose: String,
    /// [`PENDING`], or how it ended.
    pub state: String,
    pub started_at: Instant,
    pub expires_at: Instant,
    /// When a node last asked the provider; written by [`claim_collect`] only.
    pub last_collect_at: Option<Instant>,
    /// 1 at first, raised by every [`update`].
    pub version: u32,
    /// The caller's bytes (tokens, secrets, what is expected); sealed in the store.
    pub body: Vec<u8>,
}

/// The body holds secrets and is not shown.
impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Order")
            .field("id", &self.id)
            .field("purpose", &self.purpose)
            .field("state", &self.state)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Keeps a new order, as version 1 whatever `order.version` says.
pub fn insert(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    order: &Order,
) -> Result<(), StoreError> {
    let sealed = keys.seal(Purpose::VaultWrap, &context(order.id), &order.body, entropy)?;
    tx.execute(
        "INSERT INTO eid_order (id, browser_hash, purpose, state, started_at, expires_at, last_collect_at, version, \
         sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
        &[
            order.id.into(),
            order.browser_hash.into(),
            order.purpose.as_str().into(),
            order.state.as_str().into(),
            order.started_at.into(),
            order.expires_at.into(),
            order.last_collect_at.into(),
            sealed.into(),
        ],
    )?;
    Ok(())
}

const COLUMNS: &str =
    "id, browser_hash, purpose, state, started_at, expires_at, last_collect_at, version, sealed";

pub fn find(tx: &mut Tx<'_>, keys: &Keyring, id: OrderId) -> Result<Option<Order>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM eid_order WHERE id = $1");
    tx.query_opt(&sql, &[id.into()])?.map(|row| read(&row, keys)).transpose()
}

/// Claims the right to ask the provider now: at most one node and request per `min_gap` gets `true`.
pub fn claim_collect(
    tx: &mut Tx<'_>,
    id: OrderId,
    now: Instant,
    min_gap: Duration,
) -> Result<bool, StoreError> {
    let claimed = tx.execute(
        "UPDATE eid_order SET last_collect_at = $1 \
         WHERE id = $2 AND state = 'pending' AND (last_collect_at IS NULL OR last_collect_at <= $3)",
        &[now.into(), id.into(), (now - min_gap).into()],
    )?;
    Ok(claimed == 1)
}

/// Writes state, end and body, if the order is still at `expected_version`; raises the version.
pub fn update(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    order: &Order,
    expected_version: u32,
) -> Result<bool, StoreError> {
    write_if(tx, keys, entropy, order, ("version", expected_version.into()))
}

/// The same for the end of an order that is pending, whatever its version is by now.
pub fn end_pending(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    order: &Order,
) -> Result<bool, StoreError> {
    write_if(tx, keys, entropy, order, ("state", PENDING.into()))
}

fn write_if(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    order: &Order,
    (column, is): (&'static str, Value),
) -> Result<bool, StoreError> {
    let sealed = keys.seal(Purpose::VaultWrap, &context(order.id), &order.body, entropy)?;
    let sql = format!(
        "UPDATE eid_order SET state = $1, expires_at = $2, sealed = $3, version = version + 1 \
         WHERE id = $4 AND {column} = $5"
    );
    let written = tx.execute(
        &sql,
        &[order.state.as_str().into(), order.expires_at.into(), sealed.into(), order.id.into(), is],
    )?;
    Ok(written == 1)
}

/// Orders that are not finished although they expired before `instant`, oldest first: nobody picked them up, or nobody
/// came to fetch what they gave.
pub fn unfinished_before(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    instant: Instant,
    limit: u32,
) -> Result<Vec<Order>, StoreError> {
    let mut late = Vec::new();
    // One question for each state: each has an index of its own.
    for state in [PENDING, COLLECTED] {
        let sql = format!(
            "SELECT {COLUMNS} FROM eid_order WHERE state = '{state}' AND expires_at < $1 ORDER BY expires_at LIMIT $2"
        );
        for row in tx.query(&sql, &[instant.into(), limit.into()])? {
            late.push(read(&row, keys)?);
        }
    }
    late.sort_by_key(|order| (order.expires_at, order.id));
    late.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(late)
}

/// The first instant after `after` at which some unfinished order expires.
pub fn next_expiry(tx: &mut Tx<'_>, after: Instant) -> Result<Option<Instant>, StoreError> {
    let mut first: Option<Instant> = None;
    for state in [PENDING, COLLECTED] {
        let sql =
            format!("SELECT min(expires_at) FROM eid_order WHERE state = '{state}' AND expires_at > $1");
        let next: Option<Instant> = tx.query_one(&sql, &[after.into()])?.get(0)?;
        first = first.into_iter().chain(next).min();
    }
    Ok(first)
}

/// Orders for `purpose` that a browser has on their way; at most ten.
pub fn pending_of(
    tx: &mut Tx<'_>,
    browser_hash: [u8; 32],
    purpose: &str,
) -> Result<Vec<OrderId>, StoreError> {
    let sql =
        "SELECT id FROM eid_order WHERE state = 'pending' AND browser_hash = $1 AND purpose = $2 LIMIT 10";
    tx.query(sql, &[browser_hash.into(), purpose.into()])?.iter().map(|row| row.get(0)).collect()
}

/// How many orders are on their way or wait to be fetched.
pub fn waiting(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let sql = "SELECT (SELECT count(*) FROM eid_order WHERE state = 'pending') \
               + (SELECT count(*) FROM eid_order WHERE state = 'collected')";
    tx.query_one(sql, &[])?.get(0)
}

/// Forgets orders that are finished and whose time was over before `instant`, at most `limit`. Gives their number.
pub fn forget(tx: &mut Tx<'_>, instant: Instant, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM eid_order WHERE id IN (SELECT id FROM eid_order WHERE expires_at < $1 \
         AND state NOT IN ('pending', 'collected') ORDER BY expires_at LIMIT $2)",
        &[instant.into(), limit.into()],
    )
}

/// Orders that are on their way, oldest question first: those to ask the provider about.
pub fn pending(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<(OrderId, Option<Instant>)>, StoreError> {
    let sql = "SELECT id, last_collect_at FROM eid_order WHERE state = 'pending' \
               ORDER BY coalesce(last_collect_at, 0), id LIMIT $1";
    tx.query(sql, &[limit.into()])?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Drops every order, whatever its state: none of them leads to a login any more.
pub fn forget_all(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM eid_order", &[])
}

fn read(row: &Row, keys: &Keyring) -> Result<Order, StoreError> {
    let id = row.get(0)?;
    let body = keys.unseal(Purpose::VaultWrap, &context(id), &row.get::<Vec<u8>>(8)?)?;
    Ok(Order {
        id,
        browser_hash: row.get(1)?,
        purpose: row.get(2)?,
        state: row.get(3)?,
        started_at: row.get(4)?,
        expires_at: row.get(5)?,
        last_collect_at: row.get(6)?,
        version: row.get(7)?,
        body: body.to_vec(),
    })
}

fn context(id: OrderId) -> Vec<u8> {
    [b"eid-order\0".as_slice(), id.as_bytes()].concat()
}
