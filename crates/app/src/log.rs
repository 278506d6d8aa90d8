//! The log's second order: leaves get their places, checkpoints are signed over what was committed, and anybody who has
//! the store, or only a receipt, can verify it.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::checkpoint::Checkpoint;
use activity::note::VerifierKey;
use activity::receipt::Receipt;
use activity::tiles::TileHashes;
use activity::tree::inclusion_proof;
use activity::verify::{Expected, Report, Verifier};
use activity::{Leaf, Reference};
use domain::{Clock, Freshness};
use keyring::{Keyring, MasterKey, Purpose};
use std::time::Duration;
use store::records::StoredRecord;
use store::{Store, StoreError, Tx};

/// Leaves placed in one step.
const STEP: u32 = 1024;
/// Records read at once by the verifier.
const PAGE: u32 = 4096;

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// 64 hexadecimal digits.
pub fn hex32(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(bytes)
}

/// How the machinery stands, for the operations listener.
#[derive(Debug, Clone, Copy)]
pub struct Status {
    pub head: Freshness,
    pub log_size: u64,
    pub log_waiting: u64,
    pub mail_waiting: u64,
    /// Whether the last write found no room.
    pub full: bool,
    /// How far the machine's clock is off, ahead or behind; zero while it is trusted.
    pub clock_off: Duration,
}

impl App {
    pub async fn status(&self) -> Result<Status, Refusal> {
        let (full, off) = (self.trouble().is_full(), self.trouble().clock_off());
        self.read_anyway(move |tx| {
            Ok(Status {
                head: store::seq::head(tx)?,
                log_size: store::log::tree(tx)?.size,
                log_waiting: store::log::waiting(tx)?,
                mail_waiting: store::outbox::waiting(tx)?,
                full,
                clock_off: Duration::from_micros(off.unsigned_abs()),
            })
        })
        .await
    }

    /// Places what waits and signs a checkpoint over it. An idle log costs one read.
    pub(crate) async fn advance_log(&self) -> Result<(), Refusal> {
        // On the way a node that stands idle takes up a moved clock within a round.
        self.refresh_clock().await?;
        while self.read_anyway(|tx| Ok(store::log::waiting(tx)?)).await? > 0 {
            let taken = self.write_anyway(|tx| Ok(store::log::advance(tx, STEP)?)).await?.taken;
            if taken < STEP {
                break;
            }
        }
        let (tree, signed) =
            self.read_anyway(|tx| Ok((store::log::tree(tx)?, store::log::latest_checkpoint(tx)?))).await?;
        if signed.is_some_and(|(size, _)| size >= tree.size) || tree.size == 0 {
            return Ok(());
        }
        let origin = &self.installation().origin;
        let checkpoint = Checkpoint { origin: origin.clone(), size: tree.size, root: tree.root };
        // A key that another process has turned a moment ago must not sign any more.
        self.refresh_keys().await.map_err(|e| self.broken(Stop::Store(e)))?;
        let note = self.sign(&checkpoint)?;
        self.write_anyway(move |tx| Ok(store::log::save_checkpoint(tx, tree.size, &note)?)).await
    }

    fn sign(&self, checkpoint: &Checkpoint) -> Result<String, Refusal> {
        let ring = self.ring();
        let active = ring.active_id(Purpose::Checkpoint).map_err(|e| self.broken(Stop::Key(e)))?;
        let public = ring.public_keys(Purpose::Checkpoint).into_iter().find(|(id, _, _)| id == active);
        let corrupt =
            || self.broken(Stop::Store(StoreError::Corrupt("the checkpoint key has no public half".into())));
        let (_, _, public) = public.ok_or_else(corrupt)?;
        let key = VerifierKey::new(&checkpoint.origin, public).map_err(|_| corrupt())?;
        let signed = checkpoint
            .sign(&key, |text| ring.sign(Purpose::Checkpoint, text).map(|(_, signature)| signature));
        signed.map(|note| note.to_string()).map_err(|error| {
            tracing::error!(%error, "a checkpoint could not be signed");
            corrupt()
        })
    }

    /// The latest signed checkpoint, for those who keep it elsewhere.
    pub async fn checkpoint(&self) -> Result<Option<String>, Refusal> {
        Ok(self.read(|tx| Ok(store::log::latest_checkpoint(tx)?)).await?.map(|(_, note)| note))
    }

