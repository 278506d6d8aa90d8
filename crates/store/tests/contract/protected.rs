//! The register's marks: secret, lifted, gone with the person; the register read once; names that are guessed, counted.

use crate::support::{Random, World, at, on_both, world};
use domain::PartyId;
use std::collections::BTreeSet;
use store::parties::{self, Identifier, PartyKind};
use store::protected::{self, Form};
use store::{StoreError, name_tries, testing::TestDatabase};

on_both!(
    a_copy_does_not_tell_who_is_marked,
    a_number_is_forgotten_and_the_register_read_once,
    wrong_names_are_counted_for_a_day,
);

async fn person(w: &World) -> PartyId {
    w.store.write(|tx| parties::create(tx, &Random, PartyKind::Person, at(0))).await.unwrap()
}

async fn a_copy_does_not_tell_who_is_marked(db: TestDatabase) {
    let w = world(db).await;
    let (eva, sven) = (person(&w).await, person(&w).await);
    for form in [Form::SecrecyMarking, Form::ProtectedRegistration] {
        w.write(move |tx, keys| protected::mark(tx, keys, &Random, eva, form)).await.unwrap();
        assert_eq!(w.read(move |tx, keys| protected::form_of(tx, keys, eva)).await, Ok(Some(form)));
    }
    assert_eq!(w.read(move |tx, keys| protected::form_of(tx, keys, sven)).await, Ok(None));
    let marked = w.read(move |tx, keys| protected::marked(tx, keys, &[eva, sven])).await;
    assert_eq!(marked, Ok(BTreeSet::from([eva])));
    let rows: Vec<(Vec<u8>, Vec<u8>)> = w
        .read(|tx, _| {
            let rows = tx.query("SELECT token, sealed FROM register_mark", &[])?;
            rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
        })
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    let [(token, sealed)] = rows.as_slice() else { panic!("one mark a person: {}", rows.len()) };
    let bytes = [token.as_slice(), sealed].concat();
    assert!(!bytes.windows(16).any(|piece| piece == eva.as_bytes()));
    assert!(!bytes.windows(10).any(|piece| piece == b"protected_"));
    assert_eq!(w.write(move |tx, keys| protected::lift(tx, keys, eva)).await, Ok(true));
    assert_eq!(w.write(move |tx, keys| protected::lift(tx, keys, eva)).await, Ok(false));
    assert_eq!(w.read(move |tx, keys| protected::form_of(tx, keys, eva)).await, Ok(None));
    // Whoever has been erased is marked no more, and is not marked again.
    w.write(move |tx, keys| protected::mark(tx, keys, &Random, sven, Form::Replaced)).await.unwrap();
    w.write(move |tx, _| parties::erase(tx, sven, at(1))).await.unwrap();
    assert_eq!(w.read(move |tx, keys| protected::form_of(tx, keys, sven)).await, Ok(None));
    let again = w.write(move |tx, keys| protected::mark(tx, keys, &Random, sven, Form::Replaced)).await;
    assert_eq!(again, Err(StoreError::Conflict));
}

async fn a_number_is_forgotten_and_the_register_read_once(db: TestDatabase) {
    let w = world(db).await;
    let by = Identifier::PersonalNumber("199001012385");
    let eva = w.write(move |tx, keys| parties::find_or_create(tx, keys, &Random, by, at(0))).await.unwrap();
    assert_eq!(w.read(move |tx, keys| parties::find(tx, keys, by)).await, Ok(Some(eva)));
    assert_eq!(w.write(move |tx, keys| protected::forget_number(tx, keys, by)).await, Ok(true));
    assert_eq!(w.read(move |tx, keys| parties::find(tx, keys, by)).await, Ok(None));
    assert_eq!(w.write(move |tx, keys| protected::forget_number(tx, keys, by)).await, Ok(false));
    assert_eq!(w.read(|tx, _| protected::position(tx)).await, Ok(0));
    assert_eq!(w.write(|tx, _| protected::advance(tx, 0, 7)).await, Ok(true));
    assert_eq!(w.write(|tx, _| protected::advance(tx, 0, 9)).await, Ok(false));
    assert_eq!(w.read(|tx, _| protected::position(tx)).await, Ok(7));
}

async fn wrong_names_are_counted_for_a_day(db: TestDatabase) {
    let w = world(db).await;
    let (eva, sven) = (person(&w).await, person(&w).await);
    let made =
        async |who, seconds| w.write(move |tx, _| name_tries::made(tx, who, at(seconds))).await.unwrap();
    let missed = async |who, seconds| {
        w.write(move |tx, _| name_tries::missed(tx, &Random, who, at(seconds))).await.unwrap();
    };
    assert_eq!(made(eva, 0).await, 0);
    missed(eva, 0).await;
    missed(eva, 5).await;
    assert_eq!((made(eva, 6).await, made(sven, 6).await), (2, 0));
    assert_eq!(made(eva, 24 * 3600 - 1).await, 2);
    assert_eq!(made(eva, 24 * 3600).await, 1);
    assert_eq!(made(eva, 24 * 3600 + 5).await, 0);
}
