//! Support by reference code: from what somebody reads out to the cause, with a reason, recorded, and seen by the person.

use crate::support::{
    ASTRID, ELIN, FARID, GRANAS, House, MINUTE, Person, TestDatabase, code, eventually, invalid, not_allowed,
    on_both, world,
};
use app::demo::{DemoDated, DemoEnd, DemoWorld};
use app::problems::Shown;
use app::support::{Lookup, MOST, Scope, Traced, TypedLookup, WINDOW, What};
use app::{Refusal, Visit, Want};
use std::time::Duration;

on_both!(
    a_code_leads_to_the_cause_and_the_look_up_is_recorded_and_seen,
    a_code_that_leads_nowhere_is_told_in_one_way_and_look_ups_are_bounded,
    what_has_broken_is_found_by_its_code_and_forgotten_in_time,
);

const RUT: Person = Person { id: "rut", number: "199705182385", name: "Rut Ros" };
const WHY: &str = "Personen ringer och kan inte göra en sjukanmälan";

fn desk() -> DemoWorld {
    DemoWorld {
        roles: vec![(RUT.demo(), "platform.support".into())],
        dated: vec![DemoDated {
            employer: GRANAS.into(),
            user: FARID.demo(),
            package: "employer.user".into(),
            end: DemoEnd::DaysAgo(3),
        }],
        ..world()
    }
}

fn lookup(code: &str) -> Lookup {
    Lookup::parse(&TypedLookup { code: code.to_owned(), reason: WHY.to_owned() }).unwrap()
}

fn shown(reference: &str, code: &str, status: u16, visit: Option<&Visit>) -> Shown {
    Shown {
        reference: reference.to_owned(),
        code: code.to_owned(),
        status,
        method: "GET".to_owned(),
        route: Some("/for/{party}/employer/sickness-reports/new".to_owned()),
        person: visit.map(Visit::person),
        ..Shown::default()
    }
}

/// What stands around a code, as the officer sees it.
fn around(traced: &Traced) -> Vec<String> {
    let word = |what: &What| match what {
        What::Act(record) => record.event.clone(),
        What::Hidden(service) => format!("hidden {service}"),
        What::Shown(note) => note.code.clone().unwrap_or_default(),
    };
    traced.around.iter().map(|around| word(&around.what)).collect()
}

async fn a_code_leads_to_the_cause_and_the_look_up_is_recorded_and_seen(db: TestDatabase) {
    let house = House::furnished_with(db, desk()).await;
    let app = &house.app;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (_, farid) = house.log_in(FARID).await;
    let want = Want::to("employer.sickness_report.create", elin.party());
    let Err(Refusal::NotAllowed { reference, .. }) = app.require(&farid, &want).await else {
        panic!("allowed")
    };
    app.note_shown(shown(&reference.to_string(), "BEH-2101", 403, Some(&farid)));
    house.pass(MINUTE);
    // A second refusal of the same kind, and a page that is not there: both stand around the first.
    not_allowed(app.require(&farid, &want).await);
    app.note_shown(shown("0000000007", "BEH-3105", 404, Some(&farid)));
    house.pass(MINUTE);
    let (_, rut) = house.log_in_for_other(RUT).await;
    house.forget().await;

    // Read out on the telephone: lower case, letters for digits, spaces.
    let heard = reference.to_string().to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
    let traced = app.look_up(&rut, lookup(&heard)).await.unwrap();
    assert_eq!((&traced.reference, traced.scope), (&reference, Scope::Cause));
    assert_eq!(traced.person, Some(farid.person()));
    let record = traced.record.as_ref().unwrap();
    assert_eq!((record.event.as_str(), record.at), ("act.refused", traced.at));
    assert_eq!(record.decided.as_ref().unwrap().codes, ["MANDATE_ENDED"]);
    let note = traced.note.as_ref().unwrap();
    assert_eq!((note.code.as_deref(), note.status), (Some("BEH-2101"), Some(403)));
    assert_eq!(note.route.as_deref(), Some("/for/{party}/employer/sickness-reports/new"));
    assert_eq!(around(&traced), ["login.done", "hidden employer", "BEH-3105"]);
    let line = "read reference.looked_up Rut@Exempelmyndigheten platform.reference.read:yes found=yes";
    assert_eq!(house.news().await, [line]);

    // Whom it concerned sees that support looked, and why; the officer's name stands in no record.
    let events = app.records(&farid, None).await.unwrap();
    let look = events.records.iter().find(|record| record.event == "reference.looked_up").unwrap();
    assert_eq!(look.object.as_deref(), Some(reference.to_string().as_str()));
    assert_eq!(events.reasons.get(&look.id).map(String::as_str), Some(WHY));
    assert!(!look.body().contains(WHY) && !look.body().contains(&farid.person().to_string()));
    let (_, own) = house.log_in(ELIN).await;
    let elins = app.records(&own, None).await.unwrap();
    assert!(elins.reasons.is_empty() && elins.records.iter().all(|r| r.event != "reference.looked_up"));

    // With the auditor's permission beside it: names and all acts.
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    let traced = app.look_up(&astrid, lookup(&heard)).await.unwrap();
    assert_eq!(traced.scope, Scope::Names);
    assert_eq!(around(&traced), ["login.done", "act.refused", "BEH-3105", "records.read"]);

    // Erased: the cause is still found, of nobody, and the reason is gone.
    let (person, now, id) = (farid.person(), app.now(), look.id);
    app.store().write(move |tx| store::parties::erase(tx, person, now)).await.unwrap();
    let ring = app.ring();
    let reason = app.store().read(move |tx| store::lookups::find(tx, &ring, id)).await.unwrap();
    assert!(reason.is_none());
    assert!(app.look_up(&rut, lookup(&heard)).await.unwrap().note.unwrap().person.is_none());
}

