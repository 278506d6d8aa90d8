//! Sessions: rows found by the hash of a key that only the browser holds.

use crate::{Row, StoreError, Tx};
use domain::{Assurance, Freshness, Instant, PartyId, Seq, SessionId, fact::EvidenceHash};
use std::time::Duration;

/// How often a session's last use is written down, at most.
const TOUCH_EVERY: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the key in the cookie.
    pub key_hash: [u8; 32],
    /// Its name in lists and addresses. `None`: opened by a release that gave none.
    pub id: Option<SessionId>,
    /// Who logged in.
    pub person: PartyId,
    /// For whom they act now.
    pub party: PartyId,
    /// The login method, such as `bankid`.
    pub method: String,
    pub assurance: Assurance,
    /// The verified evidence of the login: no session opens without it.
    pub evidence: EvidenceHash,
    pub opened_at: Instant,
    /// Last use, to the minute.
    pub seen_at: Instant,
    /// It ends then, however much it is used.
    pub ends_at: Instant,
    /// It ends when not used for so long; whole seconds.
    pub idle: Duration,
    /// The language chosen, as `sv` or `en`.
    pub lang: Option<String>,
    /// The kind of browser that it was opened in, in the caller's words. `None`: not known.
    pub client: Option<String>,
    pub ended_at: Option<Instant>,
}

/// Whether a session may still be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionState {
    Open,
    /// Logged out, or ended from elsewhere.
    Ended,
    /// Its time is over.
    Expired,
    /// It was not used for too long.
    Idle,
}

impl Session {
    /// A session is looked up whatever its state: whoever does so asks this before anything else.
    pub fn state_at(&self, now: Instant) -> SessionState {
        if self.ended_at.is_some() {
            SessionState::Ended
        } else if now >= self.ends_at {
            SessionState::Expired
        } else if now >= self.seen_at + self.idle {
            SessionState::Idle
        } else {
            SessionState::Open
        }
    }

    /// Whether [`touch`] would write: asked first, so that most requests need no write transaction.
    pub fn wants_touch(&self, now: Instant) -> bool {
        now.since(self.seen_at) >= TOUCH_EVERY
    }
}

const COLUMNS: &str = "s.key_hash, s.person, s.party, s.method, s.assurance, s.evidence, s.opened_at, s.seen_at, \
     s.ends_at, s.idle_seconds, s.lang, s.ended_at, s.id, s.client";
/// So many columns are a session's.
const WIDTH: usize = 14;

/// Opens a session.
pub fn open(tx: &mut Tx<'_>, session: &Session) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO session (key_hash, person, party, method, assurance, evidence, opened_at, seen_at, ends_at, \
         idle_seconds, lang, ended_at, id, client) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            session.key_hash.into(),
            session.person.into(),
            session.party.into(),
            session.method.as_str().into(),
            u32::from(u8::from(session.assurance)).into(),
            session.evidence.into(),
            session.opened_at.into(),
            session.seen_at.into(),
            session.ends_at.into(),
            session.idle.as_secs().into(),
            session.lang.clone().into(),
            session.ended_at.into(),
            session.id.into(),
            session.client.clone().into(),
        ],
    )?;
    Ok(())
}

/// The session and the head of `seq`, in one query: what every page request asks first.
pub fn find_with_head(
    tx: &mut Tx<'_>,
    key_hash: [u8; 32],
) -> Result<Option<(Session, Freshness)>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS}, coalesce(i.epoch, 0), c.seq FROM session s JOIN counter c ON c.one = 1 \
         LEFT JOIN installation i ON i.one = 1 WHERE s.key_hash = $1"
    );
    let Some(row) = tx.query_opt(&sql, &[key_hash.into()])? else { return Ok(None) };
    let head = Freshness { epoch: row.get(WIDTH)?, seq: row.get::<Seq>(WIDTH + 1)? };
    Ok(Some((read(&row)?, head)))
}

/// Notes that the session was used; writes at most once a minute. `false`: nothing was written.
pub fn touch(tx: &mut Tx<'_>, key_hash: [u8; 32], now: Instant) -> Result<bool, StoreError> {
    let touched = tx.execute(
        "UPDATE session SET seen_at = $1 WHERE key_hash = $2 AND ended_at IS NULL AND seen_at <= $3",
        &[now.into(), key_hash.into(), (now - TOUCH_EVERY).into()],
    )?;
    Ok(touched == 1)
}

