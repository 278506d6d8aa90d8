//! What a reference code (*referenskod*) of a problem leads to besides a record: which page showed it, and what had
//! broken. Rows are few, short and forgotten; they hold no name and no number, only a person's random id.

use crate::{Row, StoreError, Tx};
use activity::Reference;
use domain::{Instant, PartyId};
use std::time::Duration;

/// How long a note is kept.
pub const LIFE: Duration = Duration::from_secs(90 * 24 * 3600);
/// Notes of visitors and of technical faults that are kept at most; the oldest give way.
pub const MOST: u32 = 100_000;
/// Notes of strangers that are kept at most: a flood of them displaces no visitor's.
pub const MOST_OF_STRANGERS: u32 = 20_000;

/// What is known of a problem. The page and the fault behind it may be noted one after the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    pub reference: Reference,
    pub at: Instant,
    /// The node that it happened at.
    pub node: String,
    /// The page's stable code, such as `BEH-3105`.
    pub code: Option<String>,
    /// The answer's HTTP status.
    pub status: Option<u16>,
    pub method: Option<String>,
    /// The pattern of the address, such as `/for/{party}/people`: never what was filled in.
    pub route: Option<String>,
    /// The rule that refused, in its code.
    pub rule: Option<String>,
    /// What had broken, in the words of the technical log.
    pub cause: Option<String>,
    /// Who was logged in.
    pub person: Option<PartyId>,
}

/// Keeps a note, or adds to the one of the same code what it does not tell yet.
pub fn keep(tx: &mut Tx<'_>, note: &Note) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO problem_note (reference, at, node, code, status, method, route, rule, cause, person) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (reference) DO UPDATE SET \
         code = coalesce(problem_note.code, excluded.code), \
         status = coalesce(problem_note.status, excluded.status), \
         method = coalesce(problem_note.method, excluded.method), \
         route = coalesce(problem_note.route, excluded.route), \
         rule = coalesce(problem_note.rule, excluded.rule), \
         cause = coalesce(problem_note.cause, excluded.cause), \
         person = coalesce(problem_note.person, excluded.person)",
        &[
            note.reference.as_str().into(),
            note.at.into(),
            note.node.as_str().into(),
            note.code.as_deref().into(),
            note.status.map(u32::from).into(),
            note.method.as_deref().into(),
            note.route.as_deref().into(),
            note.rule.as_deref().into(),
            note.cause.as_deref().into(),
            note.person.into(),
        ],
    )?;
    Ok(())
}

const COLUMNS: &str = "reference, at, node, code, status, method, route, rule, cause, person";

/// The note of a code.
pub fn find(tx: &mut Tx<'_>, reference: &Reference) -> Result<Option<Note>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM problem_note WHERE reference = $1");
    tx.query_opt(&sql, &[reference.as_str().into()])?.as_ref().map(read).transpose()
}

/// What a person was shown between two instants, oldest first.
pub fn of_person(
    tx: &mut Tx<'_>,
    person: PartyId,
    from: Instant,
    to: Instant,
    limit: u32,
) -> Result<Vec<Note>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM problem_note WHERE person = $1 AND at >= $2 AND at <= $3 ORDER BY at, reference LIMIT $4"
    );
    tx.query(&sql, &[person.into(), from.into(), to.into(), limit.into()])?.iter().map(read).collect()
}

/// Whether any note is past its time: asked before [`forget`], so that an idle round writes nothing.
pub fn any_old(tx: &mut Tx<'_>, now: Instant) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM problem_note WHERE at <= $1 LIMIT 1";
    Ok(tx.query_opt(sql, &[(now - LIFE).into()])?.is_some())
}

/// Takes away what is past its time. Gives how many there were.
pub fn forget(tx: &mut Tx<'_>, now: Instant) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM problem_note WHERE at <= $1", &[(now - LIFE).into()])
}

/// Takes away the oldest notes above `most` of visitors and faults, and above `of_strangers` of strangers. Gives how many
/// there were.
pub fn forget_above(tx: &mut Tx<'_>, most: u32, of_strangers: u32) -> Result<u64, StoreError> {
    let mut gone = 0;
    for (of, most) in [
        ("(person IS NOT NULL OR cause IS NOT NULL)", most),
        ("person IS NULL AND cause IS NULL", of_strangers),
    ] {
        let sql = format!(
            "DELETE FROM problem_note WHERE {of} AND reference NOT IN \
             (SELECT reference FROM problem_note WHERE {of} ORDER BY at DESC, reference LIMIT $1)"
        );
        gone += tx.execute(&sql, &[most.into()])?;
    }
    Ok(gone)
}

fn read(row: &Row) -> Result<Note, StoreError> {
    let reference: String = row.get(0)?;
    let status: Option<u32> = row.get(4)?;
    Ok(Note {
        reference: reference
            .parse()
            .map_err(|_| StoreError::Corrupt("a note's reference code is none".into()))?,
        at: row.get(1)?,
        node: row.get(2)?,
        code: row.get(3)?,
        status: status.and_then(|status| status.try_into().ok()),
        method: row.get(5)?,
        route: row.get(6)?,
        rule: row.get(7)?,
        cause: row.get(8)?,
        person: row.get::<Option<PartyId>>(9)?,
    })
}