async fn a_code_that_leads_nowhere_is_told_in_one_way_and_look_ups_are_bounded(db: TestDatabase) {
    let house = House::furnished_with(db, desk()).await;
    let app = &house.app;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (key, rut) = house.log_in_for_other(RUT).await;
    house.forget().await;
    for nothing in ["7K2MQ-X94TD", "not a code at all", "7K2MQ-X94T"] {
        let told = invalid(app.look_up(&rut, lookup(nothing)).await);
        assert_eq!(told, [("code", "REFERENCE_UNKNOWN")], "{nothing}");
    }
    // Each try is recorded, also what was no code.
    let line = "read reference.looked_up Rut@Exempelmyndigheten platform.reference.read:yes found=no";
    assert_eq!(house.news().await, [line; 3]);

    // Whoever may not look up is refused before anything is looked for.
    assert_eq!(not_allowed(app.look_up(&elin, lookup("7K2MQ-X94TD")).await), ["NO_MANDATE"]);
    house.forget().await;

    for _ in 3..MOST {
        invalid(app.look_up(&rut, lookup("7K2MQ-X94TD")).await);
    }
    assert_eq!(code(app.look_up(&rut, lookup("7K2MQ-X94TD")).await), "LOOKUP_LIMIT");
    let refused = "refusal act.refused Rut@Exempelmyndigheten code=LOOKUP_LIMIT permission=platform.reference.read fault=user";
    assert_eq!(house.news().await.iter().filter(|line| line.as_str() == refused).count(), 1);
    house.pass(WINDOW);
    let rut = house.enter(&key).await;
    invalid(app.look_up(&rut, lookup("7K2MQ-X94TD")).await);
}

async fn what_has_broken_is_found_by_its_code_and_forgotten_in_time(db: TestDatabase) {
    let house = House::furnished_with(db, desk()).await;
    let app = &house.app;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let (_, rut) = house.log_in_for_other(RUT).await;
    // An act without a record: nothing of it is kept, and a reference is told.
    let want = Want::to("employer.sickness_report.create", elin.party());
    let broken = app.write(&elin, want, |_| Ok(())).await;
    let Err(Refusal::Broken(reference)) = broken else { panic!("{broken:?}") };
    let traced = app.look_up(&rut, lookup(&reference.to_string())).await.unwrap();
    assert!(traced.record.is_none() && traced.person.is_none() && traced.around.is_empty());
    let cause = traced.note.unwrap().cause.unwrap();
    assert_eq!(cause, "stored data is damaged: an act without a record");
    // The page comes after the fault, and both are one note.
    app.note_shown(shown(&reference.to_string(), "BEH-5102", 500, Some(&elin)));
    let traced = app.look_up(&rut, lookup(&reference.to_string())).await.unwrap();
    let note = traced.note.unwrap();
    assert_eq!((note.cause.as_deref(), note.code.as_deref()), (Some(cause.as_str()), Some("BEH-5102")));
    assert_eq!(note.person, Some(elin.person()));

    let kept = {
        let app = app.clone();
        let wanted = reference.clone();
        move || {
            let (app, wanted) = (app.clone(), wanted.clone());
            async move { app.store().read(move |tx| store::problems::find(tx, &wanted)).await.unwrap() }
        }
    };
    house.pass(store::problems::LIFE - Duration::from_secs(3600));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(kept().await.is_some());
    house.pass(Duration::from_secs(3600));
    eventually("the note is forgotten", || async {
        house.wake();
        kept().await.is_none().then_some(())
    })
    .await;
}
