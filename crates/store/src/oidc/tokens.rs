//! Access tokens of visitors: rows found by the hash of what only the client holds, alive while the session is.

use crate::sessions::{self, Session};
use crate::{Row, StoreError, Tx};
use domain::{Freshness, Instant, PartyId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub hash: [u8; 32],
    /// SHA-256 of the code that it was given for.
    pub code_hash: [u8; 32],
    pub client: String,
    /// The session's key hash.
    pub session: [u8; 32],
    pub person: PartyId,
    /// For whom the person acted at the login in the e-service.
    pub party: PartyId,
    pub issued_at: Instant,
    pub expires_at: Instant,
    pub revoked_at: Option<Instant>,
    /// What else belongs to it, as JSON without personal data.
    pub body: String,
}

impl Token {
    /// Whether it counts, as far as it itself tells.
    pub fn is_live(&self, now: Instant) -> bool {
        self.revoked_at.is_none() && now < self.expires_at
    }
}

const COLUMNS: &str =
    "hash, code_hash, client, session, person, party, issued_at, expires_at, revoked_at, body";

/// Keeps a token. `false`: its code was used before, and nothing was kept.
pub fn insert(tx: &mut Tx<'_>, token: &Token) -> Result<bool, StoreError> {
    let put = tx.execute(
        "INSERT INTO oidc_token (hash, code_hash, client, session, person, party, issued_at, expires_at, revoked_at, \
         body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (code_hash) DO NOTHING",
        &[
            token.hash.into(),
            token.code_hash.into(),
            token.client.as_str().into(),
            token.session.into(),
            token.person.into(),
            token.party.into(),
            token.issued_at.into(),
            token.expires_at.into(),
            token.revoked_at.into(),
            token.body.as_str().into(),
        ],
    )?;
    Ok(put == 1)
}

/// The token with its session, and the head of `seq`.
pub fn find_with_session(
    tx: &mut Tx<'_>,
    hash: [u8; 32],
) -> Result<Option<(Token, Session, Freshness)>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM oidc_token WHERE hash = $1");
    let Some(row) = tx.query_opt(&sql, &[hash.into()])? else { return Ok(None) };
    let token = read(&row)?;
    let found = sessions::find_with_head(tx, token.session)?;
    Ok(found.map(|(session, head)| (token, session, head)))
}

/// The live tokens of a person at a client, the longest living first; at most 20. Their sessions are where the person proved
/// who it is: one may have ended by disuse while another, of a second browser, is open.
pub fn live_of(
    tx: &mut Tx<'_>,
    client: &str,
    person: PartyId,
    now: Instant,
) -> Result<Vec<Token>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM oidc_token WHERE client = $1 AND person = $2 AND expires_at > $3 \
         AND revoked_at IS NULL ORDER BY expires_at DESC LIMIT 20"
    );
    tx.query(&sql, &[client.into(), person.into(), now.into()])?.iter().map(read).collect()
}

/// Withdraws the token that was given for a code.
pub fn revoke_of_code(tx: &mut Tx<'_>, code_hash: [u8; 32], now: Instant) -> Result<bool, StoreError> {
    let revoked = tx.execute(
        "UPDATE oidc_token SET revoked_at = $1 WHERE code_hash = $2 AND revoked_at IS NULL",
        &[now.into(), code_hash.into()],
    )?;
    Ok(revoked == 1)
}

/// Withdraws all tokens of a session; gives the clients and persons whose tokens they were.
pub fn revoke_of_session(
    tx: &mut Tx<'_>,
    session: [u8; 32],
    now: Instant,
) -> Result<Vec<(String, PartyId)>, StoreError> {
    let rows = tx.query(
        "UPDATE oidc_token SET revoked_at = $1 WHERE session = $2 AND revoked_at IS NULL RETURNING client, person",
        &[now.into(), session.into()],
    )?;
    let mut clients =
        rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect::<Result<Vec<_>, StoreError>>()?;
    clients.sort_unstable();
    clients.dedup();
    Ok(clients)
}

/// The clients that a session has entered.
pub fn clients_of_session(tx: &mut Tx<'_>, session: [u8; 32]) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT DISTINCT client FROM oidc_token WHERE session = $1 ORDER BY client LIMIT 100";
    tx.query(sql, &[session.into()])?.iter().map(|row| row.get(0)).collect()
}

fn read(row: &Row) -> Result<Token, StoreError> {
    Ok(Token {
        hash: row.get(0)?,
        code_hash: row.get(1)?,
        client: row.get(2)?,
        session: row.get(3)?,
        person: row.get(4)?,
        party: row.get(5)?,
        issued_at: row.get(6)?,
        expires_at: row.get(7)?,
        revoked_at: row.get(8)?,
        body: row.get(9)?,
    })
}
