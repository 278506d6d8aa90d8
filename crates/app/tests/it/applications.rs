//! An employer's application on paper, from the officer's desk to the first administrator.

use crate::support::{
    ASTRID, BENGT, CECILIA, House, KARIN, OLGA, T0, TestDatabase, code, eventually, invalid, not_allowed,
    on_both,
};
use app::Visit;
use app::application::{ApplicationForm, Filter, ReturnReason, Typed};
use domain::{CaseId, Instant};

on_both!(
    a_second_official_connects_the_employer,
    nobody_confirms_alone_or_for_oneself,
    what_is_returned_or_forgotten_connects_nobody,
    a_deadline_holds_before_the_timer_has_come,
    what_cannot_be_registered_is_refused,
    two_officers_register_the_same_employer_at_once,
    a_new_form_comes_where_nobody_is_left,
);

const BJORKDAL: &str = "4056202205";

fn typed() -> Typed {
    Typed {
        organisation_number: BJORKDAL.into(),
        organisation_name: "Björkdalens Bygg AB".into(),
        organisation_email: "info@bjorkdalen.example".into(),
        administrator_number: KARIN.number.into(),
        administrator_name: "Karin Lind".into(),
        administrator_email: KARIN.email(),
        terms_version: "2024-12-20".into(),
        arrived: "2027-03-22".into(),
    }
}

fn scan() -> Vec<u8> {
    b"%PDF-1.7 a signed form".to_vec()
}

fn form(typed: &Typed) -> ApplicationForm {
    ApplicationForm::parse(typed, scan(), "2027-03-24".parse().unwrap()).unwrap()
}

/// The subjects of the letters that have arrived, by recipient, once `count` have.
async fn letters(house: &House, count: usize) -> Vec<(String, String)> {
    let mail = eventually("the letters", || async {
        let mail = house.inbox().await;
        (mail.len() >= count).then_some(mail)
    })
    .await;
    let mut letters: Vec<_> = mail
        .iter()
        .map(|mail| (mail["to"].as_str().unwrap().to_owned(), mail["subject"].as_str().unwrap().to_owned()))
        .collect();
    letters.sort();
    letters
}

async fn state(house: &House, officer: &Visit, id: CaseId) -> String {
    house.app.application(officer, id).await.unwrap().state
}

// R-004-20 (part), R-004-21 (part), R-004-23, R-004-47 (part)
async fn a_second_official_connects_the_employer(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (karin_key, karin) = house.log_in(KARIN).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    house.forget().await;

    let id = app.register_application(&astrid, form(&typed())).await.unwrap();
    assert_eq!(
        house.news().await,
        [
            "change application.registered Astrid@Exempelmyndigheten platform.application.register:yes evidence=1 \
          arrived=2027-03-22"
        ]
    );
    let case = app.application(&bengt, id).await.unwrap();
    // The day of arrival is kept apart from the day of registration.
    assert_eq!((case.body.arrived.to_string().as_str(), case.opened_at >= T0), ("2027-03-22", true));
    let paper = app.application_scan(&bengt, id).await.unwrap();
    assert_eq!((&paper.bytes[..], paper.media_type.as_str()), (&scan()[..], "application/pdf"));
    assert_eq!(app.applications(&bengt, Filter::Open).await.unwrap().len(), 1);
    assert_eq!(
        house.news().await,
        [
            "read application.read Bengt@Exempelmyndigheten platform.application.read:yes",
            "read application.scan_read Bengt@Exempelmyndigheten platform.application.read:yes",
        ]
    );
    // Received is not registered: the administrator can do nothing yet.
    assert_eq!(app.choices(&house.enter(&karin_key).await).len(), 1);
    assert!(app.switch_party(&karin, case.body.organisation).await.is_err());
    house.forget().await;

    app.confirm_application(&bengt, id).await.unwrap();
    assert_eq!(
        house.news().await,
        [
            "change application.confirmed #3 Bengt@Exempelmyndigheten platform.application.confirm:yes evidence=1 \
          terms=2024-12-20"
        ]
    );
    // It works at the next request, without a new login.
    let karin = house.enter(&karin_key).await;
    app.switch_party(&karin, case.body.organisation).await.unwrap();
    let karin = house.enter(&karin_key).await;
    let mandates = app.mandates(&karin, "employer").await.unwrap();
    assert_eq!(mandates.iter().map(|m| (m.holder, m.parent)).collect::<Vec<_>>(), [(karin.person(), None)]);

    // What came in force: connection, terms and mandate by one change, the last two with the paper.
    let (organisation, hash) = (case.body.organisation, case.body.scan_hash().unwrap());
    let facts =
        app.read(move |tx| Ok(store::facts::as_known_at(tx, domain::Seq(3), organisation)?)).await.unwrap();
    let mut kinds = Vec::new();
    for version in facts.iter().filter(|version| version.seq_from == domain::Seq(3)) {
        kinds.push(version.fact.kind());
        match &version.fact {
            domain::Fact::TermsAcceptance(terms) => {
                assert_eq!((terms.version.as_str(), terms.evidence), ("2024-12-20", hash));
            }
            domain::Fact::Mandate(mandate) => assert_eq!(mandate.evidence, Some(hash)),
            _ => {}
        }
    }
    kinds.sort_unstable();
    assert_eq!(kinds, ["connection", "mandate", "terms_acceptance"]);

    // Both sides are told, once each, and each letter keeps its Message-ID.
    let expected = [
        (ASTRID.email(), "mail-application-confirmed-officer".to_owned()),
        ("info@bjorkdalen.example".to_owned(), "mail-connected-organisation".to_owned()),
        (KARIN.email(), "mail-connected-administrator".to_owned()),
    ];
    assert_eq!(letters(&house, 3).await, expected);
    let ids: std::collections::BTreeSet<_> =
        house.inbox().await.iter().map(|mail| mail["message_id"].as_str().unwrap().to_owned()).collect();
    assert!(ids.len() == 3 && ids.iter().all(|id| id.ends_with("@myndigheten.example>")), "{ids:?}");
    house.forget().await;
    assert_eq!(code(app.confirm_application(&bengt, id).await), "CASE_MOVED_ON");
    house.pass(10 * crate::support::MINUTE);
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(letters(&house, 3).await.len(), 3);
    assert_eq!(
        house.news().await,
        [
            "refusal act.refused Bengt@Exempelmyndigheten code=CASE_MOVED_ON permission=platform.application.confirm \
          fault=user"
        ]
    );
}

