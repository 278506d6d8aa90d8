//! Numbered migrations, forward only, each owner (the store itself, a service) with numbers of its own.
//!
//! All that is missing is applied in one transaction under a lock, so that two nodes may start together. A migration
//! whose text changed after it was applied is refused.
//!
//! The previous and the new release run side by side, which is why a migration only adds (expand): a program runs on
//! tables that are newer than it. One that takes away (contract) comes a release later and says so in its first line,
//! `-- oldest: N`: only programs that know this owner's migration N can run on its tables. Programs that are older refuse
//! to start ([`StoreError::Migration`] with `STORE_TOO_NEW`), one that runs stops ([`Store::still_fits`]), and so does
//! everything that they would do to the store.

use crate::{Store, StoreError, Tx};
use aws_lc_rs::digest::{SHA256, digest};
use std::{collections::BTreeMap, time::Duration};

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

/// The tables about tables. `migration_range`: the highest `-- oldest:` of what an owner's migrations say, and the release
/// that said it.
const TABLES: &str = "CREATE TABLE IF NOT EXISTS migration (
    owner TEXT NOT NULL,
    number INTEGER NOT NULL,
    name TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (owner, number)
) STRICT;
CREATE TABLE IF NOT EXISTS migration_range (
    owner TEXT PRIMARY KEY,
    oldest INTEGER NOT NULL,
    release TEXT NOT NULL
) STRICT;";

/// How often a migration is tried that finds its tables in use, and the pause between.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(700);

impl Migration {
    /// The lowest number that a program must know to run on this migration's tables, if it says one.
    fn oldest(&self) -> Result<Option<u32>, StoreError> {
        let first = self.sql.trim_start().lines().next().unwrap_or_default();
        let Some(said) = first.strip_prefix("-- oldest:") else { return Ok(None) };
        match said.trim().parse() {
            Ok(oldest) if oldest <= self.number => Ok(Some(oldest)),
            _ => Err(StoreError::Migration(format!("{} says no number of its own: {first}", self.name))),
        }
    }
}

impl Store {
    /// Brings the tables up to date; gives the names of what was applied, as `owner/0001_name`.
    ///
    /// # Errors
    /// [`StoreError::Migration`] if a migration applied earlier has another text now, a number is missing, or the tables
    /// are of a release that this program can no longer run on (`STORE_TOO_NEW`). [`StoreError::Busy`]: somebody keeps a
    /// table in use (a backup under way, a long report); nothing was changed.
    pub async fn migrate(&self, sets: &[MigrationSet]) -> Result<Vec<String>, StoreError> {
        let mut tried = 1;
        loop {
            let sets = sets.to_vec();
            match self.write(move |tx| migrate_in(tx, &sets)).await {
                Err(StoreError::Busy) if tried < TRIES => {
                    tried += 1;
                    tokio::time::sleep(PAUSE).await;
                }
                ended => return ended,
            }
        }
    }
}

impl Store {
    /// Whether a program that knows these sets can still run on the tables: a newer release may have taken something away
    /// since it started. Two small reads.
    ///
    /// # Errors
    /// [`StoreError::Migration`] with `STORE_TOO_NEW` if it cannot.
    pub async fn still_fits(&self, sets: &[MigrationSet]) -> Result<(), StoreError> {
        let sets = sets.to_vec();
        self.read(move |tx| sets.iter().try_for_each(|set| fits(tx, set))).await
    }
}

/// As [`Store::migrate`], in a transaction that does more.
pub(crate) fn migrate_in(tx: &mut Tx<'_>, sets: &[MigrationSet]) -> Result<Vec<String>, StoreError> {
    tx.lock_tables()?;
    tx.define(TABLES)?;
    // All are looked at before the first is changed.
    for set in sets {
        fits(tx, set)?;
    }
    let mut applied = Vec::new();
    for set in sets {
        apply(tx, set, &mut applied)?;
    }
    Ok(applied)
}

