//! Transactions: what is kept, what is undone, what one job may do to another.

use crate::support::{add_note, at, note_ids, on_both, start_all, with_notes};
use domain::PartyId;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};
use store::{
    Store, StoreError, Value,
    testing::{TestClock, TestDatabase},
};

on_both!(
    values_come_back_as_they_went,
    a_refusal_undoes_its_own_changes_only,
    a_failed_statement_dooms_its_transaction,
    a_panicking_job_leaves_the_store_at_work,
    a_read_cannot_write,
    a_read_sees_one_snapshot,
    a_caller_who_goes_away_does_not_stop_the_job,
    concurrent_counting_loses_nothing,
    too_many_waiting_jobs_are_told_so,
    store_time_is_near_or_the_callers,
    errors_do_not_quote_values,
);

async fn values_come_back_as_they_went(db: TestDatabase) {
    let store = with_notes(&db).await;
    let party = PartyId::from_bytes([7; 16]);
    let rows = store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO note (id, text, blob) VALUES ($2, $1, $3), ($4, $1, $5)",
                &[
                    "å-ä-ö 'x' $1".into(),
                    Value::Int(i64::MIN),
                    party.into(),
                    Value::Int(i64::MAX),
                    Value::Null,
                ],
            )?;
            tx.query("SELECT id, text, blob, 1 = 1, count(*) OVER () FROM note ORDER BY id", &[])
        })
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(rows[0].get::<i64>(0), Ok(i64::MIN));
    assert_eq!(rows[0].get::<String>(1), Ok("å-ä-ö 'x' $1".to_owned()));
    assert_eq!(rows[0].get::<PartyId>(2), Ok(party));
    assert_eq!(rows[0].get::<i64>(3), Ok(1));
    assert_eq!(rows[0].get::<i64>(4), Ok(2));
    assert_eq!(rows[1].get::<i64>(0), Ok(i64::MAX));
    assert_eq!(rows[1].get::<Option<Vec<u8>>>(2), Ok(None));
}

async fn a_refusal_undoes_its_own_changes_only(db: TestDatabase) {
    #[derive(Debug, PartialEq)]
    enum Answer {
        Refused,
        Store(StoreError),
    }
    impl From<StoreError> for Answer {
        fn from(e: StoreError) -> Self {
            Answer::Store(e)
        }
    }
    let store = with_notes(&db).await;
    let jobs: Vec<_> = (0..20)
        .map(|id: i64| {
            let store = store.clone();
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        tx.execute("INSERT INTO note (id, text) VALUES ($1, 'x')", &[id.into()])?;
                        if id % 2 == 0 { Ok(id) } else { Err(Answer::Refused) }
                    })
                    .await
            })
        })
        .collect();
    for (id, job) in (0..).zip(jobs) {
        assert_eq!(job.await.unwrap(), if id % 2 == 0 { Ok(id) } else { Err(Answer::Refused) });
    }
    assert_eq!(note_ids(&store).await, (0..20).step_by(2).collect::<Vec<i64>>());
}

async fn a_failed_statement_dooms_its_transaction(db: TestDatabase) {
    let store = with_notes(&db).await;
    add_note(&store, 1, "first").await.unwrap();
    let swallowed = store
        .write(|tx| {
            tx.execute("INSERT INTO note (id, text) VALUES (2, 'x')", &[])?;
            let again = tx.execute("INSERT INTO note (id, text) VALUES (1, 'x')", &[]);
            assert_eq!(again, Err(StoreError::Unique { table: "note".into() }));
            // The error is dropped, and the next statement is refused like the first.
            assert!(tx.execute("INSERT INTO note (id, text) VALUES (3, 'x')", &[]).is_err());
            Ok::<_, StoreError>(())
        })
        .await;
    assert_eq!(swallowed, Err(StoreError::Unique { table: "note".into() }));
    assert_eq!(note_ids(&store).await, [1]);
    let broken = store.write(|tx| tx.execute("UPDATE tally SET n = 1000001", &[])).await;
    assert!(matches!(broken, Err(StoreError::Refused(_))), "{broken:?}");
    let misspelt = store.write(|tx| tx.execute("INSERT INTO nota (id) VALUES (1)", &[])).await;
    assert!(matches!(misspelt, Err(StoreError::Refused(_))), "{misspelt:?}");
}

async fn a_panicking_job_leaves_the_store_at_work(db: TestDatabase) {
    let store = with_notes(&db).await;
    for round in 0..3 {
        let panicked = store
            .write(move |tx| {
                tx.execute("INSERT INTO note (id, text) VALUES ($1, 'x')", &[Value::Int(100 + round)])?;
                assert!(round > 5, "a mistake in the program");
                Ok::<_, StoreError>(())
            })
            .await;
        assert_eq!(panicked, Err(StoreError::Panicked));
        let read = store.read(|_| -> Result<(), StoreError> { panic!("a mistake in the program") }).await;
        assert_eq!(read, Err(StoreError::Panicked));
        add_note(&store, round, "after").await.unwrap();
    }
    assert_eq!(note_ids(&store).await, [0, 1, 2]);
}

