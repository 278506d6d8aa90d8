//! The vault: numbers, names and contacts, each sealed under a key of the party's own. Nothing else holds them.
//!
//! A party's data key is random and sealed under the installation's wrapping key, so that turning the wrapping key
//! touches one small row per party, and destroying the data key erases the party. AES-256-GCM throughout; the
//! additional data binds a sealed value to its party and field.

mod plain;

pub use plain::{Plain, PlainFields};

use crate::{StoreError, Tx, many};
use domain::{Entropy, PartyId};
use keyring::{KeyError, Keyring, Purpose, seal_with, unseal_with};
use std::{borrow::Cow, collections::BTreeMap};
use zeroize::Zeroizing;

/// A value longer than this is not a name or a contact.
pub const MAX_VALUE: usize = 64 * 1024;

/// What a party's vault can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field<'a> {
    PersonalNumber,
    OrganisationNumber,
    DisplayName,
    GivenName,
    Surname,
    Email,
    /// Any other text about the party, under a name of the caller's.
    FreeText(&'a str),
}

impl<'a> Field<'a> {
    fn name(self) -> Cow<'a, str> {
        match self {
            Field::PersonalNumber => "personal_number".into(),
            Field::OrganisationNumber => "organisation_number".into(),
            Field::DisplayName => "display_name".into(),
            Field::GivenName => "given_name".into(),
            Field::Surname => "surname".into(),
            Field::Email => "email".into(),
            Field::FreeText(name) => format!("text:{name}").into(),
        }
    }
}

/// Sets a field; an earlier value is gone.
///
/// # Errors
/// [`StoreError::Conflict`] if there is no such party or it was erased.
pub fn set_field(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    party: PartyId,
    field: Field<'_>,
    value: &str,
) -> Result<(), StoreError> {
    if value.len() > MAX_VALUE {
        return Err(StoreError::Refused("a vault's field is too long".into()));
    }
    let key = data_key_or_new(tx, keys, entropy, party)?;
    let name = field.name();
    let sealed = seal_with(&key, &field_context(party, &name), value.as_bytes(), entropy)?;
    tx.execute(
        "INSERT INTO party_field (party, field, sealed) VALUES ($1, $2, $3) \
         ON CONFLICT (party, field) DO UPDATE SET sealed = excluded.sealed",
        &[party.into(), name.as_ref().into(), sealed.into()],
    )?;
    Ok(())
}

/// One field; `None` if it was never set or the party was erased.
pub fn field(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    party: PartyId,
    field: Field<'_>,
) -> Result<Option<Plain>, StoreError> {
    let name = field.name();
    let row = tx.query_opt(
        "SELECT k.sealed, f.sealed FROM party_field f JOIN party_key k ON k.party = f.party \
         WHERE f.party = $1 AND f.field = $2",
        &[party.into(), name.as_ref().into()],
    )?;
    let Some(row) = row else { return Ok(None) };
    let key = open_data_key(keys, party, &row.get::<Vec<u8>>(0)?)?;
    open_field(&key, party, &name, &row.get::<Vec<u8>>(1)?).map(Some)
}

/// All fields of several parties at once, for lists. Parties without any are left out.
pub fn fields(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    parties: &[PartyId],
) -> Result<BTreeMap<PartyId, PlainFields>, StoreError> {
    let mut wanted = parties.to_vec();
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = BTreeMap::new();
    for piece in many::pieces(&wanted) {
        let places = many::places(1, piece.len());
        let ids: Vec<_> = piece.iter().map(|party| (*party).into()).collect();
        let mut data_keys = BTreeMap::new();
        for row in
            tx.query(&format!("SELECT party, sealed FROM party_key WHERE party IN ({places})"), &ids)?
        {
            let party: PartyId = row.get(0)?;
            data_keys.insert(party, open_data_key(keys, party, &row.get::<Vec<u8>>(1)?)?);
        }
        let sql = format!("SELECT party, field, sealed FROM party_field WHERE party IN ({places})");
        for row in tx.query(&sql, &ids)? {
            let (party, name): (PartyId, String) = (row.get(0)?, row.get(1)?);
            let Some(key) = data_keys.get(&party) else { continue };
            let value = open_field(key, party, &name, &row.get::<Vec<u8>>(2)?)?;
            found.entry(party).or_insert_with(PlainFields::default).insert(name, value);
        }
    }
    Ok(found)
}

