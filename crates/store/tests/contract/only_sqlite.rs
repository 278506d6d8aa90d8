//! What only SQLite does: groups of commits, a transaction that the engine undoes by itself, a second process.

use crate::support::{NOTES, add_note, at, note_ids, start_all, with_notes};
use std::{process::Command, sync::mpsc, time::Duration};
use store::{Store, StoreError, StoreUrl, Value, testing, testing::TestDatabase};

/// Holds the writer until the sender is dropped, so that what follows waits and forms a group.
async fn hold(store: &Store) -> mpsc::Sender<()> {
    let (release, gate) = mpsc::channel::<()>();
    let (started, wait) = mpsc::channel();
    let store = store.clone();
    tokio::spawn(async move {
        store
            .write(move |_| {
                let _ = started.send(());
                let _ = gate.recv_timeout(Duration::from_secs(20));
                Ok::<_, StoreError>(())
            })
            .await
    });
    tokio::task::spawn_blocking(move || wait.recv_timeout(Duration::from_secs(20)).unwrap()).await.unwrap();
    release
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_shares_one_commit() {
    let db = testing::sqlite().unwrap();
    let store = with_notes(&db).await;
    let before = store.commits().unwrap();
    let release = hold(&store).await;
    let (answered, waiting) = start_all((0..200).map(|id| {
        let store = store.clone();
        async move { add_note(&store, id, "x").await }
    }))
    .await;
    assert_eq!(answered, []);
    drop(release);
    for write in waiting {
        assert_eq!(write.await, Ok(1));
    }
    let commits = store.commits().unwrap() - before;
    // One for the job that held the writer, then at most 64 in each.
    assert!((5..=8).contains(&commits), "{commits} commits for 200 writes");
    assert_eq!(note_ids(&store).await.len(), 200);
}

/// The trap: SQLITE_FULL undoes the whole transaction, not only the savepoint of the job that met it.
#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_only_the_job_that_does_not_fit() {
    let db = testing::sqlite().unwrap();
    let store = with_notes(&db).await;
    let pages: i64 = store
        .write(|tx| {
            let pages: i64 = tx.query("PRAGMA page_count", &[])?[0].get(0)?;
            tx.query(&format!("PRAGMA max_page_count = {}", pages + 20), &[])?;
            Ok::<_, StoreError>(pages)
        })
        .await
        .unwrap();
    assert!(pages > 1);
    let release = hold(&store).await;
    let (answered, waiting) = start_all((0..9).map(|id| {
        let store = store.clone();
        let blob = vec![7_u8; if id == 4 { 1_000_000 } else { 100 }];
        async move {
            store
                .write(move |tx| {
                    tx.execute(
                        "INSERT INTO note (id, text, blob) VALUES ($1, 'x', $2)",
                        &[Value::Int(id), blob.clone().into()],
                    )
                })
                .await
        }
    }))
    .await;
    assert_eq!(answered, []);
    drop(release);
    for (id, write) in (0..).zip(waiting) {
        let expected = if id == 4 { Err(StoreError::Full) } else { Ok(1) };
        assert_eq!(write.await, expected, "job {id}");
    }
    assert_eq!(note_ids(&store).await, [0, 1, 2, 3, 5, 6, 7, 8]);
    // Reading goes on, and so does writing once there is room.
    store.write(|tx| tx.query("PRAGMA max_page_count = 100000", &[])).await.unwrap();
    assert_eq!(add_note(&store, 10, "room").await, Ok(1));
}

/// A command beside a running node is a second writer: each waits for the other, neither fails.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_may_write_too() {
    const FILE: &str = "BEHORIG_TEST_SECOND_WRITER";
    const COUNT: i64 = 100;
    async fn count(store: &Store) {
        for _ in 0..COUNT {
            let add = store.write(|tx| tx.execute("UPDATE tally SET n = n + 1", &[])).await;
            assert_eq!(add, Ok(1));
        }
    }
    if let Ok(path) = std::env::var(FILE) {
        let store = Store::open(&StoreUrl::Sqlite(path.into())).await.unwrap();
        return count(&store).await;
    }
    let db = testing::sqlite().unwrap();
    let store = with_notes(&db).await;
    let StoreUrl::Sqlite(path) = &db.url else { panic!("a SQLite database") };
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "only_sqlite::a_second_process_may_write_too"])
        .env(FILE, path)
        .spawn()
        .unwrap();
    count(&store).await;
    assert!(tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap().success());
    let n: i64 = store.read(|tx| tx.query("SELECT n FROM tally", &[])?[0].get(0)).await.unwrap();
    assert_eq!(n, 2 * COUNT);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_holds_the_file_too_long_is_told_as_busy() {
    let db = testing::sqlite().unwrap();
    let store = with_notes(&db).await;
    let other = db.open().await.unwrap();
    let release = hold(&other).await;
    assert_eq!(add_note(&store, 1, "x").await, Err(StoreError::Busy));
    // Readers are not held up by a writer.
    assert_eq!(note_ids(&store).await, Vec::<i64>::new());
    drop(release);
    assert_eq!(add_note(&store, 1, "x").await, Ok(1));
}

