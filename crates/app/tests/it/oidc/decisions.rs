//! Decisions by AuthZEN: about the own service and its own visitors, by the same `decide` as every page.

use super::client::{ASSERTION, Signer, archive, enter, fault, given, params, public, register, userinfo};
use crate::support::{ELIN, FARID, House, MINUTE, OLGA, TestDatabase, on_both};
use app::App;
use app::oidc::{Asked, Verdict};
use authority::Mender;
use oidc::ErrorCode;
use oidc::authzen::{Action, Context, Entity, NotAsked, Question, Semantic};

on_both!(
    a_visitors_token_asks_about_that_visitor,
    a_machine_asks_about_its_own_service_and_those_who_are_in_it,
    a_batch_ends_where_its_semantic_says,
    answers_are_recorded_as_the_permission_says,
);

/// A question; the resource as its type and id.
pub fn about(sub: &str, permission: &str, resource: (&str, &str)) -> Question {
    let entity = |kind: &str, id: &str| Entity { kind: kind.to_owned(), id: id.to_owned() };
    Question {
        subject: entity("person", sub),
        action: Action { name: permission.to_owned() },
        resource: entity(resource.0, resource.1),
        context: Context::default(),
    }
}

/// One question, asked with a token.
pub async fn by(app: &App, token: &str, question: &Question) -> Verdict {
    let asked = Asked { questions: vec![Ok(question.clone())], semantic: Semantic::ExecuteAll };
    app.evaluate(token, asked).await.unwrap().remove(0)
}

pub fn codes(verdict: &Verdict) -> Vec<&'static str> {
    verdict.missing.iter().map(|missing| missing.code).collect()
}

async fn sub(app: &App, tokens: &app::oidc::Tokens) -> String {
    userinfo(app, tokens).await["sub"].as_str().unwrap().to_owned()
}

/// A machine's token.
pub async fn machine(house: &House, signer: &Signer, id: &str, jti: &str) -> String {
    let assertion = signer.assertion(house, id, jti);
    let pairs = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_assertion_type", ASSERTION),
        ("client_assertion", &assertion),
    ];
    house.app.token(&params(&pairs)).await.unwrap().access_token
}