// R-004-20 (part)
async fn nobody_confirms_alone_or_for_oneself(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (bengt_key, bengt) = house.log_in_for_other(BENGT).await;
    house.forget().await;
    let id = app.register_application(&astrid, form(&typed())).await.unwrap();
    assert_eq!(not_allowed(app.confirm_application(&astrid, id).await), ["RULE_TWO_PERSONS"]);
    // Bengt would gain by this one.
    let own = Typed {
        organisation_number: checked("4070205507"),
        administrator_number: BENGT.number.into(),
        administrator_email: "somebody@else.example".into(),
        ..typed()
    };
    let own = app.register_application(&astrid, form(&own)).await.unwrap();
    assert_eq!(not_allowed(app.confirm_application(&bengt, own).await), ["RULE_TWO_PERSONS"]);
    let refused = |name| {
        format!(
            "refusal act.refused {name}@Exempelmyndigheten platform.application.confirm:RULE_TWO_PERSONS fault=user"
        )
    };
    let registered = "change application.registered Astrid@Exempelmyndigheten platform.application.register:yes \
                      evidence=1 arrived=2027-03-22";
    let expected = [registered.to_owned(), registered.to_owned(), refused("Astrid"), refused("Bengt")];
    assert_eq!(house.news().await, expected);

    // Nobody turns Bengt's mail aside by typing his number.
    let person = bengt.person();
    let node = app.clone();
    let email = app
        .read(move |tx| Ok(store::vault::field(tx, &node.ring(), person, store::vault::Field::Email)?))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(email.as_str(), BENGT.email());

    // Nor can somebody without the role, whatever the address.
    let (_, olga) = house.log_in_for_other(OLGA).await;
    assert_eq!(not_allowed(app.register_application(&olga, form(&typed())).await), ["NO_MANDATE"]);
    assert_eq!(not_allowed(app.confirm_application(&olga, id).await)[0], "NO_MANDATE");
    assert_eq!(
        not_allowed(app.return_application(&olga, id, ReturnReason::Incomplete).await),
        ["NO_MANDATE"]
    );
    assert_eq!(not_allowed(app.application(&olga, id).await), ["NO_MANDATE"]);
    let open = app.applications(&house.enter(&bengt_key).await, Filter::Open).await.unwrap();
    assert_eq!(open.len(), 2);
}

/// An organisation number with its right check digit.
fn checked(number: &str) -> String {
    (0..10)
        .map(|digit| format!("{}{digit}", &number[..9]))
        .find(|number| ident::OrganisationNumber::parse(number).is_ok())
        .unwrap()
}

