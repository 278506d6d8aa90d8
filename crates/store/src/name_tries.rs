//! Names typed beside a number that did not go with it: counted by person for a day, so that nobody uses a form as a
//! directory by guessing on.

use crate::{StoreError, Tx, parties};
use domain::{Entropy, Instant, PartyId};
use std::time::Duration;

/// A name that did not go with its number counts for so long.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// How many names this person has missed in the last day. Whoever asks for the same person waits until this transaction
/// has ended: a hundred names typed at once are no more than a hundred after each other.
pub fn made(tx: &mut Tx<'_>, person: PartyId, now: Instant) -> Result<u32, StoreError> {
    parties::hold(tx, person)?;
    tx.execute("DELETE FROM name_try WHERE person = $1 AND at <= $2", &[person.into(), (now - LIFE).into()])?;
    let made: i64 =
        tx.query_one("SELECT count(*) FROM name_try WHERE person = $1", &[person.into()])?.get(0)?;
    Ok(u32::try_from(made).unwrap_or(u32::MAX))
}

/// A name did not go with its number.
pub fn missed(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    person: PartyId,
    now: Instant,
) -> Result<(), StoreError> {
    let mut id = [0; 16];
    entropy.fill(&mut id);
    tx.execute(
        "INSERT INTO name_try (id, person, at) VALUES ($1, $2, $3)",
        &[id.into(), person.into(), now.into()],
    )?;
    Ok(())
}
