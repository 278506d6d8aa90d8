//! Cases: versions, lists, and due ones that one node takes over.

use crate::support::{at, on_both, world};
use domain::{CaseId, PartyId};
use std::{collections::BTreeSet, time::Duration};
use store::{
    cases::{self, Case, CaseFilter},
    testing::TestDatabase,
};

on_both!(a_case_changes_by_version, lists_are_filtered_and_paged, due_cases_are_leased_to_one_node);

fn case(n: u8) -> Case {
    Case {
        id: CaseId::from_bytes([n; 16]),
        kind: if n.is_multiple_of(2) { "application" } else { "notice" }.into(),
        state: "registered".into(),
        party: (n > 5).then_some(PartyId::from_bytes([1; 16])),
        opener: (n < 4).then_some(PartyId::from_bytes([2; 16])),
        opened_at: at(i64::from(n) / 3),
        due_at: (n > 3).then_some(at(100 + i64::from(n))),
        version: 1,
        body: format!(r#"{{"n":{n}}}"#),
    }
}

async fn a_case_changes_by_version(db: TestDatabase) {
    let w = world(db).await;
    w.store.write(|tx| cases::insert(tx, &case(4))).await.unwrap();
    assert_eq!(w.store.read(|tx| cases::find(tx, case(4).id)).await, Ok(Some(case(4))));
    assert_eq!(w.store.read(|tx| cases::find(tx, case(5).id)).await, Ok(None));
    let next = Case { state: "confirmed".into(), due_at: None, body: "{}".into(), ..case(4) };
    for (expected, done) in [(1, true), (1, false), (2, true), (7, false)] {
        let next = next.clone();
        assert_eq!(w.store.write(move |tx| cases::update(tx, &next, expected)).await, Ok(done));
    }
    assert_eq!(w.store.read(|tx| cases::find(tx, case(4).id)).await, Ok(Some(Case { version: 3, ..next })));
}

async fn lists_are_filtered_and_paged(db: TestDatabase) {
    let w = world(db).await;
    w.store.write(|tx| (1..=9).try_for_each(|n| cases::insert(tx, &case(n)))).await.unwrap();
    let list = |filter: CaseFilter<'static>, limit: u32, after| {
        let store = w.store.clone();
        async move {
            let found = store.read(move |tx| cases::list(tx, filter, limit, after)).await.unwrap();
            found.iter().map(|case| case.id.as_bytes()[0]).collect::<Vec<_>>()
        }
    };
    let any = CaseFilter::default();
    assert_eq!(list(any, 100, None).await, [9, 8, 7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(list(any, 4, None).await, [9, 8, 7, 6]);
    assert_eq!(list(any, 4, Some((case(6).opened_at, case(6).id))).await, [5, 4, 3, 2]);
    assert_eq!(list(CaseFilter { kind: Some("notice"), ..any }, 3, None).await, [9, 7, 5]);
    let party = Some(PartyId::from_bytes([1; 16]));
    assert_eq!(list(CaseFilter { kind: Some("notice"), party, ..any }, 9, None).await, [9, 7]);
    assert_eq!(list(CaseFilter { party, ..any }, 9, Some((case(8).opened_at, case(8).id))).await, [7, 6]);
    assert_eq!(list(CaseFilter { state: Some("confirmed"), ..any }, 9, None).await, [0; 0]);
    let opener = Some(PartyId::from_bytes([2; 16]));
    assert_eq!(list(CaseFilter { opener, ..any }, 9, None).await, [3, 2, 1]);
    assert_eq!(list(CaseFilter { opener, party, ..any }, 9, None).await, [0; 0]);
}

async fn due_cases_are_leased_to_one_node(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    w.store.write(|tx| (1..=60).try_for_each(|n| cases::insert(tx, &case(n)))).await.unwrap();
    let lease_for = Duration::from_secs(60);
    let early = w.store.write(move |tx| cases::lease_due(tx, at(103), "a", lease_for, 100)).await.unwrap();
    assert_eq!(early, []);
    let late = |now| w.store.read(move |tx| cases::late_since(tx, at(now)));
    assert_eq!(late(103).await, Ok(None));
    assert_eq!(late(200).await, Ok(Some(at(104))));
    let jobs: Vec<_> = (0..8)
        .map(|i| {
            let store = if i % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                let node = format!("node {i}");
                store.write(move |tx| cases::lease_due(tx, at(200), &node, lease_for, 10)).await.unwrap()
            })
        })
        .collect();
    let (mut leased, mut distinct) = (0, BTreeSet::new());
    for job in jobs {
        for case in job.await.unwrap() {
            leased += 1;
            distinct.insert(case.id);
        }
    }
    assert_eq!(leased, distinct.len(), "a case was leased twice");
    let more = |now| {
        let store = w.store.clone();
        async move { store.write(move |tx| cases::lease_due(tx, now, "c", lease_for, 100)).await.unwrap().len() }
    };
    assert_eq!(leased + more(at(200)).await, 57);
    assert_eq!(more(at(259)).await, 0);
    // The lease ran out: somebody else may act; a case that was updated is no longer due.
    w.store.write(|tx| cases::update(tx, &Case { due_at: None, ..case(10) }, 1)).await.unwrap();
    assert_eq!(more(at(260)).await, 56);
}
