//! Installation, keys, catalogue.

use crate::support::{Random, World, at, on_both, world};
use domain::{PartyId, Seq};
use keyring::{Keyring, Purpose, rotate};
use store::{
    StoreError,
    catalogues::{self, StoredCatalogue},
    installation::{self, Environment, Installation},
    keys,
    testing::TestDatabase,
};

on_both!(
    an_installation_is_marked_once,
    keys_come_back_and_a_rotation_is_noticed,
    keys_are_turned_by_one_at_a_time,
    the_catalogue_in_force_is_found_at_any_seq,
);

async fn an_installation_is_marked_once(db: TestDatabase) {
    let w = world(db).await;
    assert_eq!(w.store.read(installation::find).await, Ok(None));
    let mark = Installation {
        environment: Environment::Production,
        origin: "behorig.example.se".into(),
        agency: PartyId::from_bytes([3; 16]),
        epoch: 1,
        created_at: at(0),
    };
    let (first, second) = (mark.clone(), Installation { environment: Environment::Demo, ..mark.clone() });
    w.store.write(move |tx| installation::create(tx, &first)).await.unwrap();
    let again = w.store.write(move |tx| installation::create(tx, &second)).await;
    assert_eq!(again, Err(StoreError::Unique { table: "installation".into() }));
    assert_eq!(w.store.read(installation::find).await, Ok(Some(mark)));
}

async fn saved(w: &World) -> (u64, Vec<keyring::StoredKey>) {
    w.store.read(keys::all).await.unwrap()
}

async fn keys_come_back_and_a_rotation_is_noticed(db: TestDatabase) {
    let w = world(db).await;
    let rows = w.rows.clone();
    assert_eq!(w.store.read(keys::version).await, Ok(0));
    assert_eq!(w.store.write(move |tx| keys::save(tx, 0, &rows)).await, Ok(1));
    let (version, stored) = saved(&w).await;
    let sorted = |mut rows: Vec<keyring::StoredKey>| {
        rows.sort_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
        rows
    };
    assert_eq!((version, sorted(stored.clone())), (1, sorted(w.rows.clone())));
    for purpose in [Purpose::VaultWrap, Purpose::Checkpoint] {
        let (version, stored) = saved(&w).await;
        let changed = rotate(&stored, purpose, &w.master, &Random, at(50)).unwrap();
        assert_eq!(w.store.write(move |tx| keys::save(tx, version, &changed)).await, Ok(version + 1));
    }
    let (version, stored) = saved(&w).await;
    assert_eq!((version, stored.len()), (3, w.rows.len() + 2));
    let ring = Keyring::open(&w.master, &stored).unwrap();
    let sealed = w.keys.seal(Purpose::VaultWrap, b"context", b"plain", &Random).unwrap();
    assert_eq!(ring.unseal(Purpose::VaultWrap, b"context", &sealed).unwrap().as_slice(), b"plain");
    assert_eq!(ring.public_keys::<32>(Purpose::Checkpoint).len(), 2);
}

async fn keys_are_turned_by_one_at_a_time(db: TestDatabase) {
    let w = world(db).await;
    let rows = w.rows.clone();
    w.store.write(move |tx| keys::save(tx, 0, &rows)).await.unwrap();
    let turn = || rotate(&w.rows, Purpose::VaultWrap, &w.master, &Random, at(50)).unwrap();
    let (first, second) = (turn(), turn());
    assert_eq!(w.store.write(move |tx| keys::save(tx, 1, &first)).await, Ok(2));
    assert_eq!(w.store.write(move |tx| keys::save(tx, 1, &second)).await, Err(StoreError::Conflict));
    assert_eq!(saved(&w).await.1.len(), w.rows.len() + 1);
}

async fn the_catalogue_in_force_is_found_at_any_seq(db: TestDatabase) {
    let w = world(db).await;
    let version = |seq: u64| StoredCatalogue {
        seq: Seq(seq),
        hash: [seq as u8; 32],
        body: format!(r#"{{"version":{seq}}}"#),
        applied_at: at(seq as i64),
    };
    assert_eq!(w.store.read(catalogues::latest).await, Ok(None));
    assert_eq!(w.store.read(catalogues::latest_seq).await, Ok(None));
    for seq in [3, 8] {
        w.store.write(move |tx| catalogues::insert(tx, &version(seq))).await.unwrap();
    }
    assert_eq!(w.store.read(catalogues::latest).await, Ok(Some(version(8))));
    assert_eq!(w.store.read(catalogues::latest_seq).await, Ok(Some(Seq(8))));
    for (seq, found) in [(2, None), (3, Some(3)), (7, Some(3)), (8, Some(8)), (99, Some(8))] {
        let at = w.store.read(move |tx| catalogues::at(tx, Seq(seq))).await;
        assert_eq!(at, Ok(found.map(version)), "{seq}");
    }
    let twice = w.store.write(move |tx| catalogues::insert(tx, &version(8))).await;
    assert_eq!(twice, Err(StoreError::Unique { table: "catalogue".into() }));
}
