//! Drafts of forms: sealed, the person's alone, few, for a day, and gone with the person.

use crate::support::{Random, World, at, on_both, world};
use domain::PartyId;
use store::{
    StoreError, drafts,
    parties::{self, PartyKind},
    testing::TestDatabase,
};

on_both!(
    a_draft_is_sealed_and_its_persons_alone,
    a_draft_lives_a_day,
    the_oldest_gives_way,
    drafts_go_with_the_person,
);

async fn person(w: &World) -> PartyId {
    w.store.write(|tx| parties::create(tx, &Random, PartyKind::Person, at(0))).await.unwrap()
}

async fn keep(w: &World, who: PartyId, path: &str, typed: &str, seconds: i64) -> Result<(), StoreError> {
    let (path, typed) = (path.to_owned(), typed.to_owned());
    w.write(move |tx, keys| drafts::keep(tx, keys, &Random, who, &path, typed.as_bytes(), at(seconds))).await
}

async fn found(w: &World, who: PartyId, path: &str, seconds: i64) -> Option<(String, i64)> {
    let path = path.to_owned();
    let kept = w.read(move |tx, keys| drafts::find(tx, keys, who, &path, at(seconds))).await.unwrap();
    kept.map(|drafts::Draft { typed, saved_at }| {
        (String::from_utf8(typed.to_vec()).unwrap(), saved_at.since(at(0)).as_secs().try_into().unwrap())
    })
}

async fn a_draft_is_sealed_and_its_persons_alone(db: TestDatabase) {
    let w = world(db).await;
    let (eva, sven) = (person(&w).await, person(&w).await);
    keep(&w, eva, "/a", "the first secret", 1).await.unwrap();
    keep(&w, eva, "/a", "the second secret", 2).await.unwrap();
    assert_eq!(found(&w, eva, "/a", 3).await, Some(("the second secret".into(), 2)));
    assert_eq!((found(&w, eva, "/b", 3).await, found(&w, sven, "/a", 3).await), (None, None));
    let sealed: Vec<u8> = w
        .read(|tx, _| tx.query("SELECT sealed FROM form_draft", &[])?[0].get(0))
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert!(!sealed.windows(6).any(|piece| piece == b"secret"));
    // A row that was moved to another person or page does not open.
    w.write(move |tx, _| {
        tx.execute("UPDATE form_draft SET path = '/moved' WHERE person = $1", &[eva.into()])
    })
    .await
    .unwrap();
    let moved = w.read(move |tx, keys| drafts::find(tx, keys, eva, "/moved", at(3))).await;
    assert!(matches!(moved, Err(StoreError::Key(_))), "{moved:?}");
    let long = keep(&w, eva, "/a", &"x".repeat(drafts::MAX_LEN + 1), 4).await;
    assert!(matches!(long, Err(StoreError::Refused(_))), "{long:?}");
    let long = keep(&w, eva, &"/".repeat(drafts::MAX_PATH + 1), "x", 4).await;
    assert!(matches!(long, Err(StoreError::Refused(_))), "{long:?}");
}

async fn a_draft_lives_a_day(db: TestDatabase) {
    let w = world(db).await;
    let eva = person(&w).await;
    keep(&w, eva, "/a", "x", 0).await.unwrap();
    let day = 24 * 3600;
    assert!(found(&w, eva, "/a", day - 1).await.is_some() && found(&w, eva, "/a", day).await.is_none());
    assert_eq!(w.read(move |tx, _| drafts::any_old(tx, at(day - 1))).await, Ok(false));
    assert_eq!(w.read(move |tx, _| drafts::any_old(tx, at(day))).await, Ok(true));
    keep(&w, eva, "/b", "y", 60).await.unwrap();
    assert_eq!(w.write(move |tx, _| drafts::remove_old(tx, at(day))).await, Ok(1));
    assert!(found(&w, eva, "/b", day).await.is_some());
    assert_eq!(w.write(move |tx, _| drafts::remove(tx, eva, "/b")).await, Ok(true));
    assert_eq!(w.write(move |tx, _| drafts::remove(tx, eva, "/b")).await, Ok(false));
}

async fn the_oldest_gives_way(db: TestDatabase) {
    let w = world(db).await;
    let (eva, sven) = (person(&w).await, person(&w).await);
    keep(&w, sven, "/0", "x", 0).await.unwrap();
    for n in 0..i64::from(drafts::MOST) + 2 {
        keep(&w, eva, &format!("/{n}"), "x", n).await.unwrap();
    }
    assert_eq!((found(&w, eva, "/0", 99).await, found(&w, eva, "/1", 99).await), (None, None));
    for n in 2..drafts::MOST + 2 {
        assert!(found(&w, eva, &format!("/{n}"), 99).await.is_some(), "{n}");
    }
    assert!(found(&w, sven, "/0", 99).await.is_some(), "others keep theirs");
}

async fn drafts_go_with_the_person(db: TestDatabase) {
    let w = world(db).await;
    let eva = person(&w).await;
    keep(&w, eva, "/a", "x", 0).await.unwrap();
    w.write(move |tx, _| parties::erase(tx, eva, at(1))).await.unwrap();
    assert_eq!(found(&w, eva, "/a", 2).await, None);
    let left: i64 = w
        .read(|tx, _| tx.query("SELECT count(*) FROM form_draft", &[])?[0].get(0))
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(left, 0);
    assert_eq!(keep(&w, eva, "/a", "y", 3).await, Err(StoreError::Conflict));
}
