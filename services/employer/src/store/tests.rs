//! The tables on both engines: what two at once do to a report, whose draft is whose, and pages of lists.

use super::MIGRATIONS;
use super::drafts::{self, Draft, LIFE, MOST, Owner};
use super::reports::{self, PAGE, Report, State, Which};
use crate::id::ReportId;
use crate::rules::{Absence, Degree, Timing};
use app::rows::StoreError;
use domain::{Instant, PartyId};
use page::Lang;
use std::time::Duration;
use store::Store;
use store::testing::TestDatabase;

macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(store::testing::sqlite().unwrap()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(store::testing::postgres().await.unwrap()).await;
            })*
        }
    };
}
on_both!(
    a_draft_is_its_reporters_alone,
    drafts_give_way,
    an_officer_or_the_sender_is_first,
    lists_come_in_pages
);

const ORGANISATION: PartyId = PartyId::from_bytes([1; 16]);
const OTHER: PartyId = PartyId::from_bytes([2; 16]);
const REPORTER: PartyId = PartyId::from_bytes([3; 16]);
const OFFICER: PartyId = PartyId::from_bytes([4; 16]);
const EMPLOYEE: PartyId = PartyId::from_bytes([5; 16]);
const OWNER: Owner = Owner { organisation: ORGANISATION, reporter: REPORTER };

async fn tables(db: &TestDatabase) -> Store {
    let store = db.open().await.unwrap();
    store.migrate(&[MIGRATIONS]).await.unwrap();
    store
}

fn at(minutes: u64) -> Instant {
    Instant::from_micros(1_795_438_920_000_000) + Duration::from_secs(60 * minutes)
}

fn id(number: u8) -> ReportId {
    ReportId::from_bytes([number; 16])
}

fn absence() -> Absence {
    Absence {
        first_sick_day: "2026-11-03".parse().unwrap(),
        last_sick_pay_day: "2026-11-16".parse().unwrap(),
        degree: Degree::ThreeQuarters,
    }
}

fn draft(number: u8, saved_at: Instant) -> Draft {
    Draft {
        id: id(number),
        organisation: ORGANISATION,
        reporter: REPORTER,
        employee: EMPLOYEE,
        absence: absence(),
        lang: Lang::En,
        version: 1,
        saved_at,
    }
}

fn report(number: u8, organisation: PartyId, received_at: Instant) -> Report {
    Report {
        id: id(number),
        organisation,
        reporter: REPORTER,
        employee: EMPLOYEE,
        absence: absence(),
        lang: Lang::Sv,
        timing: Timing::Late,
        reference: "7K2MQ-X94TD".to_owned(),
        evidence: [9; 32],
        signed_at: at(0),
        received_at,
        state: State::Received,
    }
}

async fn insert(store: &Store, reports: Vec<Report>) {
    let all = store.write(move |tx| reports.iter().try_for_each(|report| reports::insert(tx, report)));
    all.await.unwrap_or_else(|e: StoreError| panic!("{e}"));
}

async fn found(store: &Store, id: ReportId) -> Option<Report> {
    store.read(move |tx| reports::find(tx, id)).await.unwrap()
}

async fn a_draft_is_its_reporters_alone(db: TestDatabase) {
    let store = tables(&db).await;
    store.write(|tx| drafts::insert(tx, &draft(1, at(0)))).await.unwrap();
    let find = |owner, now| {
        let store = store.clone();
        async move { store.read(move |tx| drafts::find(tx, id(1), owner, now)).await.unwrap() }
    };
    assert_eq!(find(OWNER, at(1)).await, Some(draft(1, at(0))));
    assert_eq!(find(Owner { reporter: OFFICER, ..OWNER }, at(1)).await, None);
    assert_eq!(find(Owner { organisation: OTHER, ..OWNER }, at(1)).await, None);
    assert_eq!(find(OWNER, at(0) + LIFE).await, None);
    // A change is the next version; a stranger changes nothing.
    let changed = Draft { employee: OTHER, lang: Lang::Sv, saved_at: at(2), ..draft(1, at(0)) };
    let strange = Draft { reporter: OFFICER, ..changed.clone() };
    assert!(!store.write(move |tx| drafts::change(tx, &strange)).await.unwrap());
    let wanted = Draft { version: 2, ..changed.clone() };
    assert!(store.write(move |tx| drafts::change(tx, &changed)).await.unwrap());
    assert_eq!(find(OWNER, at(3)).await, Some(wanted));
    assert!(store.write(|tx| drafts::remove(tx, id(1))).await.unwrap());
    assert!(!store.write(|tx| drafts::remove(tx, id(1))).await.unwrap());
}

