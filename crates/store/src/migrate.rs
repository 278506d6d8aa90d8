//! Numbered migrations, forward only, each owner (the store itself, a service) with numbers of its own.
//!
//! All that is missing is applied in one transaction under a lock, so that two nodes may start together. A migration
//! whose text changed after it was applied is refused. Rows of a newer program are left alone: the previous and the new
//! release run side by side, which is why a migration only ever adds (expand, and contract a release later).

use crate::{Store, StoreError, Tx};
use aws_lc_rs::digest::{SHA256, digest};
use std::collections::BTreeMap;

/// One step. Numbers of an owner are 1, 2, 3 … without gaps.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    pub number: u32,
    pub name: &'static str,
    /// Statements in SQLite's dialect: `INTEGER`, `TEXT`, `BLOB`, `STRICT` tables.
    pub sql: &'static str,
}

/// All steps of one owner.
#[derive(Debug, Clone, Copy)]
pub struct MigrationSet {
    pub owner: &'static str,
    pub migrations: &'static [Migration],
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (owner, number)
) STRICT;";

impl Store {
    /// Brings the tables up to date; gives the names of what was applied, as `owner/0001_name`.
    ///
    /// # Errors
    /// [`StoreError::Migration`] if a migration applied earlier has another text now, or a number is missing.
    pub async fn migrate(&self, sets: &[MigrationSet]) -> Result<Vec<String>, StoreError> {
        let sets = sets.to_vec();
        self.write(move |tx| {
            tx.lock_tables()?;
            tx.define(TABLE)?;
            let mut applied = Vec::new();
            for set in &sets {
                apply(tx, set, &mut applied)?;
            }
            Ok(applied)
        })
        .await
    }
}

fn apply(tx: &mut Tx<'_>, set: &MigrationSet, applied: &mut Vec<String>) -> Result<(), StoreError> {
    let mut known = BTreeMap::new();
    for row in tx.query("SELECT number, hash FROM migration WHERE owner = $1", &[set.owner.into()])? {
        known.insert(row.get::<u32>(0)?, row.get::<[u8; 32]>(1)?);
    }
    for (expected, migration) in (1..).zip(set.migrations) {
        let name = format!("{}/{:04}_{}", set.owner, migration.number, migration.name);
        if migration.number != expected {
            return Err(StoreError::Migration(format!("{name} should have number {expected}")));
        }
        let hash = digest(&SHA256, migration.sql.as_bytes());
        match known.get(&migration.number) {
            Some(then) if then == hash.as_ref() => continue,
            Some(_) => {
                return Err(StoreError::Migration(format!(
                    "{name} was changed after it had been applied: restore its text and add a new migration"
                )));
            }
            None => {}
        }
        if known.keys().any(|number| *number > migration.number) {
            return Err(StoreError::Migration(format!("{name} was never applied, but later ones were")));
        }
        tx.define(migration.sql)?;
        tx.execute(
            "INSERT INTO migration (owner, number, name, hash) VALUES ($1, $2, $3, $4)",
            &[set.owner.into(), migration.number.into(), migration.name.into(), hash.as_ref().into()],
        )?;
        applied.push(name);
    }
    Ok(())
}
