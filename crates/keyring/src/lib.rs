//! One life cycle for every key.
//!
//! Keys lie in the store, wrapped by a master key that lies neither in the store nor in its backup: who copies
//! the database gets ciphertext only. Each key goes announced → active → retired → destroyed and no other way,
//! so that a key can be published before it is used, and what it protected stays readable after it was turned.
//!
//! Every purpose has its own keys, and every key has its own sub-keys for sealing, authenticating and looking up,
//! so that no bytes made for one use mean anything in another.

pub mod aead;
mod derive;
pub mod error;
pub mod id;
pub mod lifecycle;
pub mod master;
pub mod purpose;
pub mod ring;
pub mod signer;
mod stored;

pub use aead::{MAX_SEALED_LEN, SEAL_OVERHEAD, seal_with, unseal_with};
pub use error::KeyError;
pub use id::{BadKeyId, KeyId};
pub use lifecycle::{create, create_missing, rotate};
pub use master::{BadMasterKey, MasterKey, Stamp};
pub use purpose::{BadWord, KeyState, Purpose};
pub use ring::Keyring;
pub use stored::StoredKey;
