//! Authority at an employer: given, used at the next request, explained, ended, and never without an administrator.

use crate::support::{
    ASTRID, CECILIA, DAVID, ELIN, FARID, House, OLGA, Person, TestDatabase, code, invalid, not_allowed,
    on_both,
};
use app::mandates::NewMandate;
use app::{App, Refusal, Visit, Want};
use authority::{LinkKind, Mender, Verdict};
use domain::fact::MandateKind;
use domain::{FactId, Instant};

on_both!(
    a_colleague_can_act_at_the_next_request_and_no_longer_than_said,
    what_is_ended_ends_at_the_next_request_on_every_node,
    what_cannot_be_given_is_refused_and_recorded,
    what_an_administrator_gave_is_handed_over,
    an_administrator_acts_for_the_own_organisation_only,
    what_a_connected_service_lets_administrators_give,
);

const CREATE: &str = "employer.sickness_report.create";

fn new(person: Person, permission: &str, last_day: Option<&str>) -> NewMandate {
    NewMandate {
        number: person.number(),
        name: person.name.to_owned(),
        email: person.email(),
        permission: permission.to_owned(),
        last_day: last_day.map(|day| day.parse().unwrap()),
        need: "Sköter lönerna.".to_owned(),
    }
}

fn may(app: &App, visit: &Visit, permission: &str) -> bool {
    app.decide(visit, &Want::to(permission, visit.party())).allowed
}

/// The mandate that a person holds at the organisation of the visit.
async fn mandate_of(house: &House, visit: &Visit, holder: domain::PartyId) -> FactId {
    let list = house.app.mandates(visit, "employer").await.unwrap();
    list.iter().find(|m| m.holder == holder).expect("a mandate").id
}

// R-004-24, R-004-25 (part), R-004-26 (part), R-000-10 (part)
async fn a_colleague_can_act_at_the_next_request_and_no_longer_than_said(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (cecilia_key, cecilia) = house.log_in_for_other(CECILIA).await;
    let (david_key, david) = house.log_in(DAVID).await;
    assert_eq!(app.choices(&david).len(), 1);
    house.forget().await;
    let id = app
        .give_mandate(&cecilia, "employer", new(DAVID, "employer.user", Some("2027-03-25")))
        .await
        .unwrap();
    assert_eq!(
        house.news().await,
        ["change mandate.given #3 Cecilia@Granåsens employer.mandate.give:yes permission=employer.user"]
    );
    assert_eq!(app.need(david.person(), id).await.unwrap().as_deref(), Some("Sköter lönerna."));

    // The colleague's next click, without a new login.
    let david = house.enter(&david_key).await;
    app.switch_party(&david, cecilia.party()).await.unwrap();
    let david = house.enter(&david_key).await;
    assert!(may(app, &david, CREATE));
    assert!(!may(app, &david, "employer.sickness_report.read_all"));
    assert!(!may(app, &david, "employer.mandate.give"));
    // And the administrator sees mandates, but not what is behind them (R-004-29).
    assert!(!may(app, &cecilia, CREATE));

    // "Why?" shows the chain: David's own mandate, and Cecilia's by which it was given.
    let cecilia = house.enter(&cecilia_key).await;
    let why = app.why(&cecilia, "employer", david.person(), CREATE).await.unwrap();
    let hers = mandate_of(&house, &cecilia, cecilia.person()).await;
    assert_eq!((why.allowed, why.chain.clone()), (true, vec![id, hers]));
    let why_not =
        app.why(&cecilia, "employer", david.person(), "employer.sickness_report.read_all").await.unwrap();
    assert_eq!(why_not.codes().collect::<Vec<_>>(), ["MANDATE_SCOPE"]);
    assert!(matches!(
        why_not.link(LinkKind::Mandate),
        Verdict::Broken(broken) if broken.mender == Mender::OrganisationAdministrator
    ));

    // It holds the whole of its last day in Sweden and not a moment longer.
    house.forget().await;
    let end: Instant = "2027-03-25T23:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
    let view = app.mandates(&cecilia, "employer").await.unwrap().into_iter().find(|m| m.id == id).unwrap();
    assert_eq!((view.to, view.kind, view.parent), (Some(end), MandateKind::User, Some(hers)));
    house.clock.set(end - std::time::Duration::from_micros(1));
    assert!(may(app, &david, CREATE));
    house.clock.set(end);
    let want = Want::to(CREATE, cecilia.party());
    assert_eq!(not_allowed(app.require(&david, &want).await), ["MANDATE_ENDED"]);
    assert_eq!(
        house.news().await,
        ["refusal act.refused David@Granåsens employer.sickness_report.create:MANDATE_ENDED fault=user"]
    );
}

