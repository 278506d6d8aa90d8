//! What can go wrong with keys, by what the caller can do about it. No message holds key material.

use crate::{KeyId, KeyState, Purpose};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The master key does not open the rows: another key, or a damaged row.
    #[error("key {id} does not open: the master key belongs to another installation, or the row is damaged")]
    WrongMasterKey { id: KeyId },
    /// A purpose has no active key. [`crate::create_missing`] makes it.
    #[error("there is no active key for {purpose}: create one before the store is used")]
    NoActiveKey { purpose: Purpose },
    #[error("there are two active keys for {purpose}: retire one of them")]
    TwoActiveKeys { purpose: Purpose },
    /// The ring does not hold the key that sealed this: load the ring again (it may have been turned on another
    /// node) and try once more.
    #[error("key {id} is not in the ring: load the keys again")]
    UnknownKey { id: KeyId },
    /// Altered, cut, sealed for another purpose or under another context.
    #[error("the sealed bytes do not open: altered, or made for something else")]
    NotAuthentic,
    #[error("{len} bytes are too many to seal: at most {max} are taken")]
    TooLong { len: usize, max: usize },
    #[error("keys for {purpose} do not sign")]
    DoesNotSign { purpose: Purpose },
    #[error("key {id} is {from} and cannot become {to}")]
    WrongOrder { id: KeyId, from: KeyState, to: KeyState },
    /// The cryptographic library refused; nothing was written. Not seen with well-formed keys.
    #[error("the cryptographic library failed")]
    Crypto,
}
