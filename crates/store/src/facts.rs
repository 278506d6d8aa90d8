//! Facts: lists of versions under `seq`. A change closes one version and adds one; nothing is overwritten.

use crate::{Row, StoreError, Tx, Value};
use domain::{Fact, FactId, FactVersion, Instant, PartyId, Seq};

/// Hops from a mandate to the one it was given by, and so on, that a slice follows.
const HOPS: u32 = 3;
/// Versions that a slice may have: what a decision is made on must be read whole or not at all.
const MAX_SLICE: u32 = 50_000;

const COLUMNS: &str = "v.id, v.seq_from, v.seq_to, v.valid_from, v.valid_to, v.body";

/// Adds a fact: the first version under a new id.
///
/// # Errors
/// [`StoreError::Unique`] if the id has a current version; [`StoreError::Refused`] if it would end before it begins.
pub fn add(
    tx: &mut Tx<'_>,
    seq: Seq,
    id: FactId,
    valid_from: Instant,
    valid_to: Option<Instant>,
    fact: &Fact,
) -> Result<(), StoreError> {
    let parent = match fact {
        Fact::Mandate(mandate) => mandate.parent,
        _ => None,
    };
    let body = serde_json::to_string(fact)
        .map_err(|e| StoreError::Refused(format!("a fact cannot be written as JSON: {e}")))?;
    tx.execute(
        "INSERT INTO fact_version (id, seq_from, valid_from, valid_to, kind, subject, party, parent, body) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &[
            id.into(),
            seq.into(),
            valid_from.into(),
            valid_to.into(),
            fact.kind().into(),
            fact.subject().into(),
            fact.party().into(),
            parent.into(),
            body.into(),
        ],
    )?;
    Ok(())
}

/// Closes the current version at `seq` and adds the next.
///
/// # Errors
/// [`StoreError::Conflict`] if the fact has no current version from before `seq`: unknown, or changed twice in one change.
pub fn replace(
    tx: &mut Tx<'_>,
    seq: Seq,
    id: FactId,
    valid_from: Instant,
    valid_to: Option<Instant>,
    fact: &Fact,
) -> Result<(), StoreError> {
    let closed = tx.execute(
        "UPDATE fact_version SET seq_to = $1 WHERE id = $2 AND seq_to IS NULL AND seq_from < $1",
        &[seq.into(), id.into()],
    )?;
    if closed != 1 {
        return Err(StoreError::Conflict);
    }
    add(tx, seq, id, valid_from, valid_to, fact)
}

/// The version that we know now.
pub fn current(tx: &mut Tx<'_>, id: FactId) -> Result<Option<FactVersion>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM fact_version v WHERE v.id = $1 AND v.seq_to IS NULL");
    tx.query_opt(&sql, &[id.into()])?.as_ref().map(read).transpose()
}

/// All versions, oldest first.
pub fn history(tx: &mut Tx<'_>, id: FactId) -> Result<Vec<FactVersion>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM fact_version v WHERE v.id = $1 ORDER BY v.seq_from");
    read_all(&tx.query(&sql, &[id.into()])?)
}

/// The current versions that a decision about `subject` for `party` may need: those about either, those that hold for
/// the whole installation, and the mandates by which mandates were given, three hops up.
///
/// # Errors
/// [`StoreError::Refused`] if there are more than 50,000.
pub fn slice(tx: &mut Tx<'_>, subject: PartyId, party: PartyId) -> Result<Vec<FactVersion>, StoreError> {
    slice_where(tx, "X.seq_to IS NULL", vec![subject.into(), party.into()])
}

/// The same as it was known after change `seq`.
pub fn slice_as_known_at(
    tx: &mut Tx<'_>,
    seq: Seq,
    subject: PartyId,
    party: PartyId,
) -> Result<Vec<FactVersion>, StoreError> {
    let known = "X.seq_from <= $3 AND (X.seq_to IS NULL OR X.seq_to > $3)";
    slice_where(tx, known, vec![subject.into(), party.into(), seq.into()])
}

/// What was known after change `seq` about a party.
pub fn as_known_at(tx: &mut Tx<'_>, seq: Seq, party: PartyId) -> Result<Vec<FactVersion>, StoreError> {
    slice_as_known_at(tx, seq, party, party)
}

