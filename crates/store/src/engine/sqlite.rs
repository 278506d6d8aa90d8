//! SQLite: one file, one writer thread that groups commits, a few read-only connections.

mod session;
mod writer;

use super::{PATIENCE, Places, QUEUE};
use crate::{
    StoreError, Tx,
    work::{Ran, Work},
};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use session::{Session, told};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
};

/// Read-only connections at most. More would wait for two cores anyway.
const READERS: usize = 8;
/// Prepared statements kept per connection: above the number of statements that the house has.
const STATEMENTS: usize = 256;

pub(super) struct Sqlite {
    writer: SyncSender<Box<dyn Work>>,
    commits: Arc<AtomicU64>,
    readers: Arc<Readers>,
    places: Places,
}

impl Sqlite {
    pub(super) async fn open(path: PathBuf) -> Result<Self, StoreError> {
        let for_writer = path.clone();
        let connection = tokio::task::spawn_blocking(move || open_for_writing(&for_writer))
            .await
            .map_err(|_| StoreError::Unavailable("the store could not be opened".into()))??;
        let (writer, jobs) = sync_channel(QUEUE);
        let commits = Arc::new(AtomicU64::new(0));
        let counter = commits.clone();
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer::serve(connection, &jobs, &counter))
            .map_err(|e| StoreError::Unavailable(format!("no thread for the writer: {e}")))?;
        let readers = Arc::new(Readers { path, idle: Mutex::new(Vec::new()) });
        Ok(Self { writer, commits, readers, places: Places::new(READERS) })
    }

    pub(super) fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Hands a job to the writer thread; a full queue is told at once.
    pub(super) fn write(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        self.writer.try_send(work).map_err(|error| match error {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Unavailable("the writer has stopped".into()),
        })
    }

    pub(super) async fn copy_file(&self) -> Result<PathBuf, StoreError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let from = self.readers.path.clone();
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let copied = tokio::task::spawn_blocking(move || {
            let mut name = from.clone().into_os_string();
            name.push(format!(".copy-{}-{number}", std::process::id()));
            let to = PathBuf::from(name);
            // Made empty first, so that it is its owner's only from the beginning.
            private_file(&to)?;
            let connection = Connection::open_with_flags(&from, OpenFlags::SQLITE_OPEN_READ_WRITE)
                .map_err(|e| cannot_open(&from, &e))?;
            connection.busy_timeout(PATIENCE).map_err(|e| told(&e))?;
            let copied = connection.execute("VACUUM INTO ?1", [to.to_string_lossy()]);
            if let Err(error) = copied {
                let _ = std::fs::remove_file(&to);
                return Err(told(&error));
            }
            Ok(to)
        });
        copied.await.map_err(|_| StoreError::Unavailable("the store could not be copied".into()))?
    }

    pub(super) fn glance(&self, work: Box<dyn Work>) {
        self.readers.run(work);
    }

    pub(super) async fn read(&self, work: Box<dyn Work>) -> Result<(), StoreError> {
        let place = self.places.take().await?;
        let readers = self.readers.clone();
        tokio::task::spawn_blocking(move || {
            readers.run(work);
            drop(place);
        });
        Ok(())
    }
}

struct Readers {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
}

impl Readers {
    fn run(&self, mut work: Box<dyn Work>) {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = match idle.map_or_else(|| open_for_reading(&self.path), Ok) {
            Ok(connection) => connection,
            Err(error) => return work.answer(Err(error)),
        };
        // The first SELECT fixes the snapshot; all others of the job see the same.
        if let Err(error) = session::run(&connection, "BEGIN") {
            return work.answer(Err(error));
        }
        let mut session = Session(&connection);
        let ran = work.run(&mut Tx::new(&mut session));
        let ended = connection.is_autocommit() || session::run(&connection, "ROLLBACK").is_ok();
        if ended && ran != Ran::Panicked {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
        work.answer(Ok(()));
    }
}

fn open_for_writing(path: &Path) -> Result<Connection, StoreError> {
    private_file(path)?;
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| cannot_open(path, &e))?;
    prepare(&connection).map_err(|e| cannot_open(path, &e))?;
    let mode: String = connection
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .map_err(|e| cannot_open(path, &e))?;
    if mode != "wal" {
        return Err(StoreError::Unavailable(format!(
            "{}: its file system cannot hold a write-ahead log: use a local disk",
            path.display()
        )));
    }
    connection
        .execute_batch(
            // FULL: an acknowledged commit survives a loss of power; NORMAL may lose the last ones.
            // secure_delete: an erased data key must not stay readable in free pages of the file.
            "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA journal_size_limit = 67108864;",
        )
        .map_err(|e| cannot_open(path, &e))?;
    Ok(connection)
}

fn open_for_reading(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|e| cannot_open(path, &e))?;
    prepare(&connection).map_err(|e| cannot_open(path, &e))?;
    connection.execute_batch("PRAGMA query_only = ON").map_err(|e| cannot_open(path, &e))?;
    Ok(connection)
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // Without it SQLite plans a kept statement anew whenever a bound value changes that a partial index was proved with.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;")
}

/// Makes the file, if it is new, readable by its owner only; SQLite gives its log the same rights.
fn private_file(path: &Path) -> Result<(), StoreError> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(path)
        .map(drop)
        .map_err(|e| StoreError::Unavailable(format!("{} cannot be opened for writing: {e}", path.display())))
}

fn cannot_open(path: &Path, error: &rusqlite::Error) -> StoreError {
    match told(error) {
        StoreError::Corrupt(_) => StoreError::Corrupt(format!("{} is not a store", path.display())),
        StoreError::Busy => StoreError::Busy,
        _ => StoreError::Unavailable(format!("{} cannot be opened", path.display())),
    }
}
