//! Records: kept with what they record, found again.

use crate::support::{Random, at, on_both, world};
use activity::{Record, RecordClass, Reference, leaf::UtcDay, leaf_data};
use domain::{PartyId, RecordId, Seq};
use store::parties::{self, PartyKind};
use store::records::Part;
use store::{StoreError, records, testing::TestDatabase};

on_both!(
    a_record_comes_back_with_its_leaf,
    a_change_has_one_record,
    records_are_paged_newest_first,
    a_record_goes_with_its_transaction,
    a_record_is_found_by_whom_it_bears_on_until_they_are_erased,
);

pub fn record(n: u8, seq: Option<u64>) -> Record {
    Record {
        id: RecordId::from_bytes([n; 16]),
        at: at(i64::from(n) / 2),
        class: RecordClass::Change,
        event: "mandate.given".into(),
        actor: Some(PartyId::from_bytes([if n.is_multiple_of(2) { 2 } else { 3 }; 16])),
        party: Some(PartyId::from_bytes([4; 16])),
        object: Some("mandate:1".into()),
        seq: seq.map(Seq),
        decided: None,
        evidence: vec![[7; 32]],
        fault: None,
        reference: Reference::new(&Random),
        detail: [("permission".to_owned(), "employer.user".to_owned())].into(),
    }
}

async fn a_record_comes_back_with_its_leaf(db: TestDatabase) {
    let w = world(db).await;
    let kept = record(1, Some(1));
    let put = kept.clone();
    w.store.write(move |tx| records::append(tx, &put, &Random)).await.unwrap();
    let id = kept.id;
    let got = w.store.read(move |tx| records::get(tx, id)).await.unwrap().unwrap();
    assert_eq!(got.record, kept);
    assert_eq!(got.body, kept.body());
    assert_eq!(got.leaf, leaf_data(UtcDay::of(kept.at), kept.class, &got.salt, &got.body));
    let code: Reference = kept.reference.to_string().to_lowercase().replace('-', " ").parse().unwrap();
    let found = w.store.read(move |tx| records::find_by_reference(tx, &code)).await;
    assert_eq!(found, Ok(Some(kept)));
    let other = Reference::new(&Random);
    assert_eq!(w.store.read(move |tx| records::find_by_reference(tx, &other)).await, Ok(None));
    assert_eq!(w.store.read(|tx| records::get(tx, RecordId::from_bytes([9; 16]))).await, Ok(None));
}

async fn a_change_has_one_record(db: TestDatabase) {
    let w = world(db).await;
    w.store.write(|tx| records::append(tx, &record(1, Some(1)), &Random)).await.unwrap();
    for twice in [record(2, Some(1)), record(1, Some(2))] {
        let refused = w.store.write(move |tx| records::append(tx, &twice, &Random)).await;
        assert_eq!(refused, Err(StoreError::Unique { table: "record".into() }));
    }
    for n in 3..6 {
        w.store.write(move |tx| records::append(tx, &record(n, None), &Random)).await.unwrap();
    }
}

async fn records_are_paged_newest_first(db: TestDatabase) {
    let w = world(db).await;
    w.store
        .write(|tx| (1..=9).try_for_each(|n| records::append(tx, &record(n, None), &Random)))
        .await
        .unwrap();
    let numbers = |records: Vec<Record>| records.iter().map(|r| r.id.as_bytes()[0]).collect::<Vec<_>>();
    let party = PartyId::from_bytes([4; 16]);
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = w.store.read(move |tx| records::of_party(tx, party, 4, after)).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some((last.at, last.id));
        seen.push(numbers(page));
    }
    assert_eq!(seen, [vec![9, 8, 7, 6], vec![5, 4, 3, 2], vec![1]]);
    let actor = PartyId::from_bytes([2; 16]);
    let of_actor = w.store.read(move |tx| records::of_actor(tx, actor, 3, None)).await.unwrap();
    assert_eq!(numbers(of_actor), [8, 6, 4]);
}

async fn a_record_goes_with_its_transaction(db: TestDatabase) {
    let w = world(db).await;
    let refused = w
        .store
        .write(|tx| {
            records::append(tx, &record(1, Some(1)), &Random)?;
            Err::<(), _>(StoreError::Conflict)
        })
        .await;
    assert_eq!(refused, Err(StoreError::Conflict));
    let left: i64 = w
        .store
        .read(|tx| {
            let sql = "SELECT (SELECT count(*) FROM record) + (SELECT count(*) FROM leaf_queue)";
            tx.query(sql, &[])?[0].get(0)
        })
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(left, 0);
}

async fn a_record_is_found_by_whom_it_bears_on_until_they_are_erased(db: TestDatabase) {
    let w = world(db).await;
    let make = || w.store.write(|tx| parties::create(tx, &Random, PartyKind::Person, at(0)));
    let (eva, sven) = (make().await.unwrap(), make().await.unwrap());
    let nobody = PartyId::from_bytes([9; 16]);
    w.store
        .write(move |tx| {
            for n in 1..=5 {
                let part = if n == 3 { Part::Signed } else { Part::Concerned };
                let about = [(eva, part), (eva, part), (sven, Part::Concerned), (nobody, Part::Concerned)];
                records::append_about(tx, &record(n, None), &about, &Random)?;
            }
            records::append(tx, &record(6, None), &Random)
        })
        .await
        .unwrap();
    let found = async |who: PartyId, part: Part, after: Option<(domain::Instant, RecordId)>| {
        let page = w.store.read(move |tx| records::bearing_on(tx, who, part, 3, after)).await.unwrap();
        page.iter().map(|r| r.id.as_bytes()[0]).collect::<Vec<_>>()
    };
    assert_eq!(found(eva, Part::Concerned, None).await, [5, 4, 2]);
    let last = record(2, None);
    assert_eq!(found(eva, Part::Concerned, Some((last.at, last.id))).await, [1]);
    assert_eq!(found(eva, Part::Signed, None).await, [3]);
    assert_eq!(found(nobody, Part::Concerned, None).await, [0; 0], "who never was leaves no row");
    // The records stay as they are; that they concern the person is gone.
    w.store.write(move |tx| parties::erase(tx, eva, at(9))).await.unwrap();
    assert_eq!(found(eva, Part::Concerned, None).await, [0; 0]);
    assert_eq!(found(sven, Part::Concerned, None).await, [5, 4, 3]);
    w.store
        .write(move |tx| records::append_about(tx, &record(7, None), &[(eva, Part::Concerned)], &Random))
        .await
        .unwrap();
    assert_eq!(found(eva, Part::Concerned, None).await, [0; 0], "what was erased stays so");
    let kept = w.store.read(|tx| records::get(tx, RecordId::from_bytes([1; 16]))).await.unwrap().unwrap();
    assert_eq!(kept.record.event, "mandate.given");
}