// R-004-17 (part), R-004-18 (part)
async fn what_is_returned_or_forgotten_connects_nobody(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    house.forget().await;
    let returned = app.register_application(&astrid, form(&typed())).await.unwrap();
    house.forget().await;
    app.return_application(&bengt, returned, ReturnReason::NotAuthorised).await.unwrap();
    assert_eq!(code(app.confirm_application(&bengt, returned).await), "CASE_MOVED_ON");
    assert_eq!(
        house.news().await,
        [
            "change application.returned Bengt@Exempelmyndigheten platform.application.return:yes \
             reason=not_authorised",
            "refusal act.refused Bengt@Exempelmyndigheten code=CASE_MOVED_ON \
             permission=platform.application.confirm fault=user",
        ]
    );
    assert_eq!(state(&house, &astrid, returned).await, "returned");
    let told = [("info@bjorkdalen.example".to_owned(), "mail-application-returned".to_owned())];
    assert_eq!(letters(&house, 1).await, told);

    // Registered anew, and forgotten: five working days from Wednesday 24 March, over Easter and the change to summer
    // time, end with Friday 2 April, at midnight in Sweden.
    let forgotten = app.register_application(&astrid, form(&typed())).await.unwrap();
    let due: Instant = "2027-04-02T22:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    assert_eq!(app.application(&bengt, forgotten).await.unwrap().due_at, Some(due));
    house.forget().await;
    house.clock.set(due - std::time::Duration::from_micros(1));
    house.wake();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(house.news().await, [""; 0]);
    house.clock.set(due);
    let lines = eventually("the case to lapse", || async {
        house.wake();
        let news = house.news().await;
        (!news.is_empty()).then_some(news)
    })
    .await;
    assert_eq!(lines, ["system application.lapsed –@Björkdalens"]);
    let mut expected = vec![
        (ASTRID.email(), "mail-application-lapsed".to_owned()),
        ("info@bjorkdalen.example".to_owned(), "mail-application-lapsed".to_owned()),
        told[0].clone(),
    ];
    expected.sort();
    assert_eq!(letters(&house, 3).await, expected);
    // Sessions of that day are long gone; by a new login the case is seen and cannot be confirmed.
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    assert_eq!(code(app.confirm_application(&bengt, forgotten).await), "CASE_MOVED_ON");
    assert_eq!(state(&house, &bengt, forgotten).await, "lapsed");
    let (_, karin) = house.log_in(KARIN).await;
    assert_eq!(app.choices(&karin).len(), 1);
}

/// A deadline holds by itself: no timer has come to the case yet, and it is too late all the same.
async fn a_deadline_holds_before_the_timer_has_come(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let id = app.register_application(&astrid, form(&typed())).await.unwrap();
    let due = app.application(&astrid, id).await.unwrap().due_at.unwrap();
    // A little before, so that a new login is possible, and no timer afterwards.
    house.clock.set(due - crate::support::MINUTE);
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    house.stop_all();
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    house.clock.set(due);
    assert_eq!(state(&house, &bengt, id).await, "registered");
    assert_eq!(code(app.confirm_application(&bengt, id).await), "CASE_MOVED_ON");
    assert_eq!(code(app.return_application(&bengt, id, ReturnReason::Unreadable).await), "CASE_MOVED_ON");
}

// R-004-16 (part)
async fn what_cannot_be_registered_is_refused(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    house.forget().await;
    for version in ["2023-01-01", "", "2027-12-20"] {
        let form = form(&Typed { terms_version: version.into(), ..typed() });
        let refused = app.register_application(&astrid, form).await;
        assert_eq!(invalid(refused), [("terms_version", "TERMS_VERSION")], "{version:?}");
    }
    // A form that cannot be used is no act.
    assert_eq!(house.news().await, [""; 0]);
    let connected = form(&Typed { organisation_number: crate::support::GRANAS.into(), ..typed() });
    assert_eq!(code(app.register_application(&astrid, connected).await), "ALREADY_CONNECTED");
    app.register_application(&astrid, form(&typed())).await.unwrap();
    house.forget().await;
    assert_eq!(code(app.register_application(&astrid, form(&typed())).await), "APPLICATION_OPEN");
    assert_eq!(
        house.news().await,
        ["refusal act.refused Astrid@Exempelmyndigheten code=APPLICATION_OPEN \
          permission=platform.application.register fault=user"]
    );
    // What was refused has left nothing: the connected employer is still called what it was.
    let node = app.clone();
    let haulier = app
        .read(move |tx| {
            let number = store::parties::Identifier::OrganisationNumber(crate::support::GRANAS);
            Ok(store::parties::find(tx, &node.ring(), number)?.unwrap())
        })
        .await
        .unwrap();
    assert_eq!(app.own_name(haulier).await.unwrap().name, "Granåsens Åkeri AB");
}

async fn two_officers_register_the_same_employer_at_once(db: TestDatabase) {
    let house = House::furnished(db).await;
    let second = house.idle_node("second").await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    // An organisation that nobody has heard of, and then again and again the same one.
    for _ in 0..6 {
        let typed = typed();
        let (here, there) = tokio::join!(
            house.app.register_application(&astrid, form(&typed)),
            second.register_application(&bengt, form(&typed)),
        );
        let (id, refused) = match (here, there) {
            (Ok(id), refused) | (refused, Ok(id)) => (id, refused),
            neither => panic!("{neither:?}"),
        };
        assert_eq!(code(refused), "APPLICATION_OPEN");
        house.app.return_application(&astrid, id, ReturnReason::Incomplete).await.unwrap();
    }
}

// R-004-33 (part)
async fn a_new_form_comes_where_nobody_is_left(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    let again = || form(&Typed { organisation_number: crate::support::GRANAS.into(), ..typed() });
    assert_eq!(code(app.register_application(&astrid, again()).await), "ALREADY_CONNECTED");
    crate::protected::notice(&house, CECILIA, "number_replaced").await;
    let id = app.register_application(&astrid, again()).await.unwrap();
    app.confirm_application(&bengt, id).await.unwrap();
    assert_eq!(code(app.register_application(&astrid, again()).await), "ALREADY_CONNECTED");
    let (_, administrator) = house.log_in_for_other(KARIN).await;
    assert!(!app.mandates(&administrator, "employer").await.unwrap().is_empty());
}
