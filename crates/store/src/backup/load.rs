//! Restoring: tables as they were, filled, and brought up to date, in the transaction of the caller. All or nothing: a
//! restore that was cut off has left the store as it found it, and is begun again.

use super::{Backup, BackupError, Progress};
use crate::migrate::{OWN_TABLES, all_applied, leading_to, migrate_in, tables_of};
use crate::{MigrationSet, StoreError, Tx, Value, installation, log, many, seq};
use domain::Freshness;

/// Rows that are held before they are written, by number and by weight.
const BATCH_ROWS: usize = 64;
const BATCH_BYTES: usize = 4 * 1024 * 1024;

/// Where a backup may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onto {
    /// Only into a store without an installation.
    Empty,
    /// Also over an installation, which is gone then.
    Anything,
}

/// The installation that a store holds before a restore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    pub head: Freshness,
    pub origin: String,
    pub tree: log::Tree,
}

/// What is there; `None` in an empty store.
///
/// # Errors
/// [`BackupError::StoreNewer`] if its tables are of a release that this program does not know.
pub fn existing(tx: &mut Tx<'_>, sets: &[MigrationSet]) -> Result<Option<Existing>, BackupError> {
    let applied = all_applied(tx)?;
    leading_to(sets, &applied).ok_or(BackupError::StoreNewer)?;
    if tx.columns("installation")?.is_empty() || tx.columns("log_tree")?.is_empty() {
        return Ok(None);
    }
    let Some(found) = installation::find(tx)? else { return Ok(None) };
    Ok(Some(Existing { head: seq::head(tx)?, origin: found.origin, tree: log::tree(tx)? }))
}

/// Puts a backup in the place of what is there; gives what that was.
///
/// # Errors
/// [`BackupError::NotEmpty`]; [`BackupError::Damaged`] if the file changed since it was checked.
pub fn load(
    tx: &mut Tx<'_>,
    backup: &Backup,
    sets: &[MigrationSet],
    onto: Onto,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Option<Existing>, BackupError> {
    tx.lock_tables()?;
    let was = existing(tx, sets)?;
    if let (Some(was), Onto::Empty) = (&was, onto) {
        return Err(BackupError::NotEmpty { epoch: was.head.epoch, seq: was.head.seq.0 });
    }
    for table in tables_of(sets).iter().rev().map(String::as_str).chain(OWN_TABLES) {
        tx.define(&format!("DROP TABLE IF EXISTS {table}"))?;
    }
    migrate_in(tx, &backup.sets)?;
    let tables = tables_of(&backup.sets);
    // Rows that migrations put there come with the backup, as they are by now.
    for table in tables.iter().rev() {
        tx.execute(&format!("DELETE FROM {table}"), &[])?;
    }
    fill(tx, backup, &tables, progress)?;
    migrate_in(tx, sets)?;
    Ok(was)
}

fn fill(
    tx: &mut Tx<'_>,
    backup: &Backup,
    tables: &[String],
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<(), BackupError> {
    let mut rows = backup.reader()?;
    let of = backup.manifest.parts.len();
    let (mut rows_done, mut bytes_done) = (0, 0);
    for (done, part) in backup.manifest.parts.iter().enumerate() {
        // Names go into statements: only those that we know.
        if !tables.contains(&part.table) && part.table != OWN_TABLES[1] {
            return Err(backup.damaged("it names a table that its release does not have"));
        }
        let columns: Vec<String> = tx.columns(&part.table)?.into_iter().map(|column| column.name).collect();
        if columns != part.columns {
            return Err(backup.damaged("a table in it has other columns than its release"));
        }
        if part.table == OWN_TABLES[1] {
            tx.execute(&format!("DELETE FROM {}", part.table), &[])?;
        }
        let head = format!("INSERT INTO {} ({}) VALUES ", part.table, columns.join(", "));
        let (mut batch, mut weight) = (Vec::new(), 0);
        rows.part(backup, part, |row| {
            weight += row.iter().map(weigh).sum::<usize>();
            batch.push(row);
            rows_done += 1;
            if batch.len() == BATCH_ROWS || weight > BATCH_BYTES {
                insert(tx, &head, &batch)?;
                (batch, weight) = (Vec::new(), 0);
                progress(Progress { tables: done, of, rows: rows_done, bytes: bytes_done });
            }
            Ok(())
        })?;
        insert(tx, &head, &batch)?;
        bytes_done += part.bytes;
        progress(Progress { tables: done + 1, of, rows: rows_done, bytes: bytes_done });
    }
    Ok(())
}

fn weigh(value: &Value) -> usize {
    match value {
        Value::Null | Value::Int(_) => 8,
        Value::Text(text) => text.len(),
        Value::Blob(blob) => blob.len(),
    }
}

fn insert(tx: &mut Tx<'_>, head: &str, rows: &[Vec<Value>]) -> Result<(), StoreError> {
    for piece in many::pieces(rows) {
        let width = piece.first().map_or(0, Vec::len);
        let params: Vec<Value> = piece.iter().flatten().cloned().collect();
        tx.execute(&format!("{head}{}", many::rows(piece.len(), width)), &params)?;
    }
    Ok(())
}
