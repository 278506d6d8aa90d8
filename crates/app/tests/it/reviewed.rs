//! An e-service is connected together with the catalogue file of its service: shown first, then one change.

use crate::support::{
    ASTRID, BENGT, CECILIA, ELIN, House, TestDatabase, TestEntropy, catalogue_with, code, not_allowed,
    on_both,
};
use app::new_catalogue::{Turn, apply_catalogue, preview};
use app::oidc::{Faults, NotReviewed, Review, Seen, ServiceFile, switch_off_client};
use app::{Refusal, Stop, Visit};
use domain::fact::{PermissionId, Right};
use domain::{Fact, PartyId, Seq};
use oidc::draft::Proof;
use oidc::{ClientId, Draft};
use std::collections::BTreeSet;
use std::sync::Arc;

on_both!(
    what_was_reviewed_is_one_change,
    every_mistake_of_form_and_file_is_told_at_once,
    a_service_that_is_in_force_is_left_as_it_is,
    something_else_than_what_was_seen_is_not_done,
    only_who_may_both_may_and_it_is_decided_under_the_lock,
);

const EXAMPLE: &str = include_str!("../../../../catalogue/example.toml");

/// The example's file as that of another service, which administrators of employers may give.
fn shop() -> String {
    EXAMPLE.replace("example.", "shop.").replace("id = \"example\"", "id = \"shop\"")
}

fn file(text: &str) -> ServiceFile {
    ServiceFile::parse(text.as_bytes()).unwrap()
}

fn draft(id: &str) -> Draft {
    Draft {
        id: id.into(),
        name_sv: "Butiken".into(),
        name_en: "The shop".into(),
        redirect_uris: vec!["https://shop.example.se/back".into()],
        proof: Some(Proof::Public),
        ..Draft::default()
    }
}

async fn review(house: &House, visit: &Visit, id: &str, text: &str) -> Review {
    house.app.review_client(visit, &draft(id), &file(text)).await.unwrap()
}

async fn confirm(house: &House, visit: &Visit, id: &str, text: &str, seen: Seen) -> Result<(), NotReviewed> {
    house.app.register_reviewed(visit, &draft(id), &file(text), seen).await
}

fn refused<T: std::fmt::Debug>(result: Result<T, NotReviewed>) -> Result<T, Refusal> {
    match result {
        Err(NotReviewed::Refused(refusal)) => Err(refusal),
        other => panic!("a refusal is expected: {other:?}"),
    }
}

fn faulty<T: std::fmt::Debug>(result: Result<T, NotReviewed>) -> (Vec<(&'static str, &'static str)>, usize) {
    match result {
        Err(NotReviewed::Faulty(Faults { fields, file })) => {
            (fields.iter().map(|f| (f.field, f.code)).collect(), file.len())
        }
        other => panic!("mistakes are expected: {other:?}"),
    }
}

async fn what_was_reviewed_is_one_change(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (key, cecilia) = house.log_in_for_other(CECILIA).await;
    let head = house.app.latest().await.unwrap().head;
    house.forget().await;

    let shown = review(&house, &astrid, "shop", &shop()).await;
    assert_eq!(shown.client.service, "shop");
    let told = shown.preview.as_ref().unwrap();
    let effects = told.effects.as_ref().unwrap();
    assert!(effects.changes.iter().all(|change| change.service == "shop"), "{:?}", effects.changes);
    // The administrators of both employers can give what the file says that they may.
    assert_eq!((effects.count(Turn::Gains), effects.count(Turn::Loses)), (2, 0));
    assert!(effects.people.iter().any(|d| d.person == cecilia.person() && d.right == Right::Give));
    assert_eq!(effects.everyone, [(Turn::Gains, "shop.profile.read".to_owned())]);
    // Looking changed nothing and left nothing.
    assert_eq!(house.app.latest().await.unwrap().head, head);
    assert!(house.app.clients(&astrid).await.unwrap().is_empty());
    assert_eq!(house.news().await, [""; 0]);

    confirm(&house, &astrid, "shop", &shop(), shown.seen).await.unwrap();
    let seq = Seq(head.seq.0 + 1);
    let known = house.app.latest().await.unwrap();
    assert_eq!((known.head.seq, known.catalogue_seq), (seq, seq));
    assert_eq!(*known.catalogue, shown.catalogue);
    let shop_client = house.app.client(&astrid, &ClientId::parse("shop").unwrap()).await.unwrap();
    assert_eq!(shop_client.client, shown.client);
    assert_eq!(
        house.news().await,
        [
            format!(
                "change catalogue.applied #{seq} Astrid@Exempelmyndigheten platform.catalogue.apply:yes gained=2 lost=0 service=shop"
            ),
            "change client.registered Astrid@Exempelmyndigheten platform.client.manage:yes service=shop"
                .to_owned(),
        ]
    );
    // It holds at the next request: Cecilia can give it to Elin.
    let cecilia = house.enter(&key).await;
    assert_eq!(house.app.givable(&cecilia, "shop"), ["shop.user"]);

    // Confirmed twice: nothing is done twice.
    assert_eq!(code(refused(confirm(&house, &astrid, "shop", &shop(), shown.seen).await)), "CLIENT_EXISTS");
    assert_eq!(house.app.latest().await.unwrap().head.seq, seq);
    assert_eq!(
        house.news().await,
        [
            "refusal act.refused Astrid@Exempelmyndigheten code=CLIENT_EXISTS permission=platform.catalogue.apply fault=user"
        ]
    );

    // A folder that does not hold the file would take the service from under its e-service: refused, until it is off.
    let without = catalogue_with(str::to_owned);
    let (store, clock) = (house.app.store(), house.clock.clone());
    let told = preview(store, without.clone(), clock.clone()).await.unwrap().unwrap();
    assert_eq!(told.refused(), Some("CATALOGUE_IN_USE"));
    assert_eq!((told.in_use[0].what, told.in_use[0].id.as_str()), ("service", "shop"));
    assert_eq!(told.in_use[0].clients, BTreeSet::from(["shop".to_owned()]));
    let apply = || apply_catalogue(store, without.clone(), clock.clone(), Arc::new(TestEntropy));
    assert!(matches!(apply().await, Err(Stop::No(Refusal::Conflict("CATALOGUE_IN_USE")))));
    let by =
        app::oidc::Operator { clock: clock.clone(), wall: clock.clone(), entropy: Arc::new(TestEntropy) };
    switch_off_client(store, &ClientId::parse("shop").unwrap(), by).await.unwrap();
    apply().await.unwrap();
}

