//! The log's second order: leaves get their places, checkpoints are signed over what was committed, and anybody who has
//! the store, or only a receipt, can verify it.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::checkpoint::Checkpoint;
use activity::note::VerifierKey;
use activity::receipt::{Proven, Receipt, ReceiptRefused};
use activity::restored::{KEY_TURNED, Lives, RESTORED, Restored};
use activity::tiles::TileHashes;
use activity::tree::inclusion_proof;
use activity::verify::{Expected, Report, Verifier};
use activity::{Leaf, Reference};
use domain::{Clock, Freshness, Instant};
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
    /// For how long the oldest letter has waited.
    pub mail_oldest: Duration,
    /// For how long the oldest record has waited to be signed under a checkpoint.
    pub log_unsigned: Duration,
    /// For how long the oldest case that is due has waited to be carried out.
    pub due_late: Duration,
    /// Whether the last write found no room.
    pub full: bool,
    /// How far the machine's clock is off, ahead or behind; zero while it is trusted.
    pub clock_off: Duration,
}

/// How this node itself fares: known without the store.
#[derive(Debug, Clone, Copy)]
pub struct NodeStatus {
    /// Seconds since the first write that failed; 0 while writing works.
    pub store_failing: u64,
    /// How BankID answers this node.
    pub provider: login::pulse::Standing,
    pub notes_dropped: u64,
}

impl App {
    pub fn node_status(&self) -> NodeStatus {
        let (health, now) = (self.health(), self.wall_now());
        NodeStatus {
            store_failing: health.store_failing(now),
            provider: self.bankid().standing(),
            notes_dropped: self.notes_dropped(),
        }
    }

    pub async fn status(&self) -> Result<Status, Refusal> {
        let now = self.now();
        let age = move |since: Option<Instant>| since.map_or(Duration::ZERO, |since| now.since(since));
        let (full, off) = (self.health().is_full(), self.health().clock_off());
        self.read_anyway(move |tx| {
            Ok(Status {
                mail_oldest: age(store::outbox::oldest_waiting(tx)?),
                log_unsigned: age(store::log::unsigned_since(tx)?),
                due_late: age(store::cases::late_since(tx, now)?),
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
        sign(&self.ring(), checkpoint).map_err(|stop| self.broken(stop))
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

/// Signs a checkpoint by the active key.
pub(crate) fn sign(ring: &Keyring, checkpoint: &Checkpoint) -> Result<String, Stop> {
    let corrupt = || StoreError::Corrupt("the checkpoint key has no public half".into());
    let key = VerifierKey::new(&checkpoint.origin, active_key(ring)?).map_err(|_| corrupt())?;
    let signed =
        checkpoint.sign(&key, |text| ring.sign(Purpose::Checkpoint, text).map(|(_, signature)| signature));
    Ok(signed.map(|note| note.to_string()).map_err(|error| {
        tracing::error!(%error, "a checkpoint could not be signed");
        corrupt()
    })?)
}

/// The public half of the key that signs the log now.
pub(crate) fn active_key(ring: &Keyring) -> Result<[u8; 32], Stop> {
    let active = ring.active_id(Purpose::Checkpoint)?;
    let public = ring.public_keys(Purpose::Checkpoint).into_iter().find(|(id, _, _)| id == active);
    let (_, _, public) =
        public.ok_or_else(|| StoreError::Corrupt("the checkpoint key has no public half".into()))?;
    Ok(public)
}

pub(crate) fn verifiers(ring: &Keyring, origin: &str) -> Vec<VerifierKey> {
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
            expected.restored = lives(tx)?.restores().iter().map(|(_, restored)| restored.size).collect();
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

/// What the log tells of its own lives.
fn lives(tx: &mut Tx<'_>) -> Result<Lives, StoreError> {
    let mut told = store::records::of_event(tx, RESTORED)?;
    told.extend(store::records::of_event(tx, KEY_TURNED)?);
    told.sort_by_key(|(position, _)| *position);
    let mut lives = Lives::default();
    for (position, record) in &told {
        lives.read(*position, record);
    }
    Ok(lives)
}

/// What a receipt is worth, held against the log as it is now.
#[derive(Debug)]
pub enum Judged {
    /// Its record lies in the log where the receipt says.
    Held(Box<Proven>),
    /// It is genuine; its record was lost in this restore.
    Lost(Box<Proven>, Restored),
    /// It is genuine, and no restore explains why the log has something else there: the log was tampered with.
    Denied(Box<Proven>),
    /// It shows nothing.
    Refused(ReceiptRefused),
}

/// Judges a receipt by these keys and the log. A forged receipt is told from one whose record a restore has lost.
pub async fn judge(store: &Store, receipt: Receipt, keys: &[VerifierKey]) -> Result<Judged, Stop> {
    let proven = match receipt.verify(keys) {
        Ok(proven) => Box::new(proven),
        Err(refused) => return Ok(Judged::Refused(refused)),
    };
    let signers = Checkpoint::open_signed(&receipt.checkpoint, keys).map(|(_, by)| by).unwrap_or_default();
    let (index, leaf) = (proven.index, activity::tree::leaf_hash(&receipt.leaf));
    let (there, lives) = store
        .read(move |tx| {
            let there = store::log::leaf_hashes(tx, index..index.saturating_add(1))?.first().copied();
            Ok::<_, Stop>((there, lives(tx)?))
        })
        .await?;
    if there == Some(leaf) {
        return Ok(Judged::Held(proven));
    }
    // The smallest tree that holds it: of that size nothing more is known than that it was lost, or was not.
    Ok(match lives.lost(index + 1, None, &signers) {
        Some(restored) => Judged::Lost(proven, restored.clone()),
        None => Judged::Denied(proven),
    })
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
