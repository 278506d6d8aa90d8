//! Use cases, one file each: decide, change facts, record, in one transaction.
//!
//! Nothing here knows HTML or SQL. Every act of a person goes through [`App::change`], [`App::write`] or
//! [`App::look`]: each decides by the one `authority::decide`, under the lock where it writes, and leaves exactly
//! one record.

mod act;
mod cases;
mod core;
mod due;
mod flood;
mod health;
mod names;
mod refusal;
mod system;
mod transact;

pub mod access;
pub mod application;
pub mod backup;
pub mod clock;
pub mod demo;
pub mod drafts;
pub mod erasure;
pub mod expiries;
pub mod identify;
pub mod installation;
pub mod invitation;
pub mod jobs;
pub mod keys;
pub mod log;
pub mod mandates;
pub mod new_catalogue;
pub mod oidc;
pub mod outbox;
pub mod platform;
pub mod problems;
pub mod protected;
pub mod records;
pub mod restore;
pub mod session;
pub mod sign;
pub mod support;
pub mod why;

pub use act::{Act, Want};
pub use core::{App, Known, OpenError, Parts, Settings};
pub use flood::{Floods, MOST_PER_SOURCE, MOST_WAITING};
pub use names::{Names, PartyName};
pub use platform::Platform;
pub use refusal::{FieldFault, Refusal, Stop};
pub use session::Visit;
pub use system::{SystemClock, SystemEntropy};

/// What a service's own store module writes its rows with.
pub mod rows {
    pub use store::{Migration, MigrationSet, Row, StoreError, Tx, Value};
}
