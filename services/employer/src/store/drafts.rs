//! Drafts: what a reporter has typed and not yet signed. Each is its reporter's alone, lives a day, and is few.

use super::{absence, absence_values, lang};
use crate::id::ReportId;
use crate::rules::Absence;
use app::rows::{Row, StoreError, Tx};
use domain::{Instant, PartyId};
use page::Lang;
use std::time::Duration;

/// How long a draft can be taken up again.
pub const LIFE: Duration = Duration::from_secs(24 * 60 * 60);
/// Drafts that one reporter can have for one organisation; older ones give way.
pub const MOST: usize = 10;

/// A draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub id: ReportId,
    pub organisation: PartyId,
    pub reporter: PartyId,
    pub employee: PartyId,
    pub absence: Absence,
    /// The language of the text that will be signed.
    pub lang: Lang,
    /// Grows with every change, so that a page knows whether it shows the latest.
    pub version: u32,
    pub saved_at: Instant,
}

/// Whose draft it must be: to all others it does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    pub organisation: PartyId,
    pub reporter: PartyId,
}

const COLUMNS: &str = "id, organisation, reporter, employee, first_sick_day, last_sick_pay_day, degree, lang, version, \
                       saved_at";

/// The draft, if it is this owner's and not past its day.
pub fn find(tx: &mut Tx<'_>, id: ReportId, owner: Owner, now: Instant) -> Result<Option<Draft>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM employer_sickness_draft \
         WHERE id = $1 AND organisation = $2 AND reporter = $3 AND saved_at > $4"
    );
    let params = [id.into(), owner.organisation.into(), owner.reporter.into(), (now - LIFE).into()];
    tx.query_opt(&sql, &params)?.as_ref().map(read).transpose()
}

pub fn insert(tx: &mut Tx<'_>, draft: &Draft) -> Result<(), StoreError> {
    let [first, last, degree] = absence_values(&draft.absence);
    tx.execute(
        "INSERT INTO employer_sickness_draft (id, organisation, reporter, employee, first_sick_day, last_sick_pay_day, \
         degree, lang, version, saved_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            draft.id.into(),
            draft.organisation.into(),
            draft.reporter.into(),
            draft.employee.into(),
            first,
            last,
            degree,
            draft.lang.tag().into(),
            draft.version.into(),
            draft.saved_at.into(),
        ],
    )?;
    Ok(())
}

/// Writes the draft anew as its next version. `false` if it is not there any more.
pub fn change(tx: &mut Tx<'_>, draft: &Draft) -> Result<bool, StoreError> {
    let [first, last, degree] = absence_values(&draft.absence);
    let changed = tx.execute(
        "UPDATE employer_sickness_draft SET employee = $4, first_sick_day = $5, last_sick_pay_day = $6, degree = $7, \
         lang = $8, version = version + 1, saved_at = $9 WHERE id = $1 AND organisation = $2 AND reporter = $3",
        &[
            draft.id.into(),
            draft.organisation.into(),
            draft.reporter.into(),
            draft.employee.into(),
            first,
            last,
            degree,
            draft.lang.tag().into(),
            draft.saved_at.into(),
        ],
    )?;
    Ok(changed == 1)
}

/// Takes the draft away. `false` if it was not there: somebody else has done so in the meantime.
pub fn remove(tx: &mut Tx<'_>, id: ReportId) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM employer_sickness_draft WHERE id = $1", &[id.into()])? == 1)
}

/// Drafts of this owner that must give way to a new one: past their day, or too many.
pub fn giving_way(tx: &mut Tx<'_>, owner: Owner, now: Instant) -> Result<Vec<Draft>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM employer_sickness_draft WHERE reporter = $1 AND organisation = $2 \
         ORDER BY saved_at DESC, id DESC LIMIT 100"
    );
    let all = tx.query(&sql, &[owner.reporter.into(), owner.organisation.into()])?;
    let mut drafts = all.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let kept = drafts.iter().take(MOST - 1).take_while(|draft| now.since(draft.saved_at) < LIFE).count();
    Ok(drafts.split_off(kept))
}

fn read(row: &Row) -> Result<Draft, StoreError> {
    Ok(Draft {
        id: ReportId::from_bytes(row.get(0)?),
        organisation: row.get(1)?,
        reporter: row.get(2)?,
        employee: row.get(3)?,
        absence: absence(row, 4)?,
        lang: lang(row, 7)?,
        version: row.get(8)?,
        saved_at: row.get(9)?,
    })
}
