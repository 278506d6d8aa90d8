//! Domain time moved forward: what is due on the way, other nodes, logins, and who may not move it.

use crate::support::{
    ASTRID, BENGT, CECILIA, ELIN, House, MINUTE, T0, TestDatabase, code, eventually, on_both,
};
use app::application::{ApplicationForm, Typed};
use app::clock::{Beside, Moved, NotMoved, Wanted};
use app::session::Entry;
use domain::{CaseId, Instant};
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

on_both!(
    what_falls_due_on_the_way_happens_at_its_own_instant_and_in_order,
    every_node_lives_by_the_moved_time_at_its_next_request,
    after_thirty_days_one_logs_in_as_before,
    a_clock_goes_forward_and_not_for_ever,
    when_what_moves_beside_it_fails_nothing_has_moved,
    a_production_store_is_never_moved,
    letters_that_nobody_takes_hold_up_no_clock,
);

const DAY: Duration = Duration::from_secs(24 * 3600);

async fn moved(house: &House, wanted: Wanted) -> Result<Moved, NotMoved> {
    house.mover(&house.app, Vec::new()).unwrap().advance(wanted).await
}

async fn registered(house: &House, astrid: &app::Visit, number: &str) -> CaseId {
    let typed = Typed {
        organisation_number: number.into(),
        organisation_name: "Bygg AB".into(),
        organisation_email: format!("{number}@arbetsgivare.example"),
        administrator_number: BENGT.number.into(),
        administrator_name: "Bengt Berglund Ek".into(),
        administrator_email: BENGT.email(),
        terms_version: "2024-12-20".into(),
        arrived: "2027-03-22".into(),
    };
    let form = ApplicationForm::parse(&typed, b"%PDF-1.7".to_vec(), "2027-03-24".parse().unwrap()).unwrap();
    house.app.register_application(astrid, form).await.unwrap()
}

/// Event, object and time of the records since the last look, as the log orders them.
async fn told(house: &House) -> Vec<(String, Option<String>, Instant)> {
    let records = house.new_records().await;
    records.into_iter().map(|record| (record.event, record.object, record.at)).collect()
}

async fn what_falls_due_on_the_way_happens_at_its_own_instant_and_in_order(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let first = registered(&house, &astrid, "4056202205").await;
    let first_due = app.application(&astrid, first).await.unwrap().due_at.unwrap();
    // Two days on there is a second one, an order that nobody finishes, and a letter that is to be tried again.
    let there = moved(&house, Wanted::By(2 * DAY)).await.unwrap();
    assert_eq!((there.to, app.now()), (there.from + 2 * DAY, there.to));
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let second = registered(&house, &astrid, "4070205507").await;
    let second_due = app.application(&astrid, second).await.unwrap().due_at.unwrap();
    assert!(first_due < second_due);
    let asked = house.ask(app).await;
    let expires = app.order_page(asked.id, &asked.browser).await.unwrap().expires_at;
    let again = app.now() + DAY;
    let recipient = astrid.person();
    app.store()
        .write(move |tx| {
            let mail = store::outbox::Mail {
                id: domain::MailId::new(&store::testing::TestEntropy),
                event: "again".into(),
                recipient,
                channel: "email".into(),
                template: "again".into(),
                args: String::new(),
                message_id: "again@myndigheten.example".into(),
                created_at: again - DAY,
                state: store::outbox::MailState::Waiting,
                attempts: 1,
                next_at: again,
            };
            store::outbox::enqueue(tx, &mail)
        })
        .await
        .unwrap();
    house.control("DELETE", "/inbox", &serde_json::Value::Null).await;
    house.forget().await;

    let to = second_due + DAY;
    let there = moved(&house, Wanted::To(to)).await.unwrap();
    assert_eq!(there.to, to);
    // Before the call returned, each at the instant when it was due, to the microsecond.
    assert_eq!(
        told(&house).await,
        [
            ("login.abandoned".to_owned(), None, expires),
            ("application.lapsed".to_owned(), Some(first.to_string()), first_due),
            ("application.lapsed".to_owned(), Some(second.to_string()), second_due),
            ("clock.moved".to_owned(), None, to),
        ]
    );
    // The letters have left in the same order, and bear the day on which they were written.
    let mut mail = house.inbox().await;
    mail.reverse();
    let letters: Vec<_> = mail
        .iter()
        .map(|mail| (mail["subject"].as_str().unwrap(), mail["written_at"].as_str().unwrap().to_owned()))
        .collect();
    let second_of = |at: Instant| Instant::from_micros(at.seconds() * 1_000_000).to_string();
    let (a, b) = (second_of(first_due), second_of(second_due));
    assert_eq!(
        letters,
        [
            ("again", second_of(again - DAY)),
            ("mail-application-lapsed", a.clone()),
            ("mail-application-lapsed", a),
            ("mail-application-lapsed", b.clone()),
            ("mail-application-lapsed", b),
        ]
    );
    // What happened is in the log under a signature already, and the log is sound by the store's own time.
    let (keys, clock) =
        (app::log::keys_of(app.store(), &house.master()).await.unwrap(), house.store_clock().await);
    assert_eq!(clock.now(), app.now());
    let report = app::log::verify(app.store(), keys, Vec::new(), clock.as_ref()).await.unwrap();
    assert!(report.is_sound() && report.waiting == 0, "{report}");
}

