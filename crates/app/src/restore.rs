//! Restoring a backup (*återläsning*): all in one transaction, so that a store is either what it was or wholly restored.
//!
//! A restored older copy is another history. A new epoch begins, which every node recognises; sessions, tokens and logins
//! under way end (a log-out made after the backup must not be undone); the list of erasures is carried out again; and the
//! log goes on with a record that says from where, with a key of its own, and what was lost ([`activity::restored`]).

use crate::clock::Movable;
use crate::erasure::{ErasureList, Means, NotErased, carry_out_in};
use crate::log::{active_key, sign, verifiers};
use crate::oidc::leave_at;
use crate::refusal::Stop;
use activity::checkpoint::Checkpoint;
use activity::restored::{RESTORED, Restored};
use activity::{Record, RecordClass};
use domain::{Clock, Instant};
use keyring::{Keyring, Purpose};
use std::sync::Arc;
use std::time::Duration;
use store::backup::{Backup, BackupError, Existing, Onto, Progress};
use store::installation::{Environment, Installation};
use store::{MigrationSet, Store, StoreError, Tx};

/// What is restored, and what is known of the life that ended.
#[derive(Debug, Clone)]
pub struct Restore {
    pub backup: Backup,
    pub onto: Onto,
    /// The mark of the configuration.
    pub environment: Environment,
    pub erasures: ErasureList,
    /// Checkpoints of the lost life, by the names of their files: the furthest of them says how much was lost.
    pub known: Vec<(String, String)>,
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Done {
    pub epoch: u64,
    pub told: Restored,
    /// What was there before, and is gone.
    pub replaced: Option<Existing>,
    pub sessions_ended: usize,
    pub erased: u64,
    /// Letters that had not been sent when the backup was taken: they are sent, some perhaps again under the same Message-ID.
    pub letters_waiting: u64,
    /// The first signed checkpoint of the new life.
    pub checkpoint: String,
}

/// Why nothing was restored. The store is as it was.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    #[error(transparent)]
    Backup(#[from] BackupError),
    #[error(transparent)]
    Erasures(#[from] NotErased),
    #[error(
        "the backup is of a {backup} installation and the configuration says {config}: a store keeps its mark for life"
    )]
    OtherMark { backup: String, config: Environment },
    #[error("the store holds the log {there}, the backup {backup}: another installation is not replaced")]
    OtherLog { backup: String, there: String },
    #[error("the saved checkpoint {name} does not count: {why}")]
    Checkpoint { name: String, why: String },
    #[error("{}", .0.told())]
    Store(Stop),
}

impl NotRestored {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Backup(error) => error.code(),
            Self::Erasures(error) => error.code(),
            Self::OtherMark { .. } => "BACKUP_OTHER_MARK",
            Self::OtherLog { .. } => "BACKUP_OTHER_LOG",
            Self::Checkpoint { .. } => "CHECKPOINT_REFUSED",
            Self::Store(_) => "STORE",
        }
    }
}

impl From<StoreError> for NotRestored {
    fn from(error: StoreError) -> Self {
        Self::Store(Stop::Store(error))
    }
}

impl From<Stop> for NotRestored {
    fn from(stop: Stop) -> Self {
        Self::Store(stop)
    }
}

/// Restores. `means.clock` and `means.wall` are both the machine's time: what the store is ahead of it comes with the backup.
pub async fn restore(
    store: &Store,
    sets: &[MigrationSet],
    restore: Restore,
    means: Means,
    told: Arc<dyn Fn(Progress) + Send + Sync>,
) -> Result<Done, NotRestored> {
    let marked = restore.backup.manifest.environment.clone();
    if marked != restore.environment.to_string() {
        return Err(NotRestored::OtherMark { backup: marked, config: restore.environment });
    }
    let (sets, wanted) = (sets.to_vec(), Arc::new(restore));
    let by = means.clone();
    let mut done = store.write(move |tx| all(tx, &sets, &wanted, &by, told.as_ref())).await?;
    done.checkpoint = first_checkpoint(store, &means).await?;
    Ok(done)
}

