//! What is on its way between connected e-services and a visitor: each thing once, alive while the session is, and forgotten.

use crate::support::{Random, World, at, on_both, world};
use domain::{Assurance, PartyId};
use std::collections::BTreeSet;
use std::time::Duration;
use store::oidc::clients::StoredClient;
use store::oidc::logouts::{LEASE, Logout};
use store::oidc::requests::StoredRequest;
use store::oidc::tokens::Token;
use store::oidc::{clients, forget, logouts, once, requests, subjects, tokens};
use store::parties::{self, PartyKind};
use store::sessions::{self, Session};
use store::testing::TestDatabase;

on_both!(
    a_client_is_registered_once_and_changed_by_version,
    a_request_is_sealed_and_used_up_once,
    what_counts_once_counts_once_on_all_nodes,
    a_code_gives_one_token,
    a_token_is_found_with_its_session_and_the_head,
    the_end_of_a_session_withdraws_its_tokens_and_no_others,
    the_latest_tokens_of_a_person_are_found,
    a_person_has_one_name_in_each_sector,
    an_erased_person_has_no_name_any_more,
    a_log_out_is_leased_to_one_node,
    a_log_out_that_failed_waits_or_is_given_up,
    what_has_expired_is_forgotten_and_nothing_else,
);

fn person(n: u8) -> PartyId {
    PartyId::from_bytes([n; 16])
}

fn client(id: &str) -> StoredClient {
    StoredClient {
        id: id.to_owned(),
        service: "example".to_owned(),
        registered_at: at(0),
        disabled_at: None,
        ends_at: None,
        version: 1,
        body: r#"{"any":"thing"}"#.to_owned(),
    }
}

fn request(n: u8) -> StoredRequest {
    StoredRequest {
        handle_hash: [n; 32],
        client: "shop".to_owned(),
        made_at: at(0),
        expires_at: at(90),
        used_at: None,
        body: b"who asks for whom".to_vec(),
    }
}

/// The token `n`, of the code, the session and the person `n`.
fn token(n: u8) -> Token {
    Token {
        hash: [n; 32],
        code_hash: [n; 32],
        client: "shop".to_owned(),
        session: [n; 32],
        person: person(n),
        party: person(9),
        issued_at: at(0),
        expires_at: at(3600),
        revoked_at: None,
        body: "{}".to_owned(),
    }
}

fn session(n: u8) -> Session {
    Session {
        key_hash: [n; 32],
        person: person(n),
        party: person(n),
        method: "bankid".into(),
        assurance: Assurance::Level3,
        evidence: [5; 32],
        opened_at: at(0),
        seen_at: at(0),
        ends_at: at(7200),
        idle: Duration::from_secs(1800),
        lang: None,
        client: None,
        id: None,
        ended_at: None,
    }
}

fn logout(n: u8) -> Logout {
    Logout {
        id: [n; 16],
        client: "shop".to_owned(),
        subject: [7; 16],
        sid: format!("session {n}"),
        attempts: 0,
        next_at: at(i64::from(n)),
    }
}

async fn put(w: &World, token: Token) -> bool {
    w.store.write(move |tx| tokens::insert(tx, &token)).await.unwrap()
}

