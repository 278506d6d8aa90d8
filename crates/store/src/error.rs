//! Errors of the store, told apart by what the caller can do about them (`ARCHITECTURE.md`, house style).
//!
//! No variant carries a value of a row or a parameter: an error may be logged, personal data may not.

/// Why the store did not do what it was asked for.
///
/// In every case but [`StoreError::Unknown`] nothing of the transaction was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Too much waits, or a lock was not given in time. The same call may succeed in a moment.
    #[error("the store is busy: try again in a moment")]
    Busy,
    /// The disk or its quota is full. Reading works; writing needs an operator who makes room.
    #[error("the store is full: make room on its disk")]
    Full,
    /// The store cannot be reached or used as it stands; says what stands in the way.
    #[error("the store is unavailable: {0}")]
    Unavailable(String),
    /// The answer to COMMIT was lost: the transaction is either wholly done or wholly undone.
    /// Look for its idempotency key before trying again.
    #[error("the store lost its answer to a commit: it may or may not have been done")]
    Unknown,
    /// What was read is no longer so, or concurrent changes kept colliding: read again and decide again.
    #[error("a concurrent change came first: read again and try again")]
    Conflict,
    /// A row with this key is there already; names the table.
    #[error("there is already such a row in {table}")]
    Unique {
        /// The table whose key or unique index refused the row.
        table: String,
    },
    /// Stored data is not what it must be: an operator has to restore or repair.
    #[error("stored data is damaged: {0}")]
    Corrupt(String),
    /// The statement is wrong, its row breaks a rule of the table, or a read tried to write: a mistake in the program.
    #[error("a statement was refused: {0}")]
    Refused(String),
    /// The migrations of this program do not fit the store.
    #[error("the store's tables do not fit this program: {0}")]
    Migration(String),
    /// Sealed data does not open. On [`keyring::KeyError::UnknownKey`] load the keys again
    /// ([`crate::keys::all`]) and repeat: another node has turned them.
    #[error(transparent)]
    Key(#[from] keyring::KeyError),
    /// The closure panicked; its changes are undone, the store goes on.
    #[error("the job stopped by a mistake in the program; nothing of it was kept")]
    Panicked,
}

impl StoreError {
    /// Whether the same call may succeed later without anybody's help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy | Self::Conflict | Self::Unavailable(_))
    }
}
