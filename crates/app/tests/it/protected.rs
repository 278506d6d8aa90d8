//! Protected identity: marked by the register alone, shown by a stand-in, opened by a few, compared like everybody.

use crate::support::{
    ASTRID, CECILIA, DAVID, ELIN, FARID, House, KARIN, Person, TestDatabase, code, not_allowed, on_both,
    world,
};
use app::Visit;
use app::mandates::NewMandate;
use app::protected::{Batch, Reason};
use domain::PartyId;
use std::time::Duration;

on_both!(
    the_mark_comes_from_the_register_alone,
    a_stand_in_has_more_than_one_cause,
    a_name_must_go_with_its_number_ten_times_a_day,
    the_few_open_with_a_reason_and_a_record,
    a_replaced_identity_leads_to_nobody,
);

/// The register tells one thing more, of one person.
pub async fn notice(house: &House, person: Person, notice: &str) {
    let from = house.app.register_position().await.unwrap();
    house.app.take_notices(batch(from, person, notice)).await.unwrap();
}

fn batch(from: u64, person: Person, notice: &str) -> Batch {
    let at = from + 1;
    let number = person.number;
    let body = format!(
        r#"{{"position":{at},"notices":[{{"position":{at},"number":"{number}","notice":"{notice}"}}]}}"#
    );
    Batch::parse(from, body.as_bytes()).unwrap()
}

async fn seen(house: &House, visit: &Visit, person: PartyId) -> (String, Option<String>) {
    let names = house.app.names(visit, [person]).await.unwrap();
    let name = names.0.get(&person).unwrap();
    (name.name.clone(), name.number.clone())
}

async fn is_stand_in(house: &House, visit: &Visit, person: PartyId) -> bool {
    let (name, number) = seen(house, visit, person).await;
    name.starts_with("Person ") && name.len() == 12 && number.is_none()
}

fn new(person: Person, name: &str) -> NewMandate {
    NewMandate {
        number: person.number(),
        name: name.to_owned(),
        email: person.email(),
        permission: "employer.user".to_owned(),
        last_day: None,
        need: "Sköter lönerna.".to_owned(),
    }
}

// R-002-45 (part)
async fn the_mark_comes_from_the_register_alone(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (key, elin) = house.log_in_for_other(ELIN).await;
    assert_eq!(seen(&house, &cecilia, elin.person()).await.0, "Elin Forsman");
    house.forget().await;
    notice(&house, ELIN, "secrecy_marking").await;
    assert_eq!(
        house.news().await,
        ["system register.notices_taken –@Exempelmyndigheten count=1 position=1"],
        "how many, and not who"
    );
    assert!(is_stand_in(&house, &cecilia, elin.person()).await);
    // To herself she is who she is, and everything works as before.
    let elin = house.enter(&key).await;
    assert_eq!(seen(&house, &elin, elin.person()).await.0, "Elin Forsman");
    assert!(app.decide(&elin, &app::Want::to("employer.sickness_report.create", elin.party())).allowed);
    // The same answer again is not taken again; what lifts the mark is a notice too.
    app.take_notices(batch(0, ELIN, "lifted")).await.unwrap();
    assert!(is_stand_in(&house, &cecilia, elin.person()).await);
    // By hand nobody marks or lifts, and trying leaves a record.
    house.forget().await;
    let refused: Result<(), _> = Err(app.mark_by_hand(&cecilia).await);
    assert_eq!(code(refused), "MARK_BY_REGISTER_ONLY");
    assert_eq!(
        house.news().await,
        [
            "refusal act.refused Cecilia@Exempelmyndigheten code=MARK_BY_REGISTER_ONLY permission=platform.protected.open fault=user"
        ]
    );
    notice(&house, ELIN, "lifted").await;
    assert_eq!(seen(&house, &cecilia, elin.person()).await.0, "Elin Forsman");
    // Somebody whom nobody here knew is marked before anybody types the number.
    notice(&house, DAVID, "protected_registration").await;
    let given = app.give_mandate(&cecilia, "employer", new(DAVID, "David Ek")).await.unwrap();
    let list = app.mandates(&house.enter(&house.log_in_for_other(CECILIA).await.0).await, "employer").await;
    let david = list.unwrap().into_iter().find(|mandate| mandate.id == given).unwrap().holder;
    assert!(is_stand_in(&house, &cecilia, david).await);
    // The mandate is still there to be ended, by the stand-in.
    app.end_mandate(&cecilia, "employer", given).await.unwrap();
}

async fn a_stand_in_has_more_than_one_cause(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    // A name that was typed is shown until an e-ID tells another one: then neither is.
    app.give_mandate(&cecilia, "employer", new(FARID, "Fel Namn")).await.unwrap();
    let (_, farid) = house.log_in(FARID).await;
    assert!(is_stand_in(&house, &cecilia, farid.person()).await);
    // Of somebody who was erased nothing is kept.
    let erased = elin.person();
    app.store()
        .write(move |tx| store::parties::erase(tx, erased, domain::Instant::from_micros(1)))
        .await
        .unwrap();
    assert!(is_stand_in(&house, &cecilia, elin.person()).await);
    let signs = |name: (String, Option<String>)| name.0;
    assert_ne!(
        signs(seen(&house, &cecilia, farid.person()).await),
        signs(seen(&house, &cecilia, elin.person()).await),
        "the rows of a list can be told apart"
    );
}

