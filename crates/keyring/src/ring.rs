//! The keys of an installation, unwrapped, as a running node holds them.
//!
//! A ring is a value of one moment. After a rotation on any node the rows are read again and a new ring takes its
//! place; [`KeyError::UnknownKey`] says that this is due.

use aws_lc_rs::{aead::LessSafeKey, constant_time, hmac};
use domain::{Entropy, Instant};
use std::fmt;
use zeroize::Zeroizing;

use crate::{
    KeyError, KeyId, KeyState, MasterKey, Purpose, StoredKey, aead,
    derive::{Use, hmac_sha256, subkey},
    signer::Signer,
};

const SEALED_VERSION: u8 = 2; // 1 is the form under one given key

/// Unwrapped keys: exactly one active key for each purpose, and those announced or retired.
/// The library wipes its key schedules when they are dropped.
pub struct Keyring {
    /// By purpose; within one the active key first, then the retired from the youngest, then the announced.
    keys: Vec<Key>,
    /// Public halves of keys that are destroyed.
    gone: Vec<(Purpose, KeyId, Vec<u8>)>,
}

struct Key {
    id: KeyId,
    purpose: Purpose,
    state: KeyState,
    seal: LessSafeKey,
    mac: hmac::Key,
    lookup: hmac::Key,
    sign: Option<Signer>,
}

impl Keyring {
    /// Unwraps the rows.
    ///
    /// # Errors
    /// [`KeyError::WrongMasterKey`]; [`KeyError::NoActiveKey`] and [`KeyError::TwoActiveKeys`]: a ring that could
    /// not do every kind of work is not opened, so that the work itself need not ask.
    pub fn open(master: &MasterKey, rows: &[StoredKey]) -> Result<Keyring, KeyError> {
        let mut gone = Vec::new();
        let mut keys = Vec::new();
        let mut rows: Vec<&StoredKey> = rows.iter().collect();
        rows.sort_by_key(|row| {
            (row.purpose, rank(row.state), std::cmp::Reverse(row.retired_at), row.id.clone())
        });
        for row in rows {
            match row.secret(master)? {
                Some(secret) => keys.push(Key::new(row, &secret)?),
                None => gone.extend(row.public.clone().map(|public| (row.purpose, row.id.clone(), public))),
            }
        }
        for purpose in Purpose::ALL {
            match keys.iter().filter(|k| k.purpose == purpose && k.state == KeyState::Active).count() {
                0 => return Err(KeyError::NoActiveKey { purpose }),
                1 => {}
                _ => return Err(KeyError::TwoActiveKeys { purpose }),
            }
        }
        Ok(Keyring { keys, gone })
    }

    /// See [`crate::create`].
    pub fn create(
        purpose: Purpose,
        master: &MasterKey,
        entropy: &dyn Entropy,
        now: Instant,
    ) -> Result<StoredKey, KeyError> {
        crate::create(purpose, master, entropy, now)
    }

    /// See [`crate::create_missing`].
    pub fn create_missing(
        rows: &[StoredKey],
        master: &MasterKey,
        entropy: &dyn Entropy,
        now: Instant,
    ) -> Result<Vec<StoredKey>, KeyError> {
        crate::create_missing(rows, master, entropy, now)
    }

    /// See [`crate::rotate`].
    pub fn rotate(
        rows: &[StoredKey],
        purpose: Purpose,
        master: &MasterKey,
        entropy: &dyn Entropy,
        now: Instant,
    ) -> Result<Vec<StoredKey>, KeyError> {
        crate::rotate(rows, purpose, master, entropy, now)
    }

    /// Seals under the active key: version (1 byte) ‖ key id (12) ‖ nonce (12) ‖ ciphertext ‖ tag (16).
    /// `aad` is the context without which it does not open, such as party and field.
    pub fn seal(
        &self,
        purpose: Purpose,
        aad: &[u8],
        plain: &[u8],
        entropy: &dyn Entropy,
    ) -> Result<Vec<u8>, KeyError> {
        let key = self.active(purpose)?;
        let mut head = vec![SEALED_VERSION];
        head.extend_from_slice(key.id.as_str().as_bytes());
        aead::seal(&key.seal, &head, &bound(&key.id, aad), plain, entropy)
    }

    /// Opens what [`Keyring::seal`] made, under the active or a retired key.
    ///
    /// # Errors
    /// [`KeyError::UnknownKey`]: load the ring again and try once more. [`KeyError::NotAuthentic`]: for good.
    pub fn unseal(
        &self,
        purpose: Purpose,
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        let id = Self::sealed_under(sealed)?;
        let key = self
            .keys
            .iter()
            .find(|key| key.purpose == purpose && key.id == id)
            .ok_or_else(|| KeyError::UnknownKey { id: id.clone() })?;
        aead::unseal(&key.seal, &bound(&id, aad), sealed.get(1 + KeyId::LEN..).unwrap_or_default())
    }

    /// Which key sealed this, so that what lies under a retired key can be found and sealed again.
    pub fn sealed_under(sealed: &[u8]) -> Result<KeyId, KeyError> {
        match sealed.split_first() {
            Some((&SEALED_VERSION, rest)) => rest
                .get(..KeyId::LEN)
                .and_then(|id| std::str::from_utf8(id).ok())
                .and_then(|id| id.parse().ok())
                .ok_or(KeyError::NotAuthentic),
            _ => Err(KeyError::NotAuthentic),
        }
    }