async fn a_visitors_token_asks_about_that_visitor(db: TestDatabase) {
    let house = House::furnished_beside(db, archive()).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    register(&house, public("records", "archive")).await;
    given(&house, ELIN, "example.user").await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (_, farid) = house.log_in(FARID).await;
    let (_, olga) = house.log_in_for_other(OLGA).await;
    let hers = enter(app, &elin, "shop", &[]).await;
    let his = enter(app, &farid, "shop", &[]).await;
    let elsewhere = enter(app, &elin, "records", &[]).await;
    let (her_name, his_name) = (sub(app, &hers).await, sub(app, &his).await);
    let other_name = sub(app, &elsewhere).await;
    let haulier = elin.party().to_string();
    let preschool = olga.party().to_string();
    let person = elin.person().to_string();
    let ask = |question: Question| {
        let (app, token) = (app.clone(), hers.access_token.clone());
        async move { by(&app, &token, &question).await }
    };
    let read = "example.order.read";
    assert!(ask(about(&her_name, read, ("organisation", &haulier))).await.allowed);
    assert!(ask(about(&her_name, "example.profile.read", ("person", &her_name))).await.allowed);
    for (question, code) in [
        (about(&his_name, read, ("organisation", &haulier)), "OTHER_SUBJECT"),
        // Her own name, but another service's.
        (about(&other_name, read, ("organisation", &haulier)), "OTHER_SUBJECT"),
        (about(&person, read, ("organisation", &haulier)), "OTHER_SUBJECT"),
        (about("x", read, ("organisation", &haulier)), "OTHER_SUBJECT"),
        (about(&her_name, "archive.order.read", ("organisation", &haulier)), "OTHER_SERVICE"),
        (about(&her_name, "employer.sickness_report.create", ("organisation", &haulier)), "OTHER_SERVICE"),
        (about(&her_name, "platform.client.manage", ("organisation", &haulier)), "OTHER_SERVICE"),
        (about(&her_name, "example", ("organisation", &haulier)), "OTHER_SERVICE"),
        (about(&her_name, "example2.order.read", ("organisation", &haulier)), "OTHER_SERVICE"),
        (about(&her_name, read, ("organisation", "4056201108")), "UNKNOWN_RESOURCE"),
        (about(&her_name, read, ("building", &haulier)), "UNKNOWN_RESOURCE"),
        // Another person's own details: not even by the internal id.
        (about(&her_name, "example.profile.read", ("person", &his_name)), "UNKNOWN_RESOURCE"),
        (about(&her_name, "example.profile.read", ("person", &person)), "UNKNOWN_RESOURCE"),
    ] {
        let verdict = ask(question.clone()).await;
        assert_eq!((verdict.allowed, codes(&verdict)), (false, vec![code]), "{question:?}");
        assert_eq!(verdict.missing[0].mender, None, "it is the question that is wrong");
    }
    let machine_like = Question {
        subject: Entity { kind: "client".into(), id: her_name.clone() },
        ..about(&her_name, read, ("organisation", &haulier))
    };
    assert_eq!(codes(&ask(machine_like).await), ["OTHER_SUBJECT"]);
    // An organisation that she has no tie to: a no, with who can mend it.
    let verdict = ask(about(&her_name, read, ("organisation", &preschool))).await;
    assert!(
        !verdict.allowed && verdict.missing.iter().all(|missing| missing.mender.is_some()),
        "{verdict:?}"
    );
    // An unknown permission: those who run the e-service correct it, told which and where it was looked for.
    let verdict = ask(about(&her_name, "example.nothing", ("organisation", &haulier))).await;
    assert_eq!((verdict.allowed, codes(&verdict)), (false, vec!["UNKNOWN_PERMISSION"]));
    assert_eq!(verdict.missing[0].mender, None);
    assert_eq!(verdict.unknown.map(|unknown| unknown.permission), Some("example.nothing".to_owned()));
    // The one who has no mandate there.
    let verdict = by(app, &his.access_token, &about(&his_name, read, ("organisation", &haulier))).await;
    assert_eq!(codes(&verdict), ["NO_MANDATE"]);
    assert_eq!(verdict.missing[0].mender, Some(Mender::OrganisationAdministrator));

    // What the caller knows and this node does not.
    let mut fresh = about(&her_name, read, ("organisation", &haulier));
    let head = ask(fresh.clone()).await.as_of.seq.0;
    fresh.context.at_least_seq = Some(head);
    assert!(ask(fresh.clone()).await.allowed);
    fresh.context.at_least_seq = Some(head + 1);
    let verdict = ask(fresh).await;
    assert_eq!((codes(&verdict), verdict.as_of.seq.0), (vec!["STALE"], head));
    // A token that is none.
    for token in ["", "x", "v.", "m.", "v.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        let asked = Asked {
            questions: vec![Ok(about(&her_name, read, ("organisation", &haulier)))],
            semantic: Semantic::ExecuteAll,
        };
        assert_eq!(fault(app.evaluate(token, asked).await), ErrorCode::InvalidToken, "{token}");
    }
}

async fn a_machine_asks_about_its_own_service_and_those_who_are_in_it(db: TestDatabase) {
    let house = House::furnished_beside(db, archive()).await;
    let app = &house.app;
    let (till, records) = (Signer::new(), Signer::new());
    register(&house, till.client("till", "example")).await;
    register(&house, records.client("records", "archive")).await;
    register(&house, public("shop", "example")).await;
    given(&house, ELIN, "example.user").await;
    let (key, elin) = house.log_in_for_other(ELIN).await;
    let haulier = elin.party().to_string();
    let through_shop = enter(app, &elin, "shop", &[]).await;
    let name = sub(app, &through_shop).await;
    let read = about(&name, "example.order.read", ("organisation", &haulier));
    let token = machine(&house, &till, "till", "1").await;
    let foreign = machine(&house, &records, "records", "1").await;
    // She is in the shop, which is another client: this one has not seen her log in.
    assert_eq!(codes(&by(app, &token, &read).await), ["NO_SESSION"]);

    let enter_till = |jti: &'static str, visit: app::Visit| {
        let assertion = till.assertion(&house, "till", jti);
        let app = app.clone();
        async move {
            let step = app.authorize(&params(&super::client::request("till", &[])), Some(&visit)).await;
            let code = super::client::code_of(step);
            let mut pairs = super::client::redeeming("till", &code);
            pairs.extend([("client_assertion_type", ASSERTION), ("client_assertion", assertion.as_str())]);
            app.token(&params(&pairs)).await.unwrap()
        }
    };
    enter_till("2", elin.clone()).await;
    assert!(by(app, &token, &read).await.allowed);
    assert_eq!(codes(&by(app, &foreign, &read).await), ["OTHER_SERVICE"]);
    let there = about(&name, "archive.order.read", ("organisation", &haulier));
    assert_eq!(codes(&by(app, &foreign, &there).await), ["OTHER_SUBJECT"], "the name is another service's");

    // A second browser that she left lying about: she is still here by the first.
    house.pass(20 * MINUTE);
    house.enter(&key).await;
    let (second_key, second) = house.log_in_for_other(ELIN).await;
    enter_till("3", second).await;
    for _ in 0..2 {
        house.pass(15 * MINUTE);
        house.enter(&key).await;
    }
    assert!(matches!(app.enter(&second_key).await.unwrap(), app::session::Entry::Ended));
    let token = machine(&house, &till, "till", "4").await;
    assert!(by(app, &token, &read).await.allowed, "the session of the first browser is open");
    app.log_out(&elin).await.unwrap();
    assert_eq!(codes(&by(app, &token, &read).await), ["NO_SESSION"]);
    // Five minutes.
    house.pass(5 * MINUTE);
    let asked = Asked { questions: vec![Ok(read)], semantic: Semantic::ExecuteAll };
    assert_eq!(fault(app.evaluate(&token, asked).await), ErrorCode::InvalidToken);
}

