//! Connected e-services: their registrations, and what is on its way between them and a visitor.
//!
//! Times in these tables are the machine's, which nobody moves: clients compare them with clocks of their own.

pub mod clients;
pub mod logouts;
pub mod once;
pub mod requests;
pub mod subjects;
pub mod tokens;
pub mod trials;

use crate::{StoreError, Tx};
use domain::Instant;

/// Forgets what has expired, at most `limit` rows of each kind. Gives their number.
pub fn forget(tx: &mut Tx<'_>, now: Instant, limit: u32) -> Result<u64, StoreError> {
    // Log-outs that were told or given up; those that wait are kept, however old.
    let mut gone = tx.execute(
        "DELETE FROM oidc_logout WHERE id IN \
         (SELECT id FROM oidc_logout WHERE state <> 'waiting' AND next_at < $1 LIMIT $2)",
        &[now.into(), limit.into()],
    )?;
    for (table, key) in [("oidc_request", "handle_hash"), ("oidc_once", "hash"), ("oidc_token", "hash")] {
        gone += tx.execute(
            &format!(
                "DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} WHERE expires_at < $1 LIMIT $2)"
            ),
            &[now.into(), limit.into()],
        )?;
    }
    Ok(gone)
}
