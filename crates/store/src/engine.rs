//! The two engines behind one type, and how a caller reaches them.

mod postgres;
mod sqlite;

use crate::{
    StoreError, StoreUrl, Tx,
    work::{Work, job},
};
use domain::{Clock, Instant};
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Jobs that may wait or run at once, per node and direction; more are told [`StoreError::Busy`].
const QUEUE: usize = 1024;
/// How long a job waits for a lock or a connection before it is told [`StoreError::Busy`].
const PATIENCE: Duration = Duration::from_secs(5);
/// How often a job is run again after a serialisation failure, a deadlock or a connection lost before COMMIT.
const ATTEMPTS: u32 = 6;

/// The store of one installation. Cheap to clone; all clones are the same store.
#[derive(Clone)]
pub struct Store(Arc<Engine>);

enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the store and proves that it can be used. Makes no tables: see [`Store::migrate`].
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] says what stands in the way: a missing folder, a wrong address, a server that is down.
    pub async fn open(url: &StoreUrl) -> Result<Store, StoreError> {
        let engine = match url {
            StoreUrl::Sqlite(path) => Engine::Sqlite(sqlite::Sqlite::open(path.clone()).await?),
            StoreUrl::Postgres(address) => Engine::Postgres(postgres::Postgres::open(address).await?),
        };
        Ok(Store(Arc::new(engine)))
    }

    /// Runs `job` in one write transaction and answers when it is durable.
    ///
    /// The closure holds SQL only (no network, no signing, no waiting) and may be run several times, so that what
    /// it captures must not be used up by a run. Its `Err` undoes its own changes and nothing else. A changing
    /// transaction begins with [`crate::seq::take`]: that is the lock under which it decides.
    ///
    /// A caller who goes away does not stop the job.
    pub async fn write<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (work, answer) = self::job(job);
        self.submit(work).await?;
        // No answer at all means that the writer is gone in the middle of things.
        answer.await.unwrap_or_else(|_| Err(StoreError::Unknown.into()))
    }

    /// Runs `job` on one consistent snapshot. It cannot write.
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (work, answer) = self::job(job);
        match &*self.0 {
            Engine::Sqlite(engine) => engine.read(work).await?,
            Engine::Postgres(engine) => engine.read(work).await?,
        }
        answer.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the reader stopped".into()).into()))
    }

    /// The same for a few rows found by their keys, which every request asks for. On SQLite it is done where it is asked
    /// for: such rows lie in the file's cache, and handing the job to another thread costs more than the job.
    pub async fn glance<T, E, F>(&self, job: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &*self.0 {
            Engine::Sqlite(engine) => {
                let (work, answer) = self::job(job);
                engine.glance(work);
                answer.await.unwrap_or_else(|_| Err(StoreError::Panicked.into()))
            }
            Engine::Postgres(_) => self.read(job).await,
        }
    }

    /// The time that all nodes go by: the database server's, or on SQLite, where there is one node, the caller's.
    pub async fn store_time(&self, clock: &dyn Clock) -> Result<Instant, StoreError> {
        Ok(self.server_time().await?.unwrap_or_else(|| clock.now()))
    }

    /// The database server's time; `None` where there is no server.
    pub async fn server_time(&self) -> Result<Option<Instant>, StoreError> {
        match &*self.0 {
            Engine::Sqlite(_) => Ok(None),
            Engine::Postgres(_) => {
                self.read(|tx| {
                    let sql = "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
                    tx.query_one(sql, &[])?.get(0).map(Some)
                })
                .await
            }
        }
    }

    /// Transactions committed by this node's writer since it was opened; less than the jobs when groups were made.
    /// `None` on PostgreSQL, where the server groups.
    pub fn commits(&self) -> Option<u64> {
        match &*self.0 {
            Engine::Sqlite(engine) => Some(engine.commits()),
            Engine::Postgres(_) => None,
        }
    }

    /// A copy of what is committed, in a file of its own beside the store's. Whoever asks for it removes it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] on PostgreSQL: a server is copied by its own tools.
    pub(crate) async fn copy_file(&self) -> Result<PathBuf, StoreError> {
        match &*self.0 {
            Engine::Sqlite(engine) => engine.copy_file().await,
            Engine::Postgres(_) => {
                Err(StoreError::Refused("only a store that is a file can be copied".into()))
            }
        }
    }

    async fn submit(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        match &*self.0 {
            Engine::Sqlite(engine) => engine.write(work),
            Engine::Postgres(engine) => engine.write(work).await,
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match &*self.0 {
            Engine::Sqlite(_) => "Store(sqlite)",
            Engine::Postgres(_) => "Store(postgres)",
        })
    }
}

/// A bounded number of places to run, and a bounded number of those who wait for one.
struct Places {
    queue: Arc<Semaphore>,
    running: Arc<Semaphore>,
}

/// A place to run; given back when dropped.
struct Place {
    _queue: OwnedSemaphorePermit,
    _running: OwnedSemaphorePermit,
}

impl Places {
    fn new(running: usize) -> Self {
        Self { queue: Arc::new(Semaphore::new(QUEUE)), running: Arc::new(Semaphore::new(running)) }
    }

    async fn take(&self) -> Result<Place, StoreError> {
        let queue = self.queue.clone().try_acquire_owned().map_err(|_| StoreError::Busy)?;
        let running = tokio::time::timeout(PATIENCE, self.running.clone().acquire_owned())
            .await
            .map_err(|_| StoreError::Busy)?
            .map_err(|_| StoreError::Unavailable("the store is closing".into()))?;
        Ok(Place { _queue: queue, _running: running })
    }
}
