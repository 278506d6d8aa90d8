//! Facts: versions under `seq`, two time axes, slices.

use crate::support::{Random, World, at, on_both, world};
use domain::{
    Fact, FactId, PartyId, Seq,
    fact::{
        AcceptanceWay, Connection, Lock, Mandate, MandateKind, MethodPhase, MethodPolicy, MethodState, Right,
        TermsAcceptance,
    },
};
use store::{StoreError, Tx, facts, seq, testing::TestDatabase};

on_both!(
    a_change_closes_one_version_and_adds_one,
    what_cannot_be_replaced_is_a_conflict,
    a_version_does_not_end_before_it_begins,
    a_slice_has_what_a_decision_needs,
    a_slice_follows_parents_three_hops,
    the_past_is_answered_as_it_was_known,
    changes_come_once_and_whole,
);

fn party(n: u8) -> PartyId {
    PartyId::from_bytes([n; 16])
}

fn id(n: u8) -> FactId {
    FactId::from_bytes([n; 16])
}

fn mandate(grantor: u8, holder: u8, parent: Option<u8>) -> Fact {
    Fact::Mandate(Mandate {
        kind: MandateKind::User,
        grantor: party(grantor),
        holder: party(holder),
        permissions: ["employer.sickness_report.create".to_owned()].into(),
        rights: [Right::Use].into(),
        parent: parent.map(id),
        evidence: Some([9; 32]),
    })
}

fn connection(n: u8) -> Fact {
    Fact::Connection(Connection { organisation: party(n), service: "employer".into() })
}

/// Adds facts, each under a change of its own.
async fn add(w: &World, facts: Vec<(u8, Fact)>) {
    for (n, fact) in facts {
        w.store
            .write(move |tx| {
                let seq = seq::take(tx)?;
                facts::add(tx, seq, id(n), at(0), None, &fact)
            })
            .await
            .unwrap();
    }
}

fn ids(versions: &[domain::FactVersion]) -> Vec<FactId> {
    let mut ids: Vec<_> = versions.iter().map(|v| v.id).collect();
    ids.sort_unstable();
    ids
}

async fn a_change_closes_one_version_and_adds_one(db: TestDatabase) {
    let w = world(db).await;
    add(&w, vec![(1, mandate(10, 20, None))]).await;
    w.store
        .write(|tx| {
            let seq = seq::take(tx)?;
            facts::replace(tx, seq, id(1), at(0), Some(at(60)), &mandate(10, 20, None))
        })
        .await
        .unwrap();
    let (current, history) = w
        .store
        .read(|tx| Ok::<_, StoreError>((facts::current(tx, id(1))?.unwrap(), facts::history(tx, id(1))?)))
        .await
        .unwrap();
    assert_eq!(current.valid_to, Some(at(60)));
    assert_eq!(current.fact, mandate(10, 20, None));
    assert_eq!(history.len(), 2);
    assert_eq!((history[0].seq_from, history[0].seq_to, history[0].valid_to), (Seq(1), Some(Seq(2)), None));
    assert_eq!((history[1].seq_from, history[1].seq_to), (Seq(2), None));
    assert_eq!(history[1], current);
    let none = w.store.read(|tx| facts::current(tx, id(2))).await;
    assert_eq!(none, Ok(None));
}

async fn what_cannot_be_replaced_is_a_conflict(db: TestDatabase) {
    let w = world(db).await;
    let unknown = w
        .store
        .write(|tx| {
            let seq = seq::take(tx)?;
            facts::replace(tx, seq, id(1), at(0), None, &connection(10))
        })
        .await;
    assert_eq!(unknown, Err(StoreError::Conflict));
    let twice = w
        .store
        .write(|tx| {
            let seq = seq::take(tx)?;
            facts::add(tx, seq, id(1), at(0), None, &connection(10))?;
            facts::replace(tx, seq, id(1), at(5), None, &connection(10))
        })
        .await;
    assert_eq!(twice, Err(StoreError::Conflict));
    add(&w, vec![(1, connection(10))]).await;
    let again = w
        .store
        .write(|tx| {
            let seq = seq::take(tx)?;
            facts::add(tx, seq, id(1), at(0), None, &connection(10))
        })
        .await;
    assert_eq!(again, Err(StoreError::Unique { table: "fact_version".into() }));
    assert_eq!(w.store.read(seq::head).await.unwrap().seq, Seq(1));
}

