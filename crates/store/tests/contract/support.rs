//! What the tests share.

use domain::Instant;
use store::{Store, StoreError, testing::TestDatabase};

/// Runs each named function (`async fn(TestDatabase)`) once per engine.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(store::testing::sqlite().unwrap()).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::$name(store::testing::postgres().await.unwrap()).await;
            })*
        }
    };
}
pub(crate) use on_both;

/// 2026-01-15T12:00:00Z and so many seconds.
pub fn at(seconds: i64) -> Instant {
    Instant::from_micros((1_768_478_400 + seconds) * 1_000_000)
}

/// A store with one table `note(id, text)` and one counter row.
pub async fn with_notes(db: &TestDatabase) -> Store {
    let store = db.open().await.unwrap();
    store.migrate(&[NOTES]).await.unwrap();
    store
}

pub const NOTES: store::MigrationSet = store::MigrationSet {
    owner: "test",
    migrations: &[store::Migration {
        number: 1,
        name: "notes",
        sql: "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, blob BLOB) STRICT;
              CREATE TABLE tally (one INTEGER PRIMARY KEY, n INTEGER NOT NULL CHECK (n < 1000000)) STRICT;
              INSERT INTO tally (one, n) VALUES (1, 0);",
    }],
};

pub async fn add_note(store: &Store, id: i64, text: &'static str) -> Result<u64, StoreError> {
    store
        .write(move |tx| tx.execute("INSERT INTO note (id, text) VALUES ($1, $2)", &[id.into(), text.into()]))
        .await
}

pub async fn note_ids(store: &Store) -> Vec<i64> {
    store
        .read(|tx| tx.query("SELECT id FROM note ORDER BY id", &[])?.iter().map(|row| row.get(0)).collect())
        .await
        .unwrap_or_else(|e: StoreError| panic!("{e}"))
}

/// A store with its own tables, a ring of keys and randomness.
pub struct World {
    pub store: Store,
    pub keys: std::sync::Arc<keyring::Keyring>,
    pub master: std::sync::Arc<keyring::MasterKey>,
    pub rows: Vec<keyring::StoredKey>,
    pub db: TestDatabase,
}

pub use store::testing::TestEntropy as Random;

pub async fn world(db: TestDatabase) -> World {
    let store = db.store().await.unwrap();
    let master = std::sync::Arc::new(keyring::MasterKey::generate(&Random));
    let rows = keyring::create_missing(&[], &master, &Random, at(0)).unwrap();
    let keys = std::sync::Arc::new(keyring::Keyring::open(&master, &rows).unwrap());
    World { store, keys, master, rows, db }
}

impl World {
    /// A write with the keys at hand.
    pub async fn write<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut store::Tx<'_>, &keyring::Keyring) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let keys = self.keys.clone();
        self.store.write(move |tx| job(tx, &keys)).await
    }

    /// A read with the keys at hand.
    pub async fn read<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut store::Tx<'_>, &keyring::Keyring) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let keys = self.keys.clone();
        self.store.read(move |tx| job(tx, &keys)).await
    }
}

type Started<T> = std::pin::Pin<Box<dyn Future<Output = T>>>;

/// Hands every job to the store before any is waited for; gives what was answered at once, and the rest.
pub async fn start_all<T>(
    jobs: impl IntoIterator<Item = impl Future<Output = T> + 'static>,
) -> (Vec<T>, Vec<Started<T>>) {
    let (mut answered, mut waiting) = (Vec::new(), Vec::new());
    for job in jobs {
        let mut job: Started<T> = Box::pin(job);
        match std::future::poll_fn(|cx| std::task::Poll::Ready(job.as_mut().poll(cx))).await {
            std::task::Poll::Ready(answer) => answered.push(answer),
            std::task::Poll::Pending => waiting.push(job),
        }
    }
    (answered, waiting)
}
