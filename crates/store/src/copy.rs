//! A copy of a demo's store that is thrown away (*kopia*): here, and nowhere else, a record can be altered, to show that it
//! is found out.
//!
//! No function takes a real store and alters a record: only a [`Copy`] can be hurt. SQLite only, as the demo is.

use crate::installation::{self, Environment};
use crate::{Store, StoreError, StoreUrl, Tx};
use domain::{Instant, RecordId};
use std::path::PathBuf;

/// A copy of a store; its files are gone when it is dropped.
#[derive(Debug)]
pub struct Copy {
    store: Store,
    _files: Files,
}

/// The record that was altered, as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Altered {
    pub id: RecordId,
    /// Its position in the log's tree.
    pub position: u64,
    pub event: String,
    pub at: Instant,
}

#[derive(Debug)]
struct Files(PathBuf);

impl Drop for Files {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.clone().into_os_string();
            name.push(end);
            // Not there, or gone already: as it should be.
            let _ = std::fs::remove_file(name);
        }
    }
}

impl Copy {
    /// Copies what is committed, beside the store's own file.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for any store but a demo's, and for one that is no file.
    pub async fn of(store: &Store) -> Result<Copy, StoreError> {
        let mark = store.read(installation::find).await?.map(|installation| installation.environment);
        if mark != Some(Environment::Demo) {
            return Err(StoreError::Refused("only a demo's store is copied to be altered".into()));
        }
        let files = Files(store.copy_file().await?);
        let store = Store::open(&StoreUrl::Sqlite(files.0.clone())).await?;
        Ok(Copy { store, _files: files })
    }

    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Changes what a record in the middle of the log says, as somebody could who has the database: the record and the
    /// column by which it is found. `None` where the log is empty.
    pub async fn alter_a_record(&self) -> Result<Option<Altered>, StoreError> {
        self.store.write(alter).await
    }
}

/// What the altered record says happened.
const FORGED: &str = "session.ended";
/// What it says where that is what it said before.
const FORGED_OTHERWISE: &str = "login.done";

fn alter(tx: &mut Tx<'_>) -> Result<Option<Altered>, StoreError> {
    let row = tx.query_opt(
        "SELECT r.id, l.position, r.event, r.at, r.body FROM log_leaf l JOIN record r ON r.id = l.record \
         WHERE l.position = (SELECT size / 2 FROM log_tree WHERE one = 1)",
        &[],
    )?;
    let Some(row) = row else { return Ok(None) };
    let altered = Altered { id: row.get(0)?, position: row.get(1)?, event: row.get(2)?, at: row.get(3)? };
    let forged = if altered.event == FORGED { FORGED_OTHERWISE } else { FORGED };
    let body: String = row.get(4)?;
    let body = body.replacen(&format!("\"{}\"", altered.event), &format!("\"{forged}\""), 1);
    tx.execute(
        "UPDATE record SET body = $1, event = $2 WHERE id = $3",
        &[body.into(), forged.into(), altered.id.into()],
    )?;
    Ok(Some(altered))
}