/// Acts for another party from now on. `false`: the session has ended.
pub fn switch_party(tx: &mut Tx<'_>, key_hash: [u8; 32], party: PartyId) -> Result<bool, StoreError> {
    let switched = tx.execute(
        "UPDATE session SET party = $1 WHERE key_hash = $2 AND ended_at IS NULL",
        &[party.into(), key_hash.into()],
    )?;
    Ok(switched == 1)
}

/// Chooses the language. `false`: the session has ended.
pub fn set_lang(tx: &mut Tx<'_>, key_hash: [u8; 32], lang: &str) -> Result<bool, StoreError> {
    let set = tx.execute(
        "UPDATE session SET lang = $1 WHERE key_hash = $2 AND ended_at IS NULL",
        &[lang.into(), key_hash.into()],
    )?;
    Ok(set == 1)
}

/// Ends the session. `false`: unknown or ended before.
pub fn end(tx: &mut Tx<'_>, key_hash: [u8; 32], now: Instant) -> Result<bool, StoreError> {
    let ended = tx.execute(
        "UPDATE session SET ended_at = $1 WHERE key_hash = $2 AND ended_at IS NULL",
        &[now.into(), key_hash.into()],
    )?;
    Ok(ended == 1)
}

/// Ends every session there is; gives those that were open until now.
pub fn end_all(tx: &mut Tx<'_>, now: Instant) -> Result<Vec<[u8; 32]>, StoreError> {
    let sql = "UPDATE session SET ended_at = $1 WHERE ended_at IS NULL RETURNING key_hash";
    tx.query(sql, &[now.into()])?.iter().map(|row| row.get(0)).collect()
}

/// Ends every session of a person; gives those that were open until now.
pub fn end_of(tx: &mut Tx<'_>, person: PartyId, now: Instant) -> Result<Vec<[u8; 32]>, StoreError> {
    let sql = "UPDATE session SET ended_at = $1 WHERE person = $2 AND ended_at IS NULL RETURNING key_hash";
    tx.query(sql, &[now.into(), person.into()])?.iter().map(|row| row.get(0)).collect()
}

/// The session with this public name, whatever its state.
pub fn find_by_id(tx: &mut Tx<'_>, id: SessionId) -> Result<Option<Session>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM session s WHERE s.id = $1");
    tx.query_opt(&sql, &[id.into()])?.as_ref().map(read).transpose()
}

/// The sessions of a person that are [`SessionState::Open`], newest first.
pub fn open_of(tx: &mut Tx<'_>, person: PartyId, now: Instant) -> Result<Vec<Session>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session s WHERE s.person = $1 AND s.ended_at IS NULL AND s.ends_at > $2 \
         AND s.seen_at + s.idle_seconds * 1000000 > $2 ORDER BY s.opened_at DESC, s.key_hash LIMIT 1000"
    );
    tx.query(&sql, &[person.into(), now.into()])?.iter().map(read).collect()
}

/// The sessions of a person opened after `from`, open or ended, newest first; at most `limit`.
pub fn opened_since(
    tx: &mut Tx<'_>,
    person: PartyId,
    from: Instant,
    limit: u32,
) -> Result<Vec<Session>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM session s WHERE s.person = $1 AND s.opened_at > $2 \
         ORDER BY s.opened_at DESC, s.key_hash LIMIT $3"
    );
    tx.query(&sql, &[person.into(), from.into(), limit.into()])?.iter().map(read).collect()
}

/// Forgets sessions that ended by their own time before `instant`, at most `limit`. Gives their number.
pub fn forget(tx: &mut Tx<'_>, instant: Instant, limit: u32) -> Result<u64, StoreError> {
    tx.execute(
        "DELETE FROM session WHERE key_hash IN \
         (SELECT key_hash FROM session WHERE ends_at < $1 ORDER BY ends_at LIMIT $2)",
        &[instant.into(), limit.into()],
    )
}

fn read(row: &Row) -> Result<Session, StoreError> {
    let level: u8 = row.get(4)?;
    Ok(Session {
        key_hash: row.get(0)?,
        person: row.get(1)?,
        party: row.get(2)?,
        method: row.get(3)?,
        assurance: Assurance::try_from(level).map_err(|e| StoreError::Corrupt(e.to_string()))?,
        evidence: row.get(5)?,
        opened_at: row.get(6)?,
        seen_at: row.get(7)?,
        ends_at: row.get(8)?,
        idle: Duration::from_secs(row.get(9)?),
        lang: row.get(10)?,
        ended_at: row.get(11)?,
        id: row.get(12)?,
        client: row.get(13)?,
    })
}
