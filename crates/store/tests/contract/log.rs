//! The log: positions behind the writers, tiles, checkpoints, and what the verifier reads.

use crate::support::{Random, World, at, on_both, world};
use activity::{
    Record, RecordClass, Reference,
    tiles::{TileHashes, TileId},
    tree::{LeafHashes, empty_root, inclusion_proof, root, verify_inclusion},
    verify::{Expected, Place, Verifier},
};
use domain::{Instant, RecordId, Seq};
use store::{Store, StoreError, log, records, testing::TestDatabase};

on_both!(
    the_tree_grows_with_its_tiles,
    two_sequencers_make_one_order,
    a_late_commit_is_not_lost,
    proofs_are_read_from_tiles,
    checkpoints_are_over_what_was_committed,
    the_verifier_reads_all_and_finds_what_was_altered,
);

fn record(seq: Option<u64>, at: Instant) -> Record {
    Record {
        id: RecordId::new(&Random),
        at,
        class: RecordClass::System,
        event: "test.done".into(),
        actor: None,
        party: None,
        object: None,
        seq: seq.map(Seq),
        decided: None,
        evidence: Vec::new(),
        fault: None,
        reference: Reference::new(&Random),
        detail: [].into(),
    }
}

async fn append(store: &Store, count: u32) {
    store
        .write(move |tx| {
            for i in 0..count {
                records::append(tx, &record(None, at(i.into())), &Random)?;
            }
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}

async fn the_tree_grows_with_its_tiles(db: TestDatabase) {
    let w = world(db).await;
    let tree = w.store.read(log::tree).await.unwrap();
    assert_eq!((tree.size, tree.root), (0, empty_root()));
    let none = w.store.write(|tx| log::advance(tx, 100)).await.unwrap();
    assert_eq!((none.taken, none.tree), (0, tree));
    // Steps of all sizes, over the edge of a tile and of several.
    let mut size = 0;
    for count in [1_u32, 7, 200, 100, 448, 30] {
        append(&w.store, count).await;
        let step = w.store.write(|tx| log::advance(tx, 1000)).await.unwrap();
        size += u64::from(count);
        assert_eq!((step.taken, step.tree.size), (count, size));
        let hashes = w.store.read(move |tx| log::leaf_hashes(tx, 0..size)).await.unwrap();
        assert_eq!(hashes.len() as u64, size);
        assert_eq!(root(&mut LeafHashes(&hashes), size).unwrap(), step.tree.root);
    }
    assert_eq!(size, 786);
    // A tile as it was in a smaller tree is the beginning of the tile as it is.
    let (partial, full) = w
        .store
        .read(|tx| {
            Ok::<_, StoreError>((
                log::tile(tx, TileId { level: 0, index: 0, width: 8 })?,
                log::tile(tx, TileId { level: 0, index: 0, width: 256 })?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(partial, full[..256]);
    let level_1 = w.store.read(|tx| log::tile(tx, TileId { level: 1, index: 0, width: 3 })).await.unwrap();
    assert_eq!(level_1.len(), 96);
    assert!(w.store.read(|tx| log::tile(tx, TileId { level: 1, index: 0, width: 4 })).await.is_err());
    let middle = w.store.read(|tx| log::leaf_hashes(tx, 250..260)).await.unwrap();
    let all = w.store.read(|tx| log::leaf_hashes(tx, 0..10_000)).await.unwrap();
    assert_eq!(middle, all[250..260]);
    assert_eq!(w.store.read(|tx| log::leaf_hashes(tx, 786..900)).await, Ok(Vec::new()));
    // A step takes no more than it is asked to.
    append(&w.store, 10).await;
    let step = w.store.write(|tx| log::advance(tx, 3)).await.unwrap();
    assert_eq!((step.taken, step.tree.size), (3, 789));
}

async fn two_sequencers_make_one_order(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    let jobs: Vec<_> = (0..40)
        .map(|i| {
            let store = if i % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                append(&store, 5).await;
                store.write(|tx| log::advance(tx, 9)).await.map(|step| step.taken)
            })
        })
        .collect();
    let mut taken = 0;
    for job in jobs {
        taken += job.await.unwrap().unwrap();
    }
    taken += w.store.write(|tx| log::advance(tx, 1000)).await.unwrap().taken;
    assert_eq!(taken, 200);
    let (tree, hashes) = w
        .store
        .read(|tx| Ok::<_, StoreError>((log::tree(tx)?, log::leaf_hashes(tx, 0..1000)?)))
        .await
        .unwrap();
    assert_eq!((tree.size, hashes.len()), (200, 200));
    assert_eq!(root(&mut LeafHashes(&hashes), 200).unwrap(), tree.root);
    let report = verify(&w, Vec::new(), None).await;
    assert_eq!((report.records, report.waiting), (200, 0));
}

/// A record that is older than others, but whose transaction commits after they have their positions.
async fn a_late_commit_is_not_lost(db: TestDatabase) {
    let w = world(db).await;
    let (late, early) = (record(None, at(0)), record(None, at(5)));
    let (late_id, early_id) = (late.id, early.id);
    w.store.write(move |tx| records::append(tx, &early, &Random)).await.unwrap();
    w.store.write(|tx| log::advance(tx, 10)).await.unwrap();
    w.store.write(move |tx| records::append(tx, &late, &Random)).await.unwrap();
    assert_eq!(w.store.read(move |tx| log::position_of(tx, late_id)).await, Ok(None));
    w.store.write(|tx| log::advance(tx, 10)).await.unwrap();
    assert_eq!(w.store.read(move |tx| log::position_of(tx, early_id)).await, Ok(Some(0)));
    assert_eq!(w.store.read(move |tx| log::position_of(tx, late_id)).await, Ok(Some(1)));
}

async fn proofs_are_read_from_tiles(db: TestDatabase) {
    let w = world(db).await;
    append(&w.store, 600).await;
    w.store.write(|tx| log::advance(tx, 1000)).await.unwrap();
    for position in [0_u64, 255, 256, 511, 512, 599] {
        let (tree, hash, proof) = w
            .store
            .read(move |tx| {
                let tree = log::tree(tx)?;
                let hash = log::leaf_hashes(tx, position..position + 1)?[0];
                let mut reader = TileHashes::new(tree.size, log::tiles(tx));
                let proof = inclusion_proof(&mut reader, position, tree.size).unwrap();
                Ok::<_, StoreError>((tree, hash, proof))
            })
            .await
            .unwrap();
        verify_inclusion(&hash, position, tree.size, &proof, &tree.root).unwrap();
    }
}

async fn checkpoints_are_over_what_was_committed(db: TestDatabase) {
    let w = world(db).await;
    append(&w.store, 3).await;
    w.store.write(|tx| log::advance(tx, 2)).await.unwrap();
    assert_eq!(w.store.read(log::latest_checkpoint).await, Ok(None));
    let save = |size: u64, note: &'static str| {
        let store = w.store.clone();
        async move { store.write(move |tx| log::save_checkpoint(tx, size, note)).await }
    };
    // The oldest record that no checkpoint covers: in the tree, then waiting, then none.
    assert_eq!(w.store.read(log::unsigned_since).await, Ok(Some(at(0))));
    assert!(matches!(save(3, "too far").await, Err(StoreError::Refused(_))));
    save(2, "second").await.unwrap();
    save(1, "first").await.unwrap();
    assert_eq!(w.store.read(log::latest_checkpoint).await, Ok(Some((2, "second".into()))));
    assert_eq!(w.store.read(log::unsigned_since).await, Ok(Some(at(2))));
    save(2, "second, by a new key").await.unwrap();
    assert_eq!(w.store.read(log::latest_checkpoint).await, Ok(Some((2, "second, by a new key".into()))));
    w.store.write(|tx| log::advance(tx, 2)).await.unwrap();
    save(3, "third").await.unwrap();
    assert_eq!(w.store.read(log::unsigned_since).await, Ok(None));
}

async fn verify(w: &World, keys: Vec<activity::VerifierKey>, head: Option<u64>) -> activity::verify::Report {
    w.store
        .read(move |tx| {
            let tree = log::tree(tx)?;
            let mut verifier =
                Verifier::new(Expected::new(keys.clone(), tree.size, Seq(head.unwrap_or(0)), at(10)));
            let mut from = 0;
            loop {
                let (hashes, rows) = log::page(tx, from, 64)?;
                verifier.page(&hashes, &rows);
                if hashes.is_empty() {
                    break;
                }
                from += hashes.len() as u64;
            }
            let mut after = None;
            loop {
                let outside = log::rows_outside(tx, after, 64)?;
                verifier.outside(&outside.rows);
                after = outside.next;
                if after.is_none() {
                    break;
                }
            }
            Ok::<_, StoreError>(verifier.finish())
        })
        .await
        .unwrap()
}

// R-004-48 (part)
async fn the_verifier_reads_all_and_finds_what_was_altered(db: TestDatabase) {
    let w = world(db).await;
    let target = record(Some(2), at(1));
    let (id, kept) = (target.id, target.clone());
    w.store
        .write(move |tx| {
            records::append(tx, &record(Some(1), at(0)), &Random)?;
            records::append(tx, &kept, &Random)?;
            for _ in 0..150 {
                records::append(tx, &record(None, at(2)), &Random)?;
            }
            log::advance(tx, 140)?;
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    assert_eq!(w.store.read(log::seqs).await, Ok(vec![Seq(1), Seq(2)]));
    let sound = verify(&w, Vec::new(), Some(2)).await;
    // Only the signature is missing: this test has no key.
    assert_eq!((sound.records, sound.waiting, sound.findings.len()), (152, 12, 1), "{sound}");
    // One record's text is altered, another one is taken out of its place.
    let body = Record { event: "test.undone".into(), ..target }.body();
    w.store
        .write(move |tx| {
            tx.execute("UPDATE record SET body = $1 WHERE id = $2", &[body.as_str().into(), id.into()])
        })
        .await
        .unwrap();
    let altered = verify(&w, Vec::new(), Some(2)).await;
    assert!(altered.to_string().contains(&id.to_string()), "{altered}");
    w.store
        .write(move |tx| tx.execute("DELETE FROM log_leaf WHERE record = $1", &[id.into()]))
        .await
        .unwrap();
    let outside = w.store.read(|tx| log::rows_outside(tx, None, 100)).await.unwrap();
    let nowhere: Vec<_> =
        outside.rows.iter().filter(|row| row.place == Place::Nowhere).map(|row| row.id).collect();
    assert_eq!((outside.rows.len(), nowhere), (13, vec![id]));
}