fn all(
    tx: &mut Tx<'_>,
    sets: &[MigrationSet],
    wanted: &Restore,
    means: &Means,
    told: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Done, NotRestored> {
    let manifest = &wanted.backup.manifest;
    let replaced = store::backup::load(tx, &wanted.backup, sets, wanted.onto, told)?;
    if let Some(there) = replaced.as_ref().filter(|there| there.origin != manifest.origin) {
        return Err(NotRestored::OtherLog { backup: manifest.origin.clone(), there: there.origin.clone() });
    }
    let installation =
        store::installation::find(tx)?.ok_or_else(|| StoreError::Corrupt("no installation in it".into()))?;
    let means = Means { clock: Arc::new(ahead(tx, &installation, means)?), ..means.clone() };
    let now = means.clock.now();
    let epoch = next_epoch(&means, manifest.epoch, replaced.as_ref());
    store::installation::raise_epoch(tx, epoch)?;
    let sessions_ended = end_all(tx, &means, now)?;
    let tree = store::log::tree(tx)?;
    let ring = turn_key(tx, &means)?;
    let told = Restored {
        at: now,
        epoch,
        made: manifest.made_at().to_string(),
        size: tree.size,
        root: tree.root,
        lost: lost(&ring, wanted, &installation, replaced.as_ref(), tree.size)?,
        key: active_key(&ring)?,
    };
    let mut detail = told.detail();
    detail.insert("backup".to_owned(), crate::log::hex(&wanted.backup.name));
    let record = Record {
        party: Some(installation.agency),
        detail,
        ..Record::new(means.entropy.as_ref(), now, RecordClass::System, RESTORED)
    };
    store::records::append(tx, &record, means.entropy.as_ref())?;
    let erased = carry_out_in(tx, &wanted.erasures, &means)?;
    let letters_waiting = store::outbox::waiting(tx)?;
    // Everything has its place in the log before anybody is served.
    while store::log::advance(tx, store::log::MAX_STEP)?.taken > 0 {}
    Ok(Done { epoch, told, replaced, sessions_ended, erased, letters_waiting, checkpoint: String::new() })
}

/// Epochs only grow, also over the restores of stores that nobody has any more: the second of the restore is above them all.
fn next_epoch(means: &Means, of_backup: u64, replaced: Option<&Existing>) -> u64 {
    let second = u64::try_from(means.wall.now().seconds()).unwrap_or(0);
    let known = of_backup.max(replaced.map_or(0, |there| there.head.epoch));
    second.max(known + 1)
}

/// Domain time of the restored store.
fn ahead(tx: &mut Tx<'_>, installation: &Installation, means: &Means) -> Result<Fixed, StoreError> {
    let ahead: Duration = Movable::from(installation.environment).ahead(tx)?;
    Ok(Fixed(means.wall.now() + ahead))
}

/// The time of one transaction.
#[derive(Debug)]
struct Fixed(Instant);

impl Clock for Fixed {
    fn now(&self) -> Instant {
        self.0
    }
}

/// Whoever was logged in logs in again: the copy does not know who has logged out since, nor whose session was ended.
fn end_all(tx: &mut Tx<'_>, means: &Means, now: Instant) -> Result<usize, Stop> {
    let ended = store::sessions::end_all(tx, now)?;
    for session in &ended {
        leave_at(tx, *session, means.wall.now(), means.entropy.as_ref())?;
    }
    store::orders::forget_all(tx)?;
    store::oidc::requests::forget_all(tx)?;
    Ok(ended.len())
}

/// The new life signs with a key of its own: by it a checkpoint tells to which life it belongs.
fn turn_key(tx: &mut Tx<'_>, means: &Means) -> Result<Keyring, Stop> {
    let (version, rows) = store::keys::all(tx)?;
    let (entropy, now) = (means.entropy.as_ref(), means.wall.now());
    let changed = Keyring::rotate(&rows, Purpose::Checkpoint, &means.master, entropy, now)?;
    store::keys::save(tx, version, &changed)?;
    Ok(Keyring::open(&means.master, &store::keys::all(tx)?.1)?)
}

/// The furthest tree of the life that ended: what the replaced store held, or a checkpoint that was kept elsewhere.
fn lost(
    ring: &Keyring,
    wanted: &Restore,
    installation: &Installation,
    replaced: Option<&Existing>,
    kept: u64,
) -> Result<Option<(u64, activity::Hash)>, NotRestored> {
    let keys = verifiers(ring, &installation.origin);
    let mut known = Vec::new();
    known.extend(replaced.map(|there| (there.tree.size, there.tree.root)));
    for (name, note) in &wanted.known {
        let refused = |why: String| NotRestored::Checkpoint { name: name.clone(), why };
        let checkpoint = Checkpoint::open(note, &keys).map_err(|why| refused(why.to_string()))?;
        known.push((checkpoint.size, checkpoint.root));
    }
    Ok(known.into_iter().filter(|(size, _)| *size > kept).max_by_key(|(size, _)| *size))
}

/// Signed over what was committed, as every checkpoint. A restore that is stopped before it leaves this to the first node.
async fn first_checkpoint(store: &Store, means: &Means) -> Result<String, NotRestored> {
    let (tree, installation, rows) = store
        .read(|tx| {
            let installation = store::installation::find(tx)?;
            Ok::<_, Stop>((store::log::tree(tx)?, installation, store::keys::all(tx)?.1))
        })
        .await?;
    let installation = installation.ok_or_else(|| StoreError::Corrupt("no installation in it".into()))?;
    let ring = Keyring::open(&means.master, &rows).map_err(Stop::Key)?;
    let note = sign(&ring, &Checkpoint { origin: installation.origin, size: tree.size, root: tree.root })?;
    let kept = note.clone();
    store.write(move |tx| store::log::save_checkpoint(tx, tree.size, &kept)).await?;
    Ok(note)
}
