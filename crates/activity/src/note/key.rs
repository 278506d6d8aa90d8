//! The public key that verifies notes, as text: `name+hash+base64` (the "vkey" of the tools around C2SP), and a file
//! of them: one key per line, `#` before remarks. After a key was turned the old line stays in the file.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{fmt, str::FromStr};

use crate::sha256;

/// Signature type Ed25519 (C2SP signed-note).
const ED25519_TYPE: u8 = 0x01;
const MAX_NAME_LEN: usize = 256;
const MAX_KEYS: usize = 1000;

/// An Ed25519 public key with its name. The name is the origin of the log that it signs for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifierKey {
    name: String,
    public: [u8; 32],
}

/// The text is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("not a key: name+hash+base64 is expected, as the log's operator publishes it")]
    Form,
    #[error("not a key of ours: only Ed25519 is read")]
    Algorithm,
    #[error("the key's name, hash and bytes do not belong together: a character was lost or changed")]
    Hash,
    #[error("the name of a key is 1–256 characters without spaces and plus signs")]
    Name,
}

/// A line of the key file is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadKeyFile {
    #[error("line {line}: {why}")]
    Line { line: usize, why: BadKey },
    #[error("there is no key in the file")]
    Empty,
    #[error("more than {MAX_KEYS} keys are in the file")]
    TooMany,
}

impl VerifierKey {
    /// A key by name and its 32 bytes (RFC 8032).
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, BadKey> {
        if is_name(name) { Ok(Self { name: name.to_owned(), public }) } else { Err(BadKey::Name) }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key's 32 bytes.
    pub fn public(&self) -> [u8; 32] {
        self.public
    }

    /// SHA-256(name ‖ 0x0A ‖ type ‖ public key), the first four bytes.
    pub fn key_id(&self) -> [u8; 4] {
        let hash = sha256(&[self.name.as_bytes(), b"\n", &[ED25519_TYPE], &self.public]);
        [hash[0], hash[1], hash[2], hash[3]]
    }

    pub(super) fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(text, signature).is_ok()
    }
}

/// Non-empty, no Unicode space, no plus, no control character (C2SP signed-note, "Format").
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= MAX_NAME_LEN
        && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}

impl FromStr for VerifierKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let mut parts = text.splitn(3, '+'); // base64 may hold a plus
        let (Some(name), Some(hash), Some(encoded)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(BadKey::Form);
        };
        let bytes = BASE64_STANDARD.decode(encoded).map_err(|_| BadKey::Form)?;
        let (algorithm, public) = bytes.split_first().ok_or(BadKey::Form)?;
        if *algorithm != ED25519_TYPE {
            return Err(BadKey::Algorithm);
        }
        let key = Self::new(name, public.try_into().map_err(|_| BadKey::Form)?)?;
        if crate::hex::encode(&key.key_id()) == hash { Ok(key) } else { Err(BadKey::Hash) }
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [[ED25519_TYPE].as_slice(), &self.public].concat();
        write!(f, "{}+{}+{}", self.name, crate::hex::encode(&self.key_id()), BASE64_STANDARD.encode(bytes))
    }
}

/// Reads a key file.
pub fn read_keys(file: &str) -> Result<Vec<VerifierKey>, BadKeyFile> {
    let mut keys = Vec::new();
    for (line, text) in file.lines().enumerate() {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if keys.len() == MAX_KEYS {
            return Err(BadKeyFile::TooMany);
        }
        keys.push(text.parse().map_err(|why| BadKeyFile::Line { line: line + 1, why })?);
    }
    if keys.is_empty() { Err(BadKeyFile::Empty) } else { Ok(keys) }
}
