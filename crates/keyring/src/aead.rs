//! Sealing under one given key: AES-256-GCM (NIST SP 800-38D) with a random nonce.
//!
//! Form: version (1 byte) ‖ nonce (12) ‖ ciphertext ‖ tag (16). Random nonces bound one key to 2³² messages
//! (SP 800-38D §8.3); the keys of this house seal a few per party, or are turned long before.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::Entropy;
use zeroize::Zeroizing;

use crate::KeyError;

/// What sealing takes at most, in bytes. Larger things are cut or refused by who makes them.
pub const MAX_SEALED_LEN: usize = 32 * 1024 * 1024;
/// By how many bytes [`seal_with`] makes its input longer.
pub const SEAL_OVERHEAD: usize = 1 + NONCE_LEN + 16;

const VERSION: u8 = 1;

/// Seals `plain` under `key`; `aad` is the context without which it does not open again.
pub fn seal_with(
    key: &[u8; 32],
    aad: &[u8],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, KeyError> {
    seal(&prepare(key)?, &[VERSION], aad, plain, entropy)
}

/// Opens what [`seal_with`] made under the same key and context.
///
/// # Errors
/// [`KeyError::NotAuthentic`] for anything else, whatever is wrong with it.
pub fn unseal_with(key: &[u8; 32], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    match sealed.split_first() {
        Some((&VERSION, rest)) => unseal(&prepare(key)?, aad, rest),
        _ => Err(KeyError::NotAuthentic),
    }
}

pub(crate) fn prepare(key: &[u8; 32]) -> Result<LessSafeKey, KeyError> {
    Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| KeyError::Crypto)?))
}

/// `head` ‖ nonce ‖ ciphertext ‖ tag.
pub(crate) fn seal(
    key: &LessSafeKey,
    head: &[u8],
    aad: &[u8],
    plain: &[u8],
    entropy: &dyn Entropy,
) -> Result<Vec<u8>, KeyError> {
    if plain.len() > MAX_SEALED_LEN {
        return Err(KeyError::TooLong { len: plain.len(), max: MAX_SEALED_LEN });
    }
    let mut nonce = [0; NONCE_LEN];
    entropy.fill(&mut nonce);
    // Room for all of it at once: growing would leave a copy of the plaintext behind.
    let mut out = Vec::with_capacity(head.len() + NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
    out.extend_from_slice(head);
    out.extend_from_slice(&nonce);
    out.extend_from_slice(plain);
    let start = head.len() + NONCE_LEN;
    let tag = key
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(aad),
            out.get_mut(start..).ok_or(KeyError::Crypto)?,
        )
        .map_err(|_| KeyError::Crypto)?;
    out.extend_from_slice(tag.as_ref());
    Ok(out)
}

/// Opens nonce ‖ ciphertext ‖ tag.
pub(crate) fn unseal(key: &LessSafeKey, aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let (nonce, body) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(KeyError::NotAuthentic)?;
    if body.len() > MAX_SEALED_LEN + AES_256_GCM.tag_len() {
        return Err(KeyError::NotAuthentic);
    }
    let mut plain = Zeroizing::new(body.to_vec());
    let len = key
        .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad), &mut plain)
        .map_err(|_| KeyError::NotAuthentic)?
        .len();
    plain.truncate(len);
    Ok(plain)
}
