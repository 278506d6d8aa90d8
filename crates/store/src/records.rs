//! Records of the activity log, each with the leaf that waits for its place in the tree.

use crate::{Row, StoreError, Tx, Value};
use activity::{Record, Reference};
use domain::{Entropy, Instant, PartyId, RecordId};

/// Where a page of a list ended: the last record's time and id.
pub type RecordPage = (Instant, RecordId);

/// Keeps a record and queues its leaf, in the transaction of what it records.
///
/// # Errors
/// [`StoreError::Unique`] if a record has this id or `seq`: a change has exactly one.
pub fn append(tx: &mut Tx<'_>, record: &Record, entropy: &dyn Entropy) -> Result<(), StoreError> {
    append_about(tx, record, &[], entropy)
}

/// How a record bears on somebody, besides who acted and for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The act was about this person.
    Concerned,
    /// This person signed what the record tells.
    Signed,
}

impl Part {
    const fn word(self) -> &'static str {
        match self {
            Self::Concerned => "concerned",
            Self::Signed => "signed",
        }
    }
}

/// Keeps a record, and on whom it bears besides. Whoever has been erased, or never was, is left out.
///
/// # Errors
/// As [`append`].
pub fn append_about(
    tx: &mut Tx<'_>,
    record: &Record,
    about: &[(PartyId, Part)],
    entropy: &dyn Entropy,
) -> Result<(), StoreError> {
    let leaf = record.to_leaf(entropy);
    tx.execute(
        "INSERT INTO record (id, seq, at, event, actor, party, reference, body, salt, leaf) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &[
            record.id.into(),
            record.seq.into(),
            record.at.into(),
            record.event.as_str().into(),
            record.actor.into(),
            record.party.into(),
            record.reference.as_str().into(),
            leaf.body.into(),
            leaf.salt.into(),
            leaf.data.into(),
        ],
    )?;
    tx.execute(
        "INSERT INTO leaf_queue (record, at, hash) VALUES ($1, $2, $3)",
        &[record.id.into(), record.at.into(), leaf.hash.into()],
    )?;
    for (party, part) in about {
        tx.execute(
            "INSERT INTO record_about (party, part, at, record) \
             SELECT id, $2, $3, $4 FROM party WHERE id = $1 AND erased_at IS NULL \
             ON CONFLICT (party, part, at, record) DO NOTHING",
            &[(*party).into(), part.word().into(), record.at.into(), record.id.into()],
        )?;
    }
    Ok(())
}

/// A record and what its leaf is computed from: all that a receipt needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    pub record: Record,
    /// Canonical text.
    pub body: String,
    pub salt: [u8; 32],
    /// The leaf's data.
    pub leaf: Vec<u8>,
}

pub fn get(tx: &mut Tx<'_>, id: RecordId) -> Result<Option<StoredRecord>, StoreError> {
    let row = tx.query_opt("SELECT id, body, salt, leaf FROM record WHERE id = $1", &[id.into()])?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(StoredRecord { record: read(&row)?, body: row.get(1)?, salt: row.get(2)?, leaf: row.get(3)? }))
}

/// The record that a person's reference code names; the newest, should two codes ever be alike.
pub fn find_by_reference(tx: &mut Tx<'_>, reference: &Reference) -> Result<Option<Record>, StoreError> {
    let sql = "SELECT id, body FROM record WHERE reference = $1 ORDER BY at DESC, id DESC LIMIT 1";
    tx.query_opt(sql, &[reference.as_str().into()])?.as_ref().map(read).transpose()
}

/// Records of acts for a party, newest first; `after` is the last of the page before.
pub fn of_party(
    tx: &mut Tx<'_>,
    party: PartyId,
    limit: u32,
    after: Option<RecordPage>,
) -> Result<Vec<Record>, StoreError> {
    page(tx, "party", party, limit, after)
}

/// Records of what somebody did, newest first; `after` is the last of the page before.
pub fn of_actor(
    tx: &mut Tx<'_>,
    actor: PartyId,
    limit: u32,
    after: Option<RecordPage>,
) -> Result<Vec<Record>, StoreError> {
    page(tx, "actor", actor, limit, after)
}

/// Records of what somebody did between two instants, oldest first.
pub fn of_actor_between(
    tx: &mut Tx<'_>,
    actor: PartyId,
    from: Instant,
    to: Instant,
    limit: u32,
) -> Result<Vec<Record>, StoreError> {
    let sql =
        "SELECT id, body FROM record WHERE actor = $1 AND at >= $2 AND at <= $3 ORDER BY at, id LIMIT $4";
    tx.query(sql, &[actor.into(), from.into(), to.into(), limit.into()])?.iter().map(read).collect()
}

/// How often somebody has done the same since `from`: what a limit counts.
pub fn count_of_actor(
    tx: &mut Tx<'_>,
    actor: PartyId,
    event: &str,
    from: Instant,
) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM record WHERE actor = $1 AND at > $3 AND event = $2";
    tx.query_one(sql, &[actor.into(), event.into(), from.into()])?.get(0)
}

/// Records that bear on somebody in this way, newest first; `after` is the last of the page before.
pub fn bearing_on(
    tx: &mut Tx<'_>,
    party: PartyId,
    part: Part,
    limit: u32,
    after: Option<RecordPage>,
) -> Result<Vec<Record>, StoreError> {
    let mut params: Vec<Value> = vec![party.into(), part.word().into(), limit.into()];
    let mut from = "";
    if let Some((at, id)) = after {
        params.extend([at.into(), id.into()]);
        from = "AND (a.at, a.record) < ($4, $5)";
    }
    let sql = format!(
        "SELECT r.id, r.body FROM record_about a JOIN record r ON r.id = a.record \
         WHERE a.party = $1 AND a.part = $2 {from} ORDER BY a.at DESC, a.record DESC LIMIT $3"
    );
    tx.query(&sql, &params)?.iter().map(read).collect()
}

/// All records of one event that have their place in the tree, in its order, with their positions. Reads the whole table:
/// for the verifier, and for events of which there are few.
pub fn of_event(tx: &mut Tx<'_>, event: &str) -> Result<Vec<(u64, Record)>, StoreError> {
    let sql = "SELECT r.id, r.body, l.position FROM record r JOIN log_leaf l ON l.record = r.id WHERE r.event = $1 \
               ORDER BY l.position";
    tx.query(sql, &[event.into()])?.iter().map(|row| Ok((row.get(2)?, read(row)?))).collect()
}

fn page(
    tx: &mut Tx<'_>,
    column: &'static str,
    who: PartyId,
    limit: u32,
    after: Option<RecordPage>,
) -> Result<Vec<Record>, StoreError> {
    let mut params: Vec<Value> = vec![who.into(), limit.into()];
    let mut from = "";
    if let Some((at, id)) = after {
        params.extend([at.into(), id.into()]);
        from = "AND (at, id) < ($3, $4)";
    }
    let sql =
        format!("SELECT id, body FROM record WHERE {column} = $1 {from} ORDER BY at DESC, id DESC LIMIT $2");
    tx.query(&sql, &params)?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Record, StoreError> {
    let (id, body): (RecordId, String) = (row.get(0)?, row.get(1)?);
    Record::from_body(&body).map_err(|_| StoreError::Corrupt(format!("the text of record {id} was altered")))
}
