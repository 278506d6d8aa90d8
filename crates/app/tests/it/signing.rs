//! Signed errands: carried out once, with the evidence, and never on a right or a session that has gone meanwhile.

use crate::support::{Asked, CECILIA, ELIN, House, Person, TestDatabase, browser, eventually, on_both};
use app::identify::{BANKID_ANSWER, Begun, End, Standing};
use app::sign::Wanted;
use app::{App, Platform, Refusal, Visit};
use domain::Clock as _;

on_both!(
    an_errand_is_carried_out_once_with_its_evidence,
    an_errand_does_not_outlive_its_right_or_its_session,
    an_errand_stays_with_the_party_it_was_begun_for,
    what_the_provider_has_forgotten_is_given_up_after_a_while,
);

const CREATE: &str = "employer.sickness_report.create";
const TEXT: &str = "Jag intygar att uppgifterna är riktiga.\nSjuk sedan 2027-03-01.";

async fn sign(app: &App, visit: &Visit, object: &str) -> Asked {
    let wanted = Wanted {
        lang: "sv",
        permission: CREATE.to_owned(),
        errand: "employer.note",
        object: object.to_owned(),
        text: TEXT.to_owned(),
        back: "/back".to_owned(),
    };
    let browser = browser();
    let key = browser.key.clone();
    match Platform::new(app.clone(), "employer").sign(visit, wanted, browser).await.unwrap() {
        Begun::Order(id) => Asked { id, browser: key },
        Begun::Failed { failure, .. } => panic!("{failure:?}"),
    }
}

async fn note(app: &App, party: domain::PartyId, object: &str) -> Option<String> {
    Platform::new(app.clone(), "employer").text(party, object).await.unwrap()
}

async fn signed(house: &House, asked: &Asked, person: Person) -> Standing {
    house.approve(&house.app, asked, person).await;
    house.ended(&house.app, asked).await
}

fn refused(standing: &Standing) -> String {
    match standing {
        Standing::Ended(End::Refused { code, reference: Some(_), missing }) => std::iter::once(code)
            .chain(missing.iter().map(|link| &link.code))
            .cloned()
            .collect::<Vec<_>>()
            .join(" "),
        other => panic!("a refusal with a reference is expected: {other:?}"),
    }
}

