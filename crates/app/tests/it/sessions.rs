//! A person's own sessions: listed, ended one by one or all but one, and what logging out left open.

use crate::support::{ASTRID, BENGT, CECILIA, House, MINUTE, TestDatabase, browser, on_both};
use app::identify::Browser;
use app::session::{ABSOLUTE, Entry, IDLE, SecretKey, Which};
use app::{Refusal, Visit};
use domain::{Clock as _, SessionId};

on_both!(
    own_sessions_are_listed_and_ended_one_by_one,
    all_others_end_in_one_act,
    logging_out_says_what_is_left_open_for_ten_minutes,
    a_session_is_extended_more_than_ten_times_and_not_beyond_its_end,
);

async fn open(house: &House, key: &SecretKey) -> bool {
    matches!(house.app.enter(key).await.unwrap(), Entry::Open(_))
}

fn id(visit: &Visit) -> SessionId {
    visit.session.id.unwrap()
}

async fn own_sessions_are_listed_and_ended_one_by_one(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (old_key, old) = house.log_in(CECILIA).await;
    house.pass(5 * MINUTE);
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (bengt_key, bengt) = house.log_in(BENGT).await;
    house.forget().await;

    let list = app.own_sessions(&cecilia).await.unwrap();
    let shown = list.iter().map(|own| (own.which, own.id, own.party)).collect::<Vec<_>>();
    assert_eq!(
        shown,
        [(Which::This, Some(id(&cecilia)), cecilia.party()), (Which::Other, Some(id(&old)), old.person()),]
    );
    assert_eq!(list[1].opened_at, old.session.opened_at);
    assert_eq!(list[1].ends_at, old.session.seen_at + IDLE);
    assert_eq!(
        (list[1].method.as_str(), list[1].client.unwrap().to_string()),
        ("bankid", "other/other".into())
    );
    // The name for addresses is not the key and not its hash.
    assert!(!old.session.key_hash.starts_with(id(&old).as_bytes()) && id(&old) != id(&cecilia));

    // Somebody else's does not exist, and trying is recorded.
    for foreign in [id(&bengt), SessionId::from_bytes([7; 16])] {
        assert!(matches!(app.end_session(&cecilia, foreign).await, Err(Refusal::NotFound)));
    }
    assert!(open(&house, &bengt_key).await);
    assert_eq!(house.news().await, ["refusal session.end_refused Cecilia@Cecilia fault=user"; 2],);
    // Twice is once.
    for _ in 0..2 {
        app.end_session(&cecilia, id(&old)).await.unwrap();
    }
    assert!(!open(&house, &old_key).await);
    assert_eq!(house.news().await, ["login session.ended Cecilia@Cecilia"]);
    assert_eq!(app.own_sessions(&cecilia).await.unwrap().len(), 1);
    // What has ended ends nothing.
    assert_eq!(crate::support::code(app.end_session(&old, id(&cecilia)).await), "SESSION_ENDED");
    assert_eq!(crate::support::code(app.end_other_sessions(&old).await), "SESSION_ENDED");
}

async fn all_others_end_in_one_act(db: TestDatabase) {
    let house = House::empty(db).await;
    let app = &house.app;
    let (first, _) = house.log_in(ASTRID).await;
    let (second, _) = house.log_in(ASTRID).await;
    let (bengt, _) = house.log_in(BENGT).await;
    let (this, astrid) = house.log_in(ASTRID).await;
    house.forget().await;
    assert_eq!(app.end_other_sessions(&astrid).await.unwrap(), 2);
    let mut left = Vec::new();
    for key in [&first, &second, &bengt, &this] {
        left.push(open(&house, key).await);
    }
    assert_eq!(left, [false, false, true, true]);
    assert_eq!(house.news().await, ["login session.others_ended Astrid@Astrid count=2"]);
    // With nothing to end there is no act.
    assert_eq!(app.end_other_sessions(&astrid).await.unwrap(), 0);
    assert_eq!(house.news().await, [""; 0]);
}

async fn logging_out_says_what_is_left_open_for_ten_minutes(db: TestDatabase) {
    let house = House::empty(db).await;
    let app = &house.app;
    let (other, _) = house.log_in(ASTRID).await;
    let (_, astrid) = house.log_in(ASTRID).await;
    assert!(app.logged_out(id(&astrid)).await.unwrap().is_none(), "it is open still");
    app.log_out(&astrid).await.unwrap();
    house.forget().await;
    let told = app.logged_out(id(&astrid)).await.unwrap().unwrap();
    assert_eq!((told.others, told.person()), (1, astrid.person()));
    assert_eq!(app.end_left_open(&told).await.unwrap(), 1);
    assert!(!open(&house, &other).await);
    assert_eq!(house.news().await, ["login session.others_ended Astrid@Astrid count=1"]);
    assert_eq!(app.logged_out(id(&astrid)).await.unwrap().unwrap().others, 0);

    // Later nobody at that browser learns or ends anything.
    let (again, _) = house.log_in(ASTRID).await;
    house.pass(10 * MINUTE);
    assert!(app.logged_out(id(&astrid)).await.unwrap().is_none());
    assert!(matches!(app.end_left_open(&told).await, Err(Refusal::NotFound)));
    assert!(open(&house, &again).await);
    assert!(app.logged_out(SessionId::from_bytes([7; 16])).await.unwrap().is_none());
}

async fn a_session_is_extended_more_than_ten_times_and_not_beyond_its_end(db: TestDatabase) {
    let house = House::empty(db).await;
    let (key, visit) = house.log_in(ASTRID).await;
    let last = visit.session.opened_at + ABSOLUTE;
    assert_eq!((visit.ends_at(), visit.ends_at_last()), (visit.session.opened_at + IDLE, last));
    let mut extended = 0;
    loop {
        house.pass(5 * MINUTE);
        let now = house.clock.now();
        if now >= last {
            break;
        }
        let visit = house.enter(&key).await;
        // What is told is what holds: extended by half an hour, until the end that nobody can put off.
        assert_eq!(visit.ends_at(), (now + IDLE).min(last));
        extended += usize::from(visit.ends_at() < last);
    }
    assert!(extended > 10, "{extended} times");
    assert!(!open(&house, &key).await);
    // Last use is kept to the minute, and the end that is told does not promise more.
    let (key, visit) = house.log_in(ASTRID).await;
    house.pass(MINUTE / 2);
    assert_eq!(house.enter(&key).await.ends_at(), visit.session.opened_at + IDLE);
}

/// The kind of browser comes from the browser that began the login.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_tells_in_which_kind_of_browser_it_was_opened() {
    let house = House::empty(store::testing::sqlite().unwrap()).await;
    let text = login::VisibleText::for_login("Logga in", login::text::TextFormat::Plain).unwrap();
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    let asks = Browser { user_agent: Some(agent.to_owned()), ..browser() };
    let begun = house.app.begin_login(&asks, "employer", text, None).await.unwrap();
    let app::identify::Begun::Order(order) = begun else { panic!("{begun:?}") };
    let asked = crate::support::Asked { id: order, browser: asks.key };
    house.approve(&house.app, &asked, ASTRID).await;
    house.ended(&house.app, &asked).await;
    let opened = house.app.finish_login(asked.id, &asked.browser).await.unwrap();
    let visit = house.enter(&opened.key).await;
    assert_eq!(visit.session.client.as_deref(), Some("firefox/linux"), "no version, no address");
}