async fn every_mistake_of_form_and_file_is_told_at_once(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    house.forget().await;
    let ask = async |draft: Draft, text: &str| {
        let (app, file) = (&house.app, file(text));
        let seen = "1-0-0".parse().unwrap();
        let shown = faulty(app.review_client(&astrid, &draft, &file).await);
        assert_eq!(faulty(app.register_reviewed(&astrid, &draft, &file, seen).await), shown);
        shown
    };
    let bad_id = Draft { id: "Shop".into(), ..draft("x") };
    let mistakes = ask(bad_id.clone(), "no = toml =").await;
    assert_eq!(mistakes, (vec![("catalogue", "CATALOGUE_MISTAKES"), ("id", "CLIENT_ID_FORM")], 1));
    let another = Draft { service: "employer".into(), ..bad_id };
    assert_eq!(
        ask(another, &shop()).await,
        (vec![("service", "SERVICE_NOT_OF_FILE"), ("id", "CLIENT_ID_FORM")], 0)
    );
    let named = Draft { service: " shop ".into(), ..draft("shop") };
    assert!(house.app.review_client(&astrid, &named, &file(&shop())).await.is_ok());
    for text in [
        shop().replace("record = \"none\"", "record = \"none\"\ncolour = \"red\""),
        shop().replace("id = \"shop.profile.read\"", "id = \"employer.profile.read\""),
        shop().replace("gives = [\"shop.user\"]", "gives = [\"shop.user\", \"employer.administrator\"]"),
        // A service in force is nobody's to change by a file on a page.
        EXAMPLE.replace("Exempeltjänstens villkor", "Andra villkor"),
        include_str!("../../../../catalogue/employer.toml").to_owned(),
        include_str!("../../../../catalogue/platform.toml").replace("Driftansvarig", "Alla"),
    ] {
        let (fields, file) = ask(draft("shop"), &text).await;
        assert!(fields == [("catalogue", "CATALOGUE_MISTAKES")] && file >= 1, "{fields:?}");
    }
    assert!(house.app.clients(&astrid).await.unwrap().is_empty());
    assert_eq!(house.news().await, [""; 0], "mistakes in a form are no act yet");
}

async fn a_service_that_is_in_force_is_left_as_it_is(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let head = house.app.latest().await.unwrap().head;
    house.forget().await;
    let shown = review(&house, &astrid, "shop", EXAMPLE).await;
    assert!(shown.preview.is_none());
    confirm(&house, &astrid, "shop", EXAMPLE, shown.seen).await.unwrap();
    assert_eq!(house.app.latest().await.unwrap().head, head, "no change of the catalogue");
    assert_eq!(
        house.news().await,
        ["change client.registered Astrid@Exempelmyndigheten platform.client.manage:yes service=example"]
    );
}

