//! Sessions, orders at an e-ID provider, invitations.

use crate::support::{Random, at, on_both, world};
use domain::{Assurance, Freshness, OrderId, PartyId, Seq, SessionId};
use std::time::Duration;
use store::{
    StoreError,
    installation::{self, Environment, Installation},
    invitations,
    orders::{self, Order},
    seq,
    sessions::{self, Session, SessionState},
    testing::TestDatabase,
};

on_both!(
    a_session_and_the_head_come_in_one_query,
    a_session_ends_by_logout_time_and_disuse,
    last_use_is_written_once_a_minute,
    an_ended_session_does_not_switch,
    open_sessions_of_a_person_are_found,
    a_session_is_found_by_its_public_name,
    an_order_keeps_its_body_sealed,
    one_node_collects,
    an_order_changes_by_version,
    abandoned_orders_are_found,
    what_ended_long_ago_is_forgotten_and_nothing_else,
    an_invitation_is_used_once_and_by_different_people,
);

fn party(n: u8) -> PartyId {
    PartyId::from_bytes([n; 16])
}

fn session(n: u8) -> Session {
    Session {
        key_hash: [n; 32],
        id: Some(SessionId::from_bytes([n; 16])),
        person: party(1),
        party: party(2),
        method: "bankid".into(),
        assurance: Assurance::Level3,
        evidence: [5; 32],
        opened_at: at(i64::from(n)),
        seen_at: at(i64::from(n)),
        ends_at: at(8 * 3600),
        idle: Duration::from_secs(1800),
        lang: None,
        client: Some("firefox/linux".into()),
        ended_at: None,
    }
}

async fn a_session_and_the_head_come_in_one_query(db: TestDatabase) {
    let w = world(db).await;
    w.store.write(|tx| sessions::open(tx, &session(1))).await.unwrap();
    let found = w.store.read(|tx| sessions::find_with_head(tx, [1; 32])).await;
    assert_eq!(found, Ok(Some((session(1), Freshness { epoch: 0, seq: Seq(0) }))));
    w.store
        .write(|tx| {
            seq::take(tx)?;
            installation::create(
                tx,
                &Installation {
                    environment: Environment::Test,
                    origin: "test.example.se".into(),
                    agency: party(9),
                    epoch: 3,
                    created_at: at(0),
                },
            )
        })
        .await
        .unwrap();
    let (_, head) = w.store.read(|tx| sessions::find_with_head(tx, [1; 32])).await.unwrap().unwrap();
    assert_eq!(head, Freshness { epoch: 3, seq: Seq(1) });
    assert_eq!(w.store.read(|tx| sessions::find_with_head(tx, [2; 32])).await, Ok(None));
    let again = w.store.write(|tx| sessions::open(tx, &session(1))).await;
    assert_eq!(again, Err(StoreError::Unique { table: "session".into() }));
}

async fn a_session_ends_by_logout_time_and_disuse(db: TestDatabase) {
    let w = world(db).await;
    w.store.write(|tx| sessions::open(tx, &session(0))).await.unwrap();
    let find =
        || async { w.store.read(|tx| sessions::find_with_head(tx, [0; 32])).await.unwrap().unwrap().0 };
    let kept = find().await;
    assert_eq!(kept.state_at(at(1799)), SessionState::Open);
    assert_eq!(kept.state_at(at(1800)), SessionState::Idle);
    assert_eq!(kept.state_at(at(8 * 3600)), SessionState::Expired);
    assert_eq!(w.store.write(|tx| sessions::end(tx, [0; 32], at(7))).await, Ok(true));
    assert_eq!(w.store.write(|tx| sessions::end(tx, [0; 32], at(8))).await, Ok(false));
    let ended = find().await;
    assert_eq!((ended.ended_at, ended.state_at(at(9))), (Some(at(7)), SessionState::Ended));
}