async fn a_read_cannot_write(db: TestDatabase) {
    let store = with_notes(&db).await;
    let tried = store.read(|tx| tx.execute("INSERT INTO note (id, text) VALUES (1, 'x')", &[])).await;
    assert!(matches!(tried, Err(StoreError::Refused(_))), "{tried:?}");
    assert_eq!(note_ids(&store).await, Vec::<i64>::new());
}

async fn a_read_sees_one_snapshot(db: TestDatabase) {
    let store = with_notes(&db).await;
    let (seen, wait_seen) = mpsc::channel();
    let (go, wait_go) = mpsc::channel::<()>();
    let reader = store.clone();
    let read = tokio::spawn(async move {
        let mut end = Some((seen, wait_go));
        reader
            .read(move |tx| {
                let count = "SELECT count(*) FROM note";
                let before: i64 = tx.query(count, &[])?[0].get(0)?;
                if let Some((seen, wait_go)) = end.take() {
                    seen.send(()).unwrap();
                    wait_go.recv_timeout(Duration::from_secs(20)).unwrap();
                }
                let after: i64 = tx.query(count, &[])?[0].get(0)?;
                Ok::<_, StoreError>((before, after))
            })
            .await
    });
    tokio::task::spawn_blocking(move || wait_seen.recv_timeout(Duration::from_secs(20)).unwrap())
        .await
        .unwrap();
    add_note(&store, 1, "meanwhile").await.unwrap();
    go.send(()).unwrap();
    assert_eq!(read.await.unwrap(), Ok((0, 0)));
    assert_eq!(note_ids(&store).await, [1]);
}

async fn a_caller_who_goes_away_does_not_stop_the_job(db: TestDatabase) {
    let store = with_notes(&db).await;
    let (started, wait) = mpsc::channel();
    let job = store.clone();
    let task = tokio::spawn(async move {
        job.write(move |tx| {
            started.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(100));
            tx.execute("INSERT INTO note (id, text) VALUES (1, 'x')", &[])
        })
        .await
    });
    tokio::task::spawn_blocking(move || wait.recv_timeout(Duration::from_secs(20)).unwrap()).await.unwrap();
    task.abort();
    for _ in 0..100 {
        if note_ids(&store).await == [1] {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the job was lost with its caller");
}

async fn concurrent_counting_loses_nothing(db: TestDatabase) {
    let one = with_notes(&db).await;
    let other = db.open().await.unwrap();
    let jobs: Vec<_> = (0..60)
        .map(|i| {
            let store = if i % 2 == 0 { one.clone() } else { other.clone() };
            tokio::spawn(async move {
                store
                    .write(|tx| tx.query("UPDATE tally SET n = n + 1 RETURNING n", &[])?[0].get::<i64>(0))
                    .await
            })
        })
        .collect();
    let mut numbers = Vec::new();
    for job in jobs {
        numbers.push(job.await.unwrap().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=60).collect::<Vec<i64>>());
}

async fn too_many_waiting_jobs_are_told_so(db: TestDatabase) {
    let store = with_notes(&db).await;
    let (go, gate) = tokio::sync::watch::channel(());
    let (answered, waiting) = start_all((0..1400).map(|_| {
        let (store, gate) = (store.clone(), gate.clone());
        async move {
            store
                .write(move |_| {
                    while !gate.has_changed().unwrap_or(true) {
                        std::thread::sleep(Duration::from_millis(5));
                    }
                    Ok::<_, StoreError>(())
                })
                .await
        }
    }))
    .await;
    drop(go);
    assert!(answered.iter().all(|answer| *answer == Err(StoreError::Busy)));
    let (mut done, busy) = (0, answered.len());
    for job in waiting {
        job.await.unwrap();
        done += 1;
    }
    assert!(done >= 1024 && busy >= 300, "{done} done, {busy} told to wait");
}

async fn store_time_is_near_or_the_callers(db: TestDatabase) {
    let store: Store = db.open().await.unwrap();
    let clock = TestClock::at(at(0));
    let first = store.store_time(&clock).await.unwrap();
    if store.commits().is_some() {
        assert_eq!(first, at(0));
    } else {
        let second = store.store_time(&clock).await.unwrap();
        assert!(first <= second && second.since(first) < Duration::from_secs(20), "{first} {second}");
        assert!(first > at(0), "{first}");
    }
}

async fn errors_do_not_quote_values(db: TestDatabase) {
    let store = with_notes(&db).await;
    let runs = Arc::new(AtomicU32::new(0));
    for sql in [
        "INSERT INTO note (id, text) VALUES ($1, $2), ($1, $2)",
        "INSERT INTO note (id, text) VALUES ($1, CASE WHEN $2 = '' THEN 'x' END)",
        "SELECT id FROM note WHERE id = $1 AND CAST($2 AS TEXT) = 1",
    ] {
        let counter = runs.clone();
        let error = store
            .write(move |tx| {
                counter.fetch_add(1, Ordering::Relaxed);
                tx.execute(sql, &[Value::Int(197010632391), "197010632391".into()])
            })
            .await;
        if let Err(error) = error {
            assert!(!format!("{error} {error:?}").contains("197010632391"), "{error:?}");
        }
    }
    assert_eq!(runs.load(Ordering::Relaxed), 3);
}