async fn something_else_than_what_was_seen_is_not_done(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    let seen = review(&house, &astrid, "shop", &shop()).await.seen;

    // Somebody else connects another service between the page and its button.
    let other = shop().replace("shop", "kiosk");
    let theirs = review(&house, &bengt, "kiosk", &other).await.seen;
    assert_eq!(theirs, seen);
    confirm(&house, &bengt, "kiosk", &other, theirs).await.unwrap();
    house.forget().await;
    let head = house.app.latest().await.unwrap().head;
    assert_eq!(code(refused(confirm(&house, &astrid, "shop", &shop(), seen).await)), "REVIEW_OUTDATED");
    assert_eq!(house.app.latest().await.unwrap().head, head);
    assert_eq!(
        house.news().await,
        [
            "refusal act.refused Astrid@Exempelmyndigheten code=REVIEW_OUTDATED permission=platform.catalogue.apply fault=user"
        ]
    );
    // Shown again it says what holds now, and then it is done, with theirs in force beside it.
    let again = review(&house, &astrid, "shop", &shop()).await.seen;
    assert_ne!(again, seen);
    confirm(&house, &astrid, "shop", &shop(), again).await.unwrap();
    let known = house.app.latest().await.unwrap();
    assert!(["kiosk", "shop"].iter().all(|service| known.catalogue.service(service).is_some()));

    // Two at the same moment: one is done, the other asked again; neither is lost.
    let [a, b] = ["vagn", "bod"].map(|word| shop().replace("shop", word));
    let (seen_a, seen_b) =
        (review(&house, &astrid, "vagn", &a).await.seen, review(&house, &bengt, "bodar", &b).await.seen);
    let (first, second) = tokio::join!(
        confirm(&house, &astrid, "vagn", &a, seen_a),
        confirm(&house, &bengt, "bodar", &b, seen_b)
    );
    assert_ne!(first.is_ok(), second.is_ok(), "{first:?} {second:?}");
    let loser = if first.is_ok() { second } else { first };
    assert_eq!(code(refused(loser)), "REVIEW_OUTDATED");
}

/// Takes from somebody all that they hold at the agency but these permissions.
async fn narrow(house: &House, person: PartyId, permissions: &[&str]) {
    let permissions: BTreeSet<PermissionId> = permissions.iter().map(|id| (*id).to_owned()).collect();
    let write = move |tx: &mut store::Tx<'_>| {
        let seq = store::seq::take(tx)?;
        for version in store::facts::all_current(tx)? {
            let Fact::Mandate(mut mandate) = version.fact else { continue };
            if mandate.holder == person {
                mandate.permissions.clone_from(&permissions);
                let (from, to) = (version.valid_from, version.valid_to);
                store::facts::replace(tx, seq, version.id, from, to, &Fact::Mandate(mandate))?;
            }
        }
        Ok::<_, Stop>(())
    };
    house.app.store().write(write).await.unwrap();
}

async fn only_who_may_both_may_and_it_is_decided_under_the_lock(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (key, astrid) = house.log_in_for_other(ASTRID).await;
    house.forget().await;
    let app = &house.app;
    let (shop_draft, shop_file) = (draft("shop"), file(&shop()));
    let seen = review(&house, &astrid, "shop", &shop()).await.seen;
    let asked = refused(app.review_client(&elin, &shop_draft, &shop_file).await);
    assert_eq!(not_allowed(asked), ["NO_MANDATE"]);
    assert_eq!(
        not_allowed(refused(app.register_reviewed(&elin, &shop_draft, &shop_file, seen).await)),
        ["NO_MANDATE"]
    );
    house.forget().await;

    // One of the two is taken from Astrid while the page of review is open: her visit still knows it, the lock does not.
    for (kept, lacked) in [
        ("platform.catalogue.apply", "platform.client.manage"),
        ("platform.client.manage", "platform.catalogue.apply"),
    ] {
        narrow(&house, astrid.person(), &["platform.operator"]).await;
        let astrid = house.enter(&key).await;
        let head = app.latest().await.unwrap().head;
        narrow(&house, astrid.person(), &[kept]).await;
        let done = app.register_reviewed(&astrid, &shop_draft, &shop_file, seen).await;
        assert_eq!(not_allowed(refused(done)), ["MANDATE_SCOPE"], "{lacked}");
        assert_eq!(app.latest().await.unwrap().head.seq, Seq(head.seq.0 + 1), "no number but the test's own");
        assert_eq!(
            house.news().await,
            [format!("refusal act.refused Astrid@Exempelmyndigheten {lacked}:MANDATE_SCOPE fault=user")]
        );
        // At her next page she is told before anything is shown.
        let astrid = house.enter(&key).await;
        let shown = refused(app.review_client(&astrid, &shop_draft, &shop_file).await);
        assert_eq!(not_allowed(shown), ["MANDATE_SCOPE"]);
        house.forget().await;
    }
}
