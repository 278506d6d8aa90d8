//! The application as one handle: the store, what this node knows of the facts, the keys, the clock.

use crate::clock::{DomainClock, Movable, Watch};
use crate::expiries::ExpiryWatch;
use crate::flood::Gate;
use crate::health::Health;
use crate::problems::Notebook;
use crate::refusal::{Refusal, Stop};
use crate::sign::Errand;
use activity::{Record, Reference};
use arc_swap::ArcSwap;
use authority::Index;
use catalogue::Catalogue;
use domain::{Clock, Entropy, Freshness, Instant, OrderId, PartyId, Seq};
use keyring::{Keyring, MasterKey};
use login::bankid::BankId;
use notify::{Caller, Mailer};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::installation::Installation;
use store::records::Part;
use store::{Store, StoreError, Tx};
use tokio::sync::{Mutex, Notify, RwLock};

/// What this node knows at one point of `seq`: facts and catalogue together, swapped as one.
#[derive(Debug)]
pub struct Known {
    pub head: Freshness,
    pub index: Index,
    pub catalogue: Arc<Catalogue>,
    /// The change that brought the catalogue in force.
    pub catalogue_seq: Seq,
}

/// What an installation sets, besides its parts.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The public address without a trailing slash, such as `https://e-tjanster.example`.
    pub public_url: String,
    /// The agency's name as people see it, Swedish and English.
    pub agency_name: catalogue::Text,
    /// Sender of mail.
    pub mail_from: String,
    /// The name of this node, for leases.
    pub node: String,
}

/// The parts of which an [`App`] is made.
#[derive(Debug)]
pub struct Parts {
    pub store: Store,
    pub master: MasterKey,
    /// What domain time runs with. A demo or test store may be ahead of it: see [`crate::clock`].
    pub clock: Arc<dyn Clock>,
    /// The machine's time, which nobody moves: codes, assertions and tokens live by it.
    pub wall: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub bankid: BankId,
    pub mailer: Mailer,
    pub caller: Caller,
    pub settings: Settings,
    /// What the services carry out when a signature is made.
    pub errands: Vec<Arc<dyn Errand>>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    master: MasterKey,
    ring: ArcSwap<Keyring>,
    ring_version: AtomicU64,
    /// The epoch that the ring was read in: after a restore the same version may stand for other keys.
    ring_epoch: AtomicU64,
    known: ArcSwap<Known>,
    catching_up: Mutex<()>,
    clock: Arc<DomainClock>,
    movable: Movable,
    /// Held by each round of the calendar and of the mail, and alone by whoever moves the clock.
    calendar: RwLock<()>,
    wall: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
    bankid: BankId,
    mailer: Mailer,
    caller: Caller,
    settings: Settings,
    errands: Vec<Arc<dyn Errand>>,
    installation: Installation,
    /// Orders that the provider does not know (any more), since when: see [`crate::identify`].
    gone: std::sync::Mutex<BTreeMap<OrderId, Instant>>,
    /// What pages have shown and what has broken, on its way to the store: see [`crate::problems`].
    notebook: Notebook,
    expiries: ExpiryWatch,
    health: Health,
    gate: Gate,
    wake: Notify,
    recorded: Notify,
    watch: Watch,
}

/// The application. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

impl App {
    /// Opens the application on a store that has been migrated and installed ([`crate::installation`]).
    pub async fn open(parts: Parts) -> Result<App, OpenError> {
        let (installation, ahead, version, rows) = parts
            .store
            .read(|tx| {
                let installation = store::installation::find(tx)?;
                let ahead = store::clock::ahead(tx)?;
                let (version, rows) = store::keys::all(tx)?;
                Ok::<_, StoreError>((installation, ahead, version, rows))
            })
            .await?;
        let installation = installation.ok_or(OpenError::NotInstalled)?;
        let movable = Movable::from(installation.environment);
        let ahead = match movable {
            Movable::Yes => ahead,
            Movable::No => Duration::ZERO,
        };
        let ring = Keyring::open(&parts.master, &rows).map_err(OpenError::MasterKey)?;
        let known = load_known(&parts.store).await?.ok_or(OpenError::NoCatalogue)?;
        let app = App(Arc::new(Inner {
            store: parts.store,
            master: parts.master,
            ring: ArcSwap::from_pointee(ring),
            ring_version: AtomicU64::new(version),
            ring_epoch: AtomicU64::new(installation.epoch),
            known: ArcSwap::from_pointee(known),
            catching_up: Mutex::new(()),
            clock: Arc::new(DomainClock::new(parts.clock, ahead)),
            movable,
            calendar: RwLock::default(),
            wall: parts.wall,
            entropy: parts.entropy,
            bankid: parts.bankid,
            mailer: parts.mailer,
            caller: parts.caller,
            settings: parts.settings,
            errands: parts.errands,
            installation,
            gone: std::sync::Mutex::default(),
            notebook: Notebook::default(),
            expiries: ExpiryWatch::default(),
            health: Health::default(),
            gate: Gate::default(),
            wake: Notify::new(),
            recorded: Notify::new(),
            watch: Watch::default(),
        }));
        // A node whose clock is off says no from its first request on.
        if let Err(refusal) = app.ask_the_time().await {
            tracing::warn!(?refusal, "the store did not tell the time");
        }
        Ok(app)
    }

