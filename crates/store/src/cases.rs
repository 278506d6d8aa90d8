//! Cases (*ärenden*): acts of several steps or days. What their kinds and states mean lies in `domain::case`.

use crate::{Row, StoreError, Tx, Value};
use domain::{CaseId, Instant, PartyId};
use std::time::Duration;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub id: CaseId,
    pub kind: String,
    pub state: String,
    /// The party that it concerns.
    pub party: Option<PartyId>,
    /// Who opened it; `None` for cases from before this was kept here.
    pub opener: Option<PartyId>,
    pub opened_at: Instant,
    /// When the calendar acts; `None`: it does not.
    pub due_at: Option<Instant>,
    /// 1 at first, raised by every [`update`].
    pub version: u32,
    /// The kind's own data as JSON: ids and words, no personal data.
    pub body: String,
}

const COLUMNS: &str = "id, kind, state, party, opener, opened_at, due_at, version, body";

/// Opens a case, as version 1 whatever `case.version` says.
pub fn insert(tx: &mut Tx<'_>, case: &Case) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO cases (id, kind, state, party, opener, opened_at, due_at, version, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, 1, $8)",
        &[
            case.id.into(),
            case.kind.as_str().into(),
            case.state.as_str().into(),
            case.party.into(),
            case.opener.into(),
            case.opened_at.into(),
            case.due_at.into(),
            case.body.as_str().into(),
        ],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, id: CaseId) -> Result<Option<Case>, StoreError> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM cases WHERE id = $1"), &[id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

/// Writes state, party, due time and body (not the opener), if the case is still at `expected_version`; raises the version and ends a lease.
pub fn update(tx: &mut Tx<'_>, case: &Case, expected_version: u32) -> Result<bool, StoreError> {
    let updated = tx.execute(
        "UPDATE cases SET state = $1, party = $2, due_at = $3, body = $4, version = version + 1, leased_by = NULL, \
         leased_until = NULL WHERE id = $5 AND version = $6",
        &[
            case.state.as_str().into(),
            case.party.into(),
            case.due_at.into(),
            case.body.as_str().into(),
            case.id.into(),
            expected_version.into(),
        ],
    )?;
    Ok(updated == 1)
}

/// Which cases are asked for; `None` stands for any.
#[derive(Debug, Clone, Copy, Default)]
pub struct CaseFilter<'a> {
    pub kind: Option<&'a str>,
    pub state: Option<&'a str>,
    pub party: Option<PartyId>,
    pub opener: Option<PartyId>,
}

/// Where a page of a list ended: the last case's time of opening and id.
pub type CasePage = (Instant, CaseId);

/// Cases, newest first; `after` is the last of the page before.
pub fn list(
    tx: &mut Tx<'_>,
    filter: CaseFilter<'_>,
    limit: u32,
    after: Option<CasePage>,
) -> Result<Vec<Case>, StoreError> {
    let mut params: Vec<Value> = vec![limit.into()];
    let mut sql = format!("SELECT {COLUMNS} FROM cases WHERE 1 = 1");
    let conditions = [
        ("kind", filter.kind.map(Value::from)),
        ("state", filter.state.map(Value::from)),
        ("party", filter.party.map(Value::from)),
        ("opener", filter.opener.map(Value::from)),
    ];
    for (column, value) in conditions {
        if let Some(value) = value {
            params.push(value);
            sql.push_str(&format!(" AND {column} = ${}", params.len()));
        }
    }
    if let Some((opened_at, id)) = after {
        params.extend([opened_at.into(), id.into()]);
        sql.push_str(&format!(" AND (opened_at, id) < (${}, ${})", params.len() - 1, params.len()));
    }
    sql.push_str(" ORDER BY opened_at DESC, id DESC LIMIT $1");
    tx.query(&sql, &params)?.iter().map(read).collect()
}

/// Takes over cases that are due, so that no other node acts on them for `lease_for`; oldest due first.
pub fn lease_due(
    tx: &mut Tx<'_>,
    now: Instant,
    node: &str,
    lease_for: Duration,
    limit: u32,
) -> Result<Vec<Case>, StoreError> {
    // The condition stands twice: a node that waited for the other's row lock must look again at the row it gets.
    let free = "due_at <= $1 AND (leased_until IS NULL OR leased_until <= $1)";
    let sql = format!(
        "UPDATE cases SET leased_by = $2, leased_until = $3 \
         WHERE id IN (SELECT id FROM cases WHERE {free} ORDER BY due_at, id LIMIT $4) AND {free} RETURNING {COLUMNS}"
    );
    let rows = tx.query(&sql, &[now.into(), node.into(), (now + lease_for).into(), limit.into()])?;
    let mut cases = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    cases.sort_by_key(|case| (case.due_at, case.id));
    Ok(cases)
}

/// The first instant after `after` at which some case is due.
pub fn next_due(tx: &mut Tx<'_>, after: Instant) -> Result<Option<Instant>, StoreError> {
    tx.query_one("SELECT min(due_at) FROM cases WHERE due_at > $1", &[after.into()])?.get(0)
}

/// When the oldest case was due that is due at `now` and has not been carried out.
pub fn late_since(tx: &mut Tx<'_>, now: Instant) -> Result<Option<Instant>, StoreError> {
    tx.query_one("SELECT min(due_at) FROM cases WHERE due_at <= $1", &[now.into()])?.get(0)
}

fn read(row: &Row) -> Result<Case, StoreError> {
    Ok(Case {
        id: row.get(0)?,
        kind: row.get(1)?,
        state: row.get(2)?,
        party: row.get(3)?,
        opener: row.get(4)?,
        opened_at: row.get(5)?,
        due_at: row.get(6)?,
        version: row.get(7)?,
        body: row.get(8)?,
    })
}
