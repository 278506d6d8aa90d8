//! Turning keys: the old one retired, a new one active, and the act in the log, in one transaction.

use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
use domain::{Clock, Entropy};
use keyring::{KeyId, Keyring, MasterKey, Purpose};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::Store;

/// Turns the key of a purpose. Running nodes take it up by the version counter of the keys.
pub async fn rotate(
    store: &Store,
    master: Arc<MasterKey>,
    purpose: Purpose,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<KeyId, Stop> {
    store
        .write(move |tx| {
            let now = clock.now();
            let installation =
                store::installation::find(tx)?.ok_or(Stop::No(Refusal::Conflict("NOT_INSTALLED")))?;
            let (version, rows) = store::keys::all(tx)?;
            let changed = Keyring::rotate(&rows, purpose, &master, entropy.as_ref(), now)?;
            store::keys::save(tx, version, &changed)?;
            let new = changed
                .iter()
                .find(|row| row.state == keyring::KeyState::Active)
                .map(|row| row.id.clone())
                .ok_or(Stop::No(Refusal::Conflict("NO_NEW_KEY")))?;
            let record = Record {
                party: Some(installation.agency),
                object: Some(new.to_string()),
                detail: BTreeMap::from([("purpose".to_owned(), purpose.to_string())]),
                ..Record::new(entropy.as_ref(), now, RecordClass::System, "key.turned")
            };
            store::records::append(tx, &record, entropy.as_ref())?;
            Ok(new)
        })
        .await
}
