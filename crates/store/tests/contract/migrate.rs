//! Migrations: forward only, once, unchanged.

use crate::support::{NOTES, note_ids, on_both, with_notes};
use store::{Migration, MigrationSet, StoreError, testing::TestDatabase};

on_both!(
    each_is_applied_once,
    a_changed_text_is_refused,
    numbers_are_without_gaps,
    a_failing_one_leaves_nothing,
    nodes_may_start_together,
    a_newer_programs_rows_are_left_alone,
    an_older_program_runs_until_something_is_taken_away,
    a_table_in_use_is_waited_for_and_not_for_long,
);

const MORE: MigrationSet = MigrationSet {
    owner: "test",
    migrations: &[
        NOTES.migrations[0],
        Migration {
            number: 2,
            name: "tags",
            sql: "ALTER TABLE note ADD COLUMN tag TEXT; CREATE TABLE tag (t TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;",
        },
    ],
};

async fn each_is_applied_once(db: TestDatabase) {
    let store = db.open().await.unwrap();
    assert_eq!(store.migrate(&[NOTES]).await.unwrap(), ["test/0001_notes"]);
    assert_eq!(store.migrate(&[NOTES]).await.unwrap(), [""; 0]);
    assert_eq!(store.migrate(&[MORE]).await.unwrap(), ["test/0002_tags"]);
    store.write(|tx| tx.execute("INSERT INTO note (id, text, tag) VALUES (1, 'x', 'y')", &[])).await.unwrap();
}

async fn a_changed_text_is_refused(db: TestDatabase) {
    const CHANGED: MigrationSet = MigrationSet {
        owner: "test",
        migrations: &[Migration { number: 1, name: "notes", sql: "CREATE TABLE note (id INTEGER) STRICT;" }],
    };
    let store = with_notes(&db).await;
    let refused = store.migrate(&[CHANGED]).await;
    assert!(
        matches!(&refused, Err(StoreError::Migration(text)) if text.contains("changed after")),
        "{refused:?}"
    );
}

async fn numbers_are_without_gaps(db: TestDatabase) {
    const GAP: MigrationSet = MigrationSet {
        owner: "test",
        migrations: &[Migration { number: 2, name: "late", sql: "CREATE TABLE late (id INTEGER) STRICT;" }],
    };
    let store = db.open().await.unwrap();
    let refused = store.migrate(&[GAP]).await;
    assert!(matches!(&refused, Err(StoreError::Migration(text)) if text.contains("number 1")), "{refused:?}");
}

async fn a_failing_one_leaves_nothing(db: TestDatabase) {
    const BAD: MigrationSet = MigrationSet {
        owner: "bad",
        migrations: &[Migration {
            number: 1,
            name: "half",
            sql: "CREATE TABLE half (id INTEGER) STRICT; CREATE TABLE half (id INTEGER) STRICT;",
        }],
    };
    let store = db.open().await.unwrap();
    let refused = store.migrate(&[NOTES, BAD]).await;
    assert!(matches!(&refused, Err(StoreError::Migration(_))), "{refused:?}");
    assert_eq!(store.migrate(&[NOTES]).await.unwrap(), ["test/0001_notes"]);
    assert!(store.read(|tx| tx.query("SELECT id FROM half", &[])).await.is_err());
}

async fn nodes_may_start_together(db: TestDatabase) {
    let starts: Vec<_> = {
        let mut starts = Vec::new();
        for _ in 0..4 {
            let node = db.open().await.unwrap();
            starts.push(tokio::spawn(async move { node.migrate(&[MORE]).await }));
        }
        starts
    };
    let mut applied = Vec::new();
    for start in starts {
        applied.extend(start.await.unwrap().unwrap());
    }
    assert_eq!(applied, ["test/0001_notes", "test/0002_tags"]);
}

async fn a_newer_programs_rows_are_left_alone(db: TestDatabase) {
    let newer = db.open().await.unwrap();
    newer.migrate(&[MORE]).await.unwrap();
    let older = with_notes(&db).await;
    assert_eq!(note_ids(&older).await, Vec::<i64>::new());
}

/// Expand, then contract: what an older program still uses goes away one release later, and says which programs can bear it.
const TAKEN_AWAY: MigrationSet = MigrationSet {
    owner: "test",
    migrations: &[
        NOTES.migrations[0],
        MORE.migrations[1],
        Migration { number: 3, name: "less", sql: "-- oldest: 2\nALTER TABLE note DROP COLUMN blob;" },
    ],
};

async fn an_older_program_runs_until_something_is_taken_away(db: TestDatabase) {
    let (older, newer) = (db.open().await.unwrap(), db.open().await.unwrap());
    older.migrate(&[NOTES]).await.unwrap();
    // The older one is at work while the newer one brings the tables up to date.
    newer.migrate(&[MORE]).await.unwrap();
    older.write(|tx| tx.execute("INSERT INTO note (id, text) VALUES (1, 'x')", &[])).await.unwrap();
    assert_eq!(older.migrate(&[NOTES]).await, Ok(Vec::new()), "it may also start anew");
    // The next release takes away what the first one used: the one before it goes on, the first one does not start.
    newer.migrate(&[TAKEN_AWAY]).await.unwrap();
    assert_eq!(newer.migrate(&[MORE]).await, Ok(Vec::new()));
    let refused = older.migrate(&[NOTES]).await;
    assert!(
        matches!(&refused, Err(StoreError::Migration(text)) if text.starts_with("STORE_TOO_NEW")),
        "{refused:?}"
    );
    const BEYOND: MigrationSet = MigrationSet {
        owner: "other",
        migrations: &[Migration {
            number: 1,
            name: "beyond",
            sql: "-- oldest: 2\nCREATE TABLE b (n INTEGER PRIMARY KEY) STRICT;",
        }],
    };
    let refused = newer.migrate(&[BEYOND]).await;
    assert!(matches!(&refused, Err(StoreError::Migration(text)) if text.contains("oldest")), "{refused:?}");
}

/// On PostgreSQL a change of a table waits for who reads it, and everybody else behind it: rather it gives up.
async fn a_table_in_use_is_waited_for_and_not_for_long(db: TestDatabase) {
    let store = with_notes(&db).await;
    let (hold, held) = std::sync::mpsc::channel::<()>();
    let (begun, begins) = tokio::sync::oneshot::channel::<()>();
    let (held, begun) = (std::sync::Mutex::new(held), std::sync::Mutex::new(Some(begun)));
    let reader = store.clone();
    let reading = tokio::spawn(async move {
        reader
            .read(move |tx| {
                tx.query("SELECT id FROM note", &[])?;
                if let Some(begun) = begun.lock().unwrap().take() {
                    begun.send(()).unwrap();
                }
                let _ = held.lock().unwrap().recv();
                Ok::<_, StoreError>(())
            })
            .await
    });
    begins.await.unwrap();
    // Let go while the second try waits.
    let letting_go = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(3300)).await;
        drop(hold);
    });
    assert_eq!(store.migrate(&[MORE]).await.unwrap(), ["test/0002_tags"]);
    letting_go.await.unwrap();
    reading.await.unwrap().unwrap();
}
