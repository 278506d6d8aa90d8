//! Trials of clients' registrations: sealed, changed by one at a time, gone with their clients.

use crate::support::{Random, at, on_both, world};
use domain::Instant;
use store::oidc::clients::{self, StoredClient};
use store::oidc::trials::{self, StoredTrial};
use store::testing::TestDatabase;
use store::{StoreError, Tx};

on_both!(a_trial_is_changed_by_one_at_a_time_and_forgotten_with_its_client);

const ID: &str = "trial-00112233445566778899aabbccddeeff";

fn client(id: &str, ends_at: Option<Instant>) -> StoredClient {
    StoredClient {
        id: id.into(),
        service: "example".into(),
        registered_at: at(0),
        disabled_at: None,
        ends_at,
        version: 1,
        body: "{}".into(),
    }
}

async fn a_trial_is_changed_by_one_at_a_time_and_forgotten_with_its_client(db: TestDatabase) {
    let w = world(db).await;
    let trial = StoredTrial { id: ID.into(), ends_at: at(600), version: 1, body: b"a private key".to_vec() };
    let (ring, new) = (w.keys.clone(), trial.clone());
    w.store
        .write(move |tx: &mut Tx<'_>| {
            clients::insert(tx, &client(ID, Some(at(600))))?;
            clients::insert(tx, &client("shop", None))?;
            trials::insert(tx, &ring, &Random, &new)?;
            // The bytes do not lie in the store as they are.
            let row = tx.query_opt("SELECT sealed FROM oidc_trial WHERE id = $1", &[ID.into()])?;
            let sealed: Vec<u8> = row.unwrap().get(0)?;
            assert!(!sealed.windows(7).any(|part| part == b"private"));
            assert_eq!(clients::all(tx)?.len(), 1, "no list shows a trial");
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
    let (ring, changed) = (w.keys.clone(), StoredTrial { body: b"more".to_vec(), ..trial.clone() });
    w.store
        .write(move |tx| {
            assert_eq!(trials::find(tx, &ring, ID)?.as_ref(), Some(&trial));
            assert!(trials::update(tx, &ring, &Random, &changed)?);
            assert!(!trials::update(tx, &ring, &Random, &changed)?, "somebody was faster");
            let found = trials::find(tx, &ring, ID)?.unwrap();
            assert_eq!((found.version, found.body.as_slice()), (2, b"more".as_slice()));
            // Taking away is for clients of trials only.
            clients::end_trial(tx, "shop")?;
            assert!(clients::find(tx, "shop")?.is_some());
            assert_eq!(clients::forget_trials(tx, at(600))?, 0);
            assert_eq!(clients::forget_trials(tx, at(601))?, 2);
            assert!(trials::find(tx, &ring, ID)?.is_none() && clients::find(tx, ID)?.is_none());
            assert!(clients::find(tx, "shop")?.is_some());
            Ok::<_, StoreError>(())
        })
        .await
        .unwrap();
}
