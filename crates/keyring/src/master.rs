//! The master key: 32 random bytes in a file of its own, outside the store and outside its backup.

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::Entropy;
use std::fmt;
use zeroize::Zeroizing;

use crate::derive::hmac_sha256;

/// Wraps every stored key. Wiped from memory when dropped; never printed but by [`MasterKey::to_text`].
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// The text is not a master key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a master key: one line of 44 characters of base64 is expected, as `init` wrote it")]
pub struct BadMasterKey;

impl MasterKey {
    pub fn generate(entropy: &dyn Entropy) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// Reads one line of base64, with or without its line end.
    pub fn from_text(text: &str) -> Result<Self, BadMasterKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        let mut room = Zeroizing::new([0; 36]); // base64 decodes by whole groups of three bytes
        let line = text.trim_ascii();
        if line.len() != 44 {
            return Err(BadMasterKey);
        }
        let len = BASE64_STANDARD.decode_slice(line, room.as_mut_slice()).map_err(|_| BadMasterKey)?;
        let decoded = room.get(..len).ok_or(BadMasterKey)?;
        if len != bytes.len() {
            return Err(BadMasterKey);
        }
        bytes.copy_from_slice(decoded);
        Ok(Self(bytes))
    }

    /// One line of base64 without a line end, for the key's own file (mode 600).
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64_STANDARD.encode(self.0.as_slice()))
    }

    /// What vouches for things that lie outside the store; `label` tells one kind of them from another.
    pub fn stamp(&self, label: &str) -> Stamp {
        let master = hmac::Key::new(hmac::HMAC_SHA256, self.0.as_slice());
        let own = Zeroizing::new(hmac_sha256(&master, &[b"behorig stamp 1\0", label.as_bytes()]));
        Stamp(hmac::Key::new(hmac::HMAC_SHA256, own.as_slice()))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Authenticates by HMAC-SHA-256 under a sub-key of the master key: a backup, a list. Opens and wraps nothing.
#[derive(Clone)]
pub struct Stamp(hmac::Key);

impl Stamp {
    pub fn make(&self, data: &[u8]) -> [u8; 32] {
        hmac_sha256(&self.0, &[data])
    }

    /// Whether [`Stamp::make`] gave this, under the same master key and label.
    pub fn verify(&self, data: &[u8], mac: &[u8; 32]) -> bool {
        constant_time::verify_slices_are_equal(&self.make(data), mac).is_ok()
    }
}

impl fmt::Debug for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Stamp(redacted)")
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(redacted)")
    }
}
