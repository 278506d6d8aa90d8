//! Reports: received, then opened by an officer or withdrawn by the sender, whichever comes first.

use super::{absence, absence_values, corrupt, lang};
use crate::id::ReportId;
use crate::rules::{Absence, Timing};
use app::rows::{Row, StoreError, Tx, Value};
use domain::fact::EvidenceHash;
use domain::{Instant, PartyId};
use page::Lang;

/// Rows on one page of a list.
pub const PAGE: usize = 50;

/// A report that has been signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The one that its draft had.
    pub id: ReportId,
    pub organisation: PartyId,
    pub reporter: PartyId,
    pub employee: PartyId,
    pub absence: Absence,
    /// The language of the signed text.
    pub lang: Lang,
    pub timing: Timing,
    /// Of the record of its sending.
    pub reference: String,
    /// The provider's answer, byte for byte.
    pub evidence: EvidenceHash,
    /// By the issuer's time stamp.
    pub signed_at: Instant,
    pub received_at: Instant,
    pub state: State,
}

/// How a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has opened it: it can be withdrawn.
    Received,
    Opened {
        by: PartyId,
        at: Instant,
    },
    /// Taken back unread.
    Withdrawn {
        at: Instant,
    },
}

/// Which reports a list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that a person has sent for an organisation.
    Own { organisation: PartyId, reporter: PartyId },
    /// Those of an organisation.
    Of { organisation: PartyId },
    /// Those that wait for an officer.
    Waiting,
    /// All.
    All,
}

/// Where a page of a list ended.
pub type After = (Instant, ReportId);

const COLUMNS: &str = "id, organisation, reporter, employee, first_sick_day, last_sick_pay_day, degree, lang, late, \
                       reference, evidence, signed_at, received_at, state, opened_by, opened_at, withdrawn_at";

pub fn find(tx: &mut Tx<'_>, id: ReportId) -> Result<Option<Report>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM employer_sickness_report WHERE id = $1");
    tx.query_opt(&sql, &[id.into()])?.as_ref().map(read).transpose()
}

/// Keeps a new report, in the state of one that nobody has opened.
pub fn insert(tx: &mut Tx<'_>, report: &Report) -> Result<(), StoreError> {
    let [first, last, degree] = absence_values(&report.absence);
    tx.execute(
        "INSERT INTO employer_sickness_report (id, organisation, reporter, employee, first_sick_day, \
         last_sick_pay_day, degree, lang, late, reference, evidence, signed_at, received_at, state) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 'received')",
        &[
            report.id.into(),
            report.organisation.into(),
            report.reporter.into(),
            report.employee.into(),
            first,
            last,
            degree,
            report.lang.tag().into(),
            i64::from(report.timing == Timing::Late).into(),
            report.reference.as_str().into(),
            report.evidence.into(),
            report.signed_at.into(),
            report.received_at.into(),
        ],
    )?;
    Ok(())
}

/// At most [`PAGE`] reports, newest first, and one more if there are more.
pub fn list(tx: &mut Tx<'_>, which: Which, after: Option<After>) -> Result<Vec<Report>, StoreError> {
    let mut params: Vec<Value> = Vec::new();
    let mut terms: Vec<String> = Vec::new();
    let mut equal = |column: &str, value: Value| {
        params.push(value);
        terms.push(format!("{column} = ${}", params.len()));
    };
    match which {
        Which::Own { organisation, reporter } => {
            equal("organisation", organisation.into());
            equal("reporter", reporter.into());
        }
        Which::Of { organisation } => equal("organisation", organisation.into()),
        Which::Waiting => equal("state", "received".into()),
        Which::All => {}
    }
    if let Some((at, id)) = after {
        params.extend([at.into(), id.into()]);
        terms.push(format!("(received_at, id) < (${}, ${})", params.len() - 1, params.len()));
    }
    let condition = if terms.is_empty() { String::new() } else { format!("WHERE {}", terms.join(" AND ")) };
    let sql = format!(
        "SELECT {COLUMNS} FROM employer_sickness_report {condition} ORDER BY received_at DESC, id DESC LIMIT {}",
        PAGE + 1
    );
    tx.query(&sql, &params)?.iter().map(read).collect()
}

/// An officer opens it. `false` if it is not waiting (any more).
pub fn open(tx: &mut Tx<'_>, id: ReportId, by: PartyId, at: Instant) -> Result<bool, StoreError> {
    let sql = "UPDATE employer_sickness_report SET state = 'opened', opened_by = $2, opened_at = $3 \
               WHERE id = $1 AND state = 'received'";
    Ok(tx.execute(sql, &[id.into(), by.into(), at.into()])? == 1)
}

/// The sender takes it back. `false` if an officer was first, or it has been withdrawn.
pub fn withdraw(tx: &mut Tx<'_>, id: ReportId, at: Instant) -> Result<bool, StoreError> {
    let sql = "UPDATE employer_sickness_report SET state = 'withdrawn', withdrawn_at = $2 \
               WHERE id = $1 AND state = 'received'";
    Ok(tx.execute(sql, &[id.into(), at.into()])? == 1)
}

fn read(row: &Row) -> Result<Report, StoreError> {
    let late: i64 = row.get(8)?;
    Ok(Report {
        id: ReportId::from_bytes(row.get(0)?),
        organisation: row.get(1)?,
        reporter: row.get(2)?,
        employee: row.get(3)?,
        absence: absence(row, 4)?,
        lang: lang(row, 7)?,
        timing: if late == 0 { Timing::InTime } else { Timing::Late },
        reference: row.get(9)?,
        evidence: row.get(10)?,
        signed_at: row.get(11)?,
        received_at: row.get(12)?,
        state: match row.get::<String>(13)?.as_str() {
            "received" => State::Received,
            "opened" => State::Opened { by: row.get(14)?, at: row.get(15)? },
            "withdrawn" => State::Withdrawn { at: row.get(16)? },
            _ => return Err(corrupt("state")),
        },
    })
}
