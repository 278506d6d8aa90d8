//! Refused, asked, granted: the requester's side and the administrator's, and what a stranger learns (nothing).

use crate::support::{
    BENGT, CECILIA, DAVID, ELIN, FARID, GRANAS, House, KARIN, OLGA, Person, TestDatabase, code, eventually,
    invalid, not_allowed, on_both,
};
use app::access::{DeclineReason, Grant, NewRequest, RequestView, Requests, Standing, TypedRequest};
use app::mandates::NewMandate;
use app::{App, Refusal, Visit, Want};
use domain::CaseId;
use std::time::Duration;

on_both!(
    what_was_refused_is_asked_for_granted_and_works_at_the_next_request,
    a_stranger_gets_the_same_answer_whatever_there_is,
    an_answer_goes_no_further_than_the_one_who_gives_it,
    nobody_answers_oneself_and_two_do_not_both_answer,
    what_is_declined_withdrawn_or_forgotten_gives_nothing,
    asking_is_bounded,
    two_clicks_at_once_make_one_request,
);

const CREATE: &str = "employer.sickness_report.create";
const READ_ALL: &str = "employer.sickness_report.read_all";
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

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

fn by_number(number: &str, package: &str) -> NewRequest {
    let typed = TypedRequest {
        number: number.into(),
        package: package.into(),
        need: "Ska sköta lönerna.".into(),
        email: "ny@post.example".into(),
    };
    NewRequest::parse(&typed).unwrap()
}

fn grant(package: &str, last_day: &str) -> Grant {
    Grant { package: package.into(), last_day: last_day.parse().unwrap(), need: "Vikarie".into() }
}

fn may(app: &App, visit: &Visit, permission: &str) -> bool {
    app.decide(visit, &Want::to(permission, visit.party())).allowed
}

/// Template and recipient of each letter, once `count` have arrived.
async fn letters(house: &House, count: usize) -> Vec<(String, String)> {
    let mail = eventually("the letters", || async {
        let mail = house.inbox().await;
        (mail.len() >= count).then_some(mail)
    })
    .await;
    let text = |mail: &serde_json::Value, key: &str| mail[key].as_str().unwrap().to_owned();
    let mut letters: Vec<_> = mail.iter().map(|mail| (text(mail, "subject"), text(mail, "to"))).collect();
    letters.sort();
    letters
}

/// The requests that wait at the visitor's organisation, once there are `count`.
async fn waiting(house: &House, visit: &Visit, count: usize) -> Vec<RequestView> {
    eventually("the requests", || async {
        let found = house.app.requests(visit, Requests::Waiting).await.unwrap();
        (found.len() == count).then_some(found)
    })
    .await
}

async fn own(app: &App, visit: &Visit, id: CaseId) -> RequestView {
    app.own_request(visit, id).await.unwrap()
}