async fn last_use_is_written_once_a_minute(db: TestDatabase) {
    let w = world(db).await;
    w.store.write(|tx| sessions::open(tx, &session(0))).await.unwrap();
    let mut written = Vec::new();
    for seconds in [1, 59, 60, 61, 119, 120, 30] {
        written.push(w.store.write(move |tx| sessions::touch(tx, [0; 32], at(seconds))).await.unwrap());
    }
    assert_eq!(written, [false, false, true, false, false, true, false]);
    let (kept, _) = w.store.read(|tx| sessions::find_with_head(tx, [0; 32])).await.unwrap().unwrap();
    assert_eq!(kept.seen_at, at(120));
    assert!(!kept.wants_touch(at(179)) && kept.wants_touch(at(180)) && !kept.wants_touch(at(0)));
}

async fn an_ended_session_does_not_switch(db: TestDatabase) {
    let w = world(db).await;
    w.store.write(|tx| sessions::open(tx, &session(0))).await.unwrap();
    assert_eq!(w.store.write(|tx| sessions::switch_party(tx, [0; 32], party(7))).await, Ok(true));
    assert_eq!(w.store.write(|tx| sessions::set_lang(tx, [0; 32], "en")).await, Ok(true));
    let (kept, _) = w.store.read(|tx| sessions::find_with_head(tx, [0; 32])).await.unwrap().unwrap();
    assert_eq!((kept.party, kept.lang.as_deref()), (party(7), Some("en")));
    w.store.write(|tx| sessions::end(tx, [0; 32], at(1))).await.unwrap();
    assert_eq!(w.store.write(|tx| sessions::switch_party(tx, [0; 32], party(8))).await, Ok(false));
    assert_eq!(w.store.write(|tx| sessions::set_lang(tx, [0; 32], "sv")).await, Ok(false));
    assert_eq!(w.store.write(|tx| sessions::touch(tx, [0; 32], at(600))).await, Ok(false));
}

async fn open_sessions_of_a_person_are_found(db: TestDatabase) {
    let w = world(db).await;
    w.store
        .write(|tx| {
            for n in 1..=3 {
                sessions::open(tx, &session(n))?;
            }
            sessions::open(tx, &Session { person: party(3), ..session(4) })?;
            sessions::open(tx, &Session { ends_at: at(60), ..session(5) })?;
            sessions::open(tx, &Session { idle: Duration::from_secs(60), ..session(6) })?;
            sessions::end(tx, [2; 32], at(1))
        })
        .await
        .unwrap();
    let open = async |seconds| {
        let found = w.store.read(move |tx| sessions::open_of(tx, party(1), at(seconds))).await.unwrap();
        assert!(found.iter().all(|session| session.state_at(at(seconds)) == SessionState::Open));
        found.iter().map(|s| s.key_hash[0]).collect::<Vec<_>>()
    };
    assert_eq!(open(30).await, [6, 5, 3, 1]);
    // The fifth is over, and the sixth was not used for a minute: to the second.
    assert_eq!((open(59).await, open(60).await), (vec![6, 5, 3, 1], vec![6, 3, 1]));
    assert_eq!((open(65).await, open(66).await), (vec![6, 3, 1], vec![3, 1]));
    let since = w.store.read(|tx| sessions::opened_since(tx, party(1), at(1), 3)).await.unwrap();
    assert_eq!(since.iter().map(|s| s.key_hash[0]).collect::<Vec<_>>(), [6, 5, 3], "ended ones too");
}

async fn a_session_is_found_by_its_public_name(db: TestDatabase) {
    let w = world(db).await;
    let of_before = Session { id: None, client: None, ..session(2) };
    let (first, second) = (session(1), of_before.clone());
    w.store
        .write(move |tx| {
            sessions::open(tx, &first)?;
            sessions::open(tx, &second)?;
            sessions::open(tx, &Session { id: None, ..session(3) })
        })
        .await
        .unwrap();
    let named = |n: u8| w.store.read(move |tx| sessions::find_by_id(tx, SessionId::from_bytes([n; 16])));
    assert_eq!(named(1).await, Ok(Some(session(1))));
    assert_eq!(named(2).await, Ok(None));
    let (kept, _) = w.store.read(|tx| sessions::find_with_head(tx, [2; 32])).await.unwrap().unwrap();
    assert_eq!(kept, of_before);
    let twice = Session { id: session(1).id, ..session(4) };
    let refused = w.store.write(move |tx| sessions::open(tx, &twice)).await;
    assert_eq!(refused, Err(StoreError::Unique { table: "session".into() }));
}