async fn a_name_must_go_with_its_number_ten_times_a_day(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    house.log_in(DAVID).await;
    house.log_in(FARID).await;
    notice(&house, FARID, "secrecy_marking").await;
    house.forget().await;
    // One with a mark and one without: the same answer, and a record of each.
    for person in [DAVID, FARID].into_iter().cycle().take(10) {
        let given = app.give_mandate(&cecilia, "employer", new(person, "Sven Svensson")).await;
        assert_eq!(code(given), "NAME_NUMBER");
    }
    let line =
        "refusal act.refused Cecilia@Granåsens code=NAME_NUMBER permission=employer.mandate.give fault=user";
    assert_eq!(house.news().await, [line; 10]);
    // After ten of them not even the right name is compared, until a day has gone.
    assert_eq!(code(app.give_mandate(&cecilia, "employer", new(DAVID, "David Ek")).await), "NAME_TRIES");
    house.pass(Duration::from_secs(24 * 3600 + 1));
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    for person in [DAVID, FARID] {
        app.give_mandate(&cecilia, "employer", new(person, person.name)).await.unwrap();
    }
    // Typed all at once they are no more than one after the other.
    let at_once = (0..16).map(|_| {
        let (app, cecilia) = (app.clone(), cecilia.clone());
        tokio::spawn(async move {
            code(app.give_mandate(&cecilia, "employer", new(DAVID, "Sven Svensson")).await)
        })
    });
    let at_once: Vec<_> = at_once.collect();
    let mut answers = Vec::new();
    for answer in at_once {
        answers.push(answer.await.unwrap());
    }
    answers.sort_unstable();
    let (numbers, tries) = answers.split_at(10);
    assert!(numbers.iter().all(|code| *code == "NAME_NUMBER"), "{answers:?}");
    assert!(tries.iter().all(|code| *code == "NAME_TRIES"), "{answers:?}");
}

async fn the_few_open_with_a_reason_and_a_record(db: TestDatabase) {
    let handler = (KARIN.demo(), "platform.protected_handler".to_owned());
    let house = House::furnished_with(db, app::demo::DemoWorld { roles: vec![handler], ..world() }).await;
    let app = &house.app;
    let (_, karin) = house.log_in_for_other(KARIN).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (key, _) = house.log_in(ELIN).await;
    notice(&house, ELIN, "secrecy_marking").await;
    house.forget().await;
    let opened = app.open_protected(&karin, &ELIN.number(), Reason::OwnRequest).await.unwrap().unwrap();
    assert_eq!((opened.name.as_deref(), opened.email), (Some("Elin Forsman"), Some(ELIN.email())));
    assert!(
        !format!("{:?}", app.open_protected(&karin, &ELIN.number(), Reason::Review).await).contains("Elin")
    );
    // Nobody, and somebody without a mark: the same.
    for number in [DAVID.number(), CECILIA.number()] {
        assert!(app.open_protected(&karin, &number, Reason::Errand).await.unwrap().is_none());
    }
    // An officer with every role that an invitation gives is none of the few.
    assert_eq!(
        not_allowed(app.open_protected(&astrid, &ELIN.number(), Reason::Errand).await),
        ["RIGHT_MISSING"]
    );
    let records = house.new_records().await;
    assert!(records.iter().all(|record| record.object.is_none()), "a record does not tell who was opened");
    let mut told: Vec<String> = records.iter().map(|record| record.event.clone()).collect();
    told.sort();
    assert_eq!(
        told,
        ["act.refused", "protected.opened", "protected.opened", "protected.sought", "protected.sought"]
    );
    let reasons: Vec<_> = records.iter().filter_map(|record| record.detail.get("reason")).collect();
    assert_eq!(reasons.len(), 4, "{reasons:?}");
    // The person finds it among her own.
    let elin = house.enter(&key).await;
    let own = app.records(&elin, None).await.unwrap();
    assert_eq!(own.records.iter().filter(|record| record.event == "protected.opened").count(), 2);
}

async fn a_replaced_identity_leads_to_nobody(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (key, elin) = house.log_in_for_other(ELIN).await;
    let former = elin.person();
    notice(&house, ELIN, "number_replaced").await;
    assert!(!matches!(app.enter(&key).await.unwrap(), app::session::Entry::Open(_)), "the login has ended");
    let cecilia = house.enter(&house.log_in_for_other(CECILIA).await.0).await;
    assert!(app.mandates(&cecilia, "employer").await.unwrap().iter().all(|mandate| mandate.holder != former));
    assert!(is_stand_in(&house, &cecilia, former).await);
    // The number is nobody's: whoever types it makes a new person, who is not the old one.
    app.give_mandate(&cecilia, "employer", new(ELIN, "Någon Annan")).await.unwrap();
    let list = app.mandates(&house.enter(&house.log_in_for_other(CECILIA).await.0).await, "employer").await;
    assert!(list.unwrap().iter().all(|mandate| mandate.holder != former));
}
