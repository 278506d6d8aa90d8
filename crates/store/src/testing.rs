//! Databases for tests: a file for SQLite, a throw-away server for PostgreSQL.
//!
//! The server is the one that `BEHORIG_TEST_POSTGRES` names (a URL of a local server where databases may be made), or
//! one started here: one per test process, on a socket in a temporary folder, gone with the process however it
//! ends. No server found is an error, so that a test fails and is not skipped.

mod server;
mod small_disk;

pub use small_disk::{SmallDisk, postgres_on_a_small_disk};

use crate::{Store, StoreError, StoreUrl, url::postgres_config};
use domain::{Clock, Entropy, Instant};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicI64, AtomicU32, Ordering},
    time::Duration,
};
use tokio_postgres::NoTls;

static NEXT: AtomicU32 = AtomicU32::new(1);

/// An empty database. A SQLite file goes when this is dropped; a database of a throw-away server with its server.
#[derive(Debug)]
pub struct TestDatabase {
    pub url: StoreUrl,
    folder: Option<PathBuf>,
}

impl TestDatabase {
    /// Opens it without any table.
    pub async fn open(&self) -> Result<Store, StoreError> {
        Store::open(&self.url).await
    }

    /// Opens it with the store's own tables.
    pub async fn store(&self) -> Result<Store, StoreError> {
        let store = self.open().await?;
        store.migrate(&[crate::MIGRATIONS]).await?;
        Ok(store)
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

/// A new SQLite database in a temporary folder.
pub fn sqlite() -> std::io::Result<TestDatabase> {
    let folder = new_folder()?;
    Ok(TestDatabase { url: StoreUrl::Sqlite(folder.join("store.db")), folder: Some(folder) })
}

/// A new PostgreSQL database.
///
/// # Errors
/// A text that says what is missing.
pub async fn postgres() -> Result<TestDatabase, String> {
    let server = tokio::task::spawn_blocking(server::address).await.map_err(|e| e.to_string())??;
    let name = format!("behorig_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let config = postgres_config(&server).map_err(|e| e.to_string())?;
    let (client, connection) = config.connect(NoTls).await.map_err(|e| format!("no test server: {e}"))?;
    let driver = tokio::spawn(connection);
    // A process with our number may have left one behind on a lasting server.
    let made = async {
        client.batch_execute(&format!("DROP DATABASE IF EXISTS {name}")).await?;
        client.batch_execute(&format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await
    };
    made.await.map_err(|e| format!("no test database: {e}"))?;
    drop(client);
    let _ = driver.await;
    Ok(TestDatabase { url: StoreUrl::Postgres(address_of(&config, &name)), folder: None })
}

/// The address of a database on the server that `config` names.
fn address_of(config: &tokio_postgres::Config, database: &str) -> String {
    use tokio_postgres::config::Host;
    let encoded = |text: &str| text.bytes().map(|b| format!("%{b:02X}")).collect::<String>();
    let mut parts = Vec::new();
    parts.extend(config.get_user().map(|user| format!("user={}", encoded(user))));
    parts.extend(config.get_password().map(|p| format!("password={}", encoded(&String::from_utf8_lossy(p)))));
    parts.extend(config.get_hosts().iter().map(|host| match host {
        Host::Tcp(name) => format!("host={}", encoded(name)),
        Host::Unix(path) => format!("host={}", encoded(&path.to_string_lossy())),
    }));
    parts.extend(config.get_ports().iter().map(|port| format!("port={port}")));
    format!("postgres:///{database}?{}", parts.join("&"))
}

/// A new temporary folder; the caller removes it.
pub fn new_folder() -> std::io::Result<PathBuf> {
    loop {
        let name = format!("behorig-test-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(&std::env::temp_dir()).join(name);
        match std::fs::create_dir(&folder) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            other => return other.map(|()| folder),
        }
    }
}

/// Cryptographic randomness of the library.
#[derive(Debug, Clone, Copy, Default)]
pub struct TestEntropy;

impl Entropy for TestEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        if aws_lc_rs::rand::fill(buffer).is_err() {
            std::process::abort();
        }
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct TestClock {
    now: AtomicI64,
    /// Microseconds of a count that setting does not touch; negative: there is none.
    count: AtomicI64,
}

impl TestClock {
    pub fn at(now: Instant) -> Self {
        Self { now: AtomicI64::new(now.micros()), count: AtomicI64::new(-1) }
    }

    pub fn set(&self, now: Instant) {
        self.now.store(now.micros(), Ordering::Relaxed);
    }

    /// From now on it has a count, which stands at so much.
    pub fn count(&self, count: Duration) {
        self.count.store(i64::try_from(count.as_micros()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.now.load(Ordering::Relaxed))
    }

    fn elapsed(&self) -> Option<Duration> {
        u64::try_from(self.count.load(Ordering::Relaxed)).ok().map(Duration::from_micros)
    }
}
