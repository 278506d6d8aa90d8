//! Parties, vault and evidence: found by number, sealed, erased.

use crate::support::{Random, World, at, on_both, world};
use domain::{CaseId, PartyId};
use keyring::{KeyError, Keyring, Purpose, rotate};
use std::sync::Arc;
use store::{
    StoreError,
    cases::{self, Case, CaseFilter},
    evidence, keys,
    parties::{self, Identifier, PartyKind},
    testing::TestDatabase,
    vault::{self, Field, Rewrapped},
};

on_both!(
    a_party_is_found_by_its_number_and_made_once,
    two_nodes_make_one_party,
    what_is_counted_under_a_held_party_is_counted_by_one_at_a_time,
    fields_are_sealed_per_party_and_field,
    many_fields_come_at_once,
    nothing_in_the_tables_shows_a_number_or_a_name,
    an_erased_party_cannot_be_read_again,
    a_turned_wrapping_key_opens_what_the_old_one_sealed,
    a_ring_that_is_too_old_says_so,
    turning_the_wrapping_key_can_be_stopped_and_taken_up,
    evidence_comes_back_byte_for_byte,
    evidence_goes_with_its_party_only,
    altered_ciphertext_is_refused,
);

const TOLVAN: &str = "191212121212";
const COORDINATION: &str = "197010632391";

async fn person(w: &World, number: &'static str) -> PartyId {
    w.write(move |tx, keys| {
        parties::find_or_create(tx, keys, &Random, Identifier::PersonalNumber(number), at(1))
    })
    .await
    .unwrap()
}

async fn a_party_is_found_by_its_number_and_made_once(db: TestDatabase) {
    let w = world(db).await;
    let number = Identifier::PersonalNumber(TOLVAN);
    assert_eq!(w.read(move |tx, keys| parties::find(tx, keys, number)).await, Ok(None));
    let first = person(&w, TOLVAN).await;
    assert_eq!(person(&w, TOLVAN).await, first);
    assert_ne!(person(&w, COORDINATION).await, first);
    assert_eq!(w.read(move |tx, keys| parties::find(tx, keys, number)).await, Ok(Some(first)));
    let party = w.read(move |tx, _| parties::get(tx, first)).await.unwrap().unwrap();
    assert_eq!((party.kind, party.created_at, party.erased_at), (PartyKind::Person, at(1), None));
    let organisation = w
        .write(|tx, keys| {
            parties::find_or_create(tx, keys, &Random, Identifier::OrganisationNumber("5560000001"), at(2))
        })
        .await
        .unwrap();
    let (kind, number) = w
        .read(move |tx, keys| {
            let number = vault::field(tx, keys, organisation, Field::OrganisationNumber)?;
            Ok((parties::get(tx, organisation)?.unwrap().kind, number.unwrap().as_str().to_owned()))
        })
        .await
        .unwrap();
    assert_eq!((kind, number.as_str()), (PartyKind::Organisation, "5560000001"));
    let system = w.write(|tx, _| parties::create(tx, &Random, PartyKind::System, at(3))).await.unwrap();
    let kind = w.read(move |tx, _| Ok(parties::get(tx, system)?.unwrap().kind)).await;
    assert_eq!(kind, Ok(PartyKind::System));
    for wrong in ["", "19121212121", "19121212-1212", "121212-1212", "1912121212ab", "19121212121２"] {
        let refused =
            w.read(move |tx, keys| parties::find(tx, keys, Identifier::PersonalNumber(wrong))).await;
        assert!(matches!(refused, Err(StoreError::Refused(_))), "{wrong}: {refused:?}");
    }
}

async fn two_nodes_make_one_party(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    let jobs: Vec<_> = (0..24)
        .map(|i| {
            let store = if i % 2 == 0 { w.store.clone() } else { other.clone() };
            let keys = w.keys.clone();
            tokio::spawn(async move {
                store
                    .write(move |tx| {
                        let number = Identifier::PersonalNumber("198107011481");
                        parties::find_or_create(tx, &keys, &Random, number, at(0))
                    })
                    .await
            })
        })
        .collect();
    let mut found = std::collections::BTreeSet::new();
    for job in jobs {
        found.insert(job.await.unwrap().unwrap_or_else(|e: StoreError| panic!("{e}")));
    }
    assert_eq!(found.len(), 1);
    let parties: i64 = w.read(|tx, _| tx.query("SELECT count(*) FROM party", &[])?[0].get(0)).await.unwrap();
    assert_eq!(parties, 1);
}

