//! How far the list of erasures (*raderingslistan*) has been carried out in this store. The list itself lies outside, so that
//! a restored older copy meets it again.

use crate::{StoreError, Tx};

/// Where the store stands in the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applied {
    /// Entries carried out, from the first on.
    pub entries: u64,
    /// The mark of the last of them; zeros if there is none.
    pub mark: [u8; 32],
}

impl Applied {
    pub const NONE: Applied = Applied { entries: 0, mark: [0; 32] };
}

pub fn applied(tx: &mut Tx<'_>) -> Result<Applied, StoreError> {
    match tx.query_opt("SELECT entries, mark FROM erasure_list WHERE one = 1", &[])? {
        Some(row) => Ok(Applied { entries: row.get(0)?, mark: row.get(1)? }),
        None => Ok(Applied::NONE),
    }
}

/// The list has been carried out up to here.
///
/// # Errors
/// [`StoreError::Conflict`] if another process was faster: read [`applied`] again.
pub fn advance(tx: &mut Tx<'_>, from: Applied, to: Applied) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO erasure_list (one, entries, mark) VALUES (1, 0, $1) ON CONFLICT (one) DO NOTHING",
        &[Applied::NONE.mark.into()],
    )?;
    let moved = tx.execute(
        "UPDATE erasure_list SET entries = $1, mark = $2 WHERE one = 1 AND entries = $3",
        &[to.entries.into(), to.mark.into(), from.entries.into()],
    )?;
    if moved == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}
