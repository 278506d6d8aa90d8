//! The counter of changes: gap-free, in commit order, and the one write lock under which changes are decided.

use crate::{StoreError, Tx};
use domain::{Freshness, Seq};

/// Takes the next number. The first statement of every changing transaction: from here to the commit no other
/// change is under way, so that what is read after it is what the change is decided on. An undone transaction gives
/// its number back.
pub fn take(tx: &mut Tx<'_>) -> Result<Seq, StoreError> {
    take_range(tx, 1)
}

/// Takes `count` numbers for an act of many changes; gives the first of them.
pub fn take_range(tx: &mut Tx<'_>, count: u32) -> Result<Seq, StoreError> {
    if count == 0 {
        return Err(StoreError::Refused("a range of seq has at least one number".into()));
    }
    let last: Seq = tx
        .query_one("UPDATE counter SET seq = seq + $1 WHERE one = 1 RETURNING seq", &[count.into()])?
        .get(0)?;
    Ok(Seq(last.0 - u64::from(count) + 1))
}

/// Holds the head for a write that changes no fact: no change commits between the decision in this transaction and its
/// commit, while others that only hold it go on beside each other.
pub fn hold(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    // SQLite has one writer at a time; PostgreSQL shares the row among holders and keeps `take` out.
    tx.query_one("SELECT seq FROM counter WHERE one = 1 FOR SHARE", &[])?;
    Ok(())
}

/// How far the history goes, and which history it is (epoch 0 before the installation has been made).
pub fn head(tx: &mut Tx<'_>) -> Result<Freshness, StoreError> {
    let row = tx.query_one(
        "SELECT coalesce(i.epoch, 0), c.seq FROM counter c LEFT JOIN installation i ON i.one = 1 WHERE c.one = 1",
        &[],
    )?;
    Ok(Freshness { epoch: row.get(0)?, seq: row.get(1)? })
}
