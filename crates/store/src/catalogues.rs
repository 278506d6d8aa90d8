//! Versions of the catalogue under `seq`: nodes decide by the stored version, never by a file.

use crate::{Row, StoreError, Tx};
use domain::{Instant, Seq};

/// A version of the catalogue, in its canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCatalogue {
    /// The change by which it came in force.
    pub seq: Seq,
    /// SHA-256 over the canonical form.
    pub hash: [u8; 32],
    pub body: String,
    pub applied_at: Instant,
}

const COLUMNS: &str = "seq, hash, body, applied_at";

/// Brings a version in force.
pub fn insert(tx: &mut Tx<'_>, catalogue: &StoredCatalogue) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO catalogue (seq, hash, body, applied_at) VALUES ($1, $2, $3, $4)",
        &[
            catalogue.seq.into(),
            catalogue.hash.into(),
            catalogue.body.as_str().into(),
            catalogue.applied_at.into(),
        ],
    )?;
    Ok(())
}

/// The version in force; `None` before the first.
pub fn latest(tx: &mut Tx<'_>) -> Result<Option<StoredCatalogue>, StoreError> {
    at(tx, Seq(u64::MAX))
}

/// Only the number of the version in force, to see whether it is the one that a node holds.
pub fn latest_seq(tx: &mut Tx<'_>) -> Result<Option<Seq>, StoreError> {
    tx.query_one("SELECT max(seq) FROM catalogue", &[])?.get(0)
}

/// The version that was in force after change `seq`.
pub fn at(tx: &mut Tx<'_>, seq: Seq) -> Result<Option<StoredCatalogue>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM catalogue WHERE seq <= $1 ORDER BY seq DESC LIMIT 1");
    tx.query_opt(&sql, &[seq.into()])?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<StoredCatalogue, StoreError> {
    Ok(StoredCatalogue { seq: row.get(0)?, hash: row.get(1)?, body: row.get(2)?, applied_at: row.get(3)? })
}