async fn a_version_does_not_end_before_it_begins(db: TestDatabase) {
    let w = world(db).await;
    let refused = w
        .store
        .write(|tx| {
            let seq = seq::take(tx)?;
            facts::add(tx, seq, id(1), at(10), Some(at(9)), &connection(10))
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
}

async fn a_slice_has_what_a_decision_needs(db: TestDatabase) {
    let w = world(db).await;
    let method = |service: Option<&str>| {
        Fact::MethodState(MethodState {
            method: "bankid".into(),
            service: service.map(Into::into),
            phase: MethodPhase::Active,
        })
    };
    let policy = Fact::MethodPolicy(MethodPolicy {
        organisation: party(10),
        service: "employer".into(),
        methods: ["bankid".to_owned()].into(),
    });
    let terms = Fact::TermsAcceptance(TermsAcceptance {
        organisation: party(10),
        service: "employer".into(),
        version: "2024-12-20".into(),
        text_hash: [1; 32],
        way: AcceptanceWay::PaperForm,
        evidence: [2; 32],
    });
    let kept = terms.clone();
    add(
        &w,
        vec![
            (12, terms),
            (1, connection(10)),
            (2, mandate(10, 20, None)),
            (3, mandate(10, 21, None)),
            (4, mandate(11, 20, None)),
            (5, mandate(11, 21, None)),
            (6, connection(11)),
            (7, method(None)),
            (8, method(Some("employer"))),
            (9, policy),
            (10, Fact::Lock(Lock { party: party(20), service: None })),
            (11, Fact::Lock(Lock { party: party(21), service: None })),
        ],
    )
    .await;
    let slice = w.store.read(|tx| facts::slice(tx, party(20), party(10))).await.unwrap();
    // Not 5, 6 and 11: they are about others only.
    assert_eq!(ids(&slice), [1, 2, 3, 4, 7, 8, 9, 10, 12].map(id));
    assert!(slice.iter().any(|version| version.fact == kept));
    assert_eq!(w.store.read(facts::all_current).await.unwrap().len(), 12);
}

async fn a_slice_follows_parents_three_hops(db: TestDatabase) {
    let w = world(db).await;
    // 5 ← 4 ← 3 ← 2 ← 1, each of another grantor and holder; 5 is held by the subject.
    add(
        &w,
        vec![
            (1, mandate(61, 71, None)),
            (2, mandate(62, 72, Some(1))),
            (3, mandate(63, 73, Some(2))),
            (4, mandate(64, 74, Some(3))),
            (5, mandate(65, 20, Some(4))),
        ],
    )
    .await;
    let slice = w.store.read(|tx| facts::slice(tx, party(20), party(10))).await.unwrap();
    assert_eq!(ids(&slice), [2, 3, 4, 5].map(id));
}

async fn the_past_is_answered_as_it_was_known(db: TestDatabase) {
    let w = world(db).await;
    add(&w, vec![(1, connection(10)), (2, mandate(10, 20, None))]).await;
    w.store
        .write(|tx| {
            let seq = seq::take(tx)?;
            facts::replace(tx, seq, id(2), at(0), Some(at(60)), &mandate(10, 20, None))
        })
        .await
        .unwrap();
    let mut known = Vec::new();
    for seq in 0..=4 {
        let then = w
            .store
            .read(move |tx| {
                let both = facts::slice_as_known_at(tx, Seq(seq), party(20), party(10))?;
                assert_eq!(both, facts::as_known_at(tx, Seq(seq), party(10))?);
                Ok::<_, StoreError>(both)
            })
            .await
            .unwrap();
        assert!(then.iter().all(|version| version.known_at(Seq(seq))));
        known.push(then.iter().map(|v| (v.id, v.valid_to)).collect::<Vec<_>>());
    }
    assert_eq!(known[0], []);
    assert_eq!(known[1], [(id(1), None)]);
    assert_eq!(known[2], [(id(1), None), (id(2), None)]);
    assert_eq!(known[3], [(id(1), None), (id(2), Some(at(60)))]);
    assert_eq!(known[4], known[3]);
}

async fn changes_come_once_and_whole(db: TestDatabase) {
    fn add_three(tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let seq = seq::take(tx)?;
        for _ in 0..3 {
            facts::add(tx, seq, FactId::new(&Random), at(0), None, &connection(10))?;
        }
        Ok(())
    }
    let w = world(db).await;
    add(&w, vec![(1, connection(10)), (2, connection(11))]).await;
    w.store.write(add_three).await.unwrap();
    w.store
        .write(|tx| {
            let seq = seq::take(tx)?;
            facts::replace(tx, seq, id(1), at(0), Some(at(60)), &connection(10))
        })
        .await
        .unwrap();
    let since = |seq: u64, limit: u32| {
        let store = w.store.clone();
        async move { store.read(move |tx| facts::changed_since(tx, Seq(seq), limit)).await.unwrap() }
    };
    // All: the first version of fact 1 comes as it is now, closed by change 4.
    let all = since(0, 100).await;
    assert_eq!(all.up_to, Seq(4));
    let changes: Vec<_> = all.versions.iter().map(|v| v.seq_to.unwrap_or(v.seq_from).0).collect();
    assert_eq!(changes, [2, 3, 3, 3, 4, 4]);
    assert_eq!(all.versions.iter().filter(|v| v.id == id(1)).count(), 2);
    // A change of three versions is never cut: first what fits before it, then all of it, though it is above the limit.
    let first = since(0, 2).await;
    assert_eq!((first.versions.len(), first.up_to), (1, Seq(2)));
    let second = since(2, 2).await;
    assert_eq!((second.versions.len(), second.up_to), (3, Seq(3)));
    let third = since(3, 2).await;
    assert_eq!((third.versions.len(), third.up_to), (2, Seq(4)));
    let none = since(4, 2).await;
    assert_eq!((none.versions.len(), none.up_to), (0, Seq(4)));
}