    /// The id of the key that new work uses.
    pub fn active_id(&self, purpose: Purpose) -> Result<&KeyId, KeyError> {
        Ok(&self.active(purpose)?.id)
    }

    /// The keyed hash under which a number is found, by the active lookup key.
    pub fn lookup_hash(&self, kind: &str, value: &str) -> [u8; 32] {
        // `open` saw to it that there is one; the hash of no key would match nothing.
        self.live(Purpose::VaultLookup).next().map_or([0; 32], |key| key.lookup_hash(kind, value))
    }

    /// The same by every live lookup key, the active one first: while the key is turned, rows of both lie there.
    pub fn lookup_hashes(&self, kind: &str, value: &str) -> Vec<[u8; 32]> {
        self.live(Purpose::VaultLookup).map(|key| key.lookup_hash(kind, value)).collect()
    }

    /// HMAC-SHA-256 by the active key of `purpose`.
    pub fn mac(&self, purpose: Purpose, data: &[u8]) -> [u8; 32] {
        self.live(purpose).next().map_or([0; 32], |key| hmac_sha256(&key.mac, &[data]))
    }

    /// Whether the active or a retired key of `purpose` made `mac` over `data`. Takes the same time for any `mac` of
    /// 32 bytes.
    pub fn verify_mac(&self, purpose: Purpose, data: &[u8], mac: &[u8]) -> bool {
        self.live(purpose).fold(false, |found, key| {
            found | constant_time::verify_slices_are_equal(&hmac_sha256(&key.mac, &[data]), mac).is_ok()
        })
    }

    /// A signature by the active key, in the purpose's own way: Ed25519 (RFC 8032) or ES256 (RFC 7518 §3.4).
    pub fn sign(&self, purpose: Purpose, data: &[u8]) -> Result<(KeyId, [u8; 64]), KeyError> {
        let key = self.active(purpose)?;
        let signer = key.sign.as_ref().ok_or(KeyError::DoesNotSign { purpose })?;
        Ok((key.id.clone(), signer.sign(data)?))
    }

    /// The public halves, also of keys that are announced or destroyed: what they signed still verifies.
    /// `N` bytes each: 32 of Ed25519, 65 of P-256; those of another length are none of the purpose's.
    pub fn public_keys<const N: usize>(&self, purpose: Purpose) -> Vec<(KeyId, KeyState, [u8; N])> {
        let live = self.keys.iter().filter(|key| key.purpose == purpose).filter_map(|key| {
            let public = key.sign.as_ref()?.public().try_into().ok()?;
            Some((key.id.clone(), key.state, public))
        });
        let gone = self.gone.iter().filter(|(of, ..)| *of == purpose);
        live.chain(gone.filter_map(|(_, id, public)| {
            Some((id.clone(), KeyState::Destroyed, public.as_slice().try_into().ok()?))
        }))
        .collect()
    }

    fn active(&self, purpose: Purpose) -> Result<&Key, KeyError> {
        self.live(purpose)
            .next()
            .filter(|key| key.state == KeyState::Active)
            .ok_or(KeyError::NoActiveKey { purpose })
    }

    /// The active key, then the retired ones.
    fn live(&self, purpose: Purpose) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.purpose == purpose && key.state != KeyState::Announced)
    }
}

impl Key {
    fn new(row: &StoredKey, secret: &[u8; 32]) -> Result<Key, KeyError> {
        let hmac_key =
            |usage| hmac::Key::new(hmac::HMAC_SHA256, subkey(secret, row.purpose, usage).as_slice());
        let sign = Signer::of(secret, row.purpose)?;
        if sign.as_ref().map(Signer::public) != row.public.as_deref() {
            return Err(KeyError::WrongMasterKey { id: row.id.clone() });
        }
        Ok(Key {
            id: row.id.clone(),
            purpose: row.purpose,
            state: row.state,
            seal: aead::prepare(&subkey(secret, row.purpose, Use::Seal))?,
            mac: hmac_key(Use::Mac),
            lookup: hmac_key(Use::Lookup),
            sign,
        })
    }

    /// Length and kind first: no (kind, value) can pass for another.
    fn lookup_hash(&self, kind: &str, value: &str) -> [u8; 32] {
        let len = (kind.len() as u64).to_be_bytes();
        hmac_sha256(&self.lookup, &[&len, kind.as_bytes(), value.as_bytes()])
    }
}

fn rank(state: KeyState) -> u8 {
    match state {
        KeyState::Active => 0,
        KeyState::Retired => 1,
        KeyState::Announced => 2,
        KeyState::Destroyed => 3,
    }
}

/// The context of a seal: form, key and the caller's own, of which only the last varies in length. The purpose is
/// bound by the sub-key.
fn bound(id: &KeyId, aad: &[u8]) -> Vec<u8> {
    let mut all = vec![SEALED_VERSION];
    all.extend_from_slice(id.as_str().as_bytes());
    all.extend_from_slice(aad);
    all
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.keys.iter().map(|key| format!("{} {} {}", key.id, key.purpose, key.state));
        f.debug_list().entries(keys).finish()
    }
}
