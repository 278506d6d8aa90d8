//! Why a backup was not made or not restored, by what the operator can do.

use crate::StoreError;
use std::path::PathBuf;

/// Nothing was kept of what was begun.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BackupError {
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("{}: {why}", path.display())]
    File { path: PathBuf, why: String },
    #[error("{} exists: a backup never takes the place of another file. Choose another name", .0.display())]
    Exists(PathBuf),
    #[error("{} is not a backup of Behörig", .0.display())]
    NotOne(PathBuf),
    #[error(
        "{} is damaged: {what}. Fetch it again, or take another backup; nothing was changed", path.display()
    )]
    Damaged { path: PathBuf, what: &'static str },
    #[error(
        "{} was made by release {release}, whose tables this program does not know: restore it with that release or a later one",
        path.display()
    )]
    Newer { path: PathBuf, release: String },
    #[error(
        "{} was not made under this master key, or was altered by somebody without it: put the master key of that \
         installation in its place", .0.display()
    )]
    Foreign(PathBuf),
    #[error(
        "there is an installation in this store (epoch {epoch}, change {seq}): restore into an empty one, or say --replace, \
         which destroys it"
    )]
    NotEmpty { epoch: u64, seq: u64 },
    #[error(
        "the store's tables are newer than this program: make the backup with the newest release that runs on them"
    )]
    StoreNewer,
}

impl BackupError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Store(_) => "STORE",
            Self::File { .. } => "BACKUP_FILE",
            Self::Exists(_) => "BACKUP_EXISTS",
            Self::NotOne(_) => "BACKUP_NOT_ONE",
            Self::Damaged { .. } => "BACKUP_DAMAGED",
            Self::Newer { .. } => "BACKUP_NEWER",
            Self::Foreign(_) => "BACKUP_FOREIGN",
            Self::NotEmpty { .. } => "STORE_NOT_EMPTY",
            Self::StoreNewer => "STORE_TOO_NEW",
        }
    }
}