/// How far turning the wrapping key has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewrapped {
    /// So many data keys were sealed anew; there may be more.
    Some(u32),
    /// None is left under an old key.
    All,
}

/// Seals up to `limit` data keys, which lie under an old wrapping key, under the active one. Call it until
/// [`Rewrapped::All`]; it may be stopped at any time and taken up again.
pub fn rewrap(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    limit: u32,
) -> Result<Rewrapped, StoreError> {
    let active = keys.active_id(Purpose::VaultWrap)?.as_str();
    // Two conditions that an index can answer, where `<>` would read the whole table.
    let old = tx.query(
        "SELECT party, sealed FROM party_key WHERE wrapped_by < $1 OR wrapped_by > $1 LIMIT $2",
        &[active.into(), limit.into()],
    )?;
    if old.is_empty() {
        return Ok(Rewrapped::All);
    }
    let mut count = 0;
    for row in old {
        let (party, sealed): (PartyId, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let key = open_data_key(keys, party, &sealed)?;
        let anew = keys.seal(Purpose::VaultWrap, &key_context(party), key.as_slice(), entropy)?;
        // The old seal in the condition: another node may have done this row, or erased it, since it was read.
        count += tx.execute(
            "UPDATE party_key SET sealed = $1, wrapped_by = $2 WHERE party = $3 AND sealed = $4",
            &[anew.into(), active.into(), party.into(), sealed.into()],
        )?;
    }
    Ok(Rewrapped::Some(u32::try_from(count).unwrap_or(u32::MAX)))
}

pub(crate) type DataKey = Zeroizing<[u8; 32]>;

/// The party's data key; `None` if it has none or was erased.
fn data_key(tx: &mut Tx<'_>, keys: &Keyring, party: PartyId) -> Result<Option<DataKey>, StoreError> {
    let row = tx.query_opt("SELECT sealed FROM party_key WHERE party = $1", &[party.into()])?;
    row.map(|row| open_data_key(keys, party, &row.get::<Vec<u8>>(0)?)).transpose()
}

/// The party's data key; made if it has none.
pub(crate) fn data_key_or_new(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    party: PartyId,
) -> Result<DataKey, StoreError> {
    if let Some(key) = data_key(tx, keys, party)? {
        return Ok(key);
    }
    let mut key = DataKey::default();
    entropy.fill(key.as_mut_slice());
    let sealed = keys.seal(Purpose::VaultWrap, &key_context(party), key.as_slice(), entropy)?;
    let wrapped_by = keys.active_id(Purpose::VaultWrap)?.as_str();
    // An erased party gets no new key: what was erased stays so.
    let ours = tx.execute(
        "INSERT INTO party_key (party, wrapped_by, sealed) \
         SELECT id, $2, $3 FROM party WHERE id = $1 AND erased_at IS NULL ON CONFLICT (party) DO NOTHING",
        &[party.into(), wrapped_by.into(), sealed.into()],
    )?;
    if ours == 1 { Ok(key) } else { data_key(tx, keys, party)?.ok_or(StoreError::Conflict) }
}

pub(crate) fn open_data_key(keys: &Keyring, party: PartyId, sealed: &[u8]) -> Result<DataKey, StoreError> {
    let plain = keys.unseal(Purpose::VaultWrap, &key_context(party), sealed)?;
    let mut key = DataKey::default();
    if plain.len() != key.len() {
        return Err(KeyError::NotAuthentic.into());
    }
    key.copy_from_slice(&plain);
    Ok(key)
}

fn open_field(key: &DataKey, party: PartyId, name: &str, sealed: &[u8]) -> Result<Plain, StoreError> {
    let plain = unseal_with(key, &field_context(party, name), sealed)?;
    Plain::from_utf8(&plain).ok_or_else(|| StoreError::Corrupt("a vault's field is not UTF-8".into()))
}

fn key_context(party: PartyId) -> Vec<u8> {
    [b"party-key\0".as_slice(), party.as_bytes()].concat()
}

fn field_context(party: PartyId, name: &str) -> Vec<u8> {
    [b"party-field\0".as_slice(), party.as_bytes(), name.as_bytes()].concat()
}
