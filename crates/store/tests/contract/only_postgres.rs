//! What only PostgreSQL does: serialisation failures, deadlocks, connections that break.

use crate::support::{add_note, note_ids, with_notes};
use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use store::{Store, StoreError, StoreUrl, Value, testing};

#[tokio::test(flavor = "multi_thread")]
async fn a_serialisation_failure_is_run_again() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    let (one, other) = (store.clone(), db.open().await.unwrap());
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let handle = tokio::runtime::Handle::current();
    let n = one
        .write(move |tx| {
            let run = counted.fetch_add(1, Ordering::Relaxed);
            tx.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", &[])?;
            tx.query("SELECT n FROM tally", &[])?;
            if run == 0 {
                // Another node changes the row after our snapshot was taken: our UPDATE fails with 40001.
                let other = other.clone();
                handle.block_on(other.write(|tx| tx.execute("UPDATE tally SET n = n + 1", &[])))?;
            }
            tx.query("UPDATE tally SET n = n + 10 RETURNING n", &[])?[0].get::<i64>(0)
        })
        .await;
    assert_eq!(n, Ok(11));
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_that_stays_ends_after_some_runs() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    let runs = Arc::new(AtomicU32::new(0));
    let counted = runs.clone();
    let end = store
        .write(move |tx| {
            counted.fetch_add(1, Ordering::Relaxed);
            tx.execute("DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END $$", &[])
        })
        .await;
    assert_eq!(end, Err(StoreError::Conflict));
    assert_eq!(runs.load(Ordering::Relaxed), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deadlock_is_run_again() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    add_note(&store, 1, "a").await.unwrap();
    add_note(&store, 2, "b").await.unwrap();
    let barrier = Arc::new(Barrier::new(2));
    let runs = Arc::new(AtomicU32::new(0));
    let jobs = [(1_i64, 2_i64), (2, 1)].map(|(first, second)| {
        let (store, barrier, runs) = (store.clone(), barrier.clone(), runs.clone());
        tokio::spawn(async move {
            let mut meet = true;
            store
                .write(move |tx| {
                    runs.fetch_add(1, Ordering::Relaxed);
                    let sql = "UPDATE note SET text = text || '+' WHERE id = $1";
                    tx.execute(sql, &[first.into()])?;
                    if std::mem::take(&mut meet) {
                        barrier.wait();
                    }
                    tx.execute(sql, &[second.into()])
                })
                .await
        })
    });
    for job in jobs {
        assert_eq!(job.await.unwrap(), Ok(1));
    }
    assert!(runs.load(Ordering::Relaxed) >= 3);
    let texts: Vec<String> = store
        .read(|tx| tx.query("SELECT text FROM note ORDER BY id", &[])?.iter().map(|r| r.get(0)).collect())
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(texts, ["a++", "b++"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_before_commit_is_run_again() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    let mut first = true;
    let kept = store
        .write(move |tx| {
            tx.execute("INSERT INTO note (id, text) VALUES (1, 'x')", &[])?;
            if std::mem::take(&mut first) {
                tx.query("SELECT pg_terminate_backend(pg_backend_pid())", &[])?;
            }
            tx.execute("INSERT INTO note (id, text) VALUES (2, 'x')", &[])
        })
        .await;
    assert_eq!(kept, Ok(1));
    assert_eq!(note_ids(&store).await, [1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_lost_at_commit_leaves_the_outcome_unknown() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    store
        .write(|tx| {
            tx.execute(
                "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$",
                &[],
            )?;
            tx.execute(
                "CREATE CONSTRAINT TRIGGER stop AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED \
                 FOR EACH ROW WHEN (NEW.id = 13) EXECUTE FUNCTION stop()",
                &[],
            )
        })
        .await
        .unwrap();
    assert_eq!(add_note(&store, 13, "x").await, Err(StoreError::Unknown));
    assert_eq!(add_note(&store, 14, "x").await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_that_died_are_replaced() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    let reads: Vec<_> = (0..10)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                store.read(|tx| tx.query("SELECT pg_sleep(0.1)::text", &[])).await.map(drop)
            })
        })
        .collect();
    for read in reads {
        read.await.unwrap().unwrap();
    }
    store
        .write(|tx| {
            tx.query(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
                &[],
            )
        })
        .await
        .unwrap();
    for id in 0..20 {
        assert_eq!(add_note(&store, id, "x").await, Ok(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lock_that_is_not_given_is_told_as_busy() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    let (holds, held) = tokio::sync::oneshot::channel();
    let holder = store.clone();
    let (release, gate) = std::sync::mpsc::channel::<()>();
    let long = tokio::spawn(async move {
        let mut holds = Some(holds);
        holder
            .write(move |tx| {
                tx.execute("UPDATE tally SET n = n + 1", &[])?;
                let _ = holds.take().map(|h| h.send(()));
                let _ = gate.recv_timeout(Duration::from_secs(30));
                Ok::<_, StoreError>(())
            })
            .await
    });
    held.await.unwrap();
    let second = store.write(|tx| tx.execute("UPDATE tally SET n = n + 1", &[])).await;
    assert_eq!(second, Err(StoreError::Busy));
    drop(release);
    assert_eq!(long.await.unwrap(), Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_table_does_not_break_prepared_statements() {
    let db = testing::postgres().await.unwrap();
    let (one, other) = (with_notes(&db).await, db.open().await.unwrap());
    let all = |store: &Store| {
        let store = store.clone();
        async move { store.read(|tx| tx.query("SELECT * FROM note", &[])).await.map(|rows| rows.len()) }
    };
    add_note(&one, 1, "x").await.unwrap();
    assert_eq!(all(&one).await, Ok(1));
    other.write(|tx| tx.execute("ALTER TABLE note ADD COLUMN more TEXT", &[])).await.unwrap();
    assert_eq!(all(&one).await, Ok(1));
}

#[tokio::test]
async fn what_cannot_be_reached_says_why() {
    let nowhere = StoreUrl::Postgres("postgres:///x?user=nobody&host=%2Fnonexistent".into());
    let error = Store::open(&nowhere).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable(_)), "{error}");
    let foreign = StoreUrl::Postgres("postgres://u:geheim@192.0.2.1/db".into());
    let error = Store::open(&foreign).await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Unavailable(text) if text.contains("not on this machine")),
        "{error}"
    );
    assert!(!error.to_string().contains("geheim"));
    let db = testing::postgres().await.unwrap();
    let StoreUrl::Postgres(address) = &db.url else { panic!("a PostgreSQL database") };
    let absent = StoreUrl::Postgres(address.replace("behorig_test_", "absent_"));
    let error = Store::open(&absent).await.unwrap_err();
    assert!(matches!(&error, StoreError::Unavailable(text) if text.contains("does not exist")), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_parameter_type_is_refused_and_the_connection_lives() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    let wrong = store.write(|tx| tx.execute("UPDATE tally SET n = $1", &[Value::Text("x".into())])).await;
    assert!(matches!(wrong, Err(StoreError::Refused(_))), "{wrong:?}");
    assert_eq!(add_note(&store, 1, "x").await, Ok(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_errors_are_told_by_what_can_be_done() {
    let db = testing::postgres().await.unwrap();
    let store = with_notes(&db).await;
    for (code, expected) in [
        ("53100", StoreError::Full),
        ("55P03", StoreError::Busy),
        ("57014", StoreError::Busy),
        ("53300", StoreError::Busy),
        ("40P01", StoreError::Conflict),
        ("58030", StoreError::Unavailable("PostgreSQL error 58030".into())),
        ("XX001", StoreError::Corrupt("PostgreSQL error XX001".into())),
        ("22003", StoreError::Refused("PostgreSQL error 22003".into())),
    ] {
        let raise = format!("DO $$ BEGIN RAISE EXCEPTION 'of 191212121212' USING ERRCODE = '{code}'; END $$");
        let told = store.write(move |tx| tx.execute(&raise, &[])).await;
        assert_eq!(told, Err(expected), "{code}");
        assert_eq!(note_ids(&store).await, Vec::<i64>::new());
    }
}