async fn a_batch_ends_where_its_semantic_says(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    given(&house, ELIN, "example.user").await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let tokens = enter(app, &elin, "shop", &[]).await;
    let name = sub(app, &tokens).await;
    let haulier = elin.party().to_string();
    let yes = || Ok(about(&name, "example.order.read", ("organisation", &haulier)));
    let no = || Ok(about("x", "example.order.read", ("organisation", &haulier)));
    let wrong = || Err(NotAsked("subject needs type and id"));
    for (semantic, questions, answers) in [
        (Semantic::ExecuteAll, vec![no(), yes(), wrong(), yes()], vec![false, true, false, true]),
        (Semantic::DenyOnFirstDeny, vec![yes(), yes(), no(), yes()], vec![true, true, false]),
        (Semantic::DenyOnFirstDeny, vec![yes(), wrong(), yes()], vec![true, false]),
        (Semantic::PermitOnFirstPermit, vec![no(), wrong(), yes(), yes()], vec![false, false, true]),
        (Semantic::PermitOnFirstPermit, vec![no(), no()], vec![false, false]),
    ] {
        let verdicts = app.evaluate(&tokens.access_token, Asked { questions, semantic }).await.unwrap();
        let told: Vec<_> = verdicts.iter().map(|verdict| verdict.allowed).collect();
        assert_eq!(told, answers, "{semantic:?}");
    }
}

async fn answers_are_recorded_as_the_permission_says(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    given(&house, ELIN, "example.user").await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (_, farid) = house.log_in(FARID).await;
    let tokens = enter(app, &elin, "shop", &[]).await;
    let his = enter(app, &farid, "shop", &[]).await;
    let (name, his_name) = (sub(app, &tokens).await, sub(app, &his).await);
    let haulier = elin.party().to_string();
    house.forget().await;
    // `record = "none"`: an answer that leaves nothing.
    let read =
        by(app, &tokens.access_token, &about(&name, "example.order.read", ("organisation", &haulier))).await;
    assert_eq!((read.allowed, read.reference), (true, None));
    assert_eq!(house.news().await, [""; 0]);
    // `record = "change"`: the yes and the no, each under its reference.
    let place = "example.order.place";
    let yes = by(app, &tokens.access_token, &about(&name, place, ("organisation", &haulier))).await;
    let no = by(app, &his.access_token, &about(&his_name, place, ("organisation", &haulier))).await;
    assert!(yes.allowed && !no.allowed);
    let records = house.new_records().await;
    let mut references: Vec<_> = records.iter().map(|record| record.reference.clone()).collect();
    let mut told = vec![yes.reference.unwrap(), no.reference.unwrap()];
    references.sort();
    told.sort();
    assert_eq!(references, told);
    for record in &records {
        assert_eq!((record.event.as_str(), record.object.as_deref()), ("client.asked", Some("shop")));
        assert_eq!(record.decided.as_ref().unwrap().permission, place);
    }
    // What is no question of this caller's is answered, and is nobody's record.
    by(app, &tokens.access_token, &about(&his_name, place, ("organisation", &haulier))).await;
    assert_eq!(house.news().await, [""; 0]);
    // In lines: who, for whom, and how it was decided.
    by(app, &tokens.access_token, &about(&name, place, ("organisation", &haulier))).await;
    by(app, &his.access_token, &about(&his_name, place, ("organisation", &haulier))).await;
    assert_eq!(
        house.news().await,
        [
            "read client.asked Elin@Granåsens example.order.place:yes",
            "refusal client.asked Farid@Granåsens example.order.place:NO_MANDATE fault=user",
        ]
    );
}
