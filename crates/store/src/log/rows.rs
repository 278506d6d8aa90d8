//! What the offline verifier reads: every record with where it lies, as it stands in the tables.

use super::leaf_hashes;
use crate::{Row, StoreError, Tx, Value};
use activity::{Hash, verify};
use domain::RecordId;

const COLUMNS: &str = "r.id, r.at, r.event, r.actor, r.party, r.seq, r.reference, r.body, r.salt, r.leaf";

/// The next `count` leaf hashes of the tree from position `from`, and all records that claim these positions. From the
/// end of the tree on it gives no hashes but, should there be any, records at positions that the tree does not have.
pub fn page(tx: &mut Tx<'_>, from: u64, count: u32) -> Result<(Vec<Hash>, Vec<verify::Row>), StoreError> {
    let hashes = leaf_hashes(tx, from..from.saturating_add(count.into()))?;
    let (mut to, mut limit) = ("AND l.position < $2", from + hashes.len() as u64);
    if hashes.is_empty() {
        (to, limit) = ("ORDER BY l.position LIMIT $2", count.into());
    }
    let sql = format!(
        "SELECT {COLUMNS}, l.position FROM log_leaf l JOIN record r ON r.id = l.record WHERE l.position >= $1 {to}"
    );
    let rows = tx.query(&sql, &[from.into(), limit.into()])?;
    let rows = rows.iter().map(|row| read(row, verify::Place::At(row.get(10)?)));
    Ok((hashes, rows.collect::<Result<_, _>>()?))
}

/// Records without a position, and where to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    pub rows: Vec<verify::Row>,
    /// The last id seen; `None` when there are no more.
    pub next: Option<RecordId>,
}

/// Records that have no position in the tree: those in the queue, and any that are in neither.
pub fn rows_outside(tx: &mut Tx<'_>, after: Option<RecordId>, limit: u32) -> Result<Outside, StoreError> {
    let after: Value = after.map_or(Value::Blob(Vec::new()), Into::into);
    let sql = format!(
        "SELECT {COLUMNS}, q.record FROM record r LEFT JOIN log_leaf l ON l.record = r.id \
         LEFT JOIN leaf_queue q ON q.record = r.id WHERE l.record IS NULL AND r.id > $1 ORDER BY r.id LIMIT $2"
    );
    let mut rows = Vec::new();
    for row in tx.query(&sql, &[after, limit.into()])? {
        let queued = row.get::<Option<RecordId>>(10)?.is_some();
        rows.push(read(&row, if queued { verify::Place::Queue } else { verify::Place::Nowhere })?);
    }
    let next = rows.last().filter(|_| rows.len() >= limit as usize).map(|row: &verify::Row| row.id);
    Ok(Outside { rows, next })
}

fn read(row: &Row, place: verify::Place) -> Result<verify::Row, StoreError> {
    let (id, reference): (RecordId, String) = (row.get(0)?, row.get(6)?);
    Ok(verify::Row {
        place,
        id,
        at: row.get(1)?,
        event: row.get(2)?,
        actor: row.get(3)?,
        party: row.get(4)?,
        seq: row.get(5)?,
        reference: reference
            .parse()
            .map_err(|_| StoreError::Corrupt(format!("the reference code of record {id} was altered")))?,
        body: row.get(7)?,
        salt: row.get(8)?,
        leaf: row.get(9)?,
    })
}