fn order(n: u8) -> Order {
    Order {
        id: OrderId::from_bytes([n; 16]),
        browser_hash: [8; 32],
        purpose: "login".into(),
        state: orders::PENDING.into(),
        started_at: at(0),
        expires_at: at(30 + i64::from(n)),
        last_collect_at: None,
        version: 1,
        body: b"the order's secret".to_vec(),
    }
}

async fn an_order_keeps_its_body_sealed(db: TestDatabase) {
    let w = world(db).await;
    w.write(|tx, keys| orders::insert(tx, keys, &Random, &order(1))).await.unwrap();
    let found = w.read(|tx, keys| orders::find(tx, keys, order(1).id)).await.unwrap();
    assert_eq!(found, Some(order(1)));
    assert!(!format!("{found:?}").contains("secret"));
    assert_eq!(w.read(|tx, keys| orders::find(tx, keys, order(2).id)).await, Ok(None));
    let sealed: Vec<u8> =
        w.read(|tx, _| tx.query("SELECT sealed FROM eid_order", &[])?[0].get(0)).await.unwrap();
    assert!(!sealed.windows(6).any(|w| w == b"secret"));
    // The body of one order does not open as another's.
    let moved = w
        .write(|tx, keys| {
            tx.execute("UPDATE eid_order SET id = $1", &[order(2).id.into()])?;
            orders::find(tx, keys, order(2).id)
        })
        .await;
    assert!(matches!(moved, Err(StoreError::Key(_))), "{moved:?}");
}

async fn one_node_collects(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    w.write(|tx, keys| orders::insert(tx, keys, &Random, &order(1))).await.unwrap();
    let gap = Duration::from_secs(2);
    for now in [at(1), at(3)] {
        let jobs: Vec<_> = (0..16)
            .map(|i| {
                let store = if i % 2 == 0 { w.store.clone() } else { other.clone() };
                tokio::spawn(async move {
                    store.write(move |tx| orders::claim_collect(tx, order(1).id, now, gap)).await.unwrap()
                })
            })
            .collect();
        let mut claimed = 0;
        for job in jobs {
            claimed += u32::from(job.await.unwrap());
        }
        assert_eq!(claimed, 1);
    }
    let early = w.store.write(move |tx| orders::claim_collect(tx, order(1).id, at(4), gap)).await;
    assert_eq!(early, Ok(false));
    w.write(|tx, keys| {
        let done = Order { state: "completed".into(), ..order(1) };
        orders::update(tx, keys, &Random, &done, 1)
    })
    .await
    .unwrap();
    let finished = w.store.write(move |tx| orders::claim_collect(tx, order(1).id, at(60), gap)).await;
    assert_eq!(finished, Ok(false));
}

async fn an_order_changes_by_version(db: TestDatabase) {
    let w = world(db).await;
    w.write(|tx, keys| orders::insert(tx, keys, &Random, &order(1))).await.unwrap();
    w.store.write(|tx| orders::claim_collect(tx, order(1).id, at(1), Duration::from_secs(2))).await.unwrap();
    let changed = Order { body: b"renewed".to_vec(), expires_at: at(99), ..order(1) };
    let next = changed.clone();
    let (first, second) = w
        .write(move |tx, keys| {
            Ok((orders::update(tx, keys, &Random, &next, 1)?, orders::update(tx, keys, &Random, &next, 1)?))
        })
        .await
        .unwrap();
    assert_eq!((first, second), (true, false));
    let found = w.read(|tx, keys| orders::find(tx, keys, order(1).id)).await.unwrap().unwrap();
    assert_eq!(found, Order { version: 2, last_collect_at: Some(at(1)), ..changed });
}

