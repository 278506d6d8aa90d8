//! What counts once on all nodes together, such as the `jti` of a client's assertion.

use crate::{StoreError, Tx};
use domain::Instant;

/// Uses it. `false`: it was used before.
pub fn take(tx: &mut Tx<'_>, hash: [u8; 32], expires_at: Instant) -> Result<bool, StoreError> {
    let taken = tx.execute(
        "INSERT INTO oidc_once (hash, expires_at) VALUES ($1, $2) ON CONFLICT (hash) DO NOTHING",
        &[hash.into(), expires_at.into()],
    )?;
    Ok(taken == 1)
}
