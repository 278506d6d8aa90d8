//! Acts on the rows of one installation: make a key, make those that are missing, turn a key.
//!
//! The caller runs these inside one write transaction with the rows read there, and writes what comes back.

use domain::{Entropy, Instant};

use crate::{KeyError, KeyState, MasterKey, Purpose, StoredKey};

/// A new key that is active at once: for a purpose that has none.
pub fn create(
    purpose: Purpose,
    master: &MasterKey,
    entropy: &dyn Entropy,
    now: Instant,
) -> Result<StoredKey, KeyError> {
    StoredKey::announce(purpose, master, entropy, now)?.activate(now)
}

/// New active keys for those purposes that have none: all of them in a new installation, none in a complete one.
pub fn create_missing(
    rows: &[StoredKey],
    master: &MasterKey,
    entropy: &dyn Entropy,
    now: Instant,
) -> Result<Vec<StoredKey>, KeyError> {
    Purpose::ALL
        .into_iter()
        .filter(|purpose| !rows.iter().any(|row| row.purpose == *purpose && row.state == KeyState::Active))
        .map(|purpose| create(purpose, master, entropy, now))
        .collect()
}

/// Turns the key of one purpose. Returns the rows that changed: the old one retired, then the new one active. The
/// new one is the oldest that was announced, where there is one, or made now.
///
/// # Errors
/// [`KeyError::NoActiveKey`] or [`KeyError::TwoActiveKeys`] where there is not exactly one to retire;
/// [`KeyError::WrongMasterKey`] where the master key is not the one that wrapped the rows.
pub fn rotate(
    rows: &[StoredKey],
    purpose: Purpose,
    master: &MasterKey,
    entropy: &dyn Entropy,
    now: Instant,
) -> Result<Vec<StoredKey>, KeyError> {
    let mut active = rows.iter().filter(|row| row.purpose == purpose && row.state == KeyState::Active);
    let old = active.next().ok_or(KeyError::NoActiveKey { purpose })?;
    if active.next().is_some() {
        return Err(KeyError::TwoActiveKeys { purpose });
    }
    // A new key under a wrong master key would lock the installation out of its own ring.
    old.secret(master)?;
    let announced = rows
        .iter()
        .filter(|row| row.purpose == purpose && row.state == KeyState::Announced)
        .min_by_key(|row| (row.created_at, row.id.clone()));
    let new = match announced {
        Some(row) => {
            row.secret(master)?;
            row.clone().activate(now)?
        }
        None => create(purpose, master, entropy, now)?,
    };
    Ok(vec![old.clone().retire(now)?, new])
}