// R-004-31 (part), R-000-10 (part)
async fn what_is_ended_ends_at_the_next_request_on_every_node(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let second = house.node("second").await;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (elin_key, elin) = house.log_in_for_other(ELIN).await;
    let there = house.enter_at(&second, &elin_key).await;
    assert!(may(app, &elin, CREATE) && may(&second, &there, CREATE));
    let hers = mandate_of(&house, &cecilia, elin.person()).await;
    house.forget().await;

    app.end_mandate(&cecilia, "employer", hers).await.unwrap();
    let ended = house.new_records().await;
    let [record] = ended.as_slice() else { panic!("{ended:?}") };
    assert_eq!(
        (record.event.as_str(), record.seq, record.object.clone()),
        ("mandate.ended", Some(domain::Seq(3)), Some(hers.to_string()))
    );
    for (node, visit) in
        [(&second, house.enter_at(&second, &elin_key).await), (app, house.enter(&elin_key).await)]
    {
        let refused = node.require(&visit, &Want::to(CREATE, elin.party())).await;
        assert_eq!(not_allowed(refused), ["MANDATE_ENDED"]);
        assert_eq!(node.choices(&visit).len(), 1);
    }
    // The page that was open before the end writes nothing either: the decision is made again under the lock.
    let late = second.write(&there, Want::to(CREATE, elin.party()), |act| {
        act.record("note.written", None, &[], &[]);
        Ok(())
    });
    assert_eq!(not_allowed(late.await), ["MANDATE_ENDED"]);
    let line = "refusal act.refused Elin@Granåsens employer.sickness_report.create:MANDATE_ENDED fault=user";
    assert_eq!(house.news().await, [line; 3]);
    assert_eq!(code(app.end_mandate(&cecilia, "employer", hers).await), "MANDATE_ENDED_ALREADY");

    // What was is still known: before change 3 the mandate had no end.
    let versions = app.read(move |tx| Ok(store::facts::history(tx, hers)?)).await.unwrap();
    let known: Vec<_> =
        versions.iter().map(|v| (v.seq_from.0, v.seq_to.map(|s| s.0), v.valid_to.is_some())).collect();
    assert_eq!(known, [(2, Some(3), false), (3, None, true)]);
}

// R-004-25 (part), R-004-33 (part), R-004-47 (part)
async fn what_cannot_be_given_is_refused_and_recorded(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    house.forget().await;
    let give = |visit: &Visit, new| {
        let (app, visit) = (app.clone(), visit.clone());
        async move { app.give_mandate(&visit, "employer", new).await }
    };
    let by_rule = |code: &str, permission: &str| {
        format!(
            "refusal act.refused Cecilia@Granåsens code={code} permission=employer.mandate.{permission} fault=user"
        )
    };
    for (gift, refused) in [
        (new(CECILIA, "employer.user", None), "GIVE_TO_SELF"),
        (new(ELIN, "employer.user", None), "MANDATE_EXISTS"),
        // Only the agency has roles of the agency, and an officer's package is none that an employer gives.
        (new(DAVID, "platform.connection_officer", None), "GIVE_KIND"),
        (new(DAVID, "employer.sickness_officer", None), "GIVE_KIND"),
    ] {
        let permission = gift.permission.clone();
        match give(&cecilia, gift).await {
            Err(Refusal::Conflict(code)) => {
                assert_eq!(code, refused, "{permission}");
                assert_eq!(house.news().await, [by_rule(refused, "give")], "{permission}");
            }
            Err(Refusal::NotAllowed { .. }) if refused == "GIVE_KIND" => {
                assert_eq!(house.news().await.len(), 1, "{permission}");
            }
            other => panic!("{permission}: {other:?}"),
        }
    }
    for unknown in ["employer.nothing", "", "employer.user ", "platform.mandate.read_own"] {
        let refused = give(&cecilia, new(DAVID, unknown, None)).await;
        assert_eq!(invalid(refused), [("permission", "UNKNOWN_PERMISSION")], "{unknown:?}");
    }
    let past = give(&cecilia, new(DAVID, "employer.user", Some("2027-03-23"))).await;
    assert_eq!(invalid(past), [("last_day", "DATE_PAST")]);
    assert_eq!(house.news().await, [""; 0]);

    // A user gives nothing.
    assert_eq!(not_allowed(give(&elin, new(DAVID, "employer.user", None)).await), ["MANDATE_SCOPE"]);
    assert_eq!(
        house.news().await,
        ["refusal act.refused Elin@Granåsens employer.mandate.give:MANDATE_SCOPE fault=user"]
    );
    // The last administrator cannot go.
    let own = mandate_of(&house, &cecilia, cecilia.person()).await;
    assert_eq!(code(app.end_mandate(&cecilia, "employer", own).await), "RULE_NEEDS_SUCCESSOR");
    assert_eq!(house.news().await, [by_rule("RULE_NEEDS_SUCCESSOR", "end")]);
    let head = app.status().await.unwrap().head.seq;
    assert_eq!(head, domain::Seq(2), "nothing of it has used up a number");
    // Nor was anybody made known by what was refused.
    let node = app.clone();
    let david = app
        .read(move |tx| {
            let number = store::parties::Identifier::PersonalNumber(DAVID.number);
            Ok(store::parties::find(tx, &node.ring(), number)?)
        })
        .await
        .unwrap();
    assert_eq!(david, None);
}

