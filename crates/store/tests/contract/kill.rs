//! What was acknowledged survives `kill -9`.
//!
//! The test runs itself as a child that writes as fast as it can and prints each id after its acknowledgement; the
//! child is killed in the middle; every printed id must be in the store, whole.

use crate::support::{add_note, with_notes};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
};
use store::{Store, StoreError, StoreUrl, testing, testing::TestDatabase};

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_writes_survive_on_sqlite() {
    if !is_the_child().await {
        acknowledged_writes_survive(testing::sqlite().unwrap(), "on_sqlite").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn acknowledged_writes_survive_on_postgres() {
    if !is_the_child().await {
        acknowledged_writes_survive(testing::postgres().await.unwrap(), "on_postgres").await;
    }
}

const ADDRESS: &str = "BEHORIG_TEST_KILL_ADDRESS";

async fn is_the_child() -> bool {
    let Ok(address) = std::env::var(ADDRESS) else { return false };
    write_without_end(address.parse().unwrap()).await;
    true
}

async fn acknowledged_writes_survive(db: TestDatabase, engine: &str) {
    let store = with_notes(&db).await;
    let address = match &db.url {
        StoreUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        StoreUrl::Postgres(address) => address.clone(),
    };
    let mut expected = 0;
    for round in 0..3_i64 {
        let test = format!("kill::acknowledged_writes_survive_{engine}");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test.as_str(), "--nocapture"])
            .env(ADDRESS, &address)
            .env("BEHORIG_TEST_KILL_FROM", (round * 1_000_000).to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let acknowledged = tokio::task::spawn_blocking(move || {
            let mut acknowledged = Vec::new();
            for line in BufReader::new(child.stdout.take().unwrap()).lines() {
                let line = line.unwrap();
                if let Some(id) = line.strip_prefix("ack ") {
                    acknowledged.push(id.parse::<i64>().unwrap());
                }
                if acknowledged.len() == 300 {
                    child.kill().unwrap();
                }
            }
            child.wait().unwrap();
            acknowledged
        })
        .await
        .unwrap();
        expected += acknowledged.len();
        assert!(acknowledged.len() >= 300, "{} writes before the end", acknowledged.len());
        for id in acknowledged {
            let halves: i64 = store
                .read(move |tx| {
                    tx.query(
                        "SELECT count(*) FROM note WHERE id IN ($1, $2)",
                        &[id.into(), (-id - 1).into()],
                    )?[0]
                        .get(0)
                })
                .await
                .unwrap_or_else(|e: StoreError| panic!("{e}"));
            assert_eq!(halves, 2, "write {id} was acknowledged and is not whole");
        }
    }
    // Nothing half-done: both rows of a write or none.
    let lonely: i64 = store
        .read(|tx| {
            tx.query(
                "SELECT count(*) FROM note a WHERE NOT EXISTS (SELECT 1 FROM note b WHERE b.id = -a.id - 1)",
                &[],
            )?[0]
                .get(0)
        })
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(lonely, 0);
    assert!(expected >= 900);
    add_note(&store, 5_000_000, "after").await.unwrap();
}

async fn write_without_end(url: StoreUrl) {
    let from: i64 = std::env::var("BEHORIG_TEST_KILL_FROM").unwrap().parse().unwrap();
    let store = Store::open(&url).await.unwrap();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for i in 0..100_000 {
                    let id = from + i * 8 + writer;
                    store
                        .write(move |tx| {
                            let sql = "INSERT INTO note (id, text) VALUES ($1, 'x')";
                            tx.execute(sql, &[id.into()])?;
                            tx.execute(sql, &[(-id - 1).into()])
                        })
                        .await
                        .unwrap_or_else(|e: StoreError| panic!("{e}"));
                    writeln!(std::io::stdout().lock(), "ack {id}").unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
}