async fn a_client_is_registered_once_and_changed_by_version(db: TestDatabase) {
    let w = world(db).await;
    assert_eq!(w.store.write(|tx| clients::insert(tx, &client("shop"))).await, Ok(true));
    let other = StoredClient { service: "another".to_owned(), ..client("shop") };
    assert_eq!(w.store.write(move |tx| clients::insert(tx, &other)).await, Ok(false));
    assert_eq!(w.store.read(|tx| clients::find(tx, "shop")).await, Ok(Some(client("shop"))));
    assert_eq!(w.store.read(|tx| clients::find(tx, "Shop")).await, Ok(None));

    // A trial ends by itself and stands in no list.
    let trial = StoredClient { ends_at: Some(at(60)), ..client("trial") };
    w.store.write(move |tx| clients::insert(tx, &trial)).await.unwrap();
    assert_eq!(w.store.read(clients::all).await, Ok(vec![client("shop")]));
    let trial = w.store.read(|tx| clients::find(tx, "trial")).await.unwrap().unwrap();
    assert!(trial.is_live(at(59)) && !trial.is_live(at(60)));
    assert_eq!(w.store.write(|tx| clients::forget_trials(tx, at(60))).await, Ok(0));
    assert_eq!(w.store.write(|tx| clients::forget_trials(tx, at(61))).await, Ok(1));
    assert_eq!(w.store.read(|tx| clients::find(tx, "trial")).await, Ok(None));

    // Two that change the same version: the second has to look again.
    let off = StoredClient { disabled_at: Some(at(5)), ..client("shop") };
    let late = StoredClient { body: "{}".to_owned(), ..client("shop") };
    assert_eq!(w.store.write(move |tx| clients::update(tx, &off, 1)).await, Ok(true));
    assert_eq!(w.store.write(move |tx| clients::update(tx, &late, 1)).await, Ok(false));
    let kept = w.store.read(|tx| clients::find(tx, "shop")).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.disabled_at, kept.body.as_str()), (2, Some(at(5)), r#"{"any":"thing"}"#));
    assert!(!kept.is_live(at(4)), "switched off is off, whatever the clock says");
}

async fn a_request_is_sealed_and_used_up_once(db: TestDatabase) {
    let w = world(db).await;
    assert_eq!(w.store.read(|tx| requests::waiting(tx, at(0))).await, Ok(0));
    let other = w.db.open().await.unwrap();
    w.write(|tx, keys| requests::insert(tx, keys, &Random, &request(1))).await.unwrap();
    let end = request(1).expires_at;
    assert_eq!(w.store.read(move |tx| requests::waiting(tx, end - Duration::from_micros(1))).await, Ok(1));
    assert_eq!(w.store.read(move |tx| requests::waiting(tx, end)).await, Ok(0));
    assert_eq!(w.read(|tx, keys| requests::find(tx, keys, [1; 32])).await, Ok(Some(request(1))));
    assert_eq!(w.read(|tx, keys| requests::find(tx, keys, [2; 32])).await, Ok(None));
    let sealed: Vec<u8> = w
        .store
        .read(|tx| tx.query_opt("SELECT sealed FROM oidc_request", &[])?.unwrap().get(0))
        .await
        .unwrap();
    assert!(!sealed.windows(3).any(|part| part == b"who"));
    // Moved under another handle it does not open.
    let moved = sealed.clone();
    w.store
        .write(move |tx| {
            tx.execute(
                "INSERT INTO oidc_request (handle_hash, client, made_at, expires_at, used_at, sealed) \
                 VALUES ($1, 'shop', 0, 1, NULL, $2)",
                &[[3u8; 32].into(), moved.clone().into()],
            )
        })
        .await
        .unwrap();
    assert!(w.read(|tx, keys| requests::find(tx, keys, [3; 32])).await.is_err());

    // A visitor who comes gets time, and loses none that was there.
    for (until, kept) in [(at(50), at(90)), (at(1200), at(1200)), (at(91), at(1200))] {
        w.store.write(move |tx| requests::prolong(tx, [1; 32], until)).await.unwrap();
        let found = w.read(|tx, keys| requests::find(tx, keys, [1; 32])).await.unwrap().unwrap();
        assert_eq!(found.expires_at, kept);
    }

    // Eight visitors' clicks on two nodes: one code.
    let jobs: Vec<_> = (0..8)
        .map(|n| {
            let store = if n % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(
                async move { store.write(move |tx| requests::use_up(tx, [1; 32], at(n))).await.unwrap() },
            )
        })
        .collect();
    let mut used = 0;
    for job in jobs {
        used += u32::from(job.await.unwrap());
    }
    assert_eq!(used, 1);
    let found = w.read(|tx, keys| requests::find(tx, keys, [1; 32])).await.unwrap().unwrap();
    assert!(found.used_at.is_some());
    assert_eq!(w.store.write(|tx| requests::use_up(tx, [9; 32], at(1))).await, Ok(false));
}

