//! Transactions, repositories, vault, evidence, sessions, outbox, migrations.
//!
//! One transaction type over SQLite and PostgreSQL. A write is one synchronous closure that may be run again; it is
//! answered when it is durable. Repositories are free functions on a transaction, one file each, so that a use case
//! joins them in one. Only this crate and a service's own store module see SQL.

mod engine;
mod error;
mod migrate;
#[doc(hidden)]
pub mod testing;
mod tx;
mod url;
mod value;
mod work;

pub use engine::Store;
pub use error::StoreError;
pub use migrate::{Migration, MigrationSet};
pub use tx::Tx;
pub use url::{BadStoreUrl, StoreUrl};
pub use value::{FromValue, Row, Value};

/// The store's own tables.
pub const MIGRATIONS: MigrationSet = MigrationSet { owner: "store", migrations: &[] };
