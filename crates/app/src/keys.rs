//! Turning keys: the old one retired, a new one active, and the act in the log, in one transaction.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::restored::{KEY_TURNED, PUBLIC};
use activity::{Record, RecordClass};
use domain::{Clock, Entropy, Instant};
use keyring::{KeyId, KeyState, Keyring, MasterKey, Purpose, StoredKey};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use store::Store;

/// How long an announced key of tokens must have been published before it signs: e-services keep our keys for
/// [`KEYS_KEPT`], and a node takes up new ones within seconds.
const PUBLISHED_FOR: Duration = Duration::from_secs(10 * 60);
/// How long e-services may keep the document with our public keys.
pub const KEYS_KEPT: Duration = Duration::from_secs(5 * 60);

/// When a key is turned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// When nobody is hurt: a key of tokens only after it has been published long enough.
    Safely,
    /// Now, because the old one is known to others.
    AtOnce,
}

/// Makes the keys that an installation of an earlier release does not have yet.
pub async fn complete(
    store: &Store,
    master: &MasterKey,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<(), Stop> {
    let (_, rows) = store.read(|tx| Ok::<_, Stop>(store::keys::all(tx)?)).await?;
    let announced = rows.iter().any(|row| row.purpose == Purpose::Tokens && row.state == KeyState::Announced);
    let mut missing = Keyring::create_missing(&rows, master, entropy.as_ref(), clock.now())?;
    if rows.is_empty() || (missing.is_empty() && announced) {
        return Ok(());
    }
    if !announced {
        missing.push(StoredKey::announce(Purpose::Tokens, master, entropy.as_ref(), clock.now())?);
    }
    store
        .write(move |tx| {
            let (version, now) = store::keys::all(tx)?;
            // Another node that starts at the same moment has made them.
            if now.len() == rows.len() {
                store::keys::save(tx, version, &missing)?;
            }
            Ok(())
        })
        .await
}

/// Turns the key of a purpose. Running nodes take it up by the version counter of the keys. The next key of tokens is
/// announced at the same time, so that there is always one that has been published.
///
/// # Errors
/// Conflict `KEY_TOO_YOUNG`: the announced key of tokens has not been published long enough.
pub async fn rotate(
    store: &Store,
    master: Arc<MasterKey>,
    purpose: Purpose,
    turn: Turn,
    (clock, wall): (Arc<dyn Clock>, Arc<dyn Clock>),
    entropy: Arc<dyn Entropy>,
) -> Result<KeyId, Stop> {
    store
        .write(move |tx| {
            // Keys live by the machine's time, as those do who fetch them; the record by the domain's.
            let now = wall.now();
            let installation =
                store::installation::find(tx)?.ok_or(Stop::No(Refusal::Conflict("NOT_INSTALLED")))?;
            let (version, rows) = store::keys::all(tx)?;
            let mut changed = Keyring::rotate(&rows, purpose, &master, entropy.as_ref(), now)?;
            if purpose == Purpose::Tokens {
                if turn == Turn::Safely && !is_published(&rows, now) {
                    return Err(Refusal::Conflict("KEY_TOO_YOUNG").into());
                }
                changed.push(StoredKey::announce(purpose, &master, entropy.as_ref(), now)?);
            }
            store::keys::save(tx, version, &changed)?;
            let new = changed
                .iter()
                .find(|row| row.state == keyring::KeyState::Active)
                .map(|row| row.id.clone())
                .ok_or(Stop::No(Refusal::Conflict("NO_NEW_KEY")))?;
            let record = Record {
                party: Some(installation.agency),
                object: Some(new.to_string()),
                detail: detail(purpose, &changed),
                ..Record::new(entropy.as_ref(), clock.now(), RecordClass::System, KEY_TURNED)
            };
            store::records::append(tx, &record, entropy.as_ref())?;
            Ok(new)
        })
        .await
}

/// What the record of a turned key tells. Of a key that signs the log its public half: by it anybody sees to which life of the
/// log a checkpoint belongs ([`activity::restored`]).
/// Data keys sealed anew in one transaction.
const REWRAP_STEP: u32 = 200;

impl App {
    /// Seals what lies under a retired wrapping key anew, a little at a time; may be stopped and taken up again.
    pub(crate) async fn rewrap_vault(&self) -> Result<(), Refusal> {
        loop {
            let app = self.clone();
            let done = self
                .write_plain(move |tx| Ok(store::vault::rewrap(tx, &app.ring(), app.entropy(), REWRAP_STEP)?))
                .await?;
            if done == store::vault::Rewrapped::All {
                return Ok(());
            }
        }
    }
}

fn detail(purpose: Purpose, changed: &[StoredKey]) -> BTreeMap<String, String> {
    let mut detail = BTreeMap::from([("purpose".to_owned(), purpose.to_string())]);
    let new = changed.iter().find(|row| row.state == KeyState::Active).and_then(|row| row.public.as_deref());
    if let (Purpose::Checkpoint, Some(public)) = (purpose, new) {
        detail.insert(PUBLIC.to_owned(), crate::log::hex(public));
    }
    detail
}

/// Whether an announced key of tokens can be used: it has been published long enough, or as long as the one in use.
fn is_published(rows: &[StoredKey], now: Instant) -> bool {
    let of = |state| rows.iter().filter(move |row| row.purpose == Purpose::Tokens && row.state == state);
    let next = of(KeyState::Announced).map(|row| row.created_at).min();
    let used = of(KeyState::Active).map(|row| row.created_at).max();
    next.is_some_and(|next| now.since(next) >= PUBLISHED_FOR || used.is_some_and(|used| next <= used))
}