async fn drafts_give_way(db: TestDatabase) {
    let store = tables(&db).await;
    store
        .write(|tx| (1..=12).try_for_each(|n| drafts::insert(tx, &draft(n, at(u64::from(n))))))
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    let giving_way = |now| {
        let store = store.clone();
        async move { store.read(move |tx| drafts::giving_way(tx, OWNER, now)).await.unwrap() }
    };
    let ids = |drafts: Vec<Draft>| drafts.into_iter().map(|draft| draft.id).collect::<Vec<_>>();
    // Room for one more, so that there are at most ten.
    assert_eq!(ids(giving_way(at(13)).await), [id(3), id(2), id(1)]);
    assert_eq!(giving_way(at(12) + LIFE).await.len(), 12);
    assert_eq!(MOST, 10);
}

async fn an_officer_or_the_sender_is_first(db: TestDatabase) {
    let store = tables(&db).await;
    insert(&store, vec![report(1, ORGANISATION, at(1)), report(2, ORGANISATION, at(2))]).await;
    assert_eq!(found(&store, id(1)).await, Some(report(1, ORGANISATION, at(1))));
    assert_eq!(found(&store, id(3)).await, None);
    assert!(store.write(|tx| reports::open(tx, id(1), OFFICER, at(5))).await.unwrap());
    assert!(!store.write(|tx| reports::open(tx, id(1), OTHER, at(6))).await.unwrap());
    assert!(!store.write(|tx| reports::withdraw(tx, id(1), at(6))).await.unwrap());
    assert_eq!(found(&store, id(1)).await.unwrap().state, State::Opened { by: OFFICER, at: at(5) });
    assert!(store.write(|tx| reports::withdraw(tx, id(2), at(7))).await.unwrap());
    assert!(!store.write(|tx| reports::withdraw(tx, id(2), at(8))).await.unwrap());
    assert!(!store.write(|tx| reports::open(tx, id(2), OFFICER, at(8))).await.unwrap());
    assert_eq!(found(&store, id(2)).await.unwrap().state, State::Withdrawn { at: at(7) });
    assert!(!store.write(|tx| reports::open(tx, id(3), OFFICER, at(8))).await.unwrap());
}

async fn lists_come_in_pages(db: TestDatabase) {
    let store = tables(&db).await;
    // Two at each minute: the id settles their order.
    let all: Vec<Report> = (0..60).map(|n| report(n, ORGANISATION, at(u64::from(n / 2)))).collect();
    insert(&store, all).await;
    let mut others = vec![report(100, OTHER, at(90)), report(101, ORGANISATION, at(91))];
    others[1].reporter = OFFICER;
    insert(&store, others).await;
    let list = |which, after| {
        let store = store.clone();
        async move { store.read(move |tx| reports::list(tx, which, after)).await.unwrap() }
    };
    let own = Which::Own { organisation: ORGANISATION, reporter: REPORTER };
    let first = list(own, None).await;
    assert_eq!((first.len(), first[0].id, first[1].id), (PAGE + 1, id(59), id(58)));
    let last = &first[PAGE - 1];
    let second = list(own, Some((last.received_at, last.id))).await;
    assert_eq!(second.iter().map(|r| r.id).collect::<Vec<_>>(), (0..10).rev().map(id).collect::<Vec<_>>());
    assert_eq!(list(Which::Of { organisation: ORGANISATION }, None).await[0].id, id(101));
    assert_eq!(list(Which::Of { organisation: OTHER }, None).await.len(), 1);
    assert!(list(Which::Own { organisation: OTHER, reporter: OFFICER }, None).await.is_empty());
    store.write(|tx| reports::open(tx, id(101), OFFICER, at(99))).await.unwrap();
    assert_eq!(list(Which::Waiting, None).await[0].id, id(100));
    assert_eq!(list(Which::All, None).await[0].id, id(101));
}
