//! Domain time (*verksamhetens tid*): how far it runs ahead of the machine's time. One row, which only grows.
//!
//! What facts, cases, sessions and pages live by can be moved forward in a demo or test store, so that a fortnight passes
//! in a second. A production store refuses, whoever asks.

use crate::installation::{self, Environment};
use crate::{StoreError, Tx};
use std::time::Duration;

/// How far ahead domain time is; zero in a store that was never moved.
pub fn ahead(tx: &mut Tx<'_>) -> Result<Duration, StoreError> {
    Ok(Duration::from_micros(
        tx.query_one("SELECT ahead_micros FROM domain_clock WHERE one = 1", &[])?.get(0)?,
    ))
}

/// Moves domain time to `to` ahead. Gives how far it is ahead then: never less than it was, since a second mover may
/// have been faster.
///
/// # Errors
/// [`StoreError::Refused`] in a production store and in one that is not marked yet.
pub fn raise(tx: &mut Tx<'_>, to: Duration) -> Result<Duration, StoreError> {
    match installation::find(tx)?.map(|installation| installation.environment) {
        Some(Environment::Demo | Environment::Test) => {}
        Some(Environment::Production) | None => {
            return Err(StoreError::Refused("the clock moves in demo and test stores only".into()));
        }
    }
    let micros = u64::try_from(to.as_micros()).map_err(|_| StoreError::Refused("too far ahead".into()))?;
    tx.execute(
        "UPDATE domain_clock SET ahead_micros = $1 WHERE one = 1 AND ahead_micros < $1",
        &[micros.into()],
    )?;
    ahead(tx)
}