async fn what_counts_once_counts_once_on_all_nodes(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    let jobs: Vec<_> = (0..8)
        .map(|n| {
            let store = if n % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(async move { store.write(|tx| once::take(tx, [1; 32], at(60))).await.unwrap() })
        })
        .collect();
    let mut taken = 0;
    for job in jobs {
        taken += u32::from(job.await.unwrap());
    }
    assert_eq!(taken, 1);
    assert_eq!(other.write(|tx| once::take(tx, [2; 32], at(60))).await, Ok(true));
    // What was rolled back was not used.
    let undone = w
        .store
        .write(|tx| {
            assert!(once::take(tx, [3; 32], at(60))?);
            Err::<(), _>(store::StoreError::Conflict)
        })
        .await;
    assert!(undone.is_err());
    assert_eq!(other.write(|tx| once::take(tx, [3; 32], at(60))).await, Ok(true));
}

async fn a_code_gives_one_token(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    let jobs: Vec<_> = (0..8u8)
        .map(|n| {
            let store = if n % 2 == 0 { w.store.clone() } else { other.clone() };
            let token = Token { hash: [100 + n; 32], ..token(1) };
            tokio::spawn(async move { store.write(move |tx| tokens::insert(tx, &token)).await.unwrap() })
        })
        .collect();
    let mut kept = 0;
    for job in jobs {
        kept += u32::from(job.await.unwrap());
    }
    assert_eq!(kept, 1);
    let rows = |tx: &mut store::Tx<'_>| {
        tx.query("SELECT revoked_at FROM oidc_token", &[])?.iter().map(|row| row.get(0)).collect()
    };
    assert_eq!(w.store.read(rows).await, Ok(vec![None::<domain::Instant>]));
    // Whoever comes second withdraws what the first got, once.
    assert_eq!(w.store.write(|tx| tokens::revoke_of_code(tx, [1; 32], at(3))).await, Ok(true));
    assert_eq!(w.store.write(|tx| tokens::revoke_of_code(tx, [1; 32], at(4))).await, Ok(false));
    assert_eq!(w.store.read(rows).await, Ok(vec![Some(at(3))]));
    assert!(!put(&w, token(1)).await, "a withdrawn token still remembers its code");
}

async fn a_token_is_found_with_its_session_and_the_head(db: TestDatabase) {
    let w = world(db).await;
    assert!(put(&w, token(1)).await);
    assert_eq!(
        w.store.read(|tx| tokens::find_with_session(tx, [1; 32])).await,
        Ok(None),
        "a token without a session is none"
    );
    w.store.write(|tx| sessions::open(tx, &session(1))).await.unwrap();
    w.store.write(|tx| store::seq::take(tx).map(drop)).await.unwrap();
    let (found, of, head) = w.store.read(|tx| tokens::find_with_session(tx, [1; 32])).await.unwrap().unwrap();
    assert_eq!((found, of, head.seq), (token(1), session(1), domain::Seq(1)));
    assert_eq!(w.store.read(|tx| tokens::find_with_session(tx, [2; 32])).await, Ok(None));
    assert!(token(1).is_live(at(3599)) && !token(1).is_live(at(3600)));
    assert!(!Token { revoked_at: Some(at(9)), ..token(1) }.is_live(at(1)));
}

