//! From the first click to the session, and every way in which it does not come to one.

use crate::support::{ASTRID, BENGT, House, MINUTE, TestDatabase, eventually, on_both};
use activity::RecordClass;
use app::Refusal;
use app::identify::{BANKID_ANSWER, End, Standing};
use app::session::Entry;
use domain::Assurance;

on_both!(
    a_login_opens_one_session_for_its_browser_and_keeps_the_evidence,
    what_fails_leaves_one_record_and_no_session,
    what_nobody_finishes_is_abandoned_by_the_timer,
    a_collected_login_survives_a_restart,
    what_is_given_once_is_kept_whoever_writes_meanwhile,
);

// R-004-15 (part), R-004-42 (part), R-004-45 (part), R-004-47 (part)
async fn a_login_opens_one_session_for_its_browser_and_keeps_the_evidence(db: TestDatabase) {
    let house = House::empty(db).await;
    let asked = house.ask(&house.app).await;
    let other = house.ask(&house.app).await;
    // Begun is not done: neither a session nor a record.
    assert!(matches!(
        house.app.finish_login(asked.id, &asked.browser).await,
        Err(Refusal::Conflict("ORDER_NOT_READY"))
    ));
    house.approve(&house.app, &asked, ASTRID).await;
    assert_eq!(house.ended(&house.app, &asked).await, Standing::Ready);
    assert_eq!(house.news().await, [""; 0]);

    // Another browser learns nothing, not even that there is such an order.
    for stranger in [house.app.order_page(asked.id, &other.browser).await.map(|_| ()), {
        house.app.finish_login(asked.id, &other.browser).await.map(|_| ())
    }] {
        assert!(matches!(stranger, Err(Refusal::NotFound)), "{stranger:?}");
    }
    let opened = house.app.finish_login(asked.id, &asked.browser).await.unwrap();
    assert_eq!(opened.next.as_deref(), Some("/for/me"));
    assert!(matches!(
        house.app.finish_login(asked.id, &asked.browser).await,
        Err(Refusal::Conflict("ORDER_NOT_READY"))
    ));

    let visit = house.enter(&opened.key).await;
    assert_eq!((visit.person(), visit.party()), (opened.person, opened.person));
    assert_eq!((visit.method(), visit.assurance()), ("bankid", Assurance::Level3));
    assert!(matches!(house.app.enter(&asked.browser).await.unwrap(), Entry::None));
    assert_eq!(house.app.own_name(opened.person).await.unwrap().name, "Astrid Alm");

    let records = house.new_records().await;
    let [record] = records.as_slice() else { panic!("{records:?}") };
    assert_eq!((record.class, record.event.as_str(), record.seq), (RecordClass::Login, "login.done", None));
    assert_eq!((record.actor, record.party), (Some(opened.person), Some(opened.person)));
    assert_eq!((&record.decided, record.fault), (&None, None));
    assert_eq!(record.evidence, [visit.session.evidence]);
    assert!(!format!("{record:?}").contains(ASTRID.number) && !format!("{record:?}").contains("Astrid"));

    // The evidence is the provider's answer as it came: it hashes to its address and verifies again.
    let app = house.app.clone();
    let hash = visit.session.evidence;
    let kept =
        app.clone().read(move |tx| Ok(store::evidence::get(tx, &app.ring(), hash)?)).await.unwrap().unwrap();
    assert_eq!((kept.party, kept.media_type.as_str()), (opened.person, BANKID_ANSWER));
    assert_eq!(store::evidence::hash(&kept.bytes), hash);
    let answer: serde_json::Value = serde_json::from_slice(&kept.bytes).unwrap();
    assert_eq!(answer["status"], "complete");
    assert_eq!(answer["completionData"]["user"]["personalNumber"], ASTRID.number);
    assert_eq!(record.detail["provider_reference"], answer["orderRef"].as_str().unwrap());

    house.app.log_out(&visit).await.unwrap();
    house.app.log_out(&visit).await.unwrap();
    assert!(matches!(house.app.enter(&opened.key).await.unwrap(), Entry::Ended));
    assert_eq!(house.news().await, ["login session.ended Astrid@Astrid"]);
}