/// Whether a program that knows this set can run on the tables as they are.
fn fits(tx: &mut Tx<'_>, set: &MigrationSet) -> Result<(), StoreError> {
    let sql = "SELECT oldest, release FROM migration_range WHERE owner = $1";
    let Some(row) = tx.query_opt(sql, &[set.owner.into()])? else { return Ok(()) };
    let (oldest, release): (u32, String) = (row.get(0)?, row.get(1)?);
    let known = set.migrations.last().map_or(0, |last| last.number);
    if known >= oldest {
        return Ok(());
    }
    Err(StoreError::Migration(format!(
        "STORE_TOO_NEW: release {release} has changed the tables of `{}` so that this program can no longer run on them \
         (it knows {known}, {oldest} is the least): start that release or a later one",
        set.owner
    )))
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
        let oldest = migration.oldest()?;
        tx.define(migration.sql)?;
        tx.execute(
            "INSERT INTO migration (owner, number, name, hash) VALUES ($1, $2, $3, $4)",
            &[set.owner.into(), migration.number.into(), migration.name.into(), hash.as_ref().into()],
        )?;
        if let Some(oldest) = oldest {
            tx.execute(
                "INSERT INTO migration_range (owner, oldest, release) VALUES ($1, $2, $3) ON CONFLICT (owner) DO UPDATE \
                 SET oldest = excluded.oldest, release = excluded.release WHERE migration_range.oldest < excluded.oldest",
                &[set.owner.into(), oldest.into(), env!("CARGO_PKG_VERSION").into()],
            )?;
        }
        applied.push(name);
    }
    Ok(())
}

/// A migration that the store has had.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Applied {
    pub(crate) owner: String,
    pub(crate) number: u32,
    pub(crate) hash: [u8; 32],
}

/// What the store has had, by owner and number; nothing in one without tables.
pub(crate) fn all_applied(tx: &mut Tx<'_>) -> Result<Vec<Applied>, StoreError> {
    if tx.columns("migration")?.is_empty() {
        return Ok(Vec::new());
    }
    let rows = tx.query("SELECT owner, number, hash FROM migration ORDER BY owner, number", &[])?;
    rows.iter()
        .map(|row| Ok(Applied { owner: row.get(0)?, number: row.get(1)?, hash: row.get(2)? }))
        .collect()
}

/// The part of the sets that leads to exactly these tables; `None` if they hold one that this program does not know, or
/// knows otherwise.
pub(crate) fn leading_to(sets: &[MigrationSet], applied: &[Applied]) -> Option<Vec<MigrationSet>> {
    let known = |of: &Applied| {
        let set = sets.iter().find(|set| set.owner == of.owner)?;
        let migration = set.migrations.iter().find(|migration| migration.number == of.number)?;
        (digest(&SHA256, migration.sql.as_bytes()).as_ref() == of.hash).then_some(())
    };
    applied.iter().try_for_each(known)?;
    let part = |set: &MigrationSet| {
        let had =
            applied.iter().filter(|one| one.owner == set.owner).map(|one| one.number).max().unwrap_or(0);
        let upto = set.migrations.iter().take_while(|migration| migration.number <= had).count();
        Some(MigrationSet { owner: set.owner, migrations: set.migrations.get(..upto)? })
    };
    sets.iter().map(part).collect()
}

/// The tables that these migrations make, in the order in which they are made: whoever refers to a table comes after it.
pub(crate) fn tables_of(sets: &[MigrationSet]) -> Vec<String> {
    let mut tables: Vec<String> = Vec::new();
    for migration in sets.iter().flat_map(|set| set.migrations) {
        let text: String = migration
            .sql
            .lines()
            .map(|line| line.split("--").next().unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n");
        for statement in text.split(';') {
            let words: Vec<&str> = statement
                .split(|c: char| c.is_whitespace() || c == '(')
                .filter(|word| !word.is_empty())
                .collect();
            match words.as_slice() {
                ["CREATE", "TABLE", "IF", "NOT", "EXISTS", table, ..] | ["CREATE", "TABLE", table, ..] => {
                    tables.push((*table).to_owned());
                }
                ["DROP", "TABLE", "IF", "EXISTS", gone, ..] | ["DROP", "TABLE", gone, ..] => {
                    tables.retain(|table| table != gone);
                }
                _ => {}
            }
        }
    }
    tables
}

/// The tables about tables, which no migration makes.
pub(crate) const OWN_TABLES: [&str; 2] = ["migration", "migration_range"];