// R-004-25 (part), R-004-33 (part)
async fn what_an_administrator_gave_is_handed_over(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (farid_key, _) = house.log_in(FARID).await;
    app.give_mandate(&cecilia, "employer", new(FARID, "employer.administrator", None)).await.unwrap();
    let (elin_key, elin) = house.log_in_for_other(ELIN).await;
    let farid = house.enter(&farid_key).await;
    app.switch_party(&farid, cecilia.party()).await.unwrap();
    let farid = house.enter(&farid_key).await;
    let hers = mandate_of(&house, &farid, cecilia.person()).await;
    let his = mandate_of(&house, &farid, farid.person()).await;
    let elins = mandate_of(&house, &farid, elin.person()).await;
    house.forget().await;

    // The successor, whom Cecilia herself appointed, ends her mandate: his takes its place, Elin's goes on under it.
    app.end_mandate(&farid, "employer", hers).await.unwrap();
    assert_eq!(house.news().await, ["change mandate.ended #4 Farid@Granåsens employer.mandate.end:yes"]);
    let farid = house.enter(&farid_key).await;
    let list = app.mandates(&farid, "employer").await.unwrap();
    let parents: Vec<_> = list.iter().map(|m| (m.id, m.parent)).collect();
    assert_eq!(parents, [(his, None), (elins, Some(his))]);
    let elin = house.enter(&elin_key).await;
    assert!(may(app, &elin, CREATE));
    assert_eq!(app.decide(&elin, &Want::to(CREATE, elin.party())).chain, [elins, his]);
    // Who gave it is not forgotten.
    assert_eq!(app.givers(&[elins]).await.unwrap()[&elins], cecilia.person());
    // Now he is the last.
    assert_eq!(code(app.end_mandate(&farid, "employer", his).await), "RULE_NEEDS_SUCCESSOR");
}

// R-004-29 (part)
async fn an_administrator_acts_for_the_own_organisation_only(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (_, olga) = house.log_in_for_other(OLGA).await;
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let hers = mandate_of(&house, &cecilia, cecilia.person()).await;
    house.forget().await;
    // Another organisation's mandate looks as if it did not exist, and the attempt is seen.
    assert!(matches!(app.end_mandate(&olga, "employer", hers).await, Err(Refusal::NotFound)));
    assert!(matches!(app.why(&olga, "employer", cecilia.person(), CREATE).await, Err(Refusal::NotFound)));
    assert_eq!(
        house.news().await,
        ["refusal act.refused Olga@Sjöviks code=NOT_FOUND permission=employer.mandate.end fault=user"]
    );
    assert!(matches!(app.switch_party(&olga, cecilia.party()).await, Err(Refusal::NotFound)));
    assert_eq!(house.news().await, ["refusal session.switch_refused Olga@Granåsens fault=user"]);
    // The agency's officers do not govern at an employer (R-002-08).
    assert_eq!(not_allowed(app.end_mandate(&astrid, "employer", hers).await)[0], "PARTY_NOT_CONNECTED");
    assert_eq!(house.news().await.len(), 1);
}

async fn what_a_connected_service_lets_administrators_give(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (cecilia_key, cecilia) = house.log_in_for_other(CECILIA).await;
    let (david_key, _) = house.log_in(DAVID).await;
    let givable = app.givable(&cecilia, "employer");
    assert!(givable.iter().any(|id| id == "example.user"), "{givable:?}");
    assert!(givable.iter().all(|id| !id.starts_with("platform.")), "{givable:?}");
    app.give_mandate(&cecilia, "employer", new(DAVID, "example.user", None)).await.unwrap();

    let david = house.enter(&david_key).await;
    app.switch_party(&david, cecilia.party()).await.unwrap();
    let david = house.enter(&david_key).await;
    assert!(may(app, &david, "example.order.place"));
    assert!(!may(app, &david, CREATE), "of that service and no other");

    let cecilia = house.enter(&cecilia_key).await;
    let list = app.mandates(&cecilia, "employer").await.unwrap();
    let given = list.iter().find(|m| m.permissions.contains("example.user")).expect("the mandate").id;
    app.end_mandate(&cecilia, "employer", given).await.unwrap();
    let (david, there) = (house.enter(&david_key).await, cecilia.party());
    assert!(!app.decide(&david, &Want::to("example.order.place", there)).allowed);
}