    /// The public keys of the log, one a line, old and new.
    pub fn log_keys(&self) -> Vec<String> {
        verifiers(&self.ring(), &self.installation().origin).iter().map(ToString::to_string).collect()
    }
}

fn verifiers(ring: &Keyring, origin: &str) -> Vec<VerifierKey> {
    ring.public_keys(Purpose::Checkpoint)
        .into_iter()
        .filter_map(|(_, _, public)| VerifierKey::new(origin, public).ok())
        .collect()
}

/// The keys that checkpoints of this store are trusted by: out of the keyring, which only the master key opens.
pub async fn keys_of(store: &Store, master: &MasterKey) -> Result<Vec<VerifierKey>, Stop> {
    let (installation, (_, rows)) =
        store.read(|tx| Ok::<_, Stop>((store::installation::find(tx)?, store::keys::all(tx)?))).await?;
    let installation = installation.ok_or(Stop::No(Refusal::Conflict("NOT_INSTALLED")))?;
    Ok(verifiers(&Keyring::open(master, &rows)?, &installation.origin))
}

/// Reads the whole log again and tells what does not fit. `saved` are checkpoints kept elsewhere, with their names.
///
/// Memory: one page of records at a time. The store is read in one snapshot.
pub async fn verify(
    store: &Store,
    keys: Vec<VerifierKey>,
    saved: Vec<(String, String)>,
    clock: &dyn Clock,
) -> Result<Report, Stop> {
    let now = clock.now();
    store
        .read(move |tx| {
            let tree = store::log::tree(tx)?;
            let mut expected = Expected::new(keys.clone(), tree.size, store::seq::head(tx)?.seq, now);
            let latest = store::log::latest_checkpoint(tx)?;
            // The latest is compared by itself.
            let older = latest.as_ref().map_or(0, |(size, _)| size.saturating_sub(1));
            expected.latest = latest.map(|(_, note)| note);
            expected.saved = saved.clone();
            let mut verifier = Verifier::new(expected);
            let mut from = 0;
            loop {
                let (hashes, rows) = store::log::page(tx, from, PAGE)?;
                if hashes.is_empty() && rows.is_empty() {
                    break;
                }
                let to = from + hashes.len() as u64;
                verifier.kept(&store::log::checkpoints(tx, from, to.min(older), PAGE)?);
                verifier.page(&hashes, &rows);
                if hashes.is_empty() {
                    break;
                }
                from += hashes.len() as u64;
            }
            let mut after = None;
            loop {
                let outside = store::log::rows_outside(tx, after, PAGE)?;
                verifier.outside(&outside.rows);
                after = outside.next;
                if after.is_none() {
                    break;
                }
            }
            Ok(verifier.finish())
        })
        .await
}

/// The receipt of one record, by its reference code; `None` while it has no place under a signed checkpoint.
pub async fn prove(store: &Store, reference: &Reference) -> Result<Option<Receipt>, Stop> {
    let reference = reference.clone();
    store
        .read(move |tx| {
            let Some(record) = store::records::find_by_reference(tx, &reference)? else { return Ok(None) };
            let Some(stored) = store::records::get(tx, record.id)? else { return Ok(None) };
            receipt_of(tx, stored)
        })
        .await
}

/// The receipt of a record; `None` while it has no place under a signed checkpoint.
pub(crate) fn receipt_of(tx: &mut Tx<'_>, stored: StoredRecord) -> Result<Option<Receipt>, Stop> {
    let Some(index) = store::log::position_of(tx, stored.record.id)? else { return Ok(None) };
    let Some((size, note)) = store::log::latest_checkpoint(tx)? else { return Ok(None) };
    if index >= size {
        return Ok(None);
    }
    let mut hashes = TileHashes::new(size, store::log::tiles(tx));
    let proof = inclusion_proof(&mut hashes, index, size)
        .map_err(|_| StoreError::Corrupt("the log's tiles do not give a proof".into()))?;
    let leaf = Leaf {
        hash: activity::tree::leaf_hash(&stored.leaf),
        body: stored.body,
        salt: stored.salt,
        data: stored.leaf,
    };
    Ok(Some(Receipt::new(leaf, index, proof, note)))
}
