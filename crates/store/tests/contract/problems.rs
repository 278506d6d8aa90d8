//! Notes of problems: joined by their code, bounded, forgotten, and of nobody when the person is erased. Reasons of look-ups
//! are sealed and go with the person.

use crate::support::{Random, World, at, on_both, world};
use domain::{PartyId, RecordId};
use std::time::Duration;
use store::parties::{self, PartyKind};
use store::problems::{self, LIFE, Note};
use store::{StoreError, lookups, testing::TestDatabase};

on_both!(
    a_note_is_joined_found_and_forgotten,
    strangers_displace_nobody,
    a_reason_is_sealed_and_goes_with_the_person,
);

fn note(n: u32, seconds: i64, person: Option<PartyId>) -> Note {
    Note {
        reference: format!("{n:010}").parse().unwrap(),
        at: at(seconds),
        node: "a".into(),
        code: Some("BEH-3105".into()),
        status: Some(404),
        method: Some("GET".into()),
        route: None,
        rule: None,
        cause: None,
        person,
    }
}

async fn keep(w: &World, note: Note) {
    w.store.write(move |tx| problems::keep(tx, &note)).await.unwrap();
}

async fn person(w: &World) -> PartyId {
    w.store.write(|tx| parties::create(tx, &Random, PartyKind::Person, at(0))).await.unwrap()
}

async fn find(w: &World, n: u32) -> Option<Note> {
    let reference = format!("{n:010}").parse().unwrap();
    w.store.read(move |tx| problems::find(tx, &reference)).await.unwrap()
}

async fn a_note_is_joined_found_and_forgotten(db: TestDatabase) {
    let w = world(db).await;
    let eva = person(&w).await;
    let fault = Note {
        code: None,
        status: None,
        method: None,
        cause: Some("the store is full".into()),
        ..note(1, 10, None)
    };
    keep(&w, fault).await;
    keep(&w, note(1, 11, Some(eva))).await;
    let joined = Note { at: at(10), cause: Some("the store is full".into()), ..note(1, 10, Some(eva)) };
    assert_eq!(find(&w, 1).await, Some(joined.clone()));
    assert_eq!(find(&w, 2).await, None);

    keep(&w, note(3, 20, Some(eva))).await;
    let between = |from, to| w.store.read(move |tx| problems::of_person(tx, eva, at(from), at(to), 10));
    assert_eq!(between(10, 19).await.unwrap(), std::slice::from_ref(&joined));
    assert_eq!(between(11, 20).await.unwrap(), [note(3, 20, Some(eva))]);

    w.store.write(move |tx| parties::erase(tx, eva, at(30))).await.unwrap();
    assert_eq!(find(&w, 3).await.unwrap().person, None);

    let late = at(10) + LIFE;
    let any = move |tx: &mut store::Tx<'_>| problems::any_old(tx, late);
    assert!(w.store.read(any).await.unwrap());
    let early = late - Duration::from_micros(1);
    assert!(!w.store.read(move |tx| problems::any_old(tx, early)).await.unwrap());
    assert_eq!(w.store.write(move |tx| problems::forget(tx, late)).await, Ok(1));
    assert!(find(&w, 1).await.is_none() && find(&w, 3).await.is_some());
}

async fn strangers_displace_nobody(db: TestDatabase) {
    let w = world(db).await;
    let eva = person(&w).await;
    for n in 0..3 {
        keep(&w, note(n, i64::from(n), Some(eva))).await;
    }
    for n in 10..20 {
        keep(&w, note(n, i64::from(n), None)).await;
    }
    let trim = |tx: &mut store::Tx<'_>| problems::forget_above(tx, 2, 3);
    assert_eq!(w.store.write(trim).await, Ok(1 + 7));
    for (n, there) in [(0, false), (1, true), (2, true), (10, false), (16, false), (17, true), (19, true)] {
        assert_eq!(find(&w, n).await.is_some(), there, "{n}");
    }
}

async fn reason(w: &World, id: RecordId) -> Option<zeroize::Zeroizing<String>> {
    w.read(move |tx, keys| lookups::find(tx, keys, id)).await.unwrap()
}

async fn a_reason_is_sealed_and_goes_with_the_person(db: TestDatabase) {
    let w = world(db).await;
    let eva = person(&w).await;
    let id = RecordId::from_bytes([7; 16]);
    let long = "x".repeat(lookups::MAX_LEN + 1);
    let record = move |tx: &mut store::Tx<'_>| {
        let record = activity::Record {
            id,
            ..activity::Record::new(&Random, at(1), activity::RecordClass::Read, "reference.looked_up")
        };
        store::records::append(tx, &record, &Random)
    };
    w.store.write(record).await.unwrap();
    let refused = w.write(move |tx, keys| lookups::keep(tx, keys, &Random, id, eva, &long)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    w.write(move |tx, keys| lookups::keep(tx, keys, &Random, id, eva, "the secret reason")).await.unwrap();
    assert_eq!(reason(&w, id).await.unwrap().as_str(), "the secret reason");
    let sealed = w
        .store
        .read(|tx| tx.query("SELECT sealed FROM lookup_reason", &[])?[0].get::<Vec<u8>>(0))
        .await
        .unwrap();
    assert!(!sealed.windows(6).any(|bytes| bytes == b"secret"));
    w.store.write(move |tx| parties::erase(tx, eva, at(30))).await.unwrap();
    assert!(reason(&w, id).await.is_none());
}