/// `known`: a condition on the table alias `X`.
fn slice_where(tx: &mut Tx<'_>, known: &str, params: Vec<Value>) -> Result<Vec<FactVersion>, StoreError> {
    let (v, p) = (known.replace('X', "v"), known.replace('X', "p"));
    let sql = format!(
        "WITH RECURSIVE need (id, parent, hop) AS ( \
           SELECT v.id, v.parent, 0 FROM fact_version v \
             WHERE (v.subject IN ($1, $2) OR v.party IN ($1, $2) OR v.party IS NULL) AND {v} \
           UNION \
           SELECT p.id, p.parent, n.hop + 1 FROM need n JOIN fact_version p ON p.id = n.parent AND {p} \
             WHERE n.hop < {HOPS} \
         ) \
         SELECT {COLUMNS} FROM fact_version v WHERE v.id IN (SELECT id FROM need) AND {v} \
         ORDER BY v.seq_from, v.id LIMIT {}",
        MAX_SLICE + 1
    );
    let rows = tx.query(&sql, &params)?;
    if rows.len() > MAX_SLICE as usize {
        return Err(StoreError::Refused("too many facts about one party for one decision".into()));
    }
    read_all(&rows)
}

/// Versions that changed, in the order of their changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Each version once, as it is now.
    pub versions: Vec<FactVersion>,
    /// They are complete up to and with this change. Below [`crate::seq::head`]: ask again from here before answering.
    pub up_to: Seq,
}

/// The versions opened or closed after change `seq`, about `limit` of them: a change is never cut in two, so that one
/// that is larger than the limit comes whole.
pub fn changed_since(tx: &mut Tx<'_>, seq: Seq, limit: u32) -> Result<Changes, StoreError> {
    let sql = |to: &str, limit: &str| {
        format!(
            "SELECT {COLUMNS} FROM fact_version v WHERE coalesce(v.seq_to, v.seq_from) > $1 {to} \
             ORDER BY coalesce(v.seq_to, v.seq_from), v.id, v.seq_from {limit}"
        )
    };
    let head = crate::seq::head(tx)?.seq;
    let limit = limit.max(1);
    let mut versions =
        read_all(&tx.query(&sql("", "LIMIT $2"), &[seq.into(), limit.saturating_add(1).into()])?)?;
    if versions.len() <= limit as usize {
        return Ok(Changes { versions, up_to: head });
    }
    // The last change may be cut: leave it to the next call, unless it is the only one.
    let last = versions.last().map_or(seq, changed_at);
    versions.retain(|version| changed_at(version) < last);
    if let Some(up_to) = versions.last().map(changed_at) {
        return Ok(Changes { versions, up_to });
    }
    let whole = sql("AND coalesce(v.seq_to, v.seq_from) <= $2", "");
    Ok(Changes { versions: read_all(&tx.query(&whole, &[seq.into(), last.into()])?)?, up_to: last })
}

fn changed_at(version: &FactVersion) -> Seq {
    version.seq_to.unwrap_or(version.seq_from)
}

/// Every current version, for building an index.
pub fn all_current(tx: &mut Tx<'_>) -> Result<Vec<FactVersion>, StoreError> {
    let sql =
        format!("SELECT {COLUMNS} FROM fact_version v WHERE v.seq_to IS NULL ORDER BY v.seq_from, v.id");
    read_all(&tx.query(&sql, &[])?)
}

fn read_all(rows: &[Row]) -> Result<Vec<FactVersion>, StoreError> {
    rows.iter().map(read).collect()
}

fn read(row: &Row) -> Result<FactVersion, StoreError> {
    let id: FactId = row.get(0)?;
    let body: String = row.get(5)?;
    Ok(FactVersion {
        id,
        seq_from: row.get(1)?,
        seq_to: row.get(2)?,
        valid_from: row.get(3)?,
        valid_to: row.get(4)?,
        fact: serde_json::from_str(&body)
            .map_err(|_| StoreError::Corrupt(format!("fact {id} is not one that this program knows")))?,
    })
}
