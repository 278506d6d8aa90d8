//! Domain time (*verksamhetens tid*): the machine's time, and how far the store runs ahead of it.
//!
//! Facts, cases, sessions, letters and pages live by domain time. What outside clocks check keeps the machine's: TLS,
//! evidence and OCSP of an e-ID, signed tokens ([`App::wall_now`](crate::App::wall_now)). The offset lies in the store and
//! only grows. Every write reads it in its own transaction and every page with the head of `seq`, so that no node answers
//! by an older time than one has told.

mod mover;
mod watch;

pub(crate) use watch::Watch;

pub use mover::{Beside, Moved, Mover, NotMoved, Wanted};

use crate::refusal::Stop;
use domain::{Clock, Instant};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use store::installation::Environment;
use store::{Store, StoreError, Tx};

/// A clock that runs with another one, ahead of it.
#[derive(Debug)]
pub struct DomainClock {
    base: Arc<dyn Clock>,
    ahead_micros: AtomicU64,
}

impl DomainClock {
    pub(crate) fn new(base: Arc<dyn Clock>, ahead: Duration) -> Self {
        Self { base, ahead_micros: AtomicU64::new(micros(ahead)) }
    }

    /// What it runs with.
    pub(crate) fn base(&self) -> &dyn Clock {
        self.base.as_ref()
    }

    pub(crate) fn base_now(&self) -> Instant {
        self.base.now()
    }

    /// It is at least so far ahead from now on: time never goes back.
    pub(crate) fn raise(&self, ahead: Duration) {
        self.ahead_micros.fetch_max(micros(ahead), Ordering::SeqCst);
    }
}

impl Clock for DomainClock {
    fn now(&self) -> Instant {
        self.base.now() + self.ahead()
    }

    fn ahead(&self) -> Duration {
        Duration::from_micros(self.ahead_micros.load(Ordering::SeqCst))
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}

/// Whether the time of a store can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Movable {
    Yes,
    /// A production store lives by the machine's time, whatever a row says.
    No,
}

impl From<Environment> for Movable {
    fn from(environment: Environment) -> Self {
        match environment {
            Environment::Demo | Environment::Test => Self::Yes,
            Environment::Production => Self::No,
        }
    }
}

impl Movable {
    /// How far ahead the store is, in the transaction that wants to know.
    pub(crate) fn ahead(self, tx: &mut Tx<'_>) -> Result<Duration, StoreError> {
        match self {
            Self::Yes => store::clock::ahead(tx),
            Self::No => Ok(Duration::ZERO),
        }
    }
}

/// Domain time of a store, for a command that opens no [`App`](crate::App).
pub async fn of_store(store: &Store, base: Arc<dyn Clock>) -> Result<Arc<dyn Clock>, Stop> {
    let ahead = store
        .read(|tx| match store::installation::find(tx)? {
            Some(installation) => Movable::from(installation.environment).ahead(tx),
            None => Ok(Duration::ZERO),
        })
        .await?;
    Ok(Arc::new(DomainClock::new(base, ahead)))
}