/// Eight transactions on two nodes each add a case if there is none yet: the party is held, so one of them does.
async fn what_is_counted_under_a_held_party_is_counted_by_one_at_a_time(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    let holder = person(&w, "199001012385").await;
    let jobs: Vec<_> = (0..8u8)
        .map(|n| {
            let store = if n % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                let added = store.write(move |tx| {
                    parties::hold(tx, holder)?;
                    let own = CaseFilter { opener: Some(holder), ..CaseFilter::default() };
                    if !cases::list(tx, own, 1, None)?.is_empty() {
                        return Ok::<_, StoreError>(false);
                    }
                    let case = Case {
                        id: CaseId::from_bytes([n; 16]),
                        kind: "request".into(),
                        state: "sent".into(),
                        party: None,
                        opener: Some(holder),
                        opened_at: at(1),
                        due_at: None,
                        version: 1,
                        body: "{}".into(),
                    };
                    cases::insert(tx, &case)?;
                    Ok(true)
                });
                added.await.unwrap()
            })
        })
        .collect();
    let mut added = 0;
    for job in jobs {
        added += usize::from(job.await.unwrap());
    }
    assert_eq!(added, 1);
    let nobody = PartyId::from_bytes([9; 16]);
    assert_eq!(w.store.write(move |tx| parties::hold(tx, nobody)).await, Err(StoreError::Conflict));
}

async fn fields_are_sealed_per_party_and_field(db: TestDatabase) {
    let w = world(db).await;
    let tolvan = person(&w, TOLVAN).await;
    w.write(move |tx, keys| {
        vault::set_field(tx, keys, &Random, tolvan, Field::GivenName, "Tolvan")?;
        vault::set_field(tx, keys, &Random, tolvan, Field::FreeText("note"), "å ä ö")?;
        vault::set_field(tx, keys, &Random, tolvan, Field::GivenName, "Tolvan Åsa")
    })
    .await
    .unwrap();
    let get = |field: Field<'static>| {
        let read = w.read(move |tx, keys| vault::field(tx, keys, tolvan, field));
        async move { read.await.unwrap().map(|plain| plain.as_str().to_owned()) }
    };
    assert_eq!(get(Field::PersonalNumber).await.as_deref(), Some(TOLVAN));
    assert_eq!(get(Field::GivenName).await.as_deref(), Some("Tolvan Åsa"));
    assert_eq!(get(Field::FreeText("note")).await.as_deref(), Some("å ä ö"));
    assert_eq!(get(Field::FreeText("other")).await, None);
    assert_eq!(get(Field::Email).await, None);
    let plain = w.read(move |tx, keys| vault::field(tx, keys, tolvan, Field::GivenName)).await.unwrap();
    assert!(!format!("{plain:?}").contains("Tolvan"));
    let nobody = PartyId::from_bytes([1; 16]);
    let refused =
        w.write(move |tx, keys| vault::set_field(tx, keys, &Random, nobody, Field::Email, "x")).await;
    assert_eq!(refused, Err(StoreError::Conflict));
    let long = w
        .write(move |tx, keys| vault::set_field(tx, keys, &Random, tolvan, Field::Email, &"x".repeat(70_000)))
        .await;
    assert!(matches!(long, Err(StoreError::Refused(_))), "{long:?}");
}

async fn many_fields_come_at_once(db: TestDatabase) {
    let w = world(db).await;
    let ids = w
        .write(|tx, keys| {
            let mut ids = Vec::new();
            for i in 0..150 {
                let id = parties::create(tx, &Random, PartyKind::Person, at(0))?;
                vault::set_field(tx, keys, &Random, id, Field::DisplayName, &format!("Person {i}"))?;
                vault::set_field(tx, keys, &Random, id, Field::Email, &format!("p{i}@example.se"))?;
                ids.push(id);
            }
            Ok(ids)
        })
        .await
        .unwrap();
    let mut asked = ids.clone();
    asked.extend([ids[3], PartyId::from_bytes([1; 16])]);
    let found = w.read(move |tx, keys| vault::fields(tx, keys, &asked)).await.unwrap();
    assert_eq!(found.len(), 150);
    for (i, id) in ids.iter().enumerate() {
        assert_eq!(found[id].get(Field::DisplayName).unwrap().as_str(), format!("Person {i}"));
        assert_eq!(found[id].get(Field::Email).unwrap().as_str(), format!("p{i}@example.se"));
        assert_eq!(found[id].get(Field::Surname), None);
    }
}