// R-004-47 (part)
async fn an_errand_is_carried_out_once_with_its_evidence(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    // Two nodes ask the provider about the same orders.
    house.node("second").await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    house.forget().await;
    for n in 0..5 {
        let object = format!("note-{n}");
        let asked = sign(app, &elin, &object).await;
        // The text on the page is the text in the app.
        assert_eq!(app.order_page(asked.id, &asked.browser).await.unwrap().text, TEXT);
        // What a third was told before it, written down late, does not take its place.
        let third = house.disturb(app, &asked);
        let standing = signed(&house, &asked, ELIN).await;
        assert_eq!(standing, Standing::Ended(End::Signed { location: format!("/note/{object}") }));
        third.await.unwrap();
        assert_eq!(note(app, elin.party(), &object).await.as_deref(), Some(TEXT));

        let records = house.new_records().await;
        let [record] = records.as_slice() else { panic!("{records:?}") };
        assert_eq!((record.event.as_str(), record.object.as_deref()), ("note.signed", Some(object.as_str())));
        assert_eq!((record.seq, record.actor, record.party), (None, Some(elin.person()), Some(elin.party())));
        assert!(record.decided.as_ref().unwrap().allowed);
        let [hash] = record.evidence.as_slice() else { panic!("{record:?}") };
        let (node, hash) = (app.clone(), *hash);
        let kept =
            app.read(move |tx| Ok(store::evidence::get(tx, &node.ring(), hash)?)).await.unwrap().unwrap();
        assert_eq!((kept.party, kept.media_type.as_str()), (elin.person(), BANKID_ANSWER));
        // A signature opens no session.
        assert!(matches!(app.finish_login(asked.id, &asked.browser).await, Err(Refusal::Conflict(_))));
    }
    // What the provider gives as signed and is not the text that was asked for is no signature.
    let asked = sign(app, &elin, "lied").await;
    house.fault("other_text").await;
    let standing = signed(&house, &asked, ELIN).await;
    let Standing::Ended(End::Failed { text, code, reference: Some(_) }) = standing else {
        panic!("{standing:?}")
    };
    assert_eq!((text.as_str(), code.as_str()), ("bankid-unverified", "unverified"));
    assert_eq!(note(app, elin.party(), "lied").await, None);
    let news = house.news().await;
    assert_eq!(news.len(), 1);
    assert!(news[0].starts_with("attempt signature.failed cause=evidence:"), "{news:?}");
    // Somebody else's app cannot even take the order.
    let asked = sign(app, &elin, "other").await;
    let page = app.order_page(asked.id, &asked.browser).await.unwrap();
    let token = page.start_link.unwrap();
    let token = token.split("autostarttoken=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let body = serde_json::json!({"person": CECILIA.id, "autostart_token": token});
    assert_eq!(house.control("POST", "/phone/start", &body).await.0, 409);
    app.cancel_order(asked.id, &asked.browser).await.unwrap();
    assert_eq!(
        house.news().await,
        ["attempt signature.cancelled code=cancelled_by_user method=bankid fault=user"]
    );
}

// R-004-31 (part)
async fn an_errand_does_not_outlive_its_right_or_its_session(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;

    // Logged out while the phone was in the hand.
    let (_, leaving) = house.log_in_for_other(ELIN).await;
    let asked = sign(app, &leaving, "left").await;
    app.log_out(&leaving).await.unwrap();
    house.forget().await;
    assert_eq!(refused(&signed(&house, &asked, ELIN).await), "SESSION_ENDED");
    assert_eq!(note(app, elin.party(), "left").await, None);
    assert_eq!(
        house.news().await,
        [
            "refusal signature.refused Elin@Granåsens code=SESSION_ENDED permission=employer.sickness_report.create \
          fault=user"
        ]
    );

    // The mandate was ended between the start and the signature.
    let asked = sign(app, &elin, "late").await;
    let mandates = app.mandates(&cecilia, "employer").await.unwrap();
    let hers = mandates.iter().find(|m| m.holder == elin.person()).unwrap().id;
    app.end_mandate(&cecilia, "employer", hers).await.unwrap();
    house.forget().await;
    // What is missing is told, as at any refused page.
    assert_eq!(refused(&signed(&house, &asked, ELIN).await), "NOT_ALLOWED MANDATE_ENDED");
    assert_eq!(note(app, elin.party(), "late").await, None);
    assert_eq!(
        house.news().await,
        [
            "refusal signature.refused Elin@Granåsens employer.sickness_report.create:MANDATE_ENDED code=NOT_ALLOWED \
          fault=user"
        ]
    );
    // The next one does not even begin.
    let wanted = Wanted {
        lang: "sv",
        permission: CREATE.to_owned(),
        errand: "employer.note",
        object: "never".to_owned(),
        text: TEXT.to_owned(),
        back: "/back".to_owned(),
    };
    let now = Visit { session: elin.session.clone(), known: app.known() };
    let platform = Platform::new(app.clone(), "employer");
    let begun = platform.sign(&now, wanted.clone(), browser()).await;
    assert_eq!(crate::support::not_allowed(begun), ["MANDATE_ENDED"]);
    assert_eq!(house.news().await.len(), 1);
    // A service has no path to another's permissions.
    let foreign = Wanted { permission: "platform.application.confirm".to_owned(), ..wanted };
    assert!(matches!(platform.sign(&now, foreign, browser()).await, Err(Refusal::NotFound)));
}

/// Another tab switches the session to another party while the phone is in the hand.
async fn an_errand_stays_with_the_party_it_was_begun_for(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let asked = sign(app, &elin, "for the haulier").await;
    app.switch_party(&elin, elin.person()).await.unwrap();
    house.forget().await;
    let standing = signed(&house, &asked, ELIN).await;
    assert_eq!(standing, Standing::Ended(End::Signed { location: "/note/for the haulier".into() }));
    assert_eq!(note(app, elin.party(), "for the haulier").await.as_deref(), Some(TEXT));
    assert_eq!(note(app, elin.person(), "for the haulier").await, None);
    assert_eq!(
        house.news().await,
        ["change note.signed Elin@Granåsens employer.sickness_report.create:yes evidence=1"]
    );
}

/// A completion is given once. While another node may hold it, the order is not called lost; after that it is.
async fn what_the_provider_has_forgotten_is_given_up_after_a_while(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    house.log_in(ELIN).await;
    house.stop_all();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    let asked = house.ask(app).await;
    house.approve(app, &asked, ELIN).await;
    house.forget().await;
    // A node takes the completion and dies before it has kept it.
    let (node, id) = (app.clone(), asked.id);
    let row = app.read(move |tx| Ok(store::orders::find(tx, &node.ring(), id)?)).await.unwrap().unwrap();
    let body: serde_json::Value = serde_json::from_slice(&row.body).unwrap();
    let mut order: login::Order = serde_json::from_value(body["order"].clone()).unwrap();
    let hash = login::BrowserHash::from_bytes(row.browser_hash);
    let taken = login::Method::poll(app.bankid(), &mut order, &hash).await;
    assert!(matches!(taken, login::Progress::Completed(_)), "{taken:?}");

    let other = house.node("other").await;
    let begun = house.clock.now();
    for _ in 0..4 {
        house.pass(std::time::Duration::from_secs(2));
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        let page = other.order_page(asked.id, &asked.browser).await.unwrap();
        assert!(
            matches!(page.standing, Standing::Pending { .. }),
            "{:?} at {:?}",
            page.standing,
            house.clock.now().since(begun)
        );
    }
    eventually("the order to be given up", || async {
        house.pass(std::time::Duration::from_secs(2));
        let page = other.order_page(asked.id, &asked.browser).await.unwrap();
        matches!(page.standing, Standing::Ended(End::Failed { .. })).then_some(())
    })
    .await;
    assert_eq!(house.news().await, ["attempt login.failed code=gone method=bankid fault=us"]);
}
