//! Why an officer looked a reference code up, in the officer's words: by the record of the look-up, sealed under the data
//! key of the person whom it concerned. Erasing that person erases the words; the record that it happened stays.

use crate::{StoreError, Tx, vault};
use domain::{Entropy, PartyId, RecordId};
use keyring::{Keyring, seal_with, unseal_with};
use zeroize::Zeroizing;

/// Longest reason in bytes: what a form of 300 characters can hold.
pub const MAX_LEN: usize = 1200;

/// Keeps the reason of a look-up, in the transaction of its record.
///
/// # Errors
/// [`StoreError::Refused`] above [`MAX_LEN`]; [`StoreError::Conflict`] if there is no such party or it was erased.
pub fn keep(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    record: RecordId,
    party: PartyId,
    reason: &str,
) -> Result<(), StoreError> {
    if reason.len() > MAX_LEN {
        return Err(StoreError::Refused("the reason of a look-up is too long".into()));
    }
    let key = vault::data_key_or_new(tx, keys, entropy, party)?;
    let sealed = seal_with(&key, &context(record, party), reason.as_bytes(), entropy)?;
    tx.execute(
        "INSERT INTO lookup_reason (record, party, sealed) VALUES ($1, $2, $3)",
        &[record.into(), party.into(), sealed.into()],
    )?;
    Ok(())
}

/// The reason of the look-up that this record tells of; `None` if it is none, or the person was erased.
pub fn find(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    record: RecordId,
) -> Result<Option<Zeroizing<String>>, StoreError> {
    let row = tx.query_opt(
        "SELECT l.party, k.sealed, l.sealed FROM lookup_reason l JOIN party_key k ON k.party = l.party \
         WHERE l.record = $1",
        &[record.into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let party: PartyId = row.get(0)?;
    let key = vault::open_data_key(keys, party, &row.get::<Vec<u8>>(1)?)?;
    let bytes = unseal_with(&key, &context(record, party), &row.get::<Vec<u8>>(2)?)?;
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| StoreError::Corrupt("the reason of a look-up is no text".into()))?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

fn context(record: RecordId, party: PartyId) -> Vec<u8> {
    [b"lookup-reason\0".as_slice(), record.as_bytes(), party.as_bytes()].concat()
}