async fn what_ended_long_ago_is_forgotten_and_nothing_else(db: TestDatabase) {
    let w = world(db).await;
    w.write(|tx, keys| {
        for n in 1..=4 {
            orders::insert(tx, keys, &Random, &order(n))?;
        }
        orders::update(tx, keys, &Random, &Order { state: "failed".into(), ..order(1) }, 1)?;
        orders::update(tx, keys, &Random, &Order { state: "failed".into(), ..order(2) }, 1)?;
        orders::update(tx, keys, &Random, &Order { state: orders::COLLECTED.into(), ..order(3) }, 1)
    })
    .await
    .unwrap();
    assert_eq!(w.store.read(orders::waiting).await, Ok(2));
    assert_eq!(
        w.store.write(|tx| orders::forget(tx, at(32), 10)).await,
        Ok(1),
        "the first, and not its instant"
    );
    assert_eq!(w.store.write(|tx| orders::forget(tx, at(99), 10)).await, Ok(1), "what is on its way stays");
    assert_eq!(w.store.read(orders::waiting).await, Ok(2));

    w.store
        .write(|tx| {
            sessions::open(tx, &Session { ends_at: at(10), ..session(1) })?;
            sessions::open(tx, &Session { ends_at: at(20), ..session(2) })?;
            sessions::open(tx, &Session { ends_at: at(30), ended_at: Some(at(3)), ..session(3) })
        })
        .await
        .unwrap();
    let forget = |at, limit| w.store.write(move |tx| sessions::forget(tx, at, limit));
    assert_eq!(forget(at(10), 10).await, Ok(0));
    assert_eq!(forget(at(99), 1).await, Ok(1), "a step at a time, the oldest first");
    assert!(w.store.read(|tx| sessions::find_with_head(tx, [1; 32])).await.unwrap().is_none());
    assert_eq!(forget(at(30), 10).await, Ok(1));
    assert!(
        w.store.read(|tx| sessions::find_by_id(tx, SessionId::from_bytes([3; 16]))).await.unwrap().is_some()
    );
}

async fn abandoned_orders_are_found(db: TestDatabase) {
    let w = world(db).await;
    w.write(|tx, keys| {
        for n in 1..=4 {
            orders::insert(tx, keys, &Random, &order(n))?;
        }
        orders::update(tx, keys, &Random, &Order { state: "failed".into(), ..order(2) }, 1)
    })
    .await
    .unwrap();
    let found = w.read(|tx, keys| orders::unfinished_before(tx, keys, at(34), 10)).await.unwrap();
    assert_eq!(found.iter().map(|o| o.id).collect::<Vec<_>>(), [order(1).id, order(3).id]);
    let one = w.read(|tx, keys| orders::unfinished_before(tx, keys, at(34), 1)).await.unwrap();
    assert_eq!(one.len(), 1);
}

async fn an_invitation_is_used_once_and_by_different_people(db: TestDatabase) {
    let w = world(db).await;
    w.store
        .write(|tx| {
            invitations::insert(tx, [1; 32], 1)?;
            invitations::insert(tx, [2; 32], 2)
        })
        .await
        .unwrap();
    let redeem = |code: u8, person: u8| {
        let store = w.store.clone();
        async move { store.write(move |tx| invitations::redeem(tx, [code; 32], party(person), at(5))).await }
    };
    assert_eq!(w.store.write(|tx| invitations::confirm(tx, 1, at(4))).await, Ok(false));
    assert_eq!(redeem(3, 1).await, Ok(false), "an unknown code");
    assert_eq!(redeem(1, 1).await, Ok(true));
    assert_eq!(redeem(1, 2).await, Ok(false), "used before");
    assert_eq!(redeem(2, 1).await, Ok(false), "the same person for both");
    assert_eq!(redeem(2, 2).await, Ok(true));
    assert_eq!(w.store.write(|tx| invitations::confirm(tx, 2, at(6))).await, Ok(true));
    assert_eq!(w.store.write(|tx| invitations::confirm(tx, 2, at(7))).await, Ok(false));
    let both = w.store.read(invitations::all).await.unwrap();
    assert_eq!(both[0].person, Some(party(1)));
    assert_eq!((both[1].number, both[1].redeemed_at, both[1].confirmed_at), (2, Some(at(5)), Some(at(6))));
    let found = w.store.read(|tx| invitations::find(tx, [2; 32])).await.unwrap();
    assert_eq!(found.as_ref(), Some(&both[1]));
    let third = w.store.write(|tx| invitations::insert(tx, [3; 32], 2)).await;
    assert_eq!(third, Err(StoreError::Unique { table: "invitation".into() }));
}