// R-004-45 (part), R-004-47 (part)
async fn what_fails_leaves_one_record_and_no_session(db: TestDatabase) {
    let house = House::empty(db).await;
    let refused = house.ask(&house.app).await;
    house.refuse(&house.app, &refused, ASTRID).await;
    // With the reference of its record, so that the code on the page finds it.
    let failed = |standing: Standing| match standing {
        Standing::Ended(End::Failed { text, code, reference: Some(_) }) => format!("{text} {code}"),
        other => panic!("{other:?}"),
    };
    assert_eq!(failed(house.ended(&house.app, &refused).await), "bankid-rfa6 cancelled_by_user");
    assert_eq!(
        house.news().await,
        ["attempt login.failed cause=hint:userCancel code=cancelled_by_user method=bankid fault=user"]
    );

    // A lying provider: every way to lie, one record each, and nobody is let in.
    for (lie, cause) in [
        ("wrong_signature", "evidence:SIGNATURE_WRONG"),
        ("revoked", "evidence:OCSP_REVOKED"),
        ("wrong_nonce", "evidence:OCSP_NONCE"),
        ("other_person", "evidence:WRONG_PERSON"),
        ("wrong_policy", "evidence:POLICY_WRONG"),
        ("other_text", "evidence:DATA_MISMATCH"),
        ("other_operation", "evidence:WRONG_OPERATION"),
    ] {
        let lied = house.ask(&house.app).await;
        house.fault(lie).await;
        house.approve(&house.app, &lied, ASTRID).await;
        assert_eq!(failed(house.ended(&house.app, &lied).await), "bankid-unverified unverified", "{lie}");
        let line = format!("attempt login.failed cause={cause} code=unverified method=bankid fault=issuer");
        assert_eq!(house.news().await, [line], "{lie}");
        assert!(house.app.finish_login(lied.id, &lied.browser).await.is_err());
    }

    let cancelled = house.ask(&house.app).await;
    for _twice in 0..2 {
        assert_eq!(house.app.cancel_order(cancelled.id, &cancelled.browser).await.unwrap(), "/login");
    }
    assert_eq!(house.ended(&house.app, &cancelled).await, Standing::Cancelled);
    assert_eq!(
        house.news().await,
        ["attempt login.cancelled code=cancelled_by_user method=bankid fault=user"]
    );

    // Refused before it began.
    house.fault("500").await;
    let text = login::VisibleText::for_login("Logga in", login::text::TextFormat::Plain).unwrap();
    let begun = house.app.begin_login(&crate::support::browser(), "employer", text, None).await.unwrap();
    assert!(matches!(begun, app::identify::Begun::Failed { .. }));
    assert_eq!(
        house.news().await,
        [
            "attempt order.not_begun cause=http:500:internalError code=provider_down method=bankid fault=issuer"
        ]
    );
    let people = house.app.read(|tx| Ok(store::invitations::all(tx)?.len())).await.unwrap();
    assert_eq!(people, 2);
    // Operators see that the provider does not answer, until it does.
    assert!(house.app.node_status().provider.failing > 0);
    house.ask(&house.app).await;
    assert_eq!(house.app.node_status().provider.failing, 0);
    assert_eq!(house.records().await.iter().filter(|r| r.class == RecordClass::Login).count(), 0);
}

// R-004-47 (part)
async fn what_nobody_finishes_is_abandoned_by_the_timer(db: TestDatabase) {
    let house = House::empty(db).await;
    // One that nobody picked up while no node asked, and one that was approved and never fetched.
    let approved = house.ask(&house.app).await;
    house.approve(&house.app, &approved, BENGT).await;
    assert_eq!(house.ended(&house.app, &approved).await, Standing::Ready);
    house.stop_all();
    let left = house.ask(&house.app).await;
    assert_eq!(house.news().await, [""; 0]);
    house.pass(11 * MINUTE);
    let node = house.node("second").await;
    let lines = eventually("both orders abandoned", || async {
        node.wake();
        let done = house.records().await.iter().filter(|r| r.event.starts_with("login.")).count() >= 2;
        if done { Some(house.news().await) } else { None }
    })
    .await;
    // Whether our timer ends the first one or the order's own age does not matter: it ends once.
    let abandoned = "attempt login.abandoned code=expired method=bankid fault=user";
    let too_old = "attempt login.failed cause=order:too_old code=expired method=bankid fault=user";
    assert!(lines == [abandoned; 2] || lines == [abandoned, too_old], "{lines:?}");
    for asked in [&left, &approved] {
        assert!(house.app.finish_login(asked.id, &asked.browser).await.is_err());
    }
    house.pass(11 * MINUTE);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(house.news().await, [""; 0]);
}

