//! The outbox: one row per event, recipient and channel, delivered at least once with a stable Message-ID.
//!
//! A row holds ids and a template's name; names and addresses are read from the vault when it is sent.

use crate::{Row, StoreError, Tx};
use domain::{Instant, MailId, PartyId};
use std::time::Duration;

/// How long a node has for the mails that it took: after that another may send them.
pub const LEASE: Duration = Duration::from_secs(300);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub id: MailId,
    /// What it tells about, such as `case:…:confirmed`: the same event is told once.
    pub event: String,
    pub recipient: PartyId,
    /// Such as `email`.
    pub channel: String,
    pub template: String,
    /// The template's arguments as JSON: ids and words, no personal data.
    pub args: String,
    /// Message-ID of RFC 5322 §3.6.4, the same at every attempt.
    pub message_id: String,
    pub created_at: Instant,
    pub state: MailState,
    /// How often it was taken for sending.
    pub attempts: u32,
    /// Not before then.
    pub next_at: Instant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailState {
    Waiting,
    Sent,
    /// Given up.
    Failed,
}

const COLUMNS: &str =
    "id, event, recipient, channel, template, args, message_id, created_at, state, attempts, next_at";

/// Puts a mail in the outbox, waiting and without attempts. `false`: the recipient is told of this event already.
pub fn enqueue(tx: &mut Tx<'_>, mail: &Mail) -> Result<bool, StoreError> {
    let put = tx.execute(
        "INSERT INTO mail (id, event, recipient, channel, template, args, message_id, created_at, state, attempts, \
         next_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'waiting', 0, $9) \
         ON CONFLICT (event, recipient, channel) DO NOTHING",
        &[
            mail.id.into(),
            mail.event.as_str().into(),
            mail.recipient.into(),
            mail.channel.as_str().into(),
            mail.template.as_str().into(),
            mail.args.as_str().into(),
            mail.message_id.as_str().into(),
            mail.created_at.into(),
            mail.next_at.into(),
        ],
    )?;
    Ok(put == 1)
}

/// Takes mails for sending, the longest waiting first; no other node gets them for [`LEASE`].
pub fn lease(tx: &mut Tx<'_>, now: Instant, node: &str, limit: u32) -> Result<Vec<Mail>, StoreError> {
    // The condition stands twice: a node that waited for the other's row lock must look again at the row it gets.
    let due = "state = 'waiting' AND next_at <= $1";
    let sql = format!(
        "UPDATE mail SET leased_by = $2, next_at = $3, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM mail WHERE {due} ORDER BY next_at, id LIMIT $4) AND {due} RETURNING {COLUMNS}"
    );
    let rows = tx.query(&sql, &[now.into(), node.into(), (now + LEASE).into(), limit.into()])?;
    let mut mails = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    mails.sort_by_key(|mail| (mail.created_at, mail.id));
    Ok(mails)
}

/// The mail was handed over.
pub fn sent(tx: &mut Tx<'_>, id: MailId) -> Result<(), StoreError> {
    tx.execute("UPDATE mail SET state = 'sent', leased_by = NULL WHERE id = $1", &[id.into()])?;
    Ok(())
}

/// The mail was not handed over: try again at `next_at`, or `None`: give up. One that was sent meanwhile stays sent.
pub fn failed(tx: &mut Tx<'_>, id: MailId, next_at: Option<Instant>) -> Result<(), StoreError> {
    match next_at {
        Some(next_at) => tx.execute(
            "UPDATE mail SET next_at = $1, leased_by = NULL WHERE id = $2 AND state = 'waiting'",
            &[next_at.into(), id.into()],
        )?,
        None => tx.execute(
            "UPDATE mail SET state = 'failed', leased_by = NULL WHERE id = $1 AND state = 'waiting'",
            &[id.into()],
        )?,
    };
    Ok(())
}

/// How many mails wait to be sent.
pub fn waiting(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.query_one("SELECT count(*) FROM mail WHERE state = 'waiting'", &[])?.get(0)
}

/// Since when the oldest letter waits that has not been sent.
pub fn oldest_waiting(tx: &mut Tx<'_>) -> Result<Option<Instant>, StoreError> {
    tx.query_one("SELECT min(created_at) FROM mail WHERE state = 'waiting'", &[])?.get(0)
}

/// The first instant after `after` at which some waiting mail is to be tried.
pub fn next_due(tx: &mut Tx<'_>, after: Instant) -> Result<Option<Instant>, StoreError> {
    tx.query_one("SELECT min(next_at) FROM mail WHERE state = 'waiting' AND next_at > $1", &[after.into()])?
        .get(0)
}

pub fn find(tx: &mut Tx<'_>, id: MailId) -> Result<Option<Mail>, StoreError> {
    tx.query_opt(&format!("SELECT {COLUMNS} FROM mail WHERE id = $1"), &[id.into()])?
        .as_ref()
        .map(read)
        .transpose()
}

fn read(row: &Row) -> Result<Mail, StoreError> {
    Ok(Mail {
        id: row.get(0)?,
        event: row.get(1)?,
        recipient: row.get(2)?,
        channel: row.get(3)?,
        template: row.get(4)?,
        args: row.get(5)?,
        message_id: row.get(6)?,
        created_at: row.get(7)?,
        state: match row.get::<String>(8)?.as_str() {
            "waiting" => MailState::Waiting,
            "sent" => MailState::Sent,
            "failed" => MailState::Failed,
            _ => return Err(StoreError::Corrupt("a mail has an unknown state".into())),
        },
        attempts: row.get(9)?,
        next_at: row.get(10)?,
    })
}
