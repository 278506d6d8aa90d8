//! A person's own: what was done for and about them, who looked, and receipts of what they signed.

use crate::support::{
    Asked, BENGT, CECILIA, DAVID, ELIN, House, TestDatabase, browser, code, eventually, on_both,
};
use activity::note::read_keys;
use activity::receipt::Receipt;
use app::identify::{Begun, Standing};
use app::mandates::NewMandate;
use app::sign::Wanted;
use app::{App, Platform, Refusal, Visit};
use domain::RecordId;

on_both!(
    who_acted_about_one_and_who_looked_stand_among_ones_own_until_one_is_erased,
    what_one_has_signed_has_a_receipt_that_anybody_can_check,
);

async fn events(app: &App, visit: &Visit) -> Vec<String> {
    let page = app.records(visit, None).await.unwrap();
    page.records.iter().map(|record| record.event.clone()).filter(|event| event != "records.read").collect()
}

async fn who_acted_about_one_and_who_looked_stand_among_ones_own_until_one_is_erased(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (_, david) = house.log_in(DAVID).await;
    let (_, bengt) = house.log_in(BENGT).await;
    assert_eq!(events(app, &david).await, ["login.done"]);
    let new = NewMandate {
        number: DAVID.number(),
        name: DAVID.name.to_owned(),
        email: DAVID.email(),
        permission: "employer.user".to_owned(),
        last_day: None,
        need: "Sköter lönerna.".to_owned(),
    };
    house.pass(crate::support::MINUTE);
    app.give_mandate(&cecilia, "employer", new).await.unwrap();
    house.pass(crate::support::MINUTE);
    let platform = Platform::new(app.clone(), "employer");
    let looked = "employer.sickness_report.read";
    platform
        .look_at(&elin, "employer.sickness_report.create", looked, "sickness_report:1", david.person())
        .await
        .unwrap();

    assert_eq!(events(app, &david).await, [looked, "mandate.given", "login.done"]);
    let page = app.records(&david, None).await.unwrap();
    let read = page.records.iter().find(|record| record.event == looked).unwrap();
    assert_eq!((read.actor, read.party), (Some(elin.person()), Some(elin.party())));
    // That it concerns him stands beside the record, not in what the tree commits to.
    assert!(!read.body().contains(&david.person().to_string()));
    // Nobody else is shown it as theirs, and each act stands once with those who did it.
    assert!(!events(app, &bengt).await.contains(&"mandate.given".to_owned()));
    let given = events(app, &cecilia).await.iter().filter(|event| *event == "mandate.given").count();
    assert_eq!(given, 1);

    // A refused look is nobody's.
    let refused = platform.look_at(&cecilia, "employer.sickness_report.create", looked, "x", david.person());
    assert!(matches!(refused.await, Err(Refusal::NotAllowed { .. })));
    assert_eq!(events(app, &david).await.len(), 3);

    let (person, now) = (david.person(), app.now());
    app.store().write(move |tx| store::parties::erase(tx, person, now)).await.unwrap();
    let left = move |tx: &mut store::Tx<'_>| {
        tx.query("SELECT 1 FROM record_about WHERE party = $1", &[person.into()])
    };
    assert!(app.store().read(left).await.unwrap().is_empty());
}

async fn signed(house: &House, visit: &Visit) -> RecordId {
    let wanted = Wanted {
        lang: "sv",
        permission: "employer.sickness_report.create".to_owned(),
        errand: "employer.note",
        object: "a".to_owned(),
        text: "Jag intygar att uppgifterna är riktiga.".to_owned(),
        back: "/back".to_owned(),
    };
    let browser = browser();
    let key = browser.key.clone();
    let begun = Platform::new(house.app.clone(), "employer").sign(visit, wanted, browser).await.unwrap();
    let Begun::Order(id) = begun else { panic!("{begun:?}") };
    let asked = Asked { id, browser: key };
    house.approve(&house.app, &asked, ELIN).await;
    assert!(matches!(house.ended(&house.app, &asked).await, Standing::Ended(_)));
    let page = house.app.signed(visit, None).await.unwrap();
    let [record] = page.records.as_slice() else { panic!("{page:?}") };
    assert_eq!((record.event.as_str(), record.actor), ("note.signed", Some(visit.person())));
    record.id
}

async fn what_one_has_signed_has_a_receipt_that_anybody_can_check(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    assert!(app.signed(&elin, None).await.unwrap().records.is_empty(), "a login is no signature");
    let id = signed(&house, &elin).await;
    let (reference, receipt) = eventually("the receipt", || async {
        match app.receipt(&elin, id).await {
            Ok(found) => Some(found),
            other => {
                assert_eq!(code(other), "RECEIPT_NOT_YET");
                None
            }
        }
    })
    .await;
    let keys = read_keys(&app.log_keys().join("\n")).unwrap();
    let told: Receipt = receipt.to_string().parse().unwrap();
    let proven = told.verify(&keys).unwrap();
    assert_eq!((proven.record.id, &proven.record.reference), (id, &reference));
    for person in [ELIN, CECILIA] {
        let name = person.name.split(' ').next().unwrap();
        assert!(!receipt.to_string().contains(person.number) && !receipt.to_string().contains(name));
    }

    // To somebody else, also at the same organisation, there is no such record; asking is recorded.
    house.forget().await;
    assert!(matches!(app.receipt(&cecilia, id).await, Err(Refusal::NotFound)));
    let nobodys = RecordId::from_bytes([7; 16]);
    assert!(matches!(app.receipt(&elin, nobodys).await, Err(Refusal::NotFound)));
    let refused = |name: &str| {
        format!(
            "refusal act.refused {name}@{name} code=NOT_FOUND permission=platform.mandate.read_own fault=user"
        )
    };
    assert_eq!(house.news().await, [refused("Cecilia"), refused("Elin")]);
    assert!(app.signed(&cecilia, None).await.unwrap().records.is_empty());
}
