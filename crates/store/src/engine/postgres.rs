//! PostgreSQL: a bounded pool of connections, used from tokio's blocking threads, so that a transaction is the same
//! synchronous closure as on SQLite. The server groups commits.

mod dialect;
mod session;

use super::{ATTEMPTS, PATIENCE, Places};
use crate::{
    StoreError, Tx, url,
    work::{Ran, Work},
};
use session::Session;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::runtime::Handle;

/// Connections for writes, per node. Changing transactions take turns at the counter of `seq` anyway.
const WRITERS: usize = 12;
/// Connections for reads, per node: kept apart, so that waiting writes do not stop reading.
const READERS: usize = 12;

pub(super) struct Postgres {
    pool: Arc<Pool>,
    writes: Places,
    reads: Places,
}

/// Idle connections. Those at work belong to their job and come back if they are whole.
struct Pool {
    config: tokio_postgres::Config,
    idle: Mutex<Vec<Session>>,
    runtime: Handle,
}

impl Postgres {
    pub(super) async fn open(address: &str) -> Result<Self, StoreError> {
        let config = url::postgres_config(address).map_err(|e| StoreError::Unavailable(e.to_string()))?;
        let runtime = Handle::current();
        let first = Session::connect(&config).await?;
        let pool = Pool { config, idle: Mutex::new(vec![first]), runtime };
        Ok(Self { pool: Arc::new(pool), writes: Places::new(WRITERS), reads: Places::new(READERS) })
    }

    pub(super) async fn write(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.start(&self.writes, work, BEGIN_WRITE).await
    }

    pub(super) async fn read(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.start(&self.reads, work, BEGIN_READ).await
    }

    async fn start(
        &self,
        places: &Places,
        work: Box<dyn Work>,
        begin: &'static str,
    ) -> Result<(), StoreError> {
        let place = places.take().await?;
        let pool = self.pool.clone();
        tokio::task::spawn_blocking(move || {
            pool.run(work, begin);
            drop(place);
        });
        Ok(())
    }
}

/// Whatever decides a write is read after the counter's UPDATE, which waits for the one before it: READ COMMITTED
/// then sees everything that one committed, where a snapshot would not.
const BEGIN_WRITE: &str = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
const BEGIN_READ: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

impl Pool {
    fn run(&self, mut work: Box<dyn Work>, begin: &str) {
        let (mut attempt, started) = (1, Instant::now());
        let end = loop {
            match self.attempt(work.as_mut(), begin) {
                Err(error) if again(&error) && attempt < ATTEMPTS && started.elapsed() < PATIENCE => {
                    tracing::debug!(%error, attempt, "a transaction is run again");
                    // 4, 8, 16 … ms: the other side of a collision needs a moment to end.
                    std::thread::sleep(Duration::from_millis(2 << attempt));
                    attempt += 1;
                }
                other => break other,
            }
        };
        if let Err(error) = &end {
            tracing::warn!(%error, "a transaction was not kept");
        }
        work.answer(end);
    }

    /// `Err`: the engine's own failure; `Ok`: the job's own answer stands.
    fn attempt(&self, work: &mut dyn Work, begin: &str) -> Result<(), StoreError> {
        let mut session = self.take()?;
        if let Err(error) = session.control(begin) {
            // It died while idle, and so did the others: the next attempt connects anew.
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            return Err(error);
        }
        let ran = work.run(&mut Tx::new(&mut session));
        match ran {
            Ran::Keep => {
                session.commit()?;
                self.give_back(session);
                Ok(())
            }
            // The state of a connection after a panic is not known: it is closed, and the server rolls back.
            Ran::Panicked => Ok(()),
            Ran::Undo => {
                if session.control("ROLLBACK").is_ok() {
                    self.give_back(session);
                }
                Ok(())
            }
            Ran::Failed(error) => {
                if session.control("ROLLBACK").is_ok() {
                    self.give_back(session);
                }
                if again(&error) { Err(error) } else { Ok(()) }
            }
        }
    }

    fn take(&self) -> Result<Session, StoreError> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            match idle {
                Some(session) if session.is_closed() => continue,
                Some(session) => return Ok(session),
                None => return self.runtime.block_on(Session::connect(&self.config)),
            }
        }
    }

    fn give_back(&self, session: Session) {
        if !session.is_closed() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
        }
    }
}

/// Nothing was committed, and another run may fare better.
fn again(error: &StoreError) -> bool {
    matches!(error, StoreError::Conflict | StoreError::Unavailable(_))
}
