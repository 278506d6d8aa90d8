//! What a key is for, and where in its life it is.

use std::{fmt, str::FromStr};

/// What a key is for. A key never serves two purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// Wraps the data key of each party in the vault.
    VaultWrap,
    /// Finds a party by number without storing the number.
    VaultLookup,
    /// Signs the log's checkpoints (Ed25519).
    Checkpoint,
    /// Form tokens and other short-lived codes.
    Forms,
    /// Signs what e-services are told (ES256: P-256 with SHA-256).
    Tokens,
}

impl Purpose {
    /// All of them: an installation needs an active key for each.
    pub const ALL: [Purpose; 5] =
        [Self::VaultWrap, Self::VaultLookup, Self::Checkpoint, Self::Forms, Self::Tokens];

    /// The word under which the store files it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::VaultWrap => "vault_wrap",
            Self::VaultLookup => "vault_lookup",
            Self::Checkpoint => "checkpoint",
            Self::Forms => "forms",
            Self::Tokens => "tokens",
        }
    }

    /// How it signs, if it does.
    pub(crate) const fn signs(self) -> Option<Scheme> {
        match self {
            Self::Checkpoint => Some(Scheme::Ed25519),
            Self::Tokens => Some(Scheme::Es256),
            _ => None,
        }
    }
}

/// A way to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    /// RFC 8032; public keys of 32 bytes.
    Ed25519,
    /// ECDSA on P-256 with SHA-256 (RFC 7518 §3.4); public keys of 65 bytes, uncompressed.
    Es256,
}

/// Where a key is in its life. The order is the only way through it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyState {
    /// Made and published, not used: others can fetch it before it counts.
    Announced,
    /// In use for new work.
    Active,
    /// Only opens and verifies what was made before.
    Retired,
    /// The secret is gone; the row stays as history, with its public half.
    Destroyed,
}

impl KeyState {
    pub const ALL: [KeyState; 4] = [Self::Announced, Self::Active, Self::Retired, Self::Destroyed];

    /// The word under which the store files it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Announced => "announced",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Destroyed => "destroyed",
        }
    }
}

/// The word stands for no purpose or state of this release.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a word for a key's purpose or state")]
pub struct BadWord;

impl FromStr for Purpose {
    type Err = BadWord;
    fn from_str(word: &str) -> Result<Self, BadWord> {
        Self::ALL.into_iter().find(|p| p.word() == word).ok_or(BadWord)
    }
}

impl FromStr for KeyState {
    type Err = BadWord;
    fn from_str(word: &str) -> Result<Self, BadWord> {
        Self::ALL.into_iter().find(|s| s.word() == word).ok_or(BadWord)
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for KeyState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
