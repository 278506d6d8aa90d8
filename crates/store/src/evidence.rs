//! Evidence (*underlag*): signatures, scans, certificates' answers, byte for byte. Found by the SHA-256 of the bytes,
//! sealed under the data key of the party that they are about, so that erasing the party erases them too.

use crate::{StoreError, Tx, vault};
use aws_lc_rs::digest::{SHA256, digest};
use domain::{Entropy, Instant, PartyId, fact::EvidenceHash};
use keyring::{Keyring, seal_with, unseal_with};
use std::fmt;
use zeroize::Zeroizing;

/// Longest piece of evidence in bytes.
pub const MAX_LEN: usize = 10 * 1024 * 1024;

/// A piece of evidence.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    pub party: PartyId,
    /// Such as `application/pdf`.
    pub media_type: String,
    pub created_at: Instant,
    /// Exactly the bytes that were put in; wiped when dropped.
    pub bytes: Zeroizing<Vec<u8>>,
}

/// Shows how long it is, not what it says.
impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("party", &self.party)
            .field("media_type", &self.media_type)
            .field("len", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// The address of these bytes.
pub fn hash(bytes: &[u8]) -> EvidenceHash {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, bytes).as_ref());
    hash
}

/// Keeps the bytes; the same bytes about the same party are kept once.
///
/// # Errors
/// [`StoreError::Refused`] above [`MAX_LEN`]; [`StoreError::Conflict`] if there is no such party or it was erased.
pub fn put(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    party: PartyId,
    media_type: &str,
    bytes: &[u8],
    now: Instant,
) -> Result<EvidenceHash, StoreError> {
    if bytes.len() > MAX_LEN {
        return Err(StoreError::Refused("a piece of evidence is longer than 10 MiB".into()));
    }
    let hash = hash(bytes);
    let there = "SELECT 1 FROM evidence WHERE hash = $1 AND party = $2";
    if tx.query_opt(there, &[hash.into(), party.into()])?.is_some() {
        return Ok(hash);
    }
    let key = vault::data_key_or_new(tx, keys, entropy, party)?;
    let sealed = seal_with(&key, &context(party, &hash, media_type), bytes, entropy)?;
    tx.execute(
        "INSERT INTO evidence (hash, party, media_type, created_at, sealed) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (hash, party) DO NOTHING",
        &[hash.into(), party.into(), media_type.into(), now.into(), sealed.into()],
    )?;
    Ok(hash)
}

/// The evidence at this address; `None` if it was never kept, or whoever it is about was erased.
///
/// # Errors
/// [`StoreError::Corrupt`] if the bytes are no longer those of the address.
pub fn get(tx: &mut Tx<'_>, keys: &Keyring, hash: EvidenceHash) -> Result<Option<Evidence>, StoreError> {
    let rows = tx.query(
        "SELECT e.party, e.media_type, e.created_at, k.sealed, e.sealed \
         FROM evidence e JOIN party_key k ON k.party = e.party WHERE e.hash = $1 ORDER BY e.created_at, e.party LIMIT 1",
        &[hash.into()],
    )?;
    let Some(row) = rows.first() else { return Ok(None) };
    let (party, media_type): (PartyId, String) = (row.get(0)?, row.get(1)?);
    let key = vault::open_data_key(keys, party, &row.get::<Vec<u8>>(3)?)?;
    let bytes = unseal_with(&key, &context(party, &hash, &media_type), &row.get::<Vec<u8>>(4)?)?;
    if self::hash(&bytes) != hash {
        return Err(StoreError::Corrupt("a piece of evidence is not what its address says".into()));
    }
    Ok(Some(Evidence { party, media_type, created_at: row.get(2)?, bytes }))
}

fn context(party: PartyId, hash: &EvidenceHash, media_type: &str) -> Vec<u8> {
    [b"evidence\0".as_slice(), party.as_bytes(), hash, media_type.as_bytes()].concat()
}