async fn what_is_given_once_is_kept_whoever_writes_meanwhile(db: TestDatabase) {
    let house = House::empty(db).await;
    for _ in 0..3 {
        let asked = house.ask(&house.app).await;
        let other = house.disturb(&house.app, &asked);
        house.approve(&house.app, &asked, ASTRID).await;
        assert_eq!(house.ended(&house.app, &asked).await, Standing::Ready);
        other.await.unwrap();
        house.app.finish_login(asked.id, &asked.browser).await.unwrap();
        let refused = house.ask(&house.app).await;
        let other = house.disturb(&house.app, &refused);
        house.refuse(&house.app, &refused, ASTRID).await;
        let ended = house.ended(&house.app, &refused).await;
        let Standing::Ended(app::identify::End::Failed { code, .. }) = ended else { panic!("{ended:?}") };
        assert_eq!(code, "cancelled_by_user");
        other.await.unwrap();
    }
}

async fn a_collected_login_survives_a_restart(db: TestDatabase) {
    let house = House::empty(db).await;
    let asked = house.ask(&house.app).await;
    house.approve(&house.app, &asked, ASTRID).await;
    assert_eq!(house.ended(&house.app, &asked).await, Standing::Ready);
    house.stop_all();
    let fresh = house.idle_node("after the restart").await;
    let opened = fresh.finish_login(asked.id, &asked.browser).await.unwrap();
    assert!(matches!(
        house.app.finish_login(asked.id, &asked.browser).await,
        Err(Refusal::Conflict("ORDER_NOT_READY"))
    ));
    // Both nodes know the session: it lies in the store.
    let visit = house.enter_at(&fresh, &opened.key).await;
    assert_eq!(house.enter(&opened.key).await.person(), visit.person());
    assert_eq!(house.news().await, ["login login.done Astrid@Astrid evidence=1 method=bankid"]);
}

/// Two nodes at work on one database: whichever asks the provider, each order ends once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_nodes_share_the_orders() {
    let house = House::empty(store::testing::postgres().await.unwrap()).await;
    let second = house.node("second").await;
    let people = [ASTRID, BENGT, crate::support::CECILIA, crate::support::DAVID, crate::support::ELIN];
    let mut orders = Vec::new();
    for (n, person) in people.iter().enumerate() {
        let (here, there) = if n % 2 == 0 { (&house.app, &second) } else { (&second, &house.app) };
        let asked = house.ask(here).await;
        house.approve(here, &asked, *person).await;
        orders.push((asked, there.clone()));
    }
    for (asked, there) in &orders {
        // Begun on one node, watched and fetched on the other.
        assert_eq!(house.ended(there, asked).await, Standing::Ready);
        let opened = there.finish_login(asked.id, &asked.browser).await.unwrap();
        house.enter(&opened.key).await;
    }
    let news = house.news().await;
    let expected = ["Astrid", "Bengt", "Cecilia", "David", "Elin"];
    assert_eq!(news, expected.map(|name| format!("login login.done {name}@{name} evidence=1 method=bankid")));
}

/// A session's two limits, by the clock alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_ends_by_its_idle_and_its_absolute_limit() {
    let house = House::empty(store::testing::sqlite().unwrap()).await;
    let (idle, _) = house.log_in(ASTRID).await;
    let (used, visit) = house.log_in(BENGT).await;
    house.pass(29 * MINUTE);
    house.enter(&used).await;
    house.pass(MINUTE);
    assert!(matches!(house.app.enter(&idle).await.unwrap(), Entry::Ended));
    for _ in 0..3 {
        house.enter(&used).await;
        house.pass(28 * MINUTE);
    }
    house.enter(&used).await;
    house.clock.set(visit.session.opened_at + app::session::ABSOLUTE);
    assert!(matches!(house.app.enter(&used).await.unwrap(), Entry::Ended));
    // A visit from before the end writes nothing any more.
    let party = visit.person();
    assert_eq!(crate::support::code(house.app.switch_party(&visit, party).await), "SESSION_ENDED");
}
