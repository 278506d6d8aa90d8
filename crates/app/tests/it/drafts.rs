//! Forms that could not be taken: kept for the same person, for a day, and for nobody else.

use crate::support::{ASTRID, BENGT, House, MINUTE, TestDatabase, eventually, on_both};
use app::drafts::{Keeping, Typed};
use app::session::SecretKey;

on_both!(
    what_was_typed_comes_back_to_the_same_person_only,
    only_a_session_whose_time_ran_out_keeps_a_form,
    old_drafts_are_taken_away_and_erased_people_have_none,
);

const PATH: &str = "/for/x/people/give";

fn typed(text: &str) -> Typed {
    vec![("name".to_owned(), text.to_owned()), ("need".to_owned(), "rad\nrad".to_owned())]
}

async fn what_was_typed_comes_back_to_the_same_person_only(db: TestDatabase) {
    let house = House::empty(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in(ASTRID).await;
    let (_, bengt) = house.log_in(BENGT).await;
    house.forget().await;
    let kept = app.keep_form(astrid.person(), PATH, &typed("David")).await.unwrap();
    assert_eq!(kept, Keeping::Kept);
    let form = app.kept_form(&astrid, PATH).await.unwrap().unwrap();
    assert_eq!((&form.typed, form.at), (&typed("David"), app.now()));
    assert!(!format!("{form:?}").contains("David"));
    assert!(app.kept_form(&bengt, PATH).await.unwrap().is_none());
    assert!(app.kept_form(&astrid, "/for/y/people/give").await.unwrap().is_none());
    // Another person's letting go does not reach it.
    app.drop_kept_form(&bengt, PATH).await.unwrap();
    assert!(app.kept_form(&astrid, PATH).await.unwrap().is_some());
    app.drop_kept_form(&astrid, PATH).await.unwrap();
    assert!(app.kept_form(&astrid, PATH).await.unwrap().is_none());
    // Bounded, and no act: nothing is recorded.
    let large = typed(&"x".repeat(200_000));
    assert_eq!(app.keep_form(astrid.person(), PATH, &large).await.unwrap(), Keeping::Not);
    let far = "/".repeat(301);
    assert_eq!(app.keep_form(astrid.person(), &far, &typed("x")).await.unwrap(), Keeping::Not);
    assert_eq!(house.news().await, [""; 0]);
}

async fn only_a_session_whose_time_ran_out_keeps_a_form(db: TestDatabase) {
    let house = House::empty(db).await;
    let app = &house.app;
    let (idle, first) = house.log_in(ASTRID).await;
    let (out, visit) = house.log_in(ASTRID).await;
    app.log_out(&visit).await.unwrap();
    let run_out = async |key: &SecretKey| app.run_out(key).await.unwrap().map(|session| session.person);
    assert_eq!(run_out(&idle).await, None, "it is open");
    house.pass(30 * MINUTE);
    assert_eq!(run_out(&idle).await, Some(first.person()));
    assert_eq!(run_out(&out).await, None, "ended by hand");
    assert_eq!(run_out(&SecretKey::new(&crate::support::TestEntropy)).await, None);
    // After another login the earlier sessions are known again, and only the person's own.
    let (_, again) = house.log_in(ASTRID).await;
    let (_, bengt) = house.log_in(BENGT).await;
    let earlier = app.earlier_sessions(&again).await.unwrap();
    let mut hashes = earlier.iter().map(|session| session.key_hash).collect::<Vec<_>>();
    hashes.sort_unstable();
    let mut expected = [idle.hash(), out.hash()];
    expected.sort_unstable();
    assert_eq!(hashes, expected);
    assert!(app.earlier_sessions(&bengt).await.unwrap().is_empty());
    house.pass(24 * 60 * MINUTE);
    assert_eq!(run_out(&idle).await, None, "a day is the end of it");
}

async fn old_drafts_are_taken_away_and_erased_people_have_none(db: TestDatabase) {
    let house = House::empty(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in(ASTRID).await;
    let (_, bengt) = house.log_in(BENGT).await;
    for person in [astrid.person(), bengt.person()] {
        app.keep_form(person, PATH, &typed("David")).await.unwrap();
    }
    let (person, now) = (bengt.person(), app.now());
    app.store().write(move |tx| store::parties::erase(tx, person, now)).await.unwrap();
    assert!(app.kept_form(&bengt, PATH).await.unwrap().is_none());
    assert_eq!(app.keep_form(person, PATH, &typed("x")).await.unwrap(), Keeping::Not);
    assert!(app.kept_form(&astrid, PATH).await.unwrap().is_some());
    house.pass(24 * 60 * MINUTE);
    assert!(app.kept_form(&astrid, PATH).await.unwrap().is_none());
    eventually("the background work takes the old draft away", || async {
        house.wake();
        let left = app.store().read(|tx| tx.query("SELECT 1 FROM form_draft", &[])).await.unwrap();
        left.is_empty().then_some(())
    })
    .await;
}
