//! The contract of the store, shown on SQLite and on PostgreSQL alike.
//!
//! A test marked `on_both!` is a function of an empty database and runs once per engine. What only one engine can
//! show (groups of commits, deadlocks) names it.

#![expect(clippy::unwrap_used, reason = "a panic in a test is a failure with a line number")]

mod support;

mod backup;
mod engine;
mod kill;
mod migrate;
mod only_postgres;
mod only_sqlite;

mod cases;
mod clock;
mod drafts;
mod facts;
mod log;
mod login;
mod oidc;
mod outbox;
mod problems;
mod records;
mod seq;
mod small;
mod trials;
mod vault;
