//! Protected identity (*skyddade personuppgifter*): who bears the population register's mark, and how far the register
//! has been read.
//!
//! The mark is a secret of its own. It lies under a keyed hash of the party's id and sealed under the party's key, so
//! that a copy of the store tells how many are marked and not who; erasing the party makes the mark unreadable.

use crate::{
    StoreError, Tx, many,
    parties::Identifier,
    vault::{data_key_or_new, open_data_key},
};
use domain::{Entropy, PartyId};
use keyring::{Keyring, seal_with, unseal_with};
use std::{collections::BTreeMap, collections::BTreeSet, fmt, str::FromStr};

/// The forms of protection that the register tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Secrecy marking (*sekretessmarkering*).
    SecrecyMarking,
    /// Protected registration (*skyddad folkbokföring*).
    ProtectedRegistration,
    /// The person has another identity now (*fingerade personuppgifter*): what is kept here is the former one's.
    Replaced,
}

/// The word is no form of protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a form of protected identity")]
pub struct BadForm;

impl FromStr for Form {
    type Err = BadForm;
    fn from_str(word: &str) -> Result<Self, BadForm> {
        match word {
            "secrecy_marking" => Ok(Self::SecrecyMarking),
            "protected_registration" => Ok(Self::ProtectedRegistration),
            "number_replaced" => Ok(Self::Replaced),
            _ => Err(BadForm),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::SecrecyMarking => "secrecy_marking",
            Self::ProtectedRegistration => "protected_registration",
            Self::Replaced => "number_replaced",
        })
    }
}

/// Marks a party; an earlier mark is replaced.
///
/// # Errors
/// [`StoreError::Conflict`] if there is no such party or it was erased.
pub fn mark(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    entropy: &dyn Entropy,
    party: PartyId,
    form: Form,
) -> Result<(), StoreError> {
    let key = data_key_or_new(tx, keys, entropy, party)?;
    let sealed = seal_with(&key, &context(party), form.to_string().as_bytes(), entropy)?;
    // A mark under an earlier lookup key would stand beside this one.
    lift(tx, keys, party)?;
    let token = keys.lookup_hash(KIND, &party.to_string());
    tx.execute("INSERT INTO register_mark (token, sealed) VALUES ($1, $2)", &[token.into(), sealed.into()])?;
    Ok(())
}

/// Takes the mark away. `false`: there was none.
pub fn lift(tx: &mut Tx<'_>, keys: &Keyring, party: PartyId) -> Result<bool, StoreError> {
    let mut lifted = 0;
    for token in keys.lookup_hashes(KIND, &party.to_string()) {
        lifted += tx.execute("DELETE FROM register_mark WHERE token = $1", &[token.into()])?;
    }
    Ok(lifted > 0)
}

/// Which of the parties are marked.
pub fn marked(tx: &mut Tx<'_>, keys: &Keyring, parties: &[PartyId]) -> Result<BTreeSet<PartyId>, StoreError> {
    let tokens: BTreeMap<[u8; 32], PartyId> = parties
        .iter()
        .flat_map(|party| {
            keys.lookup_hashes(KIND, &party.to_string()).into_iter().map(|token| (token, *party))
        })
        .collect();
    let wanted: Vec<[u8; 32]> = tokens.keys().copied().collect();
    let mut found = BTreeSet::new();
    for piece in many::pieces(&wanted) {
        let sql =
            format!("SELECT token FROM register_mark WHERE token IN ({})", many::places(1, piece.len()));
        let params: Vec<_> = piece.iter().map(|token| (*token).into()).collect();
        for row in tx.query(&sql, &params)? {
            found.extend(tokens.get(&row.get::<[u8; 32]>(0)?).copied());
        }
    }
    Ok(found)
}

/// The form of a party's protection; `None` for a party without a mark, or erased.
pub fn form_of(tx: &mut Tx<'_>, keys: &Keyring, party: PartyId) -> Result<Option<Form>, StoreError> {
    let key = tx.query_opt("SELECT sealed FROM party_key WHERE party = $1", &[party.into()])?;
    let Some(key) = key else { return Ok(None) };
    let key = open_data_key(keys, party, &key.get::<Vec<u8>>(0)?)?;
    for token in keys.lookup_hashes(KIND, &party.to_string()) {
        let row = tx.query_opt("SELECT sealed FROM register_mark WHERE token = $1", &[token.into()])?;
        if let Some(row) = row {
            let word = unseal_with(&key, &context(party), &row.get::<Vec<u8>>(0)?)?;
            let form = std::str::from_utf8(&word).ok().and_then(|word| word.parse().ok());
            return form.map(Some).ok_or(StoreError::Corrupt("a mark of no known form".into()));
        }
    }
    Ok(None)
}

/// Takes a number away from its party: looking it up finds nothing from now on.
pub fn forget_number(
    tx: &mut Tx<'_>,
    keys: &Keyring,
    identifier: Identifier<'_>,
) -> Result<bool, StoreError> {
    let (kind, digits) = identifier.checked()?;
    let mut forgotten = 0;
    for hash in keys.lookup_hashes(kind, digits) {
        forgotten += tx.execute("DELETE FROM party_lookup WHERE hash = $1", &[hash.into()])?;
    }
    Ok(forgotten > 0)
}

/// The position of the last notice taken from the register; 0 before the first.
pub fn position(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.query_one("SELECT position FROM register_position WHERE one = 1", &[])?.get(0)
}

/// Moves the position on. `false`: another node was faster, and what it took is not to be taken again.
pub fn advance(tx: &mut Tx<'_>, from: u64, to: u64) -> Result<bool, StoreError> {
    let sql = "UPDATE register_position SET position = $2 WHERE one = 1 AND position = $1";
    Ok(tx.execute(sql, &[from.into(), to.into()])? == 1)
}

/// The kind under which ids are hashed.
const KIND: &str = "register_mark";

fn context(party: PartyId) -> Vec<u8> {
    [b"register-mark\0".as_slice(), party.as_bytes()].concat()
}