#[tokio::test]
async fn what_cannot_be_opened_says_why() {
    let folder = testing::new_folder().unwrap();
    let missing = Store::open(&StoreUrl::Sqlite(folder.join("no/such/store.db"))).await.unwrap_err();
    assert!(matches!(&missing, StoreError::Unavailable(text) if text.contains("no/such")), "{missing}");
    let text = folder.join("text.db");
    std::fs::write(&text, "this is no database, however long it may be: ".repeat(100)).unwrap();
    let other = Store::open(&StoreUrl::Sqlite(text)).await.unwrap_err();
    assert!(matches!(&other, StoreError::Corrupt(text) if text.contains("text.db")), "{other}");
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let db = testing::sqlite().unwrap();
    let store = db.open().await.unwrap();
    store.migrate(&[NOTES]).await.unwrap();
    let StoreUrl::Sqlite(path) = &db.url else { panic!("a SQLite database") };
    for file in [path.clone(), path.with_extension("db-wal")] {
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
    }
}

async fn marked(environment: store::installation::Environment) -> (TestDatabase, Store) {
    let db = store::testing::sqlite().unwrap();
    let store = db.store().await.unwrap();
    let mark = store::installation::Installation {
        environment,
        origin: "behorig.example.se".into(),
        agency: domain::PartyId::from_bytes([3; 16]),
        epoch: 1,
        created_at: at(0),
    };
    store.write(move |tx| store::installation::create(tx, &mark)).await.unwrap();
    (db, store)
}

/// A record that has its place in the tree.
async fn logged(store: &Store, event: &'static str) {
    let record =
        activity::Record::new(&store::testing::TestEntropy, at(1), activity::RecordClass::System, event);
    store.write(move |tx| store::records::append(tx, &record, &store::testing::TestEntropy)).await.unwrap();
    store.write(|tx| store::log::advance(tx, 10)).await.unwrap();
}

async fn events(store: &Store) -> Vec<String> {
    let rows = store.read(|tx| store::log::page(tx, 0, 100)).await.unwrap().1;
    rows.iter().map(|row| activity::Record::from_body(&row.body).unwrap().event).collect()
}

#[tokio::test]
async fn only_a_demos_copy_can_be_altered() {
    use store::copy::Copy;
    use store::installation::Environment;
    for environment in [Environment::Test, Environment::Production] {
        let (_db, store) = marked(environment).await;
        assert!(matches!(Copy::of(&store).await, Err(StoreError::Refused(_))), "{environment}");
    }
    let (db, store) = marked(Environment::Demo).await;
    let copy = Copy::of(&store).await.unwrap();
    assert_eq!(copy.alter_a_record().await.unwrap(), None, "an empty log");
    drop(copy);
    for event in ["login.done", "session.ended", "mandate.given"] {
        logged(&store, event).await;
    }
    let copy = Copy::of(&store).await.unwrap();
    let altered = copy.alter_a_record().await.unwrap().unwrap();
    assert_eq!((altered.event.as_str(), altered.position), ("session.ended", 1));
    let mut told = events(copy.store()).await;
    told.sort();
    assert_eq!(told, ["login.done", "login.done", "mandate.given"]);
    let mut own = events(&store).await;
    own.sort();
    assert_eq!(own, ["login.done", "mandate.given", "session.ended"], "the store itself is as it was");
    drop(copy);
    let store::StoreUrl::Sqlite(path) = &db.url else { panic!("a file") };
    let left: Vec<_> = std::fs::read_dir(path.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains(".copy-"))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}
