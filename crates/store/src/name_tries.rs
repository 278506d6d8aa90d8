//! Names typed beside a number that did not go with it: counted by person for a day, so that nobody uses a form as a
//! directory by guessing on.

use crate::{StoreError, Tx, parties};
use domain::{Entropy, Instant, PartyId};
use std::time::Duration;

/// A name that did not go with its number counts for so long.
const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// A try whose answer is not known: longer than any takes. What a crash left behind counts no longer than this.
const UNDER_WAY: Duration = Duration::from_secs(60);

/// A try that counts until it is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NameTry([u8; 16]);

/// Counts a try before its answer is known, so that a hundred at once are no more than ten after each other. `None`:
/// the person has made `most` in the last day.
pub fn begin(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    person: PartyId,
    most: u32,
    now: Instant,
) -> Result<Option<NameTry>, StoreError> {
    parties::hold(tx, person)?;
    tx.execute(
        "DELETE FROM name_try WHERE person = $1 AND (at <= $2 OR (missed = 0 AND at <= $3))",
        &[person.into(), (now - LIFE).into(), (now - UNDER_WAY).into()],
    )?;
    let made: i64 =
        tx.query_one("SELECT count(*) FROM name_try WHERE person = $1", &[person.into()])?.get(0)?;
    if made >= i64::from(most) {
        return Ok(None);
    }
    let mut id = [0; 16];
    entropy.fill(&mut id);
    tx.execute(
        "INSERT INTO name_try (id, person, at, missed) VALUES ($1, $2, $3, 0)",
        &[id.into(), person.into(), now.into()],
    )?;
    Ok(Some(NameTry(id)))
}

/// The name did not go with the number: the try counts for a day.
pub fn miss(tx: &mut Tx<'_>, tried: NameTry) -> Result<(), StoreError> {
    tx.execute("UPDATE name_try SET missed = 1 WHERE id = $1", &[tried.0.into()])?;
    Ok(())
}

/// The name went with the number, or was not compared: the try counts no longer.
pub fn end(tx: &mut Tx<'_>, tried: NameTry) -> Result<(), StoreError> {
    tx.execute("DELETE FROM name_try WHERE id = $1", &[tried.0.into()])?;
    Ok(())
}
