//! `seq`: gap-free and in commit order, whatever happens around it.

use crate::support::{on_both, world};
use domain::{Freshness, Seq};
use store::{StoreError, seq, testing::TestDatabase};

on_both!(numbers_have_no_gaps_under_concurrency_and_refusals, a_range_is_taken_at_once);

async fn numbers_have_no_gaps_under_concurrency_and_refusals(db: TestDatabase) {
    let one = world(db).await;
    let other = one.db.open().await.unwrap();
    // Each keeps its number in the order in which it was committed; every third refuses after taking one, one panics.
    one.store.write(|tx| tx.execute("CREATE TABLE taken (seq INTEGER PRIMARY KEY)", &[])).await.unwrap();
    let jobs: Vec<_> = (0..90)
        .map(|i| {
            let store = if i % 2 == 0 { one.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        let taken = seq::take(tx)?;
                        tx.execute("INSERT INTO taken (seq) VALUES ($1)", &[taken.into()])?;
                        let newest: Seq = tx.query("SELECT max(seq) FROM taken", &[])?[0].get(0)?;
                        assert_eq!(newest, taken, "a later number was committed first");
                        assert!(i != 77, "a mistake in the program");
                        if i % 3 == 0 { Err(StoreError::Conflict) } else { Ok(taken) }
                    })
                    .await
            })
        })
        .collect();
    let mut taken = Vec::new();
    for job in jobs {
        taken.extend(job.await.unwrap().ok());
    }
    taken.sort_unstable();
    assert_eq!(taken, (1..=59).map(Seq).collect::<Vec<_>>());
    let head = one.store.read(seq::head).await;
    assert_eq!(head, Ok(Freshness { epoch: 0, seq: Seq(59) }));
}

async fn a_range_is_taken_at_once(db: TestDatabase) {
    let w = world(db).await;
    assert_eq!(w.store.write(|tx| seq::take_range(tx, 10)).await, Ok(Seq(1)));
    assert_eq!(w.store.write(seq::take).await, Ok(Seq(11)));
    assert!(matches!(w.store.write(|tx| seq::take_range(tx, 0)).await, Err(StoreError::Refused(_))));
    assert_eq!(w.store.read(seq::head).await.unwrap().seq, Seq(11));
}
