//! Transactions: every read and every write of the application goes through here, and what went wrong in one becomes what
//! its caller can be told.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use keyring::KeyError;
use std::sync::{Arc, Mutex, PoisonError};
use store::{StoreError, Tx};

impl App {
    /// A consistent read; broken machinery becomes a refusal with a reference in the technical log.
    pub async fn read<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.trusts_its_clock()?;
        self.read_anyway(job).await
    }

    /// The same of a few rows found by their keys ([`Store::glance`]): what a request begins with.
    pub(crate) async fn glance<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.trusts_its_clock()?;
        let job = Arc::new(Mutex::new(job));
        let again = job.clone();
        let ended = match self.store().glance(move |tx| run(&job, tx)).await {
            Err(stop) if self.freshened(&stop).await => self.store().read(move |tx| run(&again, tx)).await,
            ended => ended,
        };
        ended.map_err(|stop| self.broken(stop))
    }

    /// A read that nobody's right depends on, whatever time it is.
    pub(crate) async fn read_anyway<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        let job = Arc::new(Mutex::new(job));
        let again = job.clone();
        let ended = match self.store().read(move |tx| run(&job, tx)).await {
            Err(stop) if self.freshened(&stop).await => self.store().read(move |tx| run(&again, tx)).await,
            ended => ended,
        };
        ended.map_err(|stop| self.broken(stop))
    }

    /// A write of the machinery itself (no person acts): the closure makes its own record.
    pub(crate) async fn write_plain<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.transact(job).await.map_err(|stop| self.broken(stop))
    }

    /// The same where nothing is dated by it, so that it may be done whatever time it is.
    pub(crate) async fn write_anyway<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.transact_anyway(job).await.map_err(|stop| self.broken(stop))
    }

    /// A write transaction. What was sealed under a key that another process has just turned is met with fresh keys, once.
    pub(crate) async fn transact<T, F>(&self, job: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.trusts_its_clock()?;
        let (app, mut job) = (self.clone(), job);
        self.transact_anyway(move |tx| {
            let done = job(tx)?;
            // It may have jumped while this waited for its turn: nothing is kept that was dated by it.
            app.trusts_its_clock()?;
            Ok(done)
        })
        .await
    }

    async fn transact_anyway<T, F>(&self, job: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        // Every write lives by the time that the store tells it: another node may have moved the clock a moment ago.
        let (here, there) = (self.clone(), self.clone());
        let job = Arc::new(Mutex::new(job));
        let again = job.clone();
        let first = move |tx: &mut Tx<'_>| here.clock_in(tx).map_err(Stop::from).and_then(|()| run(&job, tx));
        let ended = match self.store().write(first).await {
            Err(stop) if self.freshened(&stop).await => {
                let second = move |tx: &mut Tx<'_>| {
                    there.clock_in(tx).map_err(Stop::from).and_then(|()| run(&again, tx))
                };
                self.store().write(second).await
            }
            ended => ended,
        };
        match &ended {
            Ok(_) => self.health().wrote(),
            Err(Stop::Store(error)) => self.health().not_written(error, self.wall_now()),
            Err(_) => {}
        }
        ended
    }

    /// Whether a transaction stopped at an unknown key and the keys have been taken up anew since.
    async fn freshened(&self, stop: &Stop) -> bool {
        let unknown = matches!(
            stop,
            Stop::Key(KeyError::UnknownKey { .. })
                | Stop::Store(StoreError::Key(KeyError::UnknownKey { .. }))
        );
        unknown && self.refresh_keys().await.unwrap_or(false)
    }

    /// Turns what went wrong in a transaction into what the caller can be told.
    pub(crate) fn broken(&self, stop: Stop) -> Refusal {
        match stop {
            Stop::No(refusal) => refusal,
            Stop::Store(StoreError::Busy | StoreError::Unavailable(_)) => {
                tracing::warn!("the store is busy or away");
                Refusal::Unavailable
            }
            Stop::Store(StoreError::Full) => Refusal::Full,
            Stop::Store(StoreError::Conflict) => Refusal::Conflict("CHANGED_MEANWHILE"),
            Stop::Store(error) => {
                let reference = self.reference();
                tracing::error!(%error, %reference, "the store failed");
                self.note_fault(&reference, &error);
                Refusal::Broken(reference)
            }
            Stop::Key(error) => {
                let reference = self.reference();
                tracing::error!(%error, %reference, "a key failed");
                self.note_fault(&reference, &error);
                Refusal::Broken(reference)
            }
            Stop::Refused(decision) | Stop::AlsoRefused(decision, _) => {
                // Reached only where a caller forgot to record it: fail closed, and loudly.
                let reference = self.reference();
                tracing::error!(%reference, "a refusal was not recorded");
                drop(decision);
                Refusal::Broken(reference)
            }
        }
    }
}

/// Runs a closure that two attempts share; they never run at once.
fn run<T, F>(job: &Mutex<F>, tx: &mut Tx<'_>) -> Result<T, Stop>
where
    F: FnMut(&mut Tx<'_>) -> Result<T, Stop>,
{
    let mut job = job.lock().unwrap_or_else(PoisonError::into_inner);
    (*job)(tx)
}
