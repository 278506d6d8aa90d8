//! What the tests share.

use domain::Instant;
use store::{Store, StoreError, testing::TestDatabase};

/// Runs each named function (`async fn(TestDatabase)`) once per engine.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(store::testing::sqlite().unwrap()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(store::testing::postgres().await.unwrap()).await;
            })*
        }
    };
}
pub(crate) use on_both;

/// 2026-01-15T12:00:00Z and so many seconds.
pub fn at(seconds: i64) -> Instant {
    Instant::from_micros((1_768_478_400 + seconds) * 1_000_000)
}

/// A store with one table `note(id, text)` and one counter row.
pub async fn with_notes(db: &TestDatabase) -> Store {
    let store = db.open().await.unwrap();
    store.migrate(&[NOTES]).await.unwrap();
    store
}

pub const NOTES: store::MigrationSet = store::MigrationSet {
    owner: "test",
    migrations: &[store::Migration {
        number: 1,
        name: "notes",
        sql: "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, blob BLOB) STRICT;
              CREATE TABLE tally (one INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n < 1000000)) STRICT;
              INSERT INTO tally (one, n) VALUES (1, 0);",
    }],
};

pub async fn add_note(store: &Store, id: i64, text: &'static str) -> Result<u64, StoreError> {
    store
        .write(move |tx| tx.execute("INSERT INTO note (id, text) VALUES ($1, $2)", &[id.into(), text.into()]))
        .await
}

pub async fn note_ids(store: &Store) -> Vec<i64> {
    store
        .read(|tx| tx.query("SELECT id FROM note ORDER BY id", &[])?.iter().map(|row| row.get(0)).collect())
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"))
}