async fn the_end_of_a_session_withdraws_its_tokens_and_no_others(db: TestDatabase) {
    let w = world(db).await;
    let of_session_one = |n: u8, client: &str| Token {
        session: [1; 32],
        person: person(1),
        client: client.to_owned(),
        ..token(n)
    };
    assert!(put(&w, of_session_one(1, "shop")).await);
    assert!(put(&w, of_session_one(2, "shop")).await);
    assert!(put(&w, of_session_one(3, "archive")).await);
    assert!(put(&w, token(4)).await);
    let ended = w.store.write(|tx| tokens::revoke_of_session(tx, [1; 32], at(5))).await;
    assert_eq!(ended, Ok(vec![("archive".to_owned(), person(1)), ("shop".to_owned(), person(1))]));
    assert_eq!(w.store.write(|tx| tokens::revoke_of_session(tx, [1; 32], at(6))).await, Ok(Vec::new()));
    let revoked = w
        .store
        .read(|tx| {
            let rows = tx.query("SELECT revoked_at FROM oidc_token ORDER BY hash", &[])?;
            rows.iter().map(|row| row.get(0)).collect::<Result<Vec<Option<domain::Instant>>, _>>()
        })
        .await;
    assert_eq!(revoked, Ok(vec![Some(at(5)), Some(at(5)), Some(at(5)), None]));
}

async fn the_latest_tokens_of_a_person_are_found(db: TestDatabase) {
    let w = world(db).await;
    let of = |n: u8, expires, revoked| Token {
        person: person(1),
        expires_at: at(expires),
        revoked_at: revoked,
        ..token(n)
    };
    for token in [
        of(1, 100, None),
        of(2, 200, None),
        of(3, 300, Some(at(1))),
        Token { client: "archive".to_owned(), ..of(4, 400, None) },
        token(5),
    ] {
        assert!(put(&w, token).await);
    }
    let hashes = |now| {
        let store = w.store.clone();
        async move {
            let found = store.read(move |tx| tokens::live_of(tx, "shop", person(1), now)).await.unwrap();
            found.iter().map(|token| token.hash[0]).collect::<Vec<_>>()
        }
    };
    assert_eq!(hashes(at(50)).await, [2, 1]);
    assert_eq!(hashes(at(100)).await, [2]);
    assert_eq!(hashes(at(200)).await, [0; 0]);
}

async fn a_person_has_one_name_in_each_sector(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    let one = w.store.write(|tx| parties::create(tx, &Random, PartyKind::Person, at(0))).await.unwrap();
    let two = w.store.write(|tx| parties::create(tx, &Random, PartyKind::Person, at(0))).await.unwrap();
    let jobs: Vec<_> = (0..8)
        .map(|n| {
            let store = if n % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                store.write(move |tx| subjects::find_or_create(tx, &Random, "example", one)).await.unwrap()
            })
        })
        .collect();
    let mut names = BTreeSet::new();
    for job in jobs {
        names.insert(job.await.unwrap());
    }
    assert_eq!(names.len(), 1, "one name, whoever asks first");
    let name = names.into_iter().next().unwrap();
    let elsewhere = w.store.write(move |tx| subjects::find_or_create(tx, &Random, "archive", one)).await;
    let elsewhere = elsewhere.unwrap();
    let another = w.store.write(move |tx| subjects::find_or_create(tx, &Random, "example", two)).await;
    assert!(name != elsewhere && name != another.unwrap());
    assert_eq!(w.store.read(move |tx| subjects::person_of(tx, "example", name)).await, Ok(Some(one)));
    // A name of one sector is nobody's in the next.
    assert_eq!(w.store.read(move |tx| subjects::person_of(tx, "archive", name)).await, Ok(None));
    assert_eq!(w.store.read(move |tx| subjects::of_person(tx, "nowhere", one)).await, Ok(None));
}

async fn an_erased_person_has_no_name_any_more(db: TestDatabase) {
    let w = world(db).await;
    let gone = w.store.write(|tx| parties::create(tx, &Random, PartyKind::Person, at(0))).await.unwrap();
    let name = w.store.write(move |tx| subjects::find_or_create(tx, &Random, "example", gone)).await.unwrap();
    assert_eq!(w.store.write(move |tx| parties::erase(tx, gone, at(1))).await, Ok(true));
    assert_eq!(w.store.read(move |tx| subjects::of_person(tx, "example", gone)).await, Ok(None));
    assert_eq!(w.store.read(move |tx| subjects::person_of(tx, "example", name)).await, Ok(None));
}