/// Elin may report; she asks for what her colleagues have sent, and gets it until a day.
// R-004-24 (part), R-004-26 (part), R-004-47 (part)
async fn what_was_refused_is_asked_for_granted_and_works_at_the_next_request(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (elin_key, elin) = house.log_in_for_other(ELIN).await;
    let granas = elin.party();
    house.forget().await;

    // The refusal says what can be asked for: the narrowest package with the permission.
    let want = Want::to(READ_ALL, granas);
    let refused = app.require(&elin, &want).await;
    let Err(Refusal::NotAllowed { decision, want, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(app.askable(&elin, &want, &decision).as_deref(), Some("employer.payroll_manager"));
    house.forget().await;
    let id = app.ask(&elin, granas, READ_ALL).await.unwrap();
    let asked = "change access_request.asked Elin@Elin employer.access_request.create:yes \
                 permission=employer.payroll_manager";
    assert_eq!(house.news().await, [asked]);
    // A second click shows the same one, and nobody gets a second letter.
    assert_eq!(app.ask(&elin, granas, READ_ALL).await.unwrap(), id);
    assert_eq!(house.news().await, [asked.replace("asked", "asked_again")]);
    assert_eq!(letters(&house, 1).await, [("mail-request-asked".to_owned(), CECILIA.email())]);
    let shown = own(app, &elin, id).await;
    assert_eq!((shown.standing, shown.organisation), (Standing::Waiting, Some(granas)));

    let asks = waiting(&house, &cecilia, 1).await;
    assert_eq!((asks[0].id, asks[0].body.requester), (id, elin.person()));
    assert_eq!(app.requests_waiting(&cecilia).await.unwrap(), 1);
    assert_eq!(app.requests_waiting(&elin).await.unwrap(), 0);
    // Whoever cannot answer sees no list.
    assert_eq!(not_allowed(app.requests(&elin, Requests::All).await), ["MANDATE_SCOPE"]);
    house.forget().await;
    assert_eq!(app.proposed_end(&cecilia).to_string(), "2028-03-24", "twelve months");
    let mandate =
        app.grant_request(&cecilia, id, grant("employer.payroll_manager", "2027-06-30")).await.unwrap();
    assert_eq!(
        house.news().await,
        ["change access_request.granted #3 Cecilia@Granåsens employer.mandate.give:yes \
          permission=employer.payroll_manager"]
    );
    // At the next request, without a new login; and no longer than was said.
    let elin = house.enter(&elin_key).await;
    assert!(may(app, &elin, READ_ALL));
    assert_eq!(app.need(elin.person(), mandate).await.unwrap().as_deref(), Some("Vikarie"));
    let list = app.mandates(&now(app, &cecilia), "employer").await.unwrap();
    let ends = domain::calendar::end_of_day_stockholm("2027-06-30".parse().unwrap());
    assert_eq!(list.iter().find(|m| m.id == mandate).unwrap().to, Some(ends));
    assert_eq!(own(app, &elin, id).await.standing, Standing::Granted);
    // She is told; Cecilia, who answered, is not told that it is answered.
    let told = letters(&house, 2).await;
    assert_eq!(told[1], ("mail-request-granted".to_owned(), ELIN.email()));
    assert_eq!(told.len(), 2);
    // What one has, one cannot ask for.
    assert_eq!(code(app.ask(&elin, granas, READ_ALL).await), "REQUEST_HELD");
}

/// The same session, knowing what this node knows now.
fn now(app: &App, visit: &Visit) -> Visit {
    Visit { session: visit.session.clone(), known: app.known() }
}

/// Three numbers: a connected employer, one that is known and not connected, one of nobody. The answers, the own list
/// and the records of the own acts are the same.
// R-002-09 (part)
async fn a_stranger_gets_the_same_answer_whatever_there_is(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (_, david) = house.log_in(DAVID).await;
    let agency = house.sandbox.pki.relying_party_number.clone();
    house.forget().await;
    let mut ids = Vec::new();
    for number in [GRANAS, agency.as_str(), "4056202205"] {
        ids.push(app.ask_by_number(&david, by_number(number, "employer.user")).await.unwrap());
    }
    // Sorted in the background: one reaches somebody.
    let asks = waiting(&house, &cecilia, 1).await;
    assert_eq!(asks[0].id, ids[0]);
    assert_eq!(asks[0].need.as_deref(), Some("Ska sköta lönerna."));
    let news = eventually("all three are sorted", || async {
        let records = house.records().await;
        let sorted = |event: &str| records.iter().filter(|record| record.event == event).count();
        (sorted("access_request.delivered") == 1 && sorted("access_request.unaddressed") == 2).then_some(())
    });
    news.await;
    let mut news = house.news().await;
    news.dedup();
    assert_eq!(
        news,
        [
            "change access_request.asked David@David employer.access_request.create:yes permission=employer.user",
            "system access_request.delivered –@Granåsens",
            "system access_request.unaddressed",
        ]
    );
    // The requester's own view differs in nothing but the number that was typed.
    let list = app.own_requests(&david).await.unwrap();
    let told: Vec<_> = list.iter().map(|view| (view.standing, view.due_at, view.need.clone())).collect();
    assert!(told.len() == 3 && told.iter().all(|one| *one == told[0]), "{told:?}");
    assert_eq!(told[0].0, Standing::Waiting);
    let own_events = app.records(&david, None).await.unwrap().records;
    let asked: Vec<_> = own_events.iter().filter(|r| r.event == "access_request.asked").collect();
    assert!(asked.len() == 3 && asked.iter().all(|r| r.party == Some(david.person())));
    assert!(own_events.iter().all(|r| r.actor == Some(david.person())), "what was sorted is not told");
    // Typed again it is the same request, for each of them.
    for (number, id) in [GRANAS, agency.as_str(), "4056202205"].into_iter().zip(&ids) {
        let again = app.ask_by_number(&david, by_number(number, "employer.user")).await.unwrap();
        assert_eq!(again, *id, "{number}");
    }
    // By one click a stranger reaches nothing: the organisation might as well not be there.
    for party in [cecilia.party(), domain::PartyId::from_bytes([7; 16])] {
        assert!(matches!(app.ask(&david, party, CREATE).await, Err(Refusal::NotFound)));
    }
    // All lapse on the same day.
    house.pass(22 * DAY);
    let (_, david) = house.log_in(DAVID).await;
    eventually("they lapse", || async {
        let list = app.own_requests(&david).await.unwrap();
        list.iter().all(|view| view.standing == Standing::Lapsed).then_some(())
    })
    .await;
    let lapsed: Vec<_> =
        letters(&house, 4).await.into_iter().filter(|(what, _)| what == "mail-request-lapsed").collect();
    assert_eq!(lapsed.len(), 3);
    assert!(lapsed.iter().all(|(_, to)| to == "ny@post.example"));
}

async fn an_answer_goes_no_further_than_the_one_who_gives_it(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (cecilia_key, cecilia) = house.log_in_for_other(CECILIA).await;
    app.give_mandate(&cecilia, "employer", new(FARID, "employer.administrator", Some("2027-04-30")))
        .await
        .unwrap();
    let (_, farid) = house.log_in_for_other(FARID).await;
    let (_, olga) = house.log_in_for_other(OLGA).await;
    let (_, astrid) = house.log_in_for_other(BENGT).await;
    let (david_key, david) = house.log_in(DAVID).await;
    let id = app.ask_by_number(&david, by_number(GRANAS, "employer.user")).await.unwrap();
    waiting(&house, &farid, 1).await;
    house.forget().await;
    assert_eq!(app.proposed_end(&farid).to_string(), "2027-04-30", "the administrator's own last day");
    let head = app.known().head.seq;
    let refused = app.grant_request(&farid, id, grant("employer.user", "2027-05-01")).await;
    assert_eq!(code(refused), "GIVE_INTERVAL");
    let refused = app.grant_request(&farid, id, grant("employer.sickness_officer", "2027-04-30")).await;
    assert_eq!(not_allowed(refused), ["NO_MANDATE"]);
    let refused = app.grant_request(&farid, id, grant("platform.operator", "2027-04-30")).await;
    assert_eq!(not_allowed(refused), ["NO_MANDATE"]);
    assert_eq!(
        invalid(app.grant_request(&farid, id, grant("employer.everything", "2027-04-30")).await),
        [("permission", "UNKNOWN_PERMISSION")]
    );
    assert_eq!(
        invalid(app.grant_request(&farid, id, grant("employer.user", "2027-03-23")).await),
        [("last_day", "DATE_PAST")]
    );
    // Each refusal is one record; a mistake in a form is no act yet.
    assert_eq!(house.news().await.len(), 3);
    // Another employer's administrator, and the agency, find nothing there.
    let refused = app.grant_request(&olga, id, grant("employer.user", "2027-04-30")).await;
    assert!(matches!(refused, Err(Refusal::NotFound)));
    assert!(matches!(app.request(&olga, id).await, Err(Refusal::NotFound)));
    assert!(matches!(app.decline_request(&olga, id, DeclineReason::NotOurs).await, Err(Refusal::NotFound)));
    assert_eq!(not_allowed(app.request(&astrid, id).await)[0], "PARTY_NOT_CONNECTED");
    assert!(matches!(app.own_request(&farid, id).await, Err(Refusal::NotFound)));
    assert!(matches!(app.withdraw_request(&farid, id).await, Err(Refusal::NotFound)));
    assert_eq!(app.known().head.seq, head, "nothing has come in force");
    // An administrator whose mandate has ended answers nothing.
    let hers = house.enter(&cecilia_key).await;
    let list = app.mandates(&hers, "employer").await.unwrap();
    let his = list.iter().find(|m| m.holder == farid.person()).unwrap().id;
    app.end_mandate(&hers, "employer", his).await.unwrap();
    let refused = app.grant_request(&farid, id, grant("employer.user", "2027-04-30")).await;
    assert_eq!(not_allowed(refused), ["MANDATE_ENDED"]);
    // Less than what was asked for, and no need that is lost.
    app.grant_request(&hers, id, grant("employer.user", "2027-04-30")).await.unwrap();
    let david = house.enter(&david_key).await;
    assert_eq!(app.choices(&david).len(), 2);
}

// R-004-47 (part)
async fn nobody_answers_oneself_and_two_do_not_both_answer(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let second = house.idle_node("second").await;
    let (cecilia_key, cecilia) = house.log_in_for_other(CECILIA).await;
    let granas = cecilia.party();
    // The only administrator has nobody to ask, and no button to do it with.
    assert_eq!(code(app.ask(&cecilia, granas, CREATE).await), "REQUEST_NOBODY");
    let decision = app.decide(&cecilia, &Want::to(CREATE, granas));
    assert_eq!(app.askable(&cecilia, &Want::to(CREATE, granas), &decision), None);
    app.give_mandate(&cecilia, "employer", new(FARID, "employer.administrator", None)).await.unwrap();
    let (farid_key, farid) = house.log_in_for_other(FARID).await;
    let cecilia = house.enter(&cecilia_key).await;
    let id = app.ask(&cecilia, granas, CREATE).await.unwrap();
    house.forget().await;
    assert_eq!(
        code(app.grant_request(&cecilia, id, grant("employer.user", "2027-06-30")).await),
        "REQUEST_OWN"
    );
    assert_eq!(code(app.decline_request(&cecilia, id, DeclineReason::NotOurs).await), "REQUEST_OWN");
    let news = house.news().await;
    assert!(news.len() == 2 && news.iter().all(|line| line.contains("code=REQUEST_OWN")), "{news:?}");
    assert_eq!(app.requests_waiting(&cecilia).await.unwrap(), 0, "the own one is not hers to answer");
    app.grant_request(&farid, id, grant("employer.user", "2027-06-30")).await.unwrap();

    // Two administrators at once, on two nodes: one answer stands, the other is told so.
    let (_, david) = house.log_in(DAVID).await;
    for round in 0..8 {
        let id = app.ask_by_number(&david, by_number(GRANAS, "employer.user")).await.unwrap();
        let here = house.enter(&cecilia_key).await;
        waiting(&house, &here, 1).await;
        let there = house.enter_at(&second, &farid_key).await;
        house.forget().await;
        let given = grant("employer.user", "2027-06-30");
        let (by_her, by_him) = if round % 2 == 0 {
            let (a, b) = tokio::join!(
                app.grant_request(&here, id, given),
                second.decline_request(&there, id, DeclineReason::TalkFirst)
            );
            (a.map(|_| ()), b)
        } else {
            tokio::join!(
                app.decline_request(&here, id, DeclineReason::NotNeeded),
                second.decline_request(&there, id, DeclineReason::TalkFirst)
            )
        };
        let granted = round % 2 == 0 && by_her.is_ok();
        match (by_her, by_him) {
            (Ok(()), Err(Refusal::Conflict(code))) | (Err(Refusal::Conflict(code)), Ok(())) => {
                assert_eq!(code, "CASE_MOVED_ON", "round {round}");
            }
            both => panic!("round {round}: {both:?}"),
        }
        let events: Vec<_> = house.new_records().await.into_iter().map(|record| record.event).collect();
        assert_eq!(events.len(), 2, "round {round}: {events:?}");
        if granted {
            let visit = house.enter(&cecilia_key).await;
            let list = app.mandates(&visit, "employer").await.unwrap();
            let of_david = list.iter().find(|m| m.holder == david.person()).unwrap().id;
            app.end_mandate(&visit, "employer", of_david).await.unwrap();
        }
    }
    // Each time the other one was told that it is answered, and David what the answer was.
    let answered = eventually("the letters", || async {
        let all = letters(&house, 1).await;
        let of = |template: &str| all.iter().filter(|(what, _)| what == template).count();
        let told = of("mail-request-granted") + of("mail-request-declined");
        // Farid's answer to Cecilia's own request is among them; there nobody else was left to tell.
        (of("mail-request-answered") == 8 && told == 9).then_some(all)
    });
    let answered = answered.await;
    assert!(
        answered
            .iter()
            .filter(|(what, _)| what == "mail-request-answered")
            .all(|(_, to)| { [CECILIA.email(), FARID.email()].contains(to) })
    );
}

async fn what_is_declined_withdrawn_or_forgotten_gives_nothing(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let granas = elin.party();
    let head = app.known().head.seq;
    let id = app.ask(&elin, granas, READ_ALL).await.unwrap();
    house.forget().await;
    app.decline_request(&cecilia, id, DeclineReason::TalkFirst).await.unwrap();
    assert_eq!(
        house.news().await,
        ["change access_request.declined Cecilia@Granåsens employer.mandate.give:yes \
          permission=employer.payroll_manager reason=talk_first"]
    );
    assert_eq!(own(app, &elin, id).await.standing, Standing::Declined);
    let told = letters(&house, 2).await;
    assert_eq!(told[1], ("mail-request-declined".to_owned(), ELIN.email()));
    // An end is an end.
    assert_eq!(code(app.withdraw_request(&elin, id).await), "CASE_MOVED_ON");
    let refused = app.grant_request(&cecilia, id, grant("employer.user", "2027-06-30")).await;
    assert_eq!(code(refused), "CASE_MOVED_ON");

    let second = app.ask(&elin, granas, READ_ALL).await.unwrap();
    assert_ne!(second, id);
    house.forget().await;
    app.withdraw_request(&elin, second).await.unwrap();
    assert_eq!(
        house.news().await,
        ["change access_request.withdrawn Elin@Elin employer.access_request.withdraw:yes \
          permission=employer.payroll_manager"]
    );
    assert_eq!(waiting(&house, &cecilia, 0).await.len(), 0);
    let refused = app.grant_request(&cecilia, second, grant("employer.user", "2027-06-30")).await;
    assert_eq!(code(refused), "CASE_MOVED_ON");

    // One that is forgotten is over with its 21st day, whether or not the timer has come.
    let third = app.ask(&elin, granas, READ_ALL).await.unwrap();
    let due = own(app, &elin, third).await.due_at.unwrap();
    assert_eq!(due, domain::calendar::end_of_day_stockholm("2027-04-14".parse().unwrap()));
    house.clock.set(due - crate::support::MINUTE);
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    house.stop_all();
    tokio::time::sleep(Duration::from_millis(50)).await;
    house.clock.set(due);
    assert_eq!(waiting(&house, &cecilia, 0).await.len(), 0);
    let refused = app.grant_request(&cecilia, third, grant("employer.user", "2027-06-30")).await;
    assert_eq!(code(refused), "CASE_MOVED_ON");
    assert_eq!(app.known().head.seq, head, "nothing has come in force");
}

async fn asking_is_bounded(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, karin) = house.log_in(KARIN).await;
    assert_eq!(
        invalid(app.ask_by_number(&karin, by_number(GRANAS, "employer.sickness_officer")).await),
        [("package", "UNKNOWN_PERMISSION")]
    );
    for round in 0..10 {
        let id = app.ask_by_number(&karin, by_number(GRANAS, "employer.user")).await.unwrap();
        app.withdraw_request(&karin, id).await.unwrap_or_else(|error| panic!("round {round}: {error:?}"));
    }
    let refused = app.ask_by_number(&karin, by_number("4056202205", "employer.user")).await;
    assert_eq!(code(refused), "REQUEST_LIMIT");
    house.pass(DAY);
    let (_, karin) = house.log_in(KARIN).await;
    app.ask_by_number(&karin, by_number(GRANAS, "employer.user")).await.unwrap();
}

async fn two_clicks_at_once_make_one_request(db: TestDatabase) {
    let house = House::furnished(db).await;
    let second = house.idle_node("second").await;
    let (key, elin) = house.log_in_for_other(ELIN).await;
    let there = house.enter_at(&second, &key).await;
    let (one, two) = tokio::join!(
        house.app.ask(&elin, elin.party(), READ_ALL),
        second.ask(&there, elin.party(), READ_ALL)
    );
    assert_eq!(one.unwrap(), two.unwrap());
    let (one, two) = tokio::join!(
        house.app.ask_by_number(&elin, by_number("4056202205", "employer.user")),
        second.ask_by_number(&there, by_number("4056202205", "employer.user"))
    );
    assert_eq!(one.unwrap(), two.unwrap());
    assert_eq!(house.app.own_requests(&elin).await.unwrap().len(), 2);
}