async fn nothing_in_the_tables_shows_a_number_or_a_name(db: TestDatabase) {
    let w = world(db).await;
    let tolvan = person(&w, TOLVAN).await;
    w.write(move |tx, keys| {
        vault::set_field(tx, keys, &Random, tolvan, Field::Surname, "Tolvansson")?;
        evidence::put(tx, keys, &Random, tolvan, "text/plain", b"signed by Tolvansson", at(0))
    })
    .await
    .unwrap();
    // Every column of every table of the vault, as bytes.
    for sql in [
        "SELECT id, kind FROM party",
        "SELECT party, wrapped_by, sealed FROM party_key",
        "SELECT hash, party FROM party_lookup",
        "SELECT party, field, sealed FROM party_field",
        "SELECT hash, party, media_type, sealed FROM evidence",
    ] {
        let rows = w.read(move |tx, _| tx.query(sql, &[])).await.unwrap();
        assert!(!rows.is_empty(), "{sql}");
        let shown: Vec<u8> = rows
            .iter()
            .flat_map(|row| {
                (0..4).flat_map(|c| {
                    row.get::<Vec<u8>>(c).or(row.get(c).map(String::into_bytes)).unwrap_or_default()
                })
            })
            .collect();
        for secret in [TOLVAN.as_bytes(), b"Tolvansson"] {
            assert!(!shown.windows(secret.len()).any(|w| w == secret), "{sql}");
        }
    }
}

async fn an_erased_party_cannot_be_read_again(db: TestDatabase) {
    let w = world(db).await;
    let tolvan = person(&w, TOLVAN).await;
    let other = person(&w, COORDINATION).await;
    let hash = w
        .write(move |tx, keys| evidence::put(tx, keys, &Random, tolvan, "text/plain", b"x", at(0)))
        .await
        .unwrap();
    assert_eq!(w.write(move |tx, _| parties::erase(tx, tolvan, at(9))).await, Ok(true));
    assert_eq!(w.write(move |tx, _| parties::erase(tx, tolvan, at(10))).await, Ok(false));
    let (found, number, evidence, party) = w
        .read(move |tx, keys| {
            Ok((
                parties::find(tx, keys, Identifier::PersonalNumber(TOLVAN))?,
                vault::field(tx, keys, tolvan, Field::PersonalNumber)?,
                evidence::get(tx, keys, hash)?,
                parties::get(tx, tolvan)?.unwrap(),
            ))
        })
        .await
        .unwrap();
    assert_eq!((found, number, evidence), (None, None, None));
    assert_eq!(party.erased_at, Some(at(9)));
    let refused =
        w.write(move |tx, keys| vault::set_field(tx, keys, &Random, tolvan, Field::Email, "x")).await;
    assert_eq!(refused, Err(StoreError::Conflict));
    let refused =
        w.write(move |tx, keys| evidence::put(tx, keys, &Random, tolvan, "text/plain", b"y", at(11))).await;
    assert_eq!(refused, Err(StoreError::Conflict));
    // Others are untouched, and the same person coming back is a new party.
    assert_eq!(person(&w, COORDINATION).await, other);
    assert_ne!(person(&w, TOLVAN).await, tolvan);
}

/// The ring after its wrapping key was turned.
fn turned(w: &World) -> (Arc<Keyring>, Vec<keyring::StoredKey>) {
    let changed = rotate(&w.rows, Purpose::VaultWrap, &w.master, &Random, at(100)).unwrap();
    let mut rows: Vec<_> =
        w.rows.iter().filter(|row| changed.iter().all(|new| new.id != row.id)).cloned().collect();
    rows.extend(changed);
    (Arc::new(Keyring::open(&w.master, &rows).unwrap()), rows)
}

async fn a_turned_wrapping_key_opens_what_the_old_one_sealed(db: TestDatabase) {
    let w = world(db).await;
    let tolvan = person(&w, TOLVAN).await;
    let (ring, _) = turned(&w);
    let number = w
        .store
        .read(move |tx| vault::field(tx, &ring, tolvan, Field::PersonalNumber))
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(number.unwrap().as_str(), TOLVAN);
}

async fn a_ring_that_is_too_old_says_so(db: TestDatabase) {
    let w = world(db).await;
    let (ring, _) = turned(&w);
    let tolvan = w
        .store
        .write(move |tx| {
            parties::find_or_create(tx, &ring, &Random, Identifier::PersonalNumber(TOLVAN), at(0))
        })
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    let old = w.read(move |tx, keys| vault::field(tx, keys, tolvan, Field::PersonalNumber)).await;
    assert!(matches!(old, Err(StoreError::Key(KeyError::UnknownKey { .. }))), "{old:?}");
}

