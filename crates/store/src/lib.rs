//! Transactions, repositories, vault, evidence, sessions, outbox, migrations.
//!
//! One transaction type over SQLite and PostgreSQL. A write is one synchronous closure that may be run again; it is
//! answered when it is durable. Repositories are free functions on a transaction, one file each, so that a use case
//! joins them in one. Only this crate and a service's own store module see SQL.

mod engine;
mod error;
mod many;
mod migrate;
#[doc(hidden)]
pub mod testing;
mod tx;
mod url;
mod value;
mod work;

pub mod backup;
pub mod cases;
pub mod catalogues;
pub mod clock;
pub mod copy;
pub mod drafts;
pub mod erasures;
pub mod evidence;
pub mod facts;
pub mod installation;
pub mod invitations;
pub mod keys;
pub mod log;
pub mod lookups;
pub mod oidc;
pub mod orders;
pub mod outbox;
pub mod parties;
pub mod problems;
pub mod records;
pub mod seq;
pub mod sessions;
pub mod vault;

pub use engine::Store;
pub use error::StoreError;
pub use migrate::{Migration, MigrationSet};
pub use tx::Tx;
pub use url::{BadStoreUrl, StoreUrl};
pub use value::{FromValue, Row, Value};

/// The store's own tables.
pub const MIGRATIONS: MigrationSet = MigrationSet {
    owner: "store",
    migrations: &[
        Migration { number: 1, name: "facts", sql: include_str!("../migrations/0001_facts.sql") },
        Migration { number: 2, name: "vault", sql: include_str!("../migrations/0002_vault.sql") },
        Migration { number: 3, name: "login", sql: include_str!("../migrations/0003_login.sql") },
        Migration { number: 4, name: "work", sql: include_str!("../migrations/0004_work.sql") },
        Migration { number: 5, name: "log", sql: include_str!("../migrations/0005_log.sql") },
        Migration { number: 6, name: "collected", sql: include_str!("../migrations/0006_collected.sql") },
        Migration { number: 7, name: "oidc", sql: include_str!("../migrations/0007_oidc.sql") },
        Migration { number: 8, name: "case_opener", sql: include_str!("../migrations/0008_case_opener.sql") },
        Migration { number: 9, name: "sessions", sql: include_str!("../migrations/0009_sessions.sql") },
        Migration { number: 10, name: "clock", sql: include_str!("../migrations/0010_clock.sql") },
        Migration { number: 11, name: "trials", sql: include_str!("../migrations/0011_trials.sql") },
        Migration { number: 12, name: "erasures", sql: include_str!("../migrations/0012_erasures.sql") },
        Migration { number: 13, name: "support", sql: include_str!("../migrations/0013_support.sql") },
        Migration { number: 14, name: "floods", sql: include_str!("../migrations/0014_floods.sql") },
    ],
};
