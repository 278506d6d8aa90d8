//! A backup (*säkerhetskopia*): one file that holds what is committed at one moment, read while the store is at work.
//!
//! The form is our own and the same for both engines: rows as values, table by table, so that a copy of one engine can be
//! restored on the other, and one of an older release under a newer program (its tables are made as they were, filled, and
//! then brought up to date). At the end of the file stands the [`Manifest`], and behind it its hash and a stamp by the master
//! key: a file that is cut, altered, of another installation or of a newer release is known before anything is touched.
//!
//! A backup holds what the store holds: keys are wrapped by the master key, people's data is sealed under those keys. The
//! master key is in neither.

mod export;
mod fault;
mod file;
mod load;
mod manifest;
mod rows;

pub use export::{Progress, write};
pub use fault::BackupError;
pub use file::Backup;
pub use load::{Existing, Onto, existing, load};
pub use manifest::{Manifest, Part, Step};

/// The label of the master key's stamp on a manifest.
pub const LABEL: &str = "backup";