async fn turning_the_wrapping_key_can_be_stopped_and_taken_up(db: TestDatabase) {
    let w = world(db).await;
    let ids = w
        .write(|tx, keys| {
            let mut ids = Vec::new();
            for i in 0..10 {
                let id = parties::create(tx, &Random, PartyKind::Person, at(0))?;
                vault::set_field(tx, keys, &Random, id, Field::DisplayName, &format!("Person {i}"))?;
                ids.push(id);
            }
            Ok(ids)
        })
        .await
        .unwrap();
    let (ring, rows) = turned(&w);
    let mut steps = Vec::new();
    loop {
        let ring = ring.clone();
        match w.store.write(move |tx| vault::rewrap(tx, &ring, &Random, 4)).await.unwrap() {
            Rewrapped::Some(count) => steps.push(count),
            Rewrapped::All => break,
        }
    }
    assert_eq!(steps, [4, 4, 2]);
    // The new key alone is enough now.
    let only_new: Vec<_> = rows.into_iter().filter(|row| row.retired_at.is_none()).collect();
    let ring = Keyring::open(&w.master, &only_new).unwrap();
    let names = w
        .store
        .read(move |tx| vault::fields(tx, &ring, &ids))
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(names.len(), 10);
}

async fn evidence_comes_back_byte_for_byte(db: TestDatabase) {
    let w = world(db).await;
    let tolvan = person(&w, TOLVAN).await;
    let bytes: Vec<u8> = (0..3_000_000_u32).map(|i| (i % 251) as u8).collect();
    let put = bytes.clone();
    let (first, again) = w
        .write(move |tx, keys| {
            let first = evidence::put(tx, keys, &Random, tolvan, "application/pdf", &put, at(5))?;
            Ok((first, evidence::put(tx, keys, &Random, tolvan, "application/pdf", &put, at(6))?))
        })
        .await
        .unwrap();
    assert_eq!(first, again);
    assert_eq!(first, evidence::hash(&bytes));
    let got = w.read(move |tx, keys| evidence::get(tx, keys, first)).await.unwrap().unwrap();
    assert_eq!((got.party, got.media_type.as_str(), got.created_at), (tolvan, "application/pdf", at(5)));
    assert!(*got.bytes == bytes);
    let none = w.read(move |tx, keys| evidence::get(tx, keys, [0; 32])).await;
    assert_eq!(none, Ok(None));
    let large = w
        .write(move |tx, keys| {
            evidence::put(
                tx,
                keys,
                &Random,
                tolvan,
                "application/pdf",
                &vec![0; evidence::MAX_LEN + 1],
                at(7),
            )
        })
        .await;
    assert!(matches!(large, Err(StoreError::Refused(_))), "{large:?}");
    let most = w
        .write(move |tx, keys| {
            evidence::put(tx, keys, &Random, tolvan, "application/pdf", &vec![0; evidence::MAX_LEN], at(7))
        })
        .await;
    assert!(most.is_ok(), "{most:?}");
}

async fn evidence_goes_with_its_party_only(db: TestDatabase) {
    let w = world(db).await;
    let (one, two) = (person(&w, TOLVAN).await, person(&w, COORDINATION).await);
    let hash = w
        .write(move |tx, keys| {
            evidence::put(tx, keys, &Random, one, "text/plain", b"the same terms", at(0))?;
            evidence::put(tx, keys, &Random, two, "text/plain", b"the same terms", at(1))
        })
        .await
        .unwrap();
    w.write(move |tx, _| parties::erase(tx, one, at(2))).await.unwrap();
    let left = w.read(move |tx, keys| evidence::get(tx, keys, hash)).await.unwrap().unwrap();
    assert_eq!(left.party, two);
}

async fn altered_ciphertext_is_refused(db: TestDatabase) {
    let w = world(db).await;
    let (one, two) = (person(&w, TOLVAN).await, person(&w, COORDINATION).await);
    // Somebody with the database swaps the numbers of two people.
    w.write(move |tx, _| {
        let sql = "SELECT sealed FROM party_field WHERE party = $1";
        let sealed: Vec<u8> = tx.query(sql, &[two.into()])?[0].get(0)?;
        tx.execute("UPDATE party_field SET sealed = $1 WHERE party = $2", &[sealed.into(), one.into()])
    })
    .await
    .unwrap();
    let read = w.read(move |tx, keys| vault::field(tx, keys, one, Field::PersonalNumber)).await;
    assert_eq!(read, Err(StoreError::Key(KeyError::NotAuthentic)));
    let rows = w.rows.clone();
    let stored = w
        .store
        .write(move |tx| {
            keys::save(tx, 0, &rows)?;
            keys::all(tx)
        })
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"));
    assert_eq!(stored.0, 1);
}