async fn a_log_out_is_leased_to_one_node(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    w.store
        .write(|tx| {
            for n in 1..=50 {
                logouts::enqueue(tx, &logout(n))?;
            }
            Ok::<_, store::StoreError>(())
        })
        .await
        .unwrap();
    let jobs: Vec<_> = (0..8)
        .map(|i| {
            let store = if i % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                let node = format!("node {i}");
                store.write(move |tx| logouts::lease(tx, at(40), &node, 7)).await.unwrap()
            })
        })
        .collect();
    let (mut leased, mut distinct) = (0, BTreeSet::new());
    for job in jobs {
        for logout in job.await.unwrap() {
            assert_eq!(logout.attempts, 1);
            leased += 1;
            distinct.insert(logout.id);
        }
    }
    assert_eq!(leased, distinct.len(), "a log-out was leased twice");
    let rest = w.store.write(|tx| logouts::lease(tx, at(40), "c", 100)).await.unwrap();
    assert_eq!(leased + rest.len(), 40, "ten are not due");
    // A node that took them and died: another takes them after the lease, under the same names.
    let later = w.store.write(|tx| logouts::lease(tx, at(41) + LEASE, "d", 100)).await.unwrap();
    assert_eq!(later.len(), 50);
    let first = later.iter().find(|logout| logout.id == [1; 16]).unwrap();
    assert_eq!((first.attempts, first.sid.as_str(), first.subject), (2, "session 1", [7; 16]));
}

async fn a_log_out_that_failed_waits_or_is_given_up(db: TestDatabase) {
    let w = world(db).await;
    for n in 1..=3 {
        w.store.write(move |tx| logouts::enqueue(tx, &logout(n))).await.unwrap();
    }
    assert_eq!(w.store.write(|tx| logouts::lease(tx, at(10), "a", 10)).await.unwrap().len(), 3);
    w.store
        .write(|tx| {
            logouts::told(tx, [1; 16])?;
            logouts::failed(tx, [2; 16], Some(at(60)))?;
            logouts::failed(tx, [3; 16], None)?;
            // A late answer of another node does not call back what was told.
            logouts::failed(tx, [1; 16], Some(at(20)))
        })
        .await
        .unwrap();
    assert_eq!(w.store.write(|tx| logouts::lease(tx, at(59), "a", 10)).await.unwrap(), []);
    let again = w.store.write(|tx| logouts::lease(tx, at(10_000), "a", 10)).await.unwrap();
    assert_eq!(again.iter().map(|l| (l.id, l.attempts)).collect::<Vec<_>>(), [([2; 16], 2)]);
    // What is done is forgotten; what waits is not, however old.
    assert_eq!(w.store.write(|tx| forget(tx, at(20_000), 100)).await, Ok(2));
    assert_eq!(w.store.write(|tx| logouts::lease(tx, at(20_000), "a", 10)).await.unwrap().len(), 1);
}

async fn what_has_expired_is_forgotten_and_nothing_else(db: TestDatabase) {
    let w = world(db).await;
    w.write(|tx, keys| {
        for n in 1..=3u8 {
            let end = at(i64::from(n) * 100);
            requests::insert(tx, keys, &Random, &StoredRequest { expires_at: end, ..request(n) })?;
            once::take(tx, [n; 32], end)?;
            tokens::insert(tx, &Token { expires_at: end, ..token(n) })?;
        }
        Ok(())
    })
    .await
    .unwrap();
    // No more at once than is asked for.
    assert_eq!(w.store.write(|tx| forget(tx, at(250), 1)).await, Ok(3));
    assert_eq!(w.store.write(|tx| forget(tx, at(250), 100)).await, Ok(3));
    assert_eq!(w.store.write(|tx| forget(tx, at(300), 100)).await, Ok(0), "its last second is its own");
    assert!(w.read(|tx, keys| requests::find(tx, keys, [3; 32])).await.unwrap().is_some());
    assert_eq!(w.store.write(|tx| once::take(tx, [3; 32], at(999))).await, Ok(false));
    assert!(!put(&w, token(3)).await);
    assert!(put(&w, token(1)).await, "forgotten, with its code");
}
