//! Sub-keys of a stored key, one for each use: HMAC-SHA-256 as a pseudo-random function over a label
//! (NIST SP 800-108r1, one block), so that a key that seals never authenticates with the same bits.

use aws_lc_rs::hmac;
use zeroize::Zeroizing;

use crate::Purpose;

pub(crate) enum Use {
    Seal,
    Mac,
    Lookup,
    Sign,
}

/// 32 bytes for one use of one key.
pub(crate) fn subkey(secret: &[u8; 32], purpose: Purpose, usage: Use) -> Zeroizing<[u8; 32]> {
    let usage: &[u8] = match usage {
        Use::Seal => b"seal",
        Use::Mac => b"mac",
        Use::Lookup => b"lookup",
        Use::Sign => b"sign",
    };
    let mut label = b"behorig keyring 1\0".to_vec();
    label.extend_from_slice(purpose.word().as_bytes());
    label.push(0);
    label.extend_from_slice(usage);
    Zeroizing::new(hmac_sha256(&hmac::Key::new(hmac::HMAC_SHA256, secret), &[&label]))
}

/// HMAC-SHA-256 over the parts one after the other. The caller sees to it that they can be told apart.
pub(crate) fn hmac_sha256(key: &hmac::Key, parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    let tag = context.sign();
    let mut out = [0; 32];
    out.copy_from_slice(tag.as_ref());
    out
}
