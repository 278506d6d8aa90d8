//! The demo's prepared situations: what has ended has ended, what is about to end ends when the clock is moved.

use crate::support::{
    ASTRID, BENGT, CECILIA, ELIN, FARID, GRANAS, House, KARIN, TestDatabase, code, not_allowed, on_both,
    world,
};
use app::application::Filter;
use app::clock::Wanted;
use app::demo::{DemoApplication, DemoDated, DemoEnd, DemoWorld};
use app::{Visit, Want};
use domain::PartyId;
use std::time::Duration;

on_both!(the_prepared_situations_are_as_they_are_told,);

const DAY: Duration = Duration::from_secs(24 * 3600);

fn story() -> DemoWorld {
    let dated = |user: crate::support::Person, end| DemoDated {
        employer: GRANAS.into(),
        user: user.demo(),
        package: "employer.user".into(),
        end,
    };
    DemoWorld {
        dated: vec![dated(FARID, DemoEnd::DaysAgo(3)), dated(KARIN, DemoEnd::InDays(14))],
        waiting: vec![DemoApplication {
            number: "4056202205".into(),
            name: "Björkdalens Bygg AB".into(),
            email: "info@bjorkdal.example".into(),
            administrator: ELIN.demo(),
            officer: ASTRID.demo(),
        }],
        ..world()
    }
}

async fn the_prepared_situations_are_as_they_are_told(db: TestDatabase) {
    let house = House::furnished_with(db, story()).await;
    let app = &house.app;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let granas = cecilia.party();
    let create = || Want::to("employer.sickness_report.create", granas);

    // Farid had it until the other day, and is told so; whoever never had a tie to the employer is told nothing.
    let (_, farid) = house.log_in(FARID).await;
    assert_eq!(app.choices(&farid).len(), 1);
    assert_eq!(not_allowed(app.require(&farid, &create()).await), ["MANDATE_ENDED"]);
    assert!(app.once_acted_for(&farid, granas));
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    assert!(!app.once_acted_for(&bengt, granas));
    // Karin's holds today.
    let (_, karin) = house.log_in_for_other(KARIN).await;
    app.require(&karin, &create()).await.unwrap();

    // One form waits, registered by Astrid as long ago as it may have been.
    let waiting = app.applications(&bengt, Filter::Open).await.unwrap();
    let due = waiting[0].due_at.unwrap();
    assert_eq!((waiting.len(), waiting[0].body.opener), (1, person(&house, ASTRID).await));
    assert!(waiting[0].opened_at < app.now() && app.now() < due && due < app.now() + 5 * DAY);
    let to_confirm = waiting[0].id;

    let mover = house.mover(app, Vec::new()).unwrap();
    mover.advance(Wanted::By(15 * DAY)).await.unwrap();
    let (_, karin) = house.log_in(KARIN).await;
    assert_eq!(not_allowed(app.require(&karin, &create()).await), ["MANDATE_ENDED"]);
    let (_, bengt) = house.log_in_for_other(BENGT).await;
    assert_eq!(code(app.confirm_application(&bengt, to_confirm).await), "CASE_MOVED_ON");
    assert_eq!(app.application(&bengt, to_confirm).await.unwrap().state, "lapsed");
}

async fn person(house: &House, person: crate::support::Person) -> PartyId {
    let (_, visit): (_, Visit) = house.log_in(person).await;
    visit.person()
}