    pub fn store(&self) -> &Store {
        &self.0.store
    }

    pub fn master(&self) -> &MasterKey {
        &self.0.master
    }

    pub fn ring(&self) -> Arc<Keyring> {
        self.0.ring.load_full()
    }

    /// The authentication code that guards forms and other short-lived things of a session.
    pub fn form_mac(&self, message: &[u8]) -> [u8; 32] {
        self.ring().mac(keyring::Purpose::Forms, message)
    }

    pub fn known(&self) -> Arc<Known> {
        self.0.known.load_full()
    }

    /// Domain time.
    pub fn now(&self) -> Instant {
        self.0.clock.now()
    }

    /// The machine's time: for what outside clients check by their own clocks.
    pub fn wall_now(&self) -> Instant {
        self.0.wall.now()
    }

    /// An instant that evidence tells by the machine's time, in domain time: a receipt of a moved store says one day only.
    pub(crate) fn in_domain_time(&self, wall: Instant) -> Instant {
        wall + self.0.clock.ahead()
    }

    /// Domain time, for pages.
    pub fn clock(&self) -> Arc<dyn Clock> {
        self.0.clock.clone()
    }

    pub(crate) fn domain_clock(&self) -> &DomainClock {
        &self.0.clock
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.0.watch
    }

    pub(crate) fn calendar(&self) -> &RwLock<()> {
        &self.0.calendar
    }

    /// Takes up how far the clock has been moved, in the transaction that lives by it.
    pub(crate) fn clock_in(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        self.0.clock.raise(self.0.movable.ahead(tx)?);
        Ok(())
    }

    pub(crate) async fn refresh_clock(&self) -> Result<(), Refusal> {
        let app = self.clone();
        self.read_anyway(move |tx| Ok(app.clock_in(tx)?)).await
    }

    pub fn entropy(&self) -> &dyn Entropy {
        self.0.entropy.as_ref()
    }

    pub fn bankid(&self) -> &BankId {
        &self.0.bankid
    }

    pub fn mailer(&self) -> &Mailer {
        &self.0.mailer
    }

    pub(crate) fn caller(&self) -> &Caller {
        &self.0.caller
    }

    pub(crate) fn errand(&self, name: &str) -> Option<Arc<dyn Errand>> {
        self.0.errands.iter().find(|errand| errand.name() == name).cloned()
    }

    pub(crate) fn gone(&self) -> &std::sync::Mutex<BTreeMap<OrderId, Instant>> {
        &self.0.gone
    }

    pub(crate) fn notebook(&self) -> &Notebook {
        &self.0.notebook
    }

    pub(crate) fn watched(&self) -> &ExpiryWatch {
        &self.0.expiries
    }

    pub(crate) fn health(&self) -> &Health {
        &self.0.health
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.0.gate
    }

    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub fn installation(&self) -> &Installation {
        &self.0.installation
    }

    /// The agency that this installation belongs to.
    pub fn agency(&self) -> PartyId {
        self.0.installation.agency
    }

    /// Tells all background work that there is something to do.
    pub fn wake(&self) {
        self.0.wake.notify_waiters();
        self.recorded();
    }

    /// Tells the log alone that a record waits for its place: all that follows from what only a record tells of.
    pub(crate) fn recorded(&self) {
        // Kept for a log that is at work just now.
        self.0.recorded.notify_one();
    }

    pub(crate) async fn woken(&self) {
        self.0.wake.notified().await;
    }

    pub(crate) async fn log_woken(&self) {
        self.0.recorded.notified().await;
    }

    /// Brings what this node knows up to `head` before anybody decides by it.
    pub async fn catch_up(&self, head: Freshness) -> Result<Arc<Known>, StoreError> {
        let known = self.known();
        if known.head >= head {
            return Ok(known);
        }
        let _one_at_a_time = self.0.catching_up.lock().await;
        let known = self.known();
        if known.head >= head {
            return Ok(known);
        }
        let next = if known.head.epoch == head.epoch {
            advance(&self.0.store, &known).await?
        } else {
            // A restore has begun another history: nothing of the old one may be kept.
            tracing::warn!(epoch = head.epoch, "the store was restored; this node begins anew with it");
            self.refresh_keys().await?;
            load_known(&self.0.store).await?.ok_or_else(|| StoreError::Corrupt("no catalogue".into()))?
        };
        self.0.known.store(Arc::new(next));
        Ok(self.known())
    }