async fn every_node_lives_by_the_moved_time_at_its_next_request(db: TestDatabase) {
    let house = House::furnished(db).await;
    let second = house.idle_node("second").await;
    let (key, cecilia) = house.log_in_for_other(CECILIA).await;
    assert!(matches!(second.enter(&key).await.unwrap(), Entry::Open(_)));
    let to = app_now(&house) + 3 * DAY;
    moved(&house, Wanted::To(to)).await.unwrap();
    // A session lasts two hours; the node that was asked nothing since learns it with the session's row.
    assert!(matches!(second.enter(&key).await.unwrap(), Entry::Ended));
    assert_eq!(second.now(), to);
    // A third node, which still holds the visit of before, decides a write by the time in its transaction.
    let third = house.idle_node("third").await;
    let fourth = house.idle_node("fourth").await;
    assert_eq!((third.now(), fourth.now()), (to, to), "a node that starts begins with it");
    moved(&house, Wanted::By(DAY)).await.unwrap();
    assert_eq!(third.now(), to, "nothing has told it");
    assert_eq!(code(third.switch_party(&cecilia, cecilia.person()).await), "SESSION_ENDED");
    assert_eq!(third.now(), to + DAY);
    fourth.latest().await.unwrap();
    assert_eq!(fourth.now(), to + DAY);
}

fn app_now(house: &House) -> Instant {
    house.app.now()
}

async fn after_thirty_days_one_logs_in_as_before(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let mover = house.mover(app, vec![house.simulators()]).unwrap();
    mover.advance(Wanted::By(30 * DAY)).await.unwrap();
    assert_eq!((app.now(), app.wall_now()), (T0 + 30 * DAY, T0));
    let (key, elin) = house.log_in_for_other(ELIN).await;
    // The session begins in domain time; what BankID signed keeps the machine's, and is accepted by it.
    assert!(elin.session.opened_at >= T0 + 30 * DAY, "{}", elin.session.opened_at);
    assert!(app.wall_now() < T0 + DAY);
    mover.advance(Wanted::By(29 * MINUTE)).await.unwrap();
    assert!(matches!(app.enter(&key).await.unwrap(), Entry::Open(_)));
    mover.advance(Wanted::By(30 * MINUTE)).await.unwrap();
    assert!(matches!(app.enter(&key).await.unwrap(), Entry::Ended), "idle for half an hour");
}

async fn a_clock_goes_forward_and_not_for_ever(db: TestDatabase) {
    let house = House::furnished(db).await;
    let before = house.app.now();
    for (wanted, what) in [
        (Wanted::By(Duration::ZERO), "Backwards"),
        (Wanted::To(before - DAY), "Backwards"),
        (Wanted::To(before), "Backwards"),
        (Wanted::By(3661 * DAY), "TooFar"),
        (Wanted::By(Duration::MAX), "TooFar"),
        (Wanted::To(Instant::from_micros(i64::MAX)), "TooFar"),
    ] {
        let refused = moved(&house, wanted).await.unwrap_err();
        assert_eq!(format!("{refused:?}"), what, "{wanted:?}");
    }
    assert_eq!((house.app.now(), told(&house).await), (before, Vec::new()));
    moved(&house, Wanted::By(3660 * DAY)).await.unwrap();
    assert!(matches!(moved(&house, Wanted::By(3660 * DAY)).await, Err(NotMoved::TooFar)), "fifteen in all");
    // Two at once: both count.
    let before = house.app.now();
    let (a, b) = tokio::join!(moved(&house, Wanted::By(DAY)), moved(&house, Wanted::By(DAY)));
    assert!(a.is_ok() && b.is_ok());
    assert_eq!(house.app.now(), before + 2 * DAY);
}

#[derive(Debug)]
struct Stands;

impl Beside for Stands {
    fn advance<'a>(&'a self, _: Duration) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async { Err("it stands".to_owned()) })
    }
}

async fn when_what_moves_beside_it_fails_nothing_has_moved(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let case = registered(&house, &astrid, "4056202205").await;
    house.forget().await;
    let before = house.app.now();
    let mover = house.mover(&house.app, vec![Arc::new(Stands)]).unwrap();
    let refused = mover.advance(Wanted::By(30 * DAY)).await;
    assert!(matches!(refused, Err(NotMoved::Beside(why)) if why == "it stands"));
    assert_eq!((house.app.now(), told(&house).await), (before, Vec::new()));
    assert_eq!(house.app.application(&astrid, case).await.unwrap().state, "registered");
}

async fn a_production_store_is_never_moved(db: TestDatabase) {
    let house = House::production(db).await;
    assert!(house.mover(&house.app, Vec::new()).is_none());
    let refused = house.app.store().write(|tx| store::clock::raise(tx, DAY)).await;
    assert!(matches!(refused, Err(store::StoreError::Refused(_))), "{refused:?}");
    assert_eq!((house.app.now(), house.store_clock().await.now()), (T0, T0));
}

async fn letters_that_nobody_takes_hold_up_no_clock(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    registered(&house, &astrid, "4056202205").await;
    house.stop_all();
    let deaf = house.node_without_mail().await;
    let mover = house.mover(&deaf, Vec::new()).unwrap();
    // A letter that cannot leave is due again after a minute, five, fifteen … and then every six hours: the clock does not
    // stop at each of them.
    let started = tokio::time::Instant::now();
    mover.advance(Wanted::By(3000 * DAY)).await.unwrap();
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    assert_eq!(house.inbox().await.len(), 0);
    // When the mail server is there again, they leave.
    house.node("again").await;
    eventually("the letters", || async { (house.inbox().await.len() == 2).then_some(()) }).await;
}