    /// What is known now, for a page that nobody needs to be logged in for: the head is read first.
    pub async fn latest(&self) -> Result<Arc<Known>, Refusal> {
        let app = self.clone();
        let head = self
            .glance(move |tx| {
                app.clock_in(tx)?;
                Ok(store::seq::head(tx)?)
            })
            .await?;
        self.catch_up(head).await.map_err(|error| self.broken(Stop::Store(error)))
    }

    /// Takes up keys that another process has turned. Cheap when nothing has changed.
    ///
    /// Says whether there were any.
    pub async fn refresh_keys(&self) -> Result<bool, StoreError> {
        let had = (self.0.ring_epoch.load(Ordering::Acquire), self.0.ring_version.load(Ordering::Acquire));
        let fresh = self
            .0
            .store
            .read(move |tx| {
                let epoch = store::seq::head(tx)?.epoch;
                if (epoch, store::keys::version(tx)?) == had {
                    return Ok(None);
                }
                Ok::<_, StoreError>(Some((epoch, store::keys::all(tx)?)))
            })
            .await?;
        let taken_up = fresh.is_some();
        if let Some((epoch, (version, rows))) = fresh {
            match Keyring::open(&self.0.master, &rows) {
                Ok(ring) => {
                    self.0.ring.store(Arc::new(ring));
                    self.0.ring_version.store(version, Ordering::Release);
                    self.0.ring_epoch.store(epoch, Ordering::Release);
                    tracing::info!(version, "keys taken up");
                }
                Err(error) => tracing::error!(%error, "the turned keys cannot be opened; the old ones stay"),
            }
        }
        Ok(taken_up)
    }

    pub fn reference(&self) -> Reference {
        Reference::new(self.entropy())
    }

    pub(crate) fn append(&self, tx: &mut Tx<'_>, record: &Record) -> Result<(), StoreError> {
        self.append_about(tx, record, &[])
    }

    /// Keeps a record, and on whom it bears besides who acted and for whom: those named here, and the holder that its
    /// own detail names.
    pub(crate) fn append_about(
        &self,
        tx: &mut Tx<'_>,
        record: &Record,
        about: &[(PartyId, Part)],
    ) -> Result<(), StoreError> {
        let holder = record.detail.get(HOLDER).and_then(|id| id.parse().ok());
        let mut all = about.to_vec();
        all.extend(holder.map(|holder| (holder, Part::Concerned)));
        store::records::append_about(tx, record, &all, self.entropy())
    }
}

/// The detail of a record that names whom a mandate was given to or taken from.
const HOLDER: &str = "holder";

async fn load_known(store: &Store) -> Result<Option<Known>, StoreError> {
    store
        .read(|tx| {
            let head = store::seq::head(tx)?;
            let Some(latest) = store::catalogues::latest(tx)? else { return Ok(None) };
            let catalogue = parse_stored(&latest.body)?;
            let index = Index::build(head.seq, store::facts::all_current(tx)?);
            Ok(Some(Known { head, index, catalogue: Arc::new(catalogue), catalogue_seq: latest.seq }))
        })
        .await
}

async fn advance(store: &Store, known: &Arc<Known>) -> Result<Known, StoreError> {
    let known = known.clone();
    store
        .read(move |tx| {
            let head = store::seq::head(tx)?;
            let mut index = known.index.clone();
            let mut from = known.head.seq;
            while from < head.seq {
                let changes = store::facts::changed_since(tx, from, 10_000)?;
                index = index.apply(changes.up_to, &changes.versions);
                from = changes.up_to;
            }
            let latest =
                store::catalogues::latest(tx)?.ok_or_else(|| StoreError::Corrupt("no catalogue".into()))?;
            let catalogue = if latest.seq == known.catalogue_seq {
                known.catalogue.clone()
            } else {
                Arc::new(parse_stored(&latest.body)?)
            };
            Ok::<_, StoreError>(Known { head, index, catalogue, catalogue_seq: latest.seq })
        })
        .await
}

fn parse_stored(body: &str) -> Result<Catalogue, StoreError> {
    Catalogue::from_canonical(body).map_err(|error| {
        tracing::error!(%error, "the stored catalogue cannot be read");
        StoreError::Corrupt("catalogue".into())
    })
}

/// Why an [`App`] cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the store holds no installation: run `behorig init` (or `behorig demo`) first; after a restore that was cut off, \
         `behorig restore` again"
    )]
    NotInstalled,
    #[error("the store holds no catalogue: run `behorig catalogue apply`")]
    NoCatalogue,
    #[error("the keys in the store cannot be opened with this master key: {0}")]
    MasterKey(keyring::KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}
